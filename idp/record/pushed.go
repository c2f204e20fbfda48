package record

import (
	"time"

	"lanyard/claims"
)

// Pushed is an authorization request that a client sent ahead (RFC 9126).
type Pushed struct {
	ID      string // 128 random bits, base64url
	Client  claims.ClientID
	Form    string    // its parameters, form-encoded, without what proves the client
	Expires time.Time // it is not begun with any more from here on
	Used    time.Time // a code was given for it; zero: not yet
}
