// Package record holds the plain structs that cross the store's boundary and
// are no facts of the organisation: grants of tokens, browser sessions,
// passwords, consents, signing keys. Facts are in claims.
//
// Whoever gets a record owns it; the store keeps no reference.
package record

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"time"

	"lanyard/claims"
)

// Secret is a text that prints, logs and marshals as "[redacted]": a token, a
// code, a password, a card id. Convert with string(s) where it is really used.
type Secret string

// String hides the text.
func (Secret) String() string { return "[redacted]" }

// GoString hides the text.
func (Secret) GoString() string { return "[redacted]" }

// LogValue hides the text from log/slog.
func (Secret) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// MarshalText hides the text from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

// SHA256 is what is kept of a secret of 256 random bits, in lower-case hex: it
// needs no slow hash (ADR 8).
func (s Secret) SHA256() string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Session is a browser's sign-in.
type Session struct {
	ID       string // SHA-256 of the cookie's value, hex; the value itself is nowhere
	Member   claims.MemberID
	AuthTime time.Time // when the member last proved who they are
	AMR      []string  // how (RFC 8176): pwd
	ACR      int       // how strongly; 1: one factor
	Created  time.Time
	Seen     time.Time // to the minute or so
	Expires  time.Time // absolute
	Ended    time.Time // zero: not ended
	Agent    string    // the browser's User-Agent, cut to 200 characters
	Address  string    // network address at sign-in
}

// Password is what a member's password is checked against.
type Password struct {
	Member  claims.MemberID
	PHC     string // $argon2id$v=19$…
	Changed time.Time
}

// Link is a one-time address handed to somebody: to become the first
// administrator, to set a first password.
type Link struct {
	ID      string // SHA-256 of the secret part, hex
	Purpose string // "admin": create the first administrator; "password": set Member's password
	Member  claims.MemberID
	Created time.Time
	Expires time.Time
	Used    time.Time
}

// RegistrationToken lets clients register themselves on somebody's behalf (RFC
// 7591, section 3: an initial access token).
type RegistrationToken struct {
	ID      string // SHA-256 of the token, hex; the token itself is nowhere
	Name    string // what those who made it call it; unique
	Owner   string // on whose behalf, as claims.Actor writes itself
	By      string // who made it
	Created time.Time
	Expires time.Time
	Revoked time.Time
	Uses    int // how many clients it may register
	Used    int // and how many it did
}

// Consent is what a member allowed a client to see.
type Consent struct {
	Member claims.MemberID
	Client claims.ClientID
	Scopes []string
	At     time.Time
}

// SigningKey is a key that signs tokens, its private half sealed.
type SigningKey struct {
	ID      string // the kid
	Use     string // "oidc"; others later
	Alg     string // RS256, ES256, EdDSA
	Sealed  string // PKCS #8, sealed with table signing_key, row ID, column sealed
	Created time.Time
	From    time.Time // signs from here on; published from Created
	Retired time.Time // signs no more from here on; published until Gone. Zero: nobody has said yet
	Gone    time.Time
}

// Audited is one line of the audit log.
type Audited struct {
	At      time.Time
	Actor   string
	Action  string
	Subject string // what it was done to, as entity:id
	Request string // request id, if there was one
}
