// Redirect addresses (RFC 6749, section 3.1.2; RFC 9700, section 4.1).
//
//   - the one that was registered, letter by letter                  9700, 4.1.3
//   - but for the port of http://127.0.0.1 and http://[::1]          RFC 8252, 7.3
//   - with none sent, the only one registered; never with openid     6749, 3.1.2.3; Core, 3.1.2.1
//   - plain http elsewhere is for confidential clients               Core, 3.1.2.1
//   - an answer carries state as sent and iss, errors too            6749, 4.1.2; RFC 9207, 2
package oauth

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/idp/web"
	"lanyard/templates"
)

// redirectFor returns where a client's answer may go, of what it asked for.
func redirectFor(c claims.Client, asked string, openid bool) (string, bool) {
	if asked == "" {
		if openid || len(c.RedirectURIs) != 1 {
			return "", false
		}
		return c.RedirectURIs[0], safeRedirect(c, c.RedirectURIs[0])
	}
	if slices.Contains(c.RedirectURIs, asked) {
		return asked, safeRedirect(c, asked)
	}
	return asked, slices.ContainsFunc(c.RedirectURIs, func(r string) bool { return sameButPort(r, asked) })
}

// safeRedirect refuses what should never have been registered.
func safeRedirect(c claims.Client, uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || !u.IsAbs() || strings.Contains(uri, "#") || u.Scheme == "javascript" || u.Scheme == "data" {
		return false
	}
	return u.Scheme != "http" || loopback(u.Hostname()) || c.Auth != claims.AuthNone
}

// sameButPort compares a loopback address with one a native app listens on.
// The address must be a literal: localhost may be another machine.
func sameButPort(registered, asked string) bool {
	r, err := url.Parse(registered)
	if err != nil {
		return false
	}
	a, err := url.Parse(asked)
	if err != nil || r.Scheme != "http" || !literalLoopback(r.Hostname()) {
		return false
	}
	r.Host, a.Host = withoutPort(r), withoutPort(a)
	// What is left must be written alike: no user, no fragment, no other spelling of the path.
	return a.User == nil && !strings.Contains(asked, "#") && r.String() == a.String() && strings.HasPrefix(asked, "http://"+a.Host)
}

// withoutPort returns the host as it is written, without its port.
func withoutPort(u *url.URL) string { return strings.TrimSuffix(u.Host, ":"+u.Port()) }

func literalLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func loopback(host string) bool { return host == "localhost" || literalLoopback(host) }

// The response modes there are (OAuth 2.0 Multiple Response Types; Form Post).
const (
	modeQuery    = "query"
	modeFragment = "fragment"
	modeFormPost = "form_post"
)

// answer sends the browser back to the client with params, state and iss.
func (p *Provider) answer(w http.ResponseWriter, r *http.Request, a *authorization, params url.Values) {
	if a.form.Has("state") {
		params.Set("state", a.form.Get("state"))
	}
	params.Set("iss", p.Issuer)
	switch a.mode {
	case modeFormPost:
		p.formPost(w, r, a, params)
		return
	case modeFragment:
		web.SeeOther(w, a.redirect+"#"+params.Encode())
		return
	}
	sep := "?"
	if strings.Contains(a.redirect, "?") {
		sep = "&"
	}
	web.SeeOther(w, a.redirect+sep+params.Encode())
}

// refuse sends the browser back to the client with an error.
func (p *Provider) refuse(w http.ResponseWriter, r *http.Request, a *authorization, err error) {
	e := tell(err)
	if e.answers() && !isFault(e.cause) {
		p.Log.Info("authorization refused", web.KeyClient, a.client.ID, web.KeyReason, e.code, web.KeyRequest, web.RequestID(r.Context()))
	} else {
		note(r.Context(), err, e)
	}
	if e.code == "server_error" {
		p.Log.Error("an endpoint failed", web.KeyRoute, r.Pattern, web.KeyRequest, web.RequestID(r.Context()), web.KeyError, err)
	}
	params := url.Values{"error": {e.code}}
	if text := printable(e.text); text != "" {
		params.Set("error_description", text)
	}
	p.answer(w, r, a, params)
}

// formPost answers with a page whose form carries the answer (OAuth 2.0 Form
// Post Response Mode, section 2). A script of ours sends it, or a press of its
// button. The post says which origin it comes from, as applications may check,
// and no more.
func (p *Provider) formPost(w http.ResponseWriter, r *http.Request, a *authorization, params url.Values) {
	page := templates.FormPost{Frame: p.frame(), Client: a.client.Called(), Action: a.redirect}
	for _, name := range []string{"code", "error", "error_description", "state", "iss"} {
		if params.Has(name) {
			page.Fields = append(page.Fields, templates.Field{Name: name, Value: params.Get(name)})
		}
	}
	web.AllowFormAction(w, a.redirect)
	web.AllowScripts(w)
	w.Header().Set("Referrer-Policy", "strict-origin")
	web.Page(w, r, http.StatusOK, page)
}

func (p *Provider) frame() templates.Frame {
	if d := p.Directory(); d != nil {
		return templates.Frame{Org: d.Settings().Name}
	}
	return templates.Frame{}
}

// errorPage tells a person what no client may be told: that there is no
// trusted client to go back to, or no answer at all.
func (p *Provider) errorPage(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	web.Page(w, r, status, templates.Error{
		Frame: p.frame(), Status: status, Title: title, Text: text, RequestID: web.RequestID(r.Context()),
	})
}
