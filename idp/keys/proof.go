// Proofs that whoever sends a request holds a key (DPoP, RFC 9449, section 4).
//
//   - typ dpop+jwt: no other JWT that the key signed passes for one      4.3 (4); RFC 8725, 3.11
//   - RS256, PS256, ES256, EdDSA: no none, no HMAC                        4.3 (5)
//   - the key is in the header, public halves only, and fits the alg      4.2; 4.3 (6, 7)
//   - it is known by its thumbprint, SHA-256 over its required members    6.1; RFC 7638, 3
package keys

import (
	"crypto"
	"encoding/base64"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
)

const typProof = "dpop+jwt"

// ReadProof reads a proof whose signature is right by the key it brings,
// stores what it says in into, and returns the key's thumbprint, base64url.
// Whether it says the right things is the caller's to judge. Whatever is wrong
// is ErrInvalid.
func ReadProof(text string, into any) (string, error) {
	if len(text) > maxAssertion {
		return "", fmt.Errorf("a proof of %d bytes: %w", len(text), claims.ErrInvalid)
	}
	jws, err := jose.ParseSignedCompact(text, assertionAlgs)
	if err != nil {
		return "", fmt.Errorf("read a proof: %v: %w", err, claims.ErrInvalid)
	}
	head := jws.Signatures[0].Protected
	if typ, _ := head.ExtraHeaders[jose.HeaderType].(string); typ != typProof {
		return "", fmt.Errorf("a proof of typ %.40q: %w", typ, claims.ErrInvalid)
	}
	k := head.JSONWebKey
	if k == nil || !k.Valid() || !k.IsPublic() || !slices.Contains(algsOf(*k), head.Algorithm) {
		return "", fmt.Errorf("a proof without a public key for %s: %w", head.Algorithm, claims.ErrInvalid)
	}
	plain, err := jws.Verify(k.Key)
	if err != nil {
		return "", fmt.Errorf("verify a proof: %v: %w", err, claims.ErrInvalid)
	}
	sum, err := k.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("a proof's key: %v: %w", err, claims.ErrInvalid)
	}
	return base64.RawURLEncoding.EncodeToString(sum), readClaims(plain, into)
}
