package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// Component is a page; templ's components are.
type Component interface {
	Render(ctx context.Context, w io.Writer) error
}

// Page answers with a page of HTML that is stored nowhere. It is rendered
// whole before anything is sent.
func Page(w http.ResponseWriter, r *http.Request, status int, page Component) {
	var body bytes.Buffer
	if err := page.Render(r.Context(), &body); err != nil {
		Fail(w, r, fmt.Errorf("render a page: %w", err))
		return
	}
	NoStore(w)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	w.Write(body.Bytes()) // a browser that went away is no fault of ours
}

// WantsPage tells whether whoever asked is a browser that shows pages, rather
// than a program.
func WantsPage(r *http.Request) bool {
	return strings.Contains(strings.Join(r.Header.Values("Accept"), ","), "text/html")
}

// SeeOther sends the browser on, by GET (RFC 9110, section 15.4.4). to is a
// path of ours or an address that was checked.
func SeeOther(w http.ResponseWriter, to string) {
	NoStore(w)
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}

// maxReturn is the longest address to come back to; an authorization request
// with a claims parameter fits.
const maxReturn = 8 << 10

// SafeReturn returns s if it is a path here that a browser may be sent back
// to, as "/authorize?client_id=wiki"; else "/". Nothing that any browser
// could read as another host passes: browsers take a backslash for a slash
// and drop tabs and line ends.
func SafeReturn(s string) string {
	if len(s) == 0 || len(s) > maxReturn || s[0] != '/' {
		return "/"
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '\\' {
			return "/"
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "/"
	}
	if p := u.Path; p != path.Clean(p) && p != path.Clean(p)+"/" || strings.Contains(p, "//") || strings.ContainsFunc(p, unfit) {
		return "/"
	}
	return s
}

func unfit(c rune) bool { return c < ' ' || c == '\\' || c == 0x7f }
