// Package oauth is the OAuth 2.0 and OpenID Connect face: discovery, keys,
// authorize, token, userinfo, introspection and revocation. Each endpoint is a
// method of Provider and a file; each grant is a file.
//
// It parses every request itself, lets fosite judge codes, verifiers and
// refresh tokens over one stored row per grant (store.go), and writes every
// answer itself; no type of fosite leaves this package. Who somebody is comes
// from a SessionFinder, what they may do and what tokens say of them from
// claims, and all that is stored of a grant goes through a Vault.
package oauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ory/fosite"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/record"
)

// Vault keeps grants. Its errors are those of claims; what may race is one
// conditional write each, so that of any number of callers one wins.
type Vault interface {
	CreateGrant(ctx context.Context, g record.Grant) error
	// Grant may be up to a second old; GrantFresh is not.
	Grant(ctx context.Context, id string) (record.Grant, error)
	GrantFresh(ctx context.Context, id string) (record.Grant, error)
	// SpendGrant redeems a code or pass once; ErrReplay the second time, ErrExpired if it ended.
	SpendGrant(ctx context.Context, id string, idleUntil, now time.Time) error
	// RotateGrant moves on from generation from; within grace it says where it moved to before.
	RotateGrant(ctx context.Context, id string, from int, scopes []string, idleUntil, now time.Time, grace time.Duration) (int, error)
	EndGrant(ctx context.Context, id, reason string, now time.Time) error
	// Tell notes what a client is about to be told of a member in a session: instead of what it was told before, or
	// with it, as merge puts the digests together.
	Tell(ctx context.Context, t record.Told, anew bool, merge func(old, more string) string) error
	// UseJTI takes a JWT's identifier for used; ErrReplay the second time, of those within one scope. It is
	// remembered until exp.
	UseJTI(ctx context.Context, scope, jti string, exp time.Time) error

	CreatePushed(ctx context.Context, r record.Pushed) error
	Pushed(ctx context.Context, id string) (record.Pushed, error)
	// UsePushed uses a pushed request up, whenever it ends; ErrReplay the second time.
	UsePushed(ctx context.Context, id string, now time.Time) error

	CreateDeviceCode(ctx context.Context, c record.DeviceCode) error
	DeviceCode(ctx context.Context, userCode string) (record.DeviceCode, error)
	// PollDevice is ErrTooMany if the device asked too soon; it is to wait for more from then on.
	PollDevice(ctx context.Context, id string, now time.Time, more time.Duration) error
	// AllowDevice gives a device's grant to g's member, once; ErrConflict or ErrExpired when it is too late.
	AllowDevice(ctx context.Context, g record.Grant, now time.Time) error
}

// SessionFinder tells who is signed in to the browser that sent a request.
type SessionFinder interface {
	Current(r *http.Request) (record.Session, bool)
}

// Consents tells what a member allowed a client; ErrNotFound if nothing.
type Consents interface {
	Consent(ctx context.Context, member claims.MemberID, client claims.ClientID) (record.Consent, error)
}

// Lifetimes is how long things are good for at most. A zero field takes the
// default that its comment names.
type Lifetimes struct {
	Access    time.Duration // opaque access tokens; 1 h
	AccessJWT time.Duration // at+jwt, which nobody can take back from who verifies it alone; 5 min
	ID        time.Duration // ID tokens; 1 h
	Code      time.Duration // 60 s
	Pass      time.Duration // door passes; 60 s
	Device    time.Duration // what a device shows to be typed; 10 min
	Idle      time.Duration // a refresh token that is not used; 30 days
	Absolute  time.Duration // a grant with refresh tokens; 180 days
	Grace     time.Duration // a refresh token whose answer was lost works again for; 30 s
}

// Config is what a Provider needs.
type Config struct {
	Issuer    string                   // https://…, or http on a loopback address; no path, no trailing slash
	Directory func() *claims.Directory // the picture as it is now; nil: there is none yet
	Ready     func() error             // nil, or why no answer can be given now; may be left out
	Vault     Vault
	Signer    *keys.Signer
	Ring      *keys.Ring
	Sessions  SessionFinder
	Consents  Consents
	Fetch     Fetcher // nil: clients' keys are not fetched
	Now       func() time.Time
	Log       *slog.Logger // nil: nothing is logged
	Lifetimes Lifetimes
	Register  string // where clients register themselves; empty: nowhere

	// Event is told of each time a device was shown a pass or a token. Nil: nobody is.
	Event func(ctx context.Context, e record.Event)
	// Audit is told of what members allowed or denied to devices. Nil: nobody is.
	Audit func(ctx context.Context, a record.Audited) error
	// ErrorPage shows a person an error that no client may be told of. Nil: a page of templates.
	ErrorPage func(w http.ResponseWriter, r *http.Request, status int, title, text string)
}

// Provider serves the endpoints. It is safe for use at once.
type Provider struct {
	Config
	texts  *texts
	fosite *fosite.Fosite
	wrong  *limiter // failed client authentication
	begun  *limiter // what clients without a proof made us store
	static static   // what never changes: discovery
	bind   []byte   // keys the parameters that we add to our own return addresses
	sidKey []byte

	crowded crowded
	typed   []byte // keys what is kept of user codes

	guessedBy, guessedFrom *limiter // user codes, by member and by address

	clientKeys *clientKeys
	noted      noted
}

// New checks c and returns the provider it describes.
func New(c Config) (*Provider, error) {
	if err := checkIssuer(c.Issuer); err != nil {
		return nil, err
	}
	for name, missing := range map[string]bool{
		"Directory": c.Directory == nil, "Vault": c.Vault == nil, "Signer": c.Signer == nil, "Ring": c.Ring == nil,
		"Sessions": c.Sessions == nil, "Consents": c.Consents == nil, "Now": c.Now == nil,
	} {
		if missing {
			return nil, fmt.Errorf("oauth: Config.%s is not set", name)
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Lifetimes = c.Lifetimes.orDefaults()
	if most := max(c.Lifetimes.ID, c.Lifetimes.AccessJWT); most > c.Signer.Kept() {
		return nil, fmt.Errorf("oauth: what is signed lives for %v, but a key that signed is published for %v only", most, c.Signer.Kept())
	}
	p := &Provider{
		Config: c,
		texts:  newTexts(c.Ring.Derive("token-mac")),
		wrong:  newLimiter(c.Now, wrongAtOnce, wrongEvery),
		begun:  newLimiter(c.Now, begunAtOnce, begunEvery),
		bind:   c.Ring.Derive("authorize-return"),
		sidKey: c.Ring.Derive("sid"),
		typed:  c.Ring.Derive("user-code"),

		guessedBy:   newLimiter(c.Now, memberGuesses, memberGuessEvery),
		guessedFrom: newLimiter(c.Now, addressGuesses, addressGuessEvery),

		clientKeys: newClientKeys(c.Fetch, c.Now),
	}
	if p.ErrorPage == nil {
		p.ErrorPage = p.errorPage
	}
	p.fosite = newFosite(p)
	p.static = renderDiscovery(c.Issuer, c.Register)
	return p, nil
}

func (l Lifetimes) orDefaults() Lifetimes {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&l.Access, time.Hour}, {&l.AccessJWT, 5 * time.Minute}, {&l.ID, time.Hour}, {&l.Code, time.Minute},
		{&l.Pass, time.Minute}, {&l.Device, 10 * time.Minute}, {&l.Idle, 30 * 24 * time.Hour}, {&l.Absolute, 180 * 24 * time.Hour}, {&l.Grace, 30 * time.Second},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return l
}

// String says the lifetimes for people.
func (l Lifetimes) String() string {
	words := func(d time.Duration) string {
		for _, u := range []struct {
			unit time.Duration
			name string
		}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "min"}} {
			if d >= u.unit && d%u.unit == 0 {
				return fmt.Sprint(int64(d/u.unit), " ", u.name)
			}
		}
		return d.String()
	}
	return fmt.Sprintf("code %s, ID token %s, access token %s (JWT %s), refresh token %s unused and %s in all",
		words(l.Code), words(l.ID), words(l.Access), words(l.AccessJWT), words(l.Idle), words(l.Absolute))
}

// checkIssuer holds what OpenID Connect Discovery, section 3, says of issuers,
// and that nothing is added to ours.
func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil {
		return fmt.Errorf("oauth: issuer: %w", err)
	}
	if u.Host == "" || u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil || strings.HasSuffix(issuer, "#") {
		return fmt.Errorf("oauth: issuer %q must be a scheme and a host alone, as https://id.example.org", issuer)
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return fmt.Errorf("oauth: issuer %q must be https; plain http is for 127.0.0.1, [::1] and localhost only", issuer)
	}
	return nil
}

// directory returns the picture to answer from, or ErrUnavailable.
func (p *Provider) directory() (*claims.Directory, error) {
	if p.Ready != nil {
		if err := p.Ready(); err != nil {
			return nil, err
		}
	}
	d := p.Directory()
	if d == nil {
		return nil, fmt.Errorf("the picture of the organisation is not loaded: %w", claims.ErrUnavailable)
	}
	return d, nil
}

// end retires a grant. It is done even if the caller went away meanwhile.
func (p *Provider) end(ctx context.Context, id, reason string) error {
	err := p.Vault.EndGrant(context.WithoutCancel(ctx), id, reason, p.Now())
	if err != nil && !errors.Is(err, claims.ErrNotFound) {
		return fmt.Errorf("end grant %s: %w", id, err)
	}
	return nil
}
