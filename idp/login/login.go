package login

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// Store is what this package keeps and looks up. Nothing there is
// claims.ErrNotFound, and a store out of reach claims.ErrUnavailable.
type Store interface {
	Session(ctx context.Context, id string) (record.Session, error)
	CreateSession(ctx context.Context, s record.Session) error
	// AgentsOf lists the browsers that a member had a session in since then.
	AgentsOf(ctx context.Context, m claims.MemberID, since time.Time) ([]string, error)
	TouchSession(ctx context.Context, id string, seen time.Time) error
	// EndSession ends a session and what hangs on it: what it gave without
	// offline_access, and the sign-ins at applications that are to be told.
	EndSession(ctx context.Context, id string, now time.Time) error
	// HandOver makes what hangs on one session hang on another.
	HandOver(ctx context.Context, from, to string) error
	// EndSessions is EndSession for all of a member's but the one named except.
	EndSessions(ctx context.Context, m claims.MemberID, except string, now time.Time) error

	Password(ctx context.Context, m claims.MemberID) (record.Password, error)
	SetPassword(ctx context.Context, p record.Password) error

	// Factor returns one that was not ended.
	Factor(ctx context.Context, id string) (record.Factor, error)
	// AddFactors stores new ones, all or nothing; ErrConflict if one is there.
	AddFactors(ctx context.Context, all ...record.Factor) error
	// KeepFactor stores what changed of one with its use.
	KeepFactor(ctx context.Context, id, data string, now time.Time) error
	// Factors lists what a member has and did not end, used recovery codes too.
	Factors(ctx context.Context, m claims.MemberID) ([]record.Factor, error)
	// ReplaceFactors ends all that a member has of a kind and stores these.
	ReplaceFactors(ctx context.Context, m claims.MemberID, kind record.FactorKind, with []record.Factor, now time.Time) error
	// UseFactor raises a factor's counter; ErrReplay if it is as high already.
	UseFactor(ctx context.Context, id string, counter int, now time.Time) error
	EndFactor(ctx context.Context, m claims.MemberID, id string, now time.Time) error

	CreateLink(ctx context.Context, l record.Link) error
	Link(ctx context.Context, id string) (record.Link, error)
	// UseLink uses a link up, for exactly one caller; the others get
	// ErrReplay, or ErrExpired.
	UseLink(ctx context.Context, id string, now time.Time) (record.Link, error)

	// EndGrants ends every live grant that f picks.
	EndGrants(ctx context.Context, f record.GrantFilter, reason string, now time.Time) (int, error)

	Consent(ctx context.Context, m claims.MemberID, c claims.ClientID) (record.Consent, error)
	SetConsent(ctx context.Context, c record.Consent) error

	Change(ctx context.Context, by claims.Actor, requestID string, intents ...claims.Intent) (claims.Planned, error)
	Audit(ctx context.Context, a record.Audited) error
}

// Ring seals what is kept of factors; *keys.Ring does.
type Ring interface {
	Seal(table, row, column string, plain []byte) (string, error)
	Open(table, row, column, sealed string) ([]byte, error)
	// RecoveryID is what one of a member's recovery codes is kept as.
	RecoveryID(member, code string) string
}

// Config is what a Login needs.
type Config struct {
	Store     Store
	Ring      Ring
	Directory func() *claims.Directory // nil: there is no picture yet
	Now       func() time.Time
	Secure    bool // browsers reach us over https
	// Issuer is where browsers reach us. Passkeys are for its host; there are
	// none if that is an address, or it is empty.
	Issuer  string
	Workers int // passwords hashed at once; 0: one per CPU
	// Full is told, and must return at once, whenever all Workers hash. Nil:
	// nobody is.
	Full func(workers int)

	// Details tells of the authorization request that a return address holds:
	// the client, the scopes it asks for, the redirect URI that was found
	// right. Nil: there are no such requests.
	Details func(returnURL string) (c claims.Client, scopes []string, redirectURI string, err error)
	// DenyURL is where a browser goes whose member said no.
	DenyURL func(returnURL string) string
	// VerifyHint returns who an ID token of ours was made for, expired or
	// not. Nil: hints are not looked at.
	VerifyHint func(ctx context.Context, idToken string) (Hint, error)
	// Subject is who a member is to a client. Nil: to each the member's own sub.
	Subject func(c claims.Client, m claims.Member) string
	// SendForgotten sends a member who forgot their password a link to set one;
	// ErrTooMany if they were sent some lately. Nil: nobody is sent any.
	SendForgotten func(ctx context.Context, m claims.Member) error
	// Notice writes to a member of what happened to their account. Nil: nobody does.
	Notice func(ctx context.Context, n record.Notice) error
	// SID is what ID tokens call a session.
	SID func(sessionID string) string
}

// Hint is what an ID token says.
type Hint struct {
	Client  claims.ClientID
	Subject string
	SID     string // the session it came of
}

// Login serves the pages. It is safe for use at once.
type Login struct {
	Config
	hashers   *pool
	brake     *brake
	party     *webauthn.WebAuthn // nil: there are no passkeys
	forgotten chan struct{}      // one for each letter that is being written
}

// New returns a Login.
func New(c Config) *Login {
	if c.Subject == nil {
		c.Subject = func(_ claims.Client, m claims.Member) string { return m.Sub }
	}
	l := &Login{Config: c, hashers: newPool(c.Workers), brake: newBrake(), party: newParty(c.Issuer)}
	l.hashers.full, l.forgotten = c.Full, make(chan struct{}, forgottenAtOnce)
	return l
}

// directory returns the picture to answer from, or ErrUnavailable.
func (l *Login) directory() (*claims.Directory, error) {
	if d := l.Directory(); d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("the picture of the organisation is not loaded: %w", claims.ErrUnavailable)
}

// frame returns what a page for somebody who is not signed in is set in.
func (l *Login) frame() templates.Frame {
	if d := l.Directory(); d != nil {
		return templates.Frame{Org: d.Settings().Name}
	}
	return templates.Frame{}
}

// frameOf returns what a page is set in for whoever sent r, signed in or not.
func (l *Login) frameOf(r *http.Request) templates.Frame {
	d := l.Directory()
	s, err := l.Find(r)
	if err != nil || d == nil {
		return l.frame()
	}
	m, ok := claims.Get[claims.Member](d, string(s.Member))
	if !ok {
		return l.frame()
	}
	return l.memberFrame(d, m, s)
}

// memberFrame returns what a page for a member is set in.
func (l *Login) memberFrame(d *claims.Directory, m claims.Member, s record.Session) templates.Frame {
	f := templates.Frame{Org: d.Settings().Name, User: called(m)}
	for _, e := range web.Menu(d, m.ID, s.ACR, l.Now()) {
		f.Nav = append(f.Nav, templates.Link{Text: e.Text, Path: e.Path, Waits: e.Waits})
	}
	return f
}

// called is what a member is called.
func called(m claims.Member) string {
	if m.Name != "" {
		return m.Name
	}
	return m.Username
}

// fail shows what went wrong as a page.
func (l *Login) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := web.ProblemOf(err)
	web.FailHeaders(w, r, err)
	web.Page(w, r, p.Status, templates.Error{Frame: l.frame(), Status: p.Status, Title: p.Title, Text: web.Words(err, nil),
		RequestID: web.RequestID(r.Context())})
}

// ErrorPage shows a person an error in these words.
func (l *Login) ErrorPage(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	web.Page(w, r, status, templates.Error{Frame: l.frameOf(r), Status: status, Title: title, Text: text,
		RequestID: web.RequestID(r.Context())})
}

// RefusedPage tells a member that they may not use an application, and why;
// back takes the browser to it with the refusal.
func (l *Login) RefusedPage(w http.ResponseWriter, r *http.Request, c claims.Client, lines []string, back string) {
	web.AllowFormAction(w, back)
	web.Page(w, r, http.StatusForbidden, templates.Error{Frame: l.frameOf(r), Status: http.StatusForbidden,
		Title: "You may not use " + c.Called(), Text: "You are signed in, but this application is not open to you now.", Lines: lines,
		RequestID: web.RequestID(r.Context()), Back: templates.Link{Text: "Back to " + c.Called(), Path: back}})
}

// audit notes what a member did. What cannot be noted is in the log; the
// member is not sent away for it.
func (l *Login) audit(r *http.Request, m claims.MemberID, action, subject string) {
	by := claims.Actor{Kind: claims.ActorMember, ID: string(m)}
	err := l.Store.Audit(context.WithoutCancel(r.Context()), record.Audited{
		At: l.Now(), Actor: by.String(), Action: action, Subject: subject, Request: web.RequestID(r.Context())})
	if err != nil {
		web.Note(r.Context(), fmt.Errorf("audit %s: %w", action, err))
	}
}

// maySignIn tells whether this member may have a session at all. Suspended
// and pending members may: their own page tells them what to do.
func maySignIn(m claims.Member) bool {
	return m.BarredAt.IsZero() && m.ErasedAt.IsZero() && m.State != claims.StateLeft
}
