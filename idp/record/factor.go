package record

import (
	"time"

	"lanyard/claims"
)

// FactorKind is what kind of thing a factor is.
type FactorKind string

// The kinds of factors.
const (
	FactorPasskey  FactorKind = "passkey"  // WebAuthn Level 3
	FactorTOTP     FactorKind = "totp"     // an app that shows codes (RFC 6238)
	FactorRecovery FactorKind = "recovery" // a code on paper, which works once
)

// Factor is something beside a password that a member proves who they are
// with.
type Factor struct {
	// ID is a passkey's credential id, base64url; a keyed hash of a recovery
	// code; else random.
	ID      string
	Member  claims.MemberID
	Kind    FactorKind
	Name    string // what the member calls it
	Data    string // totp: the secret, sealed; passkey: its public key and what goes with it, JSON
	Counter int    // totp: the last time step it was used in; passkey: how often it says it was used; recovery: 1 once it was used
	Created time.Time
	Used    time.Time // the last time
	Ended   time.Time
}
