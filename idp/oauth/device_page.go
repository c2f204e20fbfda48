// The page where a member lets a device in, /device (RFC 8628, section 3.3).
//
//   - signed in, or the sign-in page first                               3.3
//   - the code is typed, or comes with the address; either way it is     3.3, 3.3.1
//     shown again, to be held against the device, and a member says
//     yes or no: nothing happens by opening an address
//   - what is allowed is not remembered: the next device asks again      5.4
//   - a code that is unknown, used or over reads the same                5.1
//   - guesses are counted by member and by address                       5.1
//   - only from a page of ours, in no other site's frame                 5.4
//   - the member may log in there (right login), or is told why not      model.md
package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// How many wrong user codes one member, and one address, may type: there are
// 2·10¹⁰, and whoever guesses for ten minutes gets to try a few dozen.
const (
	memberGuesses     = 10
	memberGuessEvery  = 30 * time.Second
	addressGuesses    = 30 // a house may be behind it
	addressGuessEvery = 10 * time.Second
)

// deviceVisit is one request of a member's browser to the page.
type deviceVisit struct {
	w       http.ResponseWriter
	r       *http.Request
	d       *claims.Directory
	session record.Session
	member  claims.Member
	now     time.Time

	code   string // as it is shown
	grant  record.Grant
	client claims.Client
}

// DevicePage serves the page, at GET and POST /device with user_code, and
// with as and decision (allow or deny) once the member decided.
func (p *Provider) DevicePage(w http.ResponseWriter, r *http.Request) {
	v, form, err := p.visitDevice(w, r)
	switch {
	case err != nil:
		p.deviceFault(w, r, err)
		return
	case v == nil:
		return // to the sign-in page
	case form.Get("user_code") == "":
		p.askCode(v, http.StatusOK, "", "")
		return
	}
	if err := p.findDevice(v, form.Get("user_code")); err != nil {
		p.notFound(v, form.Get("user_code"), err)
		return
	}
	dec, err := mayLogIn(v.d, v.client, v.member.ID, v.session.ACR, v.now)
	switch {
	case err != nil:
		p.deviceFault(w, r, err)
	case !dec.Allow:
		p.notWithDevice(v, dec)
	case r.Method == http.MethodPost && form.Has("decision"):
		p.decideDevice(v, form, dec)
	default:
		p.confirmDevice(v)
	}
}

// visitDevice reads a request. Nil without an error: it was answered.
func (p *Provider) visitDevice(w http.ResponseWriter, r *http.Request) (*deviceVisit, url.Values, error) {
	if r.Method == http.MethodPost && !web.SameOrigin(r) {
		return nil, nil, web.CrossSite()
	}
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		return nil, nil, err
	}
	d, err := p.directory()
	if err != nil {
		return nil, nil, err
	}
	v := &deviceVisit{w: w, r: r, d: d, now: p.Now()}
	var in bool
	if v.session, v.member, in = p.who(r, d); !in {
		back := PathDevicePage
		if r.Method == http.MethodGet {
			back = r.URL.RequestURI()
		}
		web.SeeOther(w, "/login?"+url.Values{"return": {back}}.Encode())
		return nil, nil, nil
	}
	return v, form, nil
}

// findDevice finds what a typed code leads to. ErrNotFound if it leads
// nowhere, ErrTooMany if there were too many of those.
func (p *Provider) findDevice(v *deviceVisit, typed string) error {
	code, ok := readUserCode(typed)
	if !ok {
		return fmt.Errorf("no user code: %w", claims.ErrNotFound)
	}
	tooMany := fmt.Errorf("user codes: %w", claims.ErrTooMany)
	wait, undoBy := p.guessedBy.take(caller{client: string(v.member.ID)}, v.now)
	if wait > 0 {
		return web.RetryAfter(tooMany, wait)
	}
	wait, undoFrom := p.guessedFrom.take(caller{from: network(web.ClientAddr(v.r))}, v.now)
	if wait > 0 {
		undoBy()
		return web.RetryAfter(tooMany, wait)
	}
	err := p.lookUpDevice(v, code)
	if !errors.Is(err, claims.ErrNotFound) { // it was right, or nobody knows
		undoBy()
		undoFrom()
	}
	return err
}

func (p *Provider) lookUpDevice(v *deviceVisit, code string) error {
	row, err := p.Vault.DeviceCode(v.r.Context(), p.userCodeMAC(code))
	if err != nil {
		return err
	}
	g, err := p.Vault.GrantFresh(v.r.Context(), row.ID)
	if err != nil {
		return err
	}
	c, ok := claims.Get[claims.Client](v.d, string(g.Client))
	open := g.Kind == record.GrantDevice && g.Member == "" && g.Ended.IsZero() && claims.Live(time.Time{}, g.CodeExpires, v.now)
	if !open || !ok || disabled(c, v.now) || !mayUse(c, grantDevice) {
		return fmt.Errorf("the device waits no more: %w", claims.ErrNotFound)
	}
	v.code, v.grant, v.client = code, g, c
	v.grant.Scopes = still(c, g.Requested)
	return nil
}

// decideDevice does what the member decided.
func (p *Provider) decideDevice(v *deviceVisit, form url.Values, dec claims.Decision) {
	var err error
	decision := form.Get("decision")
	switch {
	case form.Get("as") != v.member.Username:
		err = &claims.Refused{Problem: "Meanwhile somebody else signed in with this browser. Look at the code on the device and start again."}
	case decision == "deny":
		err = p.end(v.r.Context(), v.grant.ID, deniedDevice)
	case decision == "allow":
		err = p.Vault.AllowDevice(v.r.Context(), p.allowed(v, dec), v.now)
		if errors.Is(err, claims.ErrConflict) || errors.Is(err, claims.ErrExpired) {
			p.notFound(v, v.code, fmt.Errorf("%v: %w", err, claims.ErrNotFound))
			return
		}
	default:
		err = &claims.Invalid{Field: "decision", Problem: "must be allow or deny"}
	}
	if err != nil {
		p.deviceFault(v.w, v.r, err)
		return
	}
	p.auditDevice(v.r.Context(), v, decision+" device")
	web.Page(v.w, v.r, http.StatusOK, templates.DeviceDone{Frame: p.memberFrame(v), Client: v.client.Called(), Allowed: decision == "allow"})
}

// allowed is the grant as it is once the member allows it.
func (p *Provider) allowed(v *deviceVisit, dec claims.Decision) record.Grant {
	g := v.grant
	g.Member, g.Session, g.AuthTime, g.AMR, g.ACR = v.member.ID, v.session.ID, v.session.AuthTime, v.session.AMR, v.session.ACR
	g.Expires = g.CodeExpires.Add(max(p.Lifetimes.Access, p.Lifetimes.AccessJWT))
	if work := (&work{client: v.client, grant: g}); work.refreshable() {
		g.IdleUntil, g.Expires = g.CodeExpires, v.now.Add(p.Lifetimes.Absolute)
	}
	return g
}

func (p *Provider) auditDevice(ctx context.Context, v *deviceVisit, action string) {
	p.Log.Info(action, web.KeyClient, v.client.ID, web.KeyMember, v.member.ID, web.KeyGrant, v.grant.ID)
	if p.Audit == nil {
		return
	}
	by := claims.Actor{Kind: claims.ActorMember, ID: string(v.member.ID)}
	err := p.Audit(context.WithoutCancel(ctx), record.Audited{
		At: v.now, Actor: by.String(), Action: action, Subject: "client:" + string(v.client.ID), Request: web.RequestID(ctx)})
	if err != nil {
		web.Note(ctx, fmt.Errorf("audit %s: %w", action, err))
	}
}

// askCode shows the page that asks for a code.
func (p *Provider) askCode(v *deviceVisit, status int, typed, problem string) {
	web.Page(v.w, v.r, status, templates.DeviceCode{Frame: p.memberFrame(v), Typed: typed, Problem: problem})
}

// notFound says that a code leads nowhere, or that it is too early to try another.
func (p *Provider) notFound(v *deviceVisit, typed string, err error) {
	switch {
	case errors.Is(err, claims.ErrNotFound):
		web.Note(v.r.Context(), err)
		p.askCode(v, http.StatusNotFound, typed, "This code leads nowhere. It may be mistyped, used already, or older than ten minutes: look at the device again.")
	case errors.Is(err, claims.ErrTooMany):
		web.FailHeaders(v.w, v.r, err)
		p.askCode(v, http.StatusTooManyRequests, typed, "Too many wrong codes. Wait a little, then try again.")
	default:
		p.deviceFault(v.w, v.r, err)
	}
}

// confirmDevice asks whether the device may have what it asks for.
func (p *Provider) confirmDevice(v *deviceVisit) {
	page := templates.DeviceConfirm{Frame: p.memberFrame(v), Code: v.code, Client: v.client.Called(), As: v.member.Username,
		Scopes: templates.ScopeWords(v.grant.Scopes)}
	for _, a := range v.grant.Audience {
		if isLocation(a) {
			page.Door = a
		}
	}
	if v.client.AlwaysGroups || slices.Contains(v.grant.Scopes, scopeGroups) {
		if t, err := claims.TokenClaims(v.d, v.member.ID, v.client.Filter, v.now); err == nil {
			page.Groups = t.Groups
		}
	}
	web.Page(v.w, v.r, http.StatusOK, page)
}

// notWithDevice tells a member that they may not use this client, and why.
func (p *Provider) notWithDevice(v *deviceVisit, dec claims.Decision) {
	p.Log.Info("login refused", web.KeyClient, v.client.ID, web.KeyMember, v.member.ID, web.KeyReason, dec.Reason)
	web.Page(v.w, v.r, http.StatusForbidden, templates.Error{
		Frame: p.memberFrame(v), Status: http.StatusForbidden, Title: "You can't use " + v.client.Called() + " now",
		Text: "You are signed in, but this application is not open to you at the moment.", Lines: claims.Explain(v.d, dec),
		RequestID: web.RequestID(v.r.Context()),
	})
}

// deviceFault shows what went wrong as a page.
func (p *Provider) deviceFault(w http.ResponseWriter, r *http.Request, err error) {
	problem := web.ProblemOf(err)
	web.FailHeaders(w, r, err)
	p.ErrorPage(w, r, problem.Status, problem.Title, web.Words(err, nil))
}

func (p *Provider) memberFrame(v *deviceVisit) templates.Frame {
	f := p.frame()
	if f.User = v.member.Name; f.User == "" {
		f.User = v.member.Username
	}
	for _, e := range web.Menu(v.d, v.member.ID, v.session.ACR, v.now) {
		f.Nav = append(f.Nav, templates.Link{Text: e.Text, Path: e.Path, Waits: e.Waits})
	}
	return f
}
