package web

import (
	"net/http"

	"lanyard/claims"
)

// CrossSite returns what a request fails of that another site's page made a
// browser send: an ErrDenied, in words.
func CrossSite() error {
	return &claims.Refused{Problem: "This was sent from a page of another site, so nothing was changed. " +
		"Open the page here and send the form from there."}
}

// SameSite refuses writes that another site's page made a browser send
// (Sec-Fetch-Site, else Origin against Host); see http.CrossOriginProtection.
// Requests of programs, which carry neither header, pass. The patterns of
// exempt, in the router's language, are let through: endpoints that read no
// cookie, and those that look for themselves with SameOrigin. deny answers
// what is refused; nil: Fail does.
func SameSite(deny http.Handler, next http.Handler, exempt ...string) http.Handler {
	guard := http.NewCrossOriginProtection()
	for _, pattern := range exempt {
		guard.AddInsecureBypassPattern(pattern)
	}
	if deny == nil {
		deny = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Fail(w, r, CrossSite()) })
	}
	guard.SetDenyHandler(deny)
	return guard.Handler(next)
}

// SameOrigin tells whether a request may change something on behalf of the
// browser that sent it: false for a POST from another site's page.
func SameOrigin(r *http.Request) bool { return http.NewCrossOriginProtection().Check(r) == nil }
