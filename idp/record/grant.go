package record

import (
	"time"

	"lanyard/claims"
)

// GrantKind is how a grant began.
type GrantKind string

// How a grant may begin.
const (
	GrantCode   GrantKind = "code"   // authorization code (RFC 6749, 4.1)
	GrantClient GrantKind = "client" // client credentials (RFC 6749, 4.4)
	GrantDevice GrantKind = "device" // device authorization (RFC 8628); the member is empty until one allows it
	GrantPass   GrantKind = "pass"   // a door pass: opaque, one location, spent at its first use
)

// Grant is everything that is stored of one authorization: the code, its PKCE
// challenge and nonce, the session, and the whole family of refresh and
// access tokens that came of it. It is one row; tokens have none. See
// docs/adr on one row per grant.
//
// A token's text carries the grant's ID and the Generation it was made at, so
// that the row tells which tokens are good.
type Grant struct {
	ID      string // 128 random bits, base64url
	Kind    GrantKind
	Client  claims.ClientID
	Member  claims.MemberID // empty for GrantClient
	Session string          // Session.ID, empty if there was no browser

	Requested []string // scopes asked for
	Scopes    []string // scopes given
	Audience  []string // resources given (RFC 8707): for a door, its location's path

	// The authorization request, for GrantCode.
	RedirectURI string // as sent; empty if it was not
	Nonce       string
	Challenge   string // PKCE S256; empty if none
	Claims      string // the claims parameter, JSON; empty if none

	AuthTime time.Time
	AMR      []string
	ACR      int

	Created     time.Time
	CodeExpires time.Time // the code (pass, device code) is dead from here on
	Spent       time.Time // the code (pass, device code) was redeemed
	Generation  int       // of the newest tokens; 0: none were made yet
	Rotated     time.Time // when Generation last grew
	IdleUntil   time.Time // refresh tokens not used by then are dead; zero: no refresh tokens
	Expires     time.Time // the absolute end of everything in this grant
	Ended       time.Time // revoked, or reuse was seen
	EndReason   string    // "revoked", "reuse", "member_left", …
}
