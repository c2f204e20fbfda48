package keys

import (
	"encoding/base64"
	"fmt"

	"lanyard/claims"
)

// signatures are the bytes of a signature, by algorithm (RFC 7518, sections
// 3.3 and 3.4; RFC 8032, section 5.1.6).
var signatures = map[string]int{"RS256": rsaKeyBits / 8, "ES256": 64, "EdDSA": 64}

// TokenSize returns how many bytes Sign makes of a payload of so many, without
// signing; ErrInvalid for an algorithm that does not sign here.
func TokenSize(alg, typ string, payload int) (int, error) {
	signature, ok := signatures[alg]
	if !ok {
		return 0, &claims.Invalid{Field: "alg", Problem: fmt.Sprintf("%q signs no token here", alg)}
	}
	in := base64.RawURLEncoding.EncodedLen
	header := len(`{"alg":"","kid":"","typ":""}`) + len(alg) + in(32) + len(typ) // a kid is a SHA-256
	return in(header) + 1 + in(payload) + 1 + in(signature), nil
}
