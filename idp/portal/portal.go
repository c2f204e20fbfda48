package portal

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

// Store is what this package keeps and looks up.
type Store interface {
	// SessionsOf lists a member's live sessions, the one seen last first.
	SessionsOf(ctx context.Context, m claims.MemberID) ([]record.Session, error)
	// EndSession ends a session and what hangs on it, at applications too.
	EndSession(ctx context.Context, id string, now time.Time) error

	// EventsOf returns a member's newest access events, newest first.
	EventsOf(ctx context.Context, m claims.MemberID, limit int) ([]record.Event, error)

	ConsentsOf(ctx context.Context, m claims.MemberID) ([]record.Consent, error)
	// DevicesOf lists the live grants of a member's devices, the oldest first.
	DevicesOf(ctx context.Context, m claims.MemberID, now time.Time) ([]record.Grant, error)
	// Withdraw takes back what a member allowed a client, and ends what came of it.
	Withdraw(ctx context.Context, m claims.MemberID, c claims.ClientID, now time.Time) error

	Change(ctx context.Context, by claims.Actor, requestID string, intents ...claims.Intent) (claims.Planned, error)
	Audit(ctx context.Context, a record.Audited) error
}

// Sessions finds the session of the browser that sent a request:
// ErrUnknownCaller if there is none, ErrUnavailable if it cannot be told.
type Sessions interface {
	Find(r *http.Request) (record.Session, error)
}

// Config is what a Portal needs.
type Config struct {
	Store     Store
	Sessions  Sessions
	Directory func() *claims.Directory // nil: there is no picture yet
	Now       func() time.Time
	Zone      *time.Location // that times are shown in; nil: UTC

	// MintPass makes a door pass for a member at a location. Nil: none are made.
	MintPass func(ctx context.Context, m claims.MemberID, at claims.LocationID) (text string, expires time.Time, err error)
	// PassVerifier is what a WiFi pass is stored as. Nil: none are made.
	PassVerifier func(pass string) string
}

// Portal serves the pages. It is safe for use at once.
type Portal struct{ Config }

// New returns a Portal.
func New(c Config) *Portal {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	return &Portal{c}
}

// visit is one request of one member.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	d       *claims.Directory
	session record.Session
	see     *claims.View  // what the member may see
	mine    claims.Record // what they see of themself
	me      claims.Member // of mine
	now     time.Time
}

// actor is the member as one who changes facts.
func (v *visit) actor() claims.Actor {
	return claims.Actor{Kind: claims.ActorMember, ID: string(v.session.Member), ACR: v.session.ACR}
}

// visit finds out who asks. Whoever is not signed in is sent to sign in; ok
// is false when the answer is given.
func (p *Portal) visit(w http.ResponseWriter, r *http.Request) (v *visit, ok bool) {
	v = &visit{w: w, r: r, d: p.Directory(), now: p.Now()}
	s, err := p.Sessions.Find(r)
	if errors.Is(err, claims.ErrUnknownCaller) {
		web.SeeOther(w, "/login?return=%2F")
		return nil, false
	}
	if err == nil && v.d == nil {
		err = fmt.Errorf("the picture of the organisation is not loaded: %w", claims.ErrUnavailable)
	}
	if err == nil {
		v.session = s
		v.see = claims.See(v.d, v.actor(), v.now)
		if v.mine, err = v.see.Member(s.Member); err != nil {
			err = fmt.Errorf("member of the session: %w", err)
		}
		v.me = v.mine.Member
	}
	if err != nil {
		p.fail(v, err)
		return nil, false
	}
	return v, true
}

// posted is visit for a form sent from a page of ours, whose fields are there
// once but those in multi.
func (p *Portal) posted(w http.ResponseWriter, r *http.Request, multi ...string) (v *visit, form url.Values, ok bool) {
	if v, ok = p.visit(w, r); !ok {
		return nil, nil, false
	}
	err := web.CrossSite()
	if web.SameOrigin(r) {
		form, err = web.ReadForm(r, web.MaxForm, multi...)
	}
	if err != nil {
		p.fail(v, err)
		return nil, nil, false
	}
	return v, form, true
}

// frame is what the pages are set in.
func (p *Portal) frame(v *visit, here string) templates.Frame {
	if v.d == nil {
		return templates.Frame{}
	}
	f := templates.Frame{Org: v.d.Settings().Name, User: v.called()}
	if v.me.ID == "" {
		return f
	}
	for _, e := range web.Menu(v.d, v.me.ID, v.session.ACR, v.now) {
		f.Nav = append(f.Nav, templates.Link{Text: e.Text, Path: e.Path, Here: e.Path == here, Waits: e.Waits})
	}
	return f
}

func (v *visit) called() string {
	if v.me.Name != "" {
		return v.me.Name
	}
	return v.me.Username
}

// fail shows what went wrong as a page.
func (p *Portal) fail(v *visit, err error) {
	problem := web.ProblemOf(err)
	p.failWith(v, err, problem.Title, web.Words(err, fieldLabels))
}

func (p *Portal) failWith(v *visit, err error, title, text string, lines ...string) {
	web.FailHeaders(v.w, v.r, err)
	web.Page(v.w, v.r, web.StatusOf(err), templates.Error{Frame: p.frame(v, ""), Status: web.StatusOf(err), Title: title, Text: text,
		Lines: lines, RequestID: web.RequestID(v.r.Context())})
}

// done sends the browser back to the member's page, with a word on what was
// done.
func (p *Portal) done(v *visit, what string) { web.SeeOther(v.w, "/?done="+what) }

// fieldLabels is what the pages call the fields of their forms.
var fieldLabels = map[string]string{"member": "Username", "until": "Until", "expires": "Until", "evidence": "What it rests on", "reason": "Why", "requirement": "What they have done",
	"reference": "Where it is written down", "thing": "What", "text": "Why", "answer": "A word to them", "name": "New pass for a device", "outcome": "Answer", "item": "What is lost"}

// doneWords are the notices that done may leave.
var doneWords = map[string]string{
	"ended":   "That sign-in has ended.",
	"others":  "You are signed out everywhere but here.",
	"revoked": "That application has to ask you again from now on.",
	"wifi":    "That WiFi pass does not work any more.",
	"lost":    "What you ticked opens nothing any more.",
}

// audit notes what a member did with what is no fact.
func (p *Portal) audit(v *visit, action, subject string) {
	err := p.Store.Audit(context.WithoutCancel(v.r.Context()), record.Audited{
		At: v.now, Actor: v.actor().String(), Action: action, Subject: subject, Request: web.RequestID(v.r.Context())})
	if err != nil {
		web.Note(v.r.Context(), fmt.Errorf("audit %s: %w", action, err))
	}
}
