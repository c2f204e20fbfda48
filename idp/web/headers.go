package web

// What every answer carries to keep a browser from being turned against its
// user:
//
//   - scripts, frames, plugins: none at all; on a page      CSP level 3
//     that says so, scripts from here, as files
//   - styles from here, as files, never inline             CSP level 3
//   - no page of ours in a frame                           CSP frame-ancestors; X-Frame-Options for old browsers
//   - forms are sent here, and to the one origin that a    CSP form-action: Chromium holds the redirect
//     request was found allowed to be redirected to        after a form to it, too
//   - content is what its type says                        nosniff
//   - addresses, which may hold a state or a one-time      Referrer-Policy same-origin: with no-referrer, forms
//     link, do not leave with a link                       would carry "Origin: null" and look foreign to SameSite
//   - over https: only ever over https                     RFC 6797

import (
	"net/http"
	"net/url"
	"strings"
)

const (
	policyHeader = "Content-Security-Policy"
	formAction   = "form-action 'self'"
	policy       = "default-src 'none'; style-src 'self'; img-src 'self' data:; " + formAction + "; frame-ancestors 'none'; base-uri 'none'"
)

// always holds the values that every answer has, made once and never changed:
// who sets a header anew puts another list in its place.
var always = struct{ policy, nosniff, deny, sameOrigin, noStore, noCache []string }{
	[]string{policy}, []string{"nosniff"}, []string{"DENY"}, []string{"same-origin"}, []string{"no-store"}, []string{"no-cache"},
}

// SecureHeaders sets the headers above on every answer.
func SecureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h[policyHeader] = always.policy
		h["X-Content-Type-Options"] = always.nosniff
		h["X-Frame-Options"] = always.deny
		h["Referrer-Policy"] = always.sameOrigin
		if HTTPS(r.Context()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// AllowFormAction lets the forms of this one answer end, by redirect, at the
// origin of uri, which the caller has checked against what a client
// registered. A uri that has no origin changes nothing.
func AllowFormAction(w http.ResponseWriter, uri string) {
	source := formSource(uri)
	h := w.Header()
	now := h.Get(policyHeader)
	if source == "" || now == "" {
		return
	}
	h.Set(policyHeader, strings.Replace(now, formAction, formAction+" "+source, 1))
}

// AllowScripts lets this one answer run scripts that are files of ours.
func AllowScripts(w http.ResponseWriter) {
	h := w.Header()
	h.Set(policyHeader, strings.Replace(h.Get(policyHeader), "style-src 'self'", "script-src 'self'; style-src 'self'", 1))
}

// AllowFetch is AllowScripts for scripts that ask here, too.
func AllowFetch(w http.ResponseWriter) {
	AllowScripts(w)
	h := w.Header()
	h.Set(policyHeader, strings.Replace(h.Get(policyHeader), "script-src 'self'", "script-src 'self'; connect-src 'self'", 1))
}

// formSource returns the CSP source expression for a URI's origin: scheme,
// host and port, or the scheme alone for an application's own scheme.
func formSource(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme == "" || strings.ContainsAny(u.Host, " ;,'\"*") {
		return ""
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		if u.Scheme == "javascript" || u.Scheme == "data" {
			return ""
		}
		return u.Scheme + ":"
	}
	if u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
