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

// Store is what this package looks up.
type Store interface {
	AuditLog(ctx context.Context, limit int) ([]record.Audited, error)
	Events(ctx context.Context, limit int) ([]record.Event, error)
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
}

// Admin serves the page. It is safe for use at once.
type Admin struct{ Config }

// New returns an Admin.
func New(c Config) *Admin {
	if c.Zone == nil {
		c.Zone = time.UTC
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
	session record.Session
	me      claims.Member
	now     time.Time
}

// GetAdmin shows the page, at GET /admin.
func (a *Admin) GetAdmin(w http.ResponseWriter, r *http.Request) {
	v := &visit{w: w, r: r, d: a.Directory(), now: a.Now()}
	if !a.enter(v) {
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

// enter finds out who asks and whether they may; if not, it answers.
func (a *Admin) enter(v *visit) bool {
	s, err := a.Sessions.Find(v.r)
	if errors.Is(err, claims.ErrUnknownCaller) {
		web.SeeOther(v.w, "/login?return="+url.QueryEscape(string(place)))
		return false
	}
	if err == nil && v.d == nil {
		err = fmt.Errorf("the picture of the organisation is not loaded: %w", claims.ErrUnavailable)
	}
	if err != nil {
		a.fail(v, err)
		return false
	}
	v.session = s
	v.me, _ = claims.Get[claims.Member](v.d, string(s.Member))
	dec, err := claims.Decide(v.d, claims.Ask{Member: s.Member, Right: right, Path: place, At: v.now, ACR: s.ACR})
	if err != nil {
		a.fail(v, fmt.Errorf("decide about %s: %w", place, err))
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
		f.Nav = append(f.Nav, templates.Link{Text: e.Text, Path: e.Path, Here: e.Path == string(place)})
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
		Back: templates.Link{Text: "Back to your page", Path: "/"},
	})
}

func (a *Admin) fail(v *visit, err error) {
	p := web.ProblemOf(err)
	web.FailHeaders(v.w, v.r, err)
	web.Page(v.w, v.r, p.Status, templates.Error{Frame: a.frame(v), Status: p.Status, Title: p.Title, Text: p.Detail,
		RequestID: web.RequestID(v.r.Context())})
}
