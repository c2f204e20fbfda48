package idp

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/idp/web"
)

// around wraps the table: request id and log line, headers, writes from other
// sites, and a page for what no route matches.
func (p Parts) around(mux *http.ServeMux) http.Handler {
	var exempt []string
	for _, r := range Routes {
		// Endpoints of programs read no cookie; authorization and sign-out
		// may by their standards be posted from an application's page, and
		// their handlers look for themselves.
		if r.Body > 0 && (r.Caller == Client || r.Caller == Device || r.Caller == Public) {
			exempt = append(exempt, r.Pattern)
		}
	}
	guarded := web.SameSite(http.HandlerFunc(p.crossSite), p.known(mux), exempt...)
	return web.WithRequest(web.RequestConfig{Log: p.Log, Now: p.Now, HTTPS: p.HTTPS, Trusted: p.Trusted}, web.SecureHeaders(guarded))
}

// guard holds a route to its row: who calls, how much they may send, who may
// keep and read the answer.
func (p Parts) guard(row Route, next http.HandlerFunc) http.Handler {
	h := http.Handler(p.callerIs(row.Caller, next))
	h = web.LimitBody(row.Body, h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch row.Cache {
		case NoStore:
			web.NoStore(w)
		case Short:
			w.Header().Set("Cache-Control", string(Short))
		}
		if row.CORS == AnyOrigin {
			allowAnyOrigin(w)
		}
		h.ServeHTTP(w, r)
	})
}

// callerIs turns away callers a route is not for. Applications and devices
// prove themselves to their handlers.
func (p Parts) callerIs(c Caller, next http.HandlerFunc) http.HandlerFunc {
	switch c {
	case Member, Admin:
		return func(w http.ResponseWriter, r *http.Request) {
			s, ok := p.Login.Current(r)
			if !ok {
				p.signInFirst(w, r)
				return
			}
			if c == Admin {
				err := p.mayManage(s.Member, s.ACR)
				if errors.Is(err, errStepUp) && r.Method == http.MethodGet && s.ACR < 2 {
					web.SeeOther(w, web.StepPath+"?return="+url.QueryEscape(r.URL.RequestURI()))
					return
				}
				if err != nil {
					p.fail(w, r, err)
					return
				}
			}
			next(w, r)
		}
	}
	return next
}

// errStepUp is somebody who may, once they have signed in with two factors.
var errStepUp = fmt.Errorf("these pages take a sign-in with two factors: %w", claims.ErrDenied)

// mayManage asks for the right manage at /admin.
func (p Parts) mayManage(m claims.MemberID, acr int) error {
	if err := p.Ready(); err != nil {
		return err
	}
	dec, err := claims.Decide(p.Directory(), claims.Ask{Member: m, Right: "manage", Path: "/admin", At: p.Now(), ACR: acr})
	if err != nil {
		return err
	}
	if dec.Reason == claims.ReasonStepUp {
		return errStepUp
	}
	if !dec.Allow {
		return &claims.Refused{Right: "manage", At: "/admin", Missing: dec.Missing, Problem: "These pages are for the organisation's administrators."}
	}
	return nil
}

// signInFirst sends a browser to the sign-in page and back; a form that was
// sent goes back to the page that GET shows, since the form is lost.
func (p Parts) signInFirst(w http.ResponseWriter, r *http.Request) {
	if !web.WantsPage(r) && r.Method != http.MethodGet {
		web.Fail(w, r, claims.ErrUnknownCaller)
		return
	}
	back := "/"
	if r.Method == http.MethodGet {
		back = r.URL.RequestURI()
	}
	web.SeeOther(w, "/login?return="+url.QueryEscape(back))
}

// fail shows a person a page and a program a problem.
func (p Parts) fail(w http.ResponseWriter, r *http.Request, err error) {
	if !web.WantsPage(r) {
		web.Fail(w, r, err)
		return
	}
	problem := web.ProblemOf(err)
	web.FailHeaders(w, r, err)
	p.Login.ErrorPage(w, r, problem.Status, problem.Title, web.Words(err, nil))
}

func (p Parts) crossSite(w http.ResponseWriter, r *http.Request) { p.fail(w, r, web.CrossSite()) }

// preflight answers a browser that asks whether another origin's script may
// call (Fetch standard, CORS-preflight): yes, and never with cookies.
func preflight(path string) http.HandlerFunc {
	var methods []string
	for _, r := range Routes {
		if m, at, _ := strings.Cut(r.Pattern, " "); at == path && r.CORS == AnyOrigin {
			methods = append(methods, m)
		}
	}
	slices.Sort(methods)
	return func(w http.ResponseWriter, r *http.Request) {
		allowAnyOrigin(w)
		w.Header().Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, DPoP")
		w.Header().Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	}
}

func allowAnyOrigin(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate, X-Request-Id")
}

// path returns a pattern without its method.
func path(pattern string) string {
	_, p, _ := strings.Cut(pattern, " ")
	return p
}
