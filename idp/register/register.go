// Package register is the front where clients register themselves and change
// what they said (RFC 7591 and 7592; OpenID Connect Dynamic Client
// Registration 1.0).
//
//		POST   /register            with a token that an organiser gave away
//		GET    /register/{client}   with the token that came of it: what is registered
//		PUT    /register/{client}   all of it anew
//		DELETE /register/{client}   the client is disabled
//
//	  - off unless configured, and never without a token: whoever registers   7591, 3, 5
//	    acts for the one behind it, who needs the right register at /apps
//	  - a token is known by its hash, ends, and serves a number of clients     7591, 3
//	  - metadata that is not understood is left out, and so is a language      7591, 2, 3.1
//	    tag; what is understood and wrong is refused, with its code            7591, 3.2.2
//	  - software statements are refused by name                                7591, 3.1.1
//	  - the answer says all that is registered                                 7591, 3.2.1
//	  - an update replaces everything; what only the server says is refused    7592, 2.2
//	  - the token of one client opens no other's; a client that is gone has    7592, 2
//	    none
//	  - what a client says of itself gives it nothing: no groups, no skipped   claims.RegisterClient
//	    consent, no introspection
//
// It keeps nothing. cmd puts its endpoints behind the route table.
package register

import (
	"context"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// Path is where clients register; each is managed below it.
const Path = "/register"

// MaxBody is the most bytes of metadata.
const MaxBody = 64 << 10

// How often one token may try to register clients, and a client to change what
// it registered, whether it is let or not.
const (
	triesMost = 20
	tryEvery  = 3 * time.Second
)

// Store plans, applies and remembers; *store.Store does.
type Store interface {
	// Change plans intents on the newest picture and applies the outcome.
	Change(ctx context.Context, by claims.Actor, requestID string, intents ...claims.Intent) (claims.Planned, error)
	// Preview tells what Change would do.
	Preview(ctx context.Context, by claims.Actor, intents ...claims.Intent) (claims.Planned, error)
	// RegistrationToken returns a token by its hash, of whatever state.
	RegistrationToken(ctx context.Context, idHash string) (record.RegistrationToken, error)
	// UseRegistrationToken counts a client; ErrExpired if it may register no more.
	UseRegistrationToken(ctx context.Context, idHash string, now time.Time) error
}

// Config is what the front needs. All of it must be set.
type Config struct {
	On        bool // else every address here is unknown
	Issuer    string
	Directory func() *claims.Directory // nil: there is none yet
	Store     Store
	// CheckSector holds a client against the list of its sector:
	// oauth.CheckSector.
	CheckSector func(ctx context.Context, c claims.Client) error
	Now         func() time.Time
}

// Register serves the endpoints. It is safe for use at once.
type Register struct {
	Config
	tries web.Pace // by the hash of the token, or the id of the client
}

// New returns the front.
func New(c Config) *Register {
	return &Register{Config: c, tries: web.Pace{Most: triesMost, Every: tryEvery}}
}
