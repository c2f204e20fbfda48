package idp

import (
	"encoding/json"
	"net/http"

	"lanyard/claims"
	"lanyard/idp/web"
)

// known answers what no route matches in words: a page for a browser, a
// problem for a program. It says which methods there are, if it was that.
func (p Parts) known(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		unmatched, pattern := mux.Handler(r)
		if pattern != "" || r.RequestURI == "*" {
			mux.ServeHTTP(w, r)
			return
		}
		probe := &verdict{header: http.Header{}}
		unmatched.ServeHTTP(probe, r)
		if probe.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", probe.header.Get("Allow"))
			p.notLikeThis(w, r)
			return
		}
		p.fail(w, r, claims.ErrNotFound)
	})
}

// static serves a file of the pages; that there is none is said in words.
func (p Parts) static(w http.ResponseWriter, r *http.Request) {
	files := &finder{ResponseWriter: w}
	p.Static.ServeHTTP(files, r)
	if files.missing {
		p.fail(w, r, claims.ErrNotFound)
	}
}

// notLikeThis answers a method that an address does not take (RFC 9110,
// section 15.5.6).
func (p Parts) notLikeThis(w http.ResponseWriter, r *http.Request) {
	const title = "This address is not asked like this"
	if web.WantsPage(r) {
		p.Login.ErrorPage(w, r, http.StatusMethodNotAllowed, title, "Start again from the first page.")
		return
	}
	web.NoStore(w)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusMethodNotAllowed)
	json.NewEncoder(w).Encode(web.Problem{Type: "about:blank", Title: title, Status: http.StatusMethodNotAllowed, Instance: web.RequestID(r.Context())})
}

// verdict is a ResponseWriter that keeps what the router would have answered.
type verdict struct {
	header http.Header
	status int
}

func (v *verdict) Header() http.Header         { return v.header }
func (v *verdict) Write(b []byte) (int, error) { return len(b), nil }
func (v *verdict) WriteHeader(status int)      { v.status = status }

// finder passes an answer on, unless it is that there is no such file.
type finder struct {
	http.ResponseWriter
	missing bool
}

func (f *finder) WriteHeader(status int) {
	if f.missing = status == http.StatusNotFound; !f.missing {
		f.ResponseWriter.WriteHeader(status)
	}
}

func (f *finder) Write(b []byte) (int, error) {
	if f.missing {
		return len(b), nil
	}
	return f.ResponseWriter.Write(b)
}
