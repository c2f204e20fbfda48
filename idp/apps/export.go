package apps

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// pageMost is how many locations a page of a tree holds at most.
const pageMost = 20_000

// Page is a part of an application's tree: a document of the locations that
// follow one another in the order of a tree, with what stands at them.
type Page struct {
	Document
	Cursor string `json:"cursor"`         // the place in the change log it is as of
	Next   string `json:"next,omitempty"` // where the next page goes on (?after=); empty: this was the last
}

// GetTree answers with the application's own tree, a page at a time: what is
// archived or has ended is left out, and so are the core's rights and the roles
// that come to any of them.
func (a *Apps) GetTree(w http.ResponseWriter, r *http.Request) {
	page, err := a.page(r)
	if err != nil {
		fail(w, r, err)
		return
	}
	web.JSON(w, http.StatusOK, page)
}

func (a *Apps) page(r *http.Request) (Page, error) {
	who, err := a.caller(r)
	if err != nil {
		return Page{}, err
	}
	if err := a.lists.Take(string(who.client.ID), a.cfg.Now()); err != nil {
		return Page{}, err
	}
	limit, err := number("limit", who.query.Get("limit"), pageMost)
	if err != nil {
		return Page{}, err
	}
	var after claims.Path
	if text := who.query.Get("after"); text != "" {
		if after, err = who.path(text); err != nil {
			return Page{}, at("after", err)
		}
	}
	return Export(who.dir, a.origin(who), after, limit), nil
}

// number reads a number of 1 to most, which is also what it is if it is not given.
func number(field, text string, most int) (int, error) {
	if text == "" {
		return most, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, at(field, &claims.Invalid{Problem: "must be a number from 1 to " + strconv.Itoa(most)})
	}
	return n, nil
}

// Export returns up to limit locations of an application's tree after a path,
// with what stands at them; the first page has the roles. Of the Origin, App,
// Sub and Now count.
func Export(d *claims.Directory, o Origin, after claims.Path, limit int) Page {
	app := o.App
	e := exporter{d: d, o: o, after: after, limit: limit, page: Page{Document: Document{Application: string(app.Slug)}, Cursor: cursorText(d.Seq())}}
	if after == "" {
		e.roles(app)
	}
	if root, ok := claims.Get[claims.Location](d, string(app.Root)); ok {
		e.walk(root, d.PathOf(root.ID), true)
	}
	return e.page
}

type exporter struct {
	d     *claims.Directory
	o     Origin
	after claims.Path
	limit int
	last  claims.Path
	page  Page
}

// walk takes a location and what is below it, and is false when the page is full.
func (e *exporter) walk(l claims.Location, p claims.Path, root bool) bool {
	if !l.Archived.IsZero() {
		return true
	}
	behind := e.after != "" && before(p, e.after)
	if behind && !e.after.Within(p) {
		return true
	}
	if !behind {
		if len(e.page.Locations) == e.limit {
			e.page.Next = string(e.last)
			return false
		}
		e.take(l, p, root)
	}
	for _, c := range e.d.Children(l.ID) {
		if !e.walk(c, p+claims.Path("/"+c.Slug), false) {
			return false
		}
	}
	return true
}

// before tells whether a tree's order has p no later than q.
func before(p, q claims.Path) bool {
	a, b := strings.Split(string(p), "/"), strings.Split(string(q), "/")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return len(a) <= len(b)
}

func (e *exporter) take(l claims.Location, p claims.Path, root bool) {
	e.last = p
	out := Location{Path: string(p), Name: l.Name, Open: l.Open, Object: string(l.Object), External: l.External}
	if !l.Inherit && !root {
		out.Inherit = new(bool)
	}
	e.page.Locations = append(e.page.Locations, out)
	for _, r := range e.d.RightsAt(l.ID) {
		if r.Removed.IsZero() && !claims.ReservedRight(r.Slug) {
			e.page.Rights = append(e.page.Rights, rightText(r, p))
		}
	}
	for _, g := range e.d.GrantsAt(l.ID) {
		if !organisers(e.d, g) && !over(e.d, g, e.o.Now) {
			text := grantText(e.d, g, p, e.o.Sub)
			if e.o.By.Kind == claims.ActorClient && g.CreatedBy != e.o.By.String() {
				text.Reason = "" // which organisers wrote for each other
			}
			e.page.Grants = append(e.page.Grants, text)
		}
	}
}

func rightText(r claims.Right, p claims.Path) Right {
	out := Right{Right: string(r.Slug), At: string(p), Description: r.Description, Egress: r.Egress, Public: r.Public, ACR: r.ACR}
	for _, s := range r.States {
		out.States = append(out.States, string(s))
	}
	if r.NotPhysical {
		out.Physical = new(bool)
	}
	return out
}

func grantText(d *claims.Directory, g claims.Grant, p claims.Path, sub func(claims.Member) string) Grant {
	out := Grant{To: subjectText(d, g.Subject, sub), Right: string(g.Right), Role: string(g.Role), At: string(p), Deny: g.Effect == claims.Deny, Period: string(g.Period), Reason: g.Reason}
	if g.Window != nil {
		out.Window = g.Window.String()
	}
	if !g.Starts.IsZero() {
		out.Starts = g.Starts.UTC().Format(time.RFC3339Nano)
	}
	if !g.Expires.IsZero() {
		out.Expires = g.Expires.UTC().Format(time.RFC3339Nano)
	}
	return out
}

func (e *exporter) roles(app claims.Application) {
	for r := range claims.All[claims.Role](e.d) {
		if r.App != app.Root || ofTheCore(r) {
			continue
		}
		out := Role{Slug: string(r.Slug), Label: r.Label, AllBut: r.AllBut, Metadata: maps.Clone(r.Metadata)}
		for _, s := range r.Rights {
			if !claims.ReservedRight(s) {
				out.Rights = append(out.Rights, string(s))
			}
		}
		e.page.Roles = append(e.page.Roles, out)
	}
}

// ofTheCore tells whether a role comes to one of the core's rights, which
// makes it the organisers': no document of an application's has it.
func ofTheCore(r claims.Role) bool {
	return slices.ContainsFunc(claims.ReservedRights(), func(s claims.Slug) bool { return slices.Contains(r.Rights, s) != r.AllBut })
}

// organisers tells whether a grant gives what only organisers hand out.
func organisers(d *claims.Directory, g claims.Grant) bool {
	role, ok := claims.Get[claims.Role](d, string(g.Role))
	return claims.ReservedRight(g.Right) || ok && ofTheCore(role)
}
