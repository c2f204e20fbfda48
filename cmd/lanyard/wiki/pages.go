package wiki

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
)

var errNonce = errors.New("the ID token is not for this sign-in")

//go:embed wiki.css
var style string

//go:embed wiki.html
var markup string

var (
	views     = template.Must(template.New("wiki").Parse(markup))
	styleHash = hash(style)
)

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// identity is what this wiki reads of a person's claims.
type identity struct {
	Subject  string   `json:"sub"`
	FullName string   `json:"name"`
	Username string   `json:"preferred_username"`
	Groups   []string `json:"groups"`
}

func (i identity) name() string {
	if i.FullName != "" {
		return i.FullName
	}
	return i.Username
}

type page struct {
	Slug, Title, Text string
	Editors           []string // groups that may edit; none: everybody signed in
}

// MayEdit is the wiki's whole authorisation: a group in common.
func (p page) MayEdit(groups []string) bool {
	return slices.ContainsFunc(p.Editors, func(g string) bool { return slices.Contains(groups, g) })
}

func startPages() []*page {
	return []*page{
		{"delft-minutes", "Delft: minutes of the board", "12 May: the band saw has a new blade. Thanks, Tom.", []string{"body.delft.board"}},
		{"chapter-x-minutes", "Chapter X: minutes of the board", "3 April: we found a room.", []string{"body.chapter-x.board"}},
		{"laser-handbook", "Laser handbook", "Never leave the cutter alone while it cuts. Acrylic yes, PVC never.", []string{"badge.laser-1", "badge.laser-inductor"}},
		{"house-rules", "House rules", "Last one out turns off the extractor.", []string{"tag.board-member"}},
	}
}

// view is what the template is given.
type view struct {
	Style  template.CSS
	Who    *identity
	Name   string
	Pages  []row
	Page   *row
	Error  string
	Notice string
}

type row struct {
	page
	May bool
}

func (w *Wiki) view(r *http.Request) view {
	v := view{Style: template.CSS(style)} // our own file, not anybody's input
	if id, ok := w.who(r); ok {
		v.Who, v.Name = &id, id.name()
	}
	return v
}

func (v view) groups() []string {
	if v.Who == nil {
		return nil
	}
	return v.Who.Groups
}

func (w *Wiki) list(rw http.ResponseWriter, r *http.Request) {
	v := w.view(r)
	w.mu.Lock()
	for _, p := range w.pages {
		v.Pages = append(v.Pages, row{*p, p.MayEdit(v.groups())})
	}
	w.mu.Unlock()
	render(rw, http.StatusOK, v)
}

func (w *Wiki) show(rw http.ResponseWriter, r *http.Request) {
	v := w.view(r)
	p, ok := w.page(r.PathValue("slug"))
	if !ok {
		w.fail(rw, http.StatusNotFound, "There is no such page.")
		return
	}
	v.Page = &row{p, p.MayEdit(v.groups())}
	render(rw, http.StatusOK, v)
}

func (w *Wiki) save(rw http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(rw, r.Body, 64<<10)
	v := w.view(r)
	p, ok := w.page(r.PathValue("slug"))
	switch {
	case !ok:
		w.fail(rw, http.StatusNotFound, "There is no such page.")
		return
	case v.Who == nil:
		w.fail(rw, http.StatusUnauthorized, "Sign in first.")
		return
	case !p.MayEdit(v.groups()):
		w.fail(rw, http.StatusForbidden, "Only "+strings.Join(p.Editors, " or ")+" may edit this page.")
		return
	case r.ParseForm() != nil:
		w.fail(rw, http.StatusRequestEntityTooLarge, "That is more than a page may hold, so nothing was saved.")
		return
	}
	w.mu.Lock()
	for _, q := range w.pages {
		if q.Slug == p.Slug {
			q.Text = r.PostFormValue("text")
			p = *q
		}
	}
	w.mu.Unlock()
	v.Page, v.Notice = &row{p, true}, "Saved."
	render(rw, http.StatusOK, v)
}

func (w *Wiki) page(slug string) (page, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.pages {
		if p.Slug == slug {
			return *p, true
		}
	}
	return page{}, false
}

func (w *Wiki) fail(rw http.ResponseWriter, status int, text string) {
	render(rw, status, view{Style: template.CSS(style), Error: text})
}

func render(rw http.ResponseWriter, status int, v view) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(status)
	_ = views.Execute(rw, v) // the reader has gone away; nobody is left to tell
}
