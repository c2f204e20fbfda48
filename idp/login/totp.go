package login

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"lanyard/claims"
)

// Codes that an app shows (RFC 6238), as every app knows them: six digits,
// thirty seconds, SHA-1.
const (
	totpPeriod = 30 // seconds
	totpSkew   = 1  // steps before and after that count, for clocks that differ
	totpSecret = 20 // bytes (RFC 4226, section 4, R6)
)

var totpOptions = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// newTOTP makes a secret, in base32 as apps take it.
func newTOTP() string {
	b := make([]byte, totpSecret)
	if _, err := rand.Read(b); err != nil {
		panic(err) // documented never to happen
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// totpStep returns the time step whose code this is, around now; 0 if it is of
// none. Which one it is tells whether it was used before.
func totpStep(secret, code string, now time.Time) int {
	this := now.Unix() / totpPeriod
	found := 0
	for step := this - totpSkew; step <= this+totpSkew; step++ {
		if ok, err := hotp.ValidateCustom(code, uint64(step), secret, totpOptions); ok && err == nil {
			found = int(step) // all are looked at, whichever it is
		}
	}
	return found
}

// totpURI is what an app reads from a picture (Google Authenticator's key URI
// format).
func totpURI(org string, m claims.Member, secret string) string {
	org = strings.ReplaceAll(org, ":", " ")
	q := url.Values{"secret": {secret}, "issuer": {org}}
	return fmt.Sprintf("otpauth://totp/%s:%s?%s", url.PathEscape(org), url.PathEscape(m.Username), strings.ReplaceAll(q.Encode(), "+", "%20"))
}

// spaced parts a text into groups of four.
func spaced(s string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}
