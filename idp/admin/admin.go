package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// Store is what this package looks up and changes.
type Store interface {
	Change(ctx context.Context, by claims.Actor, requestID string, intents ...claims.Intent) (claims.Planned, error)
	AuditLog(ctx context.Context, limit int) ([]record.Audited, error)
	Events(ctx context.Context, limit int) ([]record.Event, error)
	Audit(ctx context.Context, a record.Audited) error
}

// Sessions finds the session of the browser that sent a request:
// ErrUnknownCaller if there is none, ErrUnavailable if it cannot be told.
type Sessions interface {
	Find(r *http.Request) (record.Session, error)
}

// Config is what an Admin needs.
type Config struct {
	Store     Store
	Sessions  Sessions
	Directory func() *claims.Directory // nil: there is no picture yet
	Now       func() time.Time
	Zone      *time.Location // that times are shown in; nil: UTC

	Issuer    string // that applications are set to
	Lifetimes string // of what they are given, in words
	// Try works out what an application would be told of a member. Nil: nobody can.
	Try func(d *claims.Directory, c claims.Client, m claims.MemberID) (Told, error)
	// Recipes are what the page that adds an application can be filled in from.
	Recipes []Recipe
	// Recover makes a link by which a member gets back in, once and soon, and
	// the picture of it for a phone. Nil: nobody can.
	Recover func(ctx context.Context, m claims.MemberID) (address string, picture templates.QR, until time.Time, err error)
	// CheckSector holds a client against the list at its sector_identifier_uri. Nil: no client may have one.
	CheckSector func(ctx context.Context, c claims.Client) error
}

// Admin serves the page. It is safe for use at once.
type Admin struct{ Config }

// New returns an Admin.
func New(c Config) *Admin {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.CheckSector == nil {
		c.CheckSector = noSector
	}
	return &Admin{c}
}

const (
	right = claims.Slug("manage")
	place = claims.Path("/admin")
)

// visit is one request of one member.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	d       *claims.Directory
	path    string // of the entry in the menu
	session record.Session
	see     *claims.View // what the member may see
	me      claims.Member
	now     time.Time
}

// actor is the member as one who changes facts.
func (v *visit) actor() claims.Actor {
	return claims.Actor{Kind: claims.ActorMember, ID: string(v.session.Member), ACR: v.session.ACR}
}

// GetAdmin shows the page, at GET /admin.
func (a *Admin) GetAdmin(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visit(w, r, string(place))
	if !ok || !a.mayManage(v) {
		return
	}
	page := templates.Admin{Frame: a.frame(v), Devices: v.devices(), Networks: v.networks()}
	a.members(v, &page)
	events, err := a.Store.Events(r.Context(), 25)
	if err == nil {
		var audit []record.Audited
		audit, err = a.Store.AuditLog(r.Context(), 25)
		page.Events, page.Audit = a.events(v, events), a.audit(v, audit)
	}
	if err != nil {
		a.fail(v, fmt.Errorf("read the logs: %w", err))
		return
	}
	web.Page(w, r, http.StatusOK, page)
}

// visit finds out who asks. Whoever is not signed in is sent to sign in, to
// come back to path; ok is false when the answer is given.
func (a *Admin) visit(w http.ResponseWriter, r *http.Request, path string) (v *visit, ok bool) {
	v = &visit{w: w, r: r, d: a.Directory(), now: a.Now(), path: path}
	s, err := a.Sessions.Find(r)
	if errors.Is(err, claims.ErrUnknownCaller) {
		web.SeeOther(w, "/login?return="+url.QueryEscape(path))
		return nil, false
	}
	if err == nil && v.d == nil {
		err = fmt.Errorf("the picture of the organisation is not loaded: %w", claims.ErrUnavailable)
	}
	if err != nil {
		a.fail(v, err)
		return nil, false
	}
	v.session = s
	v.see = claims.See(v.d, v.actor(), v.now)
	if me, err := v.see.Member(s.Member); err == nil {
		v.me = me.Member
	}
	return v, true
}

// mayManage decides whether the page of everything is the member's to see; if
// not, it answers.
func (a *Admin) mayManage(v *visit) bool {
	dec, err := claims.Decide(v.d, claims.Ask{Member: v.session.Member, Right: right, Path: place, At: v.now, ACR: v.session.ACR})
	if err != nil {
		a.fail(v, fmt.Errorf("decide about %s: %w", place, err))
		return false
	}
	if !dec.Allow && dec.Reason == claims.ReasonStepUp && v.r.Method == http.MethodGet && v.session.ACR < 2 {
		web.SeeOther(v.w, web.StepPath+"?return="+url.QueryEscape(v.r.URL.RequestURI()))
		return false
	}
	if !dec.Allow {
		a.refuse(v, dec)
		return false
	}
	return true
}

func (a *Admin) frame(v *visit) templates.Frame {
	if v.d == nil {
		return templates.Frame{}
	}
	f := templates.Frame{Org: v.d.Settings().Name, User: v.me.Name}
	if f.User == "" {
		f.User = v.me.Username
	}
	if v.me.ID == "" {
		return f
	}
	for _, e := range web.Menu(v.d, v.me.ID, v.session.ACR, v.now) {
		f.Nav = append(f.Nav, templates.Link{Text: e.Text, Path: e.Path, Here: e.Path == v.path, Waits: e.Waits})
	}
	return f
}

// refuse says that the page is closed to the member, and what is missing.
func (a *Admin) refuse(v *visit, dec claims.Decision) {
	err := &claims.Refused{Right: right, At: place, Missing: dec.Missing}
	web.FailHeaders(v.w, v.r, err)
	web.Page(v.w, v.r, http.StatusForbidden, templates.Error{
		Frame: a.frame(v), Status: http.StatusForbidden, Title: "Administration is closed to you",
		Text:  "It takes the right to manage at /admin. If you think you should have it, ask an administrator.",
		Lines: claims.Explain(v.d, dec), RequestID: web.RequestID(v.r.Context()),
	})
}

func (a *Admin) fail(v *visit, err error) {
	p := web.ProblemOf(err)
	web.FailHeaders(v.w, v.r, err)
	web.Page(v.w, v.r, p.Status, templates.Error{Frame: a.frame(v), Status: p.Status, Title: p.Title, Text: web.Words(err, nil),
		RequestID: web.RequestID(v.r.Context())})
}
