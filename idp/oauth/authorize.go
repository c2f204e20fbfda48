// The authorization endpoint (RFC 6749, section 3.1; OpenID Connect Core,
// section 3.1.2). It is a dispatcher: the sign-in and the consent page send
// the browser back to the same address, and each time it is asked again what
// is still lacking.
//
//   - signed in; again, if prompt, max_age or another subject says so   Core, 3.1.2.1
//   - the member may log in at this client, else a page says why not    model.md
//   - the member consented, unless the client is our own                Core, 3.1.2.4
//   - prompt none never shows a page                                    Core, 3.1.2.6
package oauth

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// Authorize serves the authorization endpoint.
func (p *Provider) Authorize(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
		p.reenter(w, r)
		return
	case http.MethodGet:
	default: // HEAD too: a look must not make a code
		w.Header().Set("Allow", "GET, POST")
		p.ErrorPage(w, r, http.StatusMethodNotAllowed, "Not like this", "Signing in starts from the application you came from.")
		return
	}
	form, err := web.ReadForm(r, maxRequest, "resource", "audience")
	if err != nil {
		p.page(w, r, err)
		return
	}
	d, err := p.directory()
	if err != nil {
		p.page(w, r, err)
		return
	}
	a, err := p.readRequest(r.Context(), d, form)
	switch {
	case a == nil:
		p.page(w, r, err)
	case err != nil:
		p.refuse(w, r, a, err)
	case a.denied:
		p.refuse(w, r, a, oauthErrorf("access_denied", "The member said no."))
	default:
		p.dispatch(w, r, d, a)
	}
}

// page answers a person whose request leads to no client.
func (p *Provider) page(w http.ResponseWriter, r *http.Request, err error) {
	e := tell(err)
	status, title := e.status(), "This sign-in cannot go on"
	if !isFault(err) {
		err = e
	}
	next := " Go back to the application and try again; if that does not help, tell whoever runs it."
	if errors.Is(err, errDisabled) {
		title, next = "This application is switched off", " Ask an organiser, or whoever runs it, when it is back."
	}
	web.FailHeaders(w, r, err)
	p.ErrorPage(w, r, status, title, e.text+next)
}

// twoFactors is the acr of a sign-in with two factors.
const twoFactors = 2

// dispatch finds what is lacking, and answers if nothing is.
func (p *Provider) dispatch(w http.ResponseWriter, r *http.Request, d *claims.Directory, a *authorization) {
	now := p.Now()
	silent := contains(a.prompt, "none")
	s, m, in := p.who(r, d)
	if !in || p.mustSignIn(a, s, m, now) {
		switch {
		case silent:
			p.refuse(w, r, a, oauthErrorf("login_required", "The member must sign in."))
		case in && a.subject != "" && a.subject != p.Ring.Subject(a.client, m) && fresh(a, s.AuthTime):
			p.refuse(w, r, a, oauthErrorf("login_required", "Another member signed in."))
		default:
			web.SeeOther(w, p.away("/login", a, now))
		}
		return
	}
	dec, err := mayLogIn(d, a.client, m.ID, s.ACR, now)
	switch {
	case err != nil:
		p.refuse(w, r, a, err)
		return
	case !silent && s.ACR < twoFactors && (dec.Reason == claims.ReasonStepUp || dec.Allow && !a.claims.acceptsACR(s.ACR) && a.claims.acceptsACR(twoFactors)):
		web.SeeOther(w, p.away(web.StepPath, a, now))
		return
	case !dec.Allow:
		p.notHere(w, r, d, a, dec, silent)
		return
	case !a.claims.acceptsACR(s.ACR):
		p.refuse(w, r, a, oauthErrorf("unmet_authentication_requirements", "The member did not sign in in the way that is essential."))
		return
	}
	ok, err := p.consented(r, a, m.ID)
	switch {
	case err != nil:
		p.refuse(w, r, a, err)
	case ok:
		p.grant(w, r, d, a, s, m, dec)
	case silent:
		p.refuse(w, r, a, oauthErrorf("consent_required", "The member must consent."))
	default:
		web.SeeOther(w, p.away("/consent", a, now))
	}
}

// who returns the member that is signed in to this browser.
func (p *Provider) who(r *http.Request, d *claims.Directory) (record.Session, claims.Member, bool) {
	s, in := p.Sessions.Current(r)
	if !in {
		return s, claims.Member{}, false
	}
	m, ok := claims.Get[claims.Member](d, string(s.Member))
	return s, m, ok && m.ErasedAt.IsZero()
}

// mustSignIn tells whether being signed in is not enough.
func (p *Provider) mustSignIn(a *authorization, s record.Session, m claims.Member, now time.Time) bool {
	if a.subject != "" && a.subject != p.Ring.Subject(a.client, m) {
		return true
	}
	if fresh(a, s.AuthTime) {
		return false
	}
	return contains(a.prompt, "login") || contains(a.prompt, "select_account") ||
		a.maxAge >= 0 && !now.Before(s.AuthTime.Add(a.maxAge))
}

// fresh tells whether something happened after this request began to ask for it.
func fresh(a *authorization, at time.Time) bool { return !a.since.IsZero() && !at.Before(a.since) }

// consented tells whether the member allowed all of this to the client.
func (p *Provider) consented(r *http.Request, a *authorization, m claims.MemberID) (bool, error) {
	again := contains(a.prompt, "consent")
	if a.client.FirstParty && !again {
		return true, nil
	}
	c, err := p.Consents.Consent(r.Context(), m, a.client.ID)
	if errors.Is(err, claims.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, s := range a.consentScopes() {
		if !contains(c.Scopes, s) {
			return false, nil
		}
	}
	return !again || fresh(a, c.At), nil
}

// notHere tells a member that they may not use this client, and why; the way
// back tells the client.
func (p *Provider) notHere(w http.ResponseWriter, r *http.Request, d *claims.Directory, a *authorization, dec claims.Decision, silent bool) {
	p.Log.Info("login refused", web.KeyClient, a.client.ID, web.KeyMember, dec.Member, web.KeyReason, dec.Reason)
	if silent {
		p.refuse(w, r, a, oauthErrorf("access_denied", "The member may not use this client: %s.", dec.Reason))
		return
	}
	name := a.client.Called()
	web.Page(w, r, http.StatusForbidden, templates.Error{
		Frame: p.frame(), Status: http.StatusForbidden, Title: "You can't use " + name + " now",
		Text: "You are signed in, but this application is not open to you at the moment.", Lines: claims.Explain(d, dec),
		RequestID: web.RequestID(r.Context()), Back: templates.Link{Text: "Back to " + name, Path: p.denied(a)},
	})
}

// grant makes the code and the row it stands for, and answers.
func (p *Provider) grant(w http.ResponseWriter, r *http.Request, d *claims.Directory, a *authorization, s record.Session, m claims.Member, dec claims.Decision) {
	now := p.Now()
	g := record.Grant{
		ID: record.Random(grantLen), Kind: record.GrantCode, Client: a.client.ID, Member: m.ID, Session: s.ID,
		Requested: a.scopes, Scopes: a.scopes, Audience: a.audience,
		RedirectURI: a.form.Get("redirect_uri"), Nonce: a.form.Get("nonce"), Challenge: a.challenge, Claims: a.form.Get("claims"),
		AuthTime: s.AuthTime, AMR: s.AMR, ACR: s.ACR,
		Created: now, CodeExpires: claims.Earlier(now.Add(p.Lifetimes.Code), dec.Until),
		Expires: now.Add(p.Lifetimes.Code + max(p.Lifetimes.Access, p.Lifetimes.AccessJWT)),
	}
	work := &work{p: p, now: now, dir: d, client: a.client, grant: g, member: m, key: a.key}
	if work.refreshable() {
		work.grant.IdleUntil, work.grant.Expires = g.CodeExpires, now.Add(p.Lifetimes.Absolute)
	}
	if err := p.usePushed(r.Context(), a, now); errors.Is(err, claims.ErrReplay) {
		p.page(w, r, err) // another window was faster, and has the answer
		return
	} else if err != nil {
		p.refuse(w, r, a, err)
		return
	}
	code, err := work.code(r, a)
	if err != nil {
		p.refuse(w, r, a, err)
		return
	}
	p.answer(w, r, a, url.Values{"code": {code}})
}
