package keys

import "crypto/subtle"

// PassMatches tells whether the text is the WiFi pass that verifier was made
// of. It computes the HMAC whatever verifier is and compares in constant time.
func (r *Ring) PassMatches(verifier, pass string) bool {
	return subtle.ConstantTimeCompare([]byte(r.PassVerifier(pass)), []byte(verifier)) == 1
}
