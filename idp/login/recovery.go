package login

import (
	"crypto/rand"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Codes to be kept on paper: fifty random bits each, so that the limit on wrong
// tries is all the more than enough.
const (
	recoveryCodes   = 10
	recoveryLetters = "abcdefghjkmnpqrstuvwxyz23456789" // none that looks like another
	recoveryLen     = 10
)

// newRecoveryCodes makes codes to show once, and what is kept of them.
func (l *Login) newRecoveryCodes(m claims.MemberID, now time.Time) (codes []string, kept []record.Factor) {
	for range recoveryCodes {
		code := randomText(recoveryLetters, recoveryLen)
		codes = append(codes, code[:recoveryLen/2]+"-"+code[recoveryLen/2:])
		kept = append(kept, record.Factor{ID: l.Ring.RecoveryID(string(m), code), Member: m, Kind: record.FactorRecovery, Created: now})
	}
	return codes, kept
}

// randomText is n letters of an alphabet of at most 256, each as likely.
func randomText(alphabet string, n int) string {
	var b strings.Builder
	limit := 256 - 256%len(alphabet)
	for one := make([]byte, 1); b.Len() < n; {
		if _, err := rand.Read(one); err != nil {
			panic(err) // documented never to happen
		}
		if int(one[0]) < limit {
			b.WriteByte(alphabet[int(one[0])%len(alphabet)])
		}
	}
	return b.String()
}

// asRecoveryCode is a code without what people type between its letters.
func asRecoveryCode(text string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' {
			return -1
		}
		return c
	}, strings.ToLower(text))
}

// unused counts the recovery codes that are left.
func unused(all []record.Factor) (n int) {
	for _, f := range all {
		if f.Kind == record.FactorRecovery && f.Counter == 0 {
			n++
		}
	}
	return n
}

// hasSecond tells whether somebody signs in with more than a password.
func hasSecond(all []record.Factor) bool {
	for _, f := range all {
		if f.Kind != record.FactorRecovery {
			return true
		}
	}
	return false
}
