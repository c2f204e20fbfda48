// The signatures of clients that prove who they are with a key of their own
// (RFC 7523; OpenID Connect Core, section 9).
//
//   - RS256, PS256, ES256, EdDSA: no none, no HMAC whatever the key     RFC 8725, 3.1
//   - the algorithm fits the key's type, and its alg if it has one      RFC 8725, 3.1
//   - a key is one of the client's set, found by kid; jwk, jku, x5u     RFC 8725, 3.10
//     and x5c in the header are not looked at
//   - RSA of 2048 to 8192 bits                                           RFC 7518, 3.3
//   - what the set holds that cannot verify is passed over              RFC 7517, 5
package keys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
)

// The longest assertion, in bytes, and the most keys of a set that are read.
const (
	maxAssertion  = 8 << 10
	maxClientKeys = 50
)

var assertionAlgs = []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.EdDSA}

// ClientKeys is a client's set of public keys. The zero set verifies nothing.
type ClientKeys struct{ keys []jose.JSONWebKey }

// ParseClientKeys reads a key set (RFC 7517, section 5). ErrInvalid if it is
// none, or holds no key that can verify.
func ParseClientKeys(text []byte) (ClientKeys, error) {
	var doc struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return ClientKeys{}, fmt.Errorf("read a key set: %v: %w", err, claims.ErrInvalid)
	}
	var set ClientKeys
	for _, raw := range doc.Keys[:min(len(doc.Keys), maxClientKeys)] {
		var k jose.JSONWebKey
		if json.Unmarshal(raw, &k) == nil && k.Valid() && k.IsPublic() && len(algsOf(k)) > 0 {
			set.keys = append(set.keys, k)
		}
	}
	if len(set.keys) == 0 {
		return ClientKeys{}, fmt.Errorf("of %d keys none can verify; want public ones, RSA of 2048 bits or more, EC on P-256 or Ed25519: %w", len(doc.Keys), claims.ErrInvalid)
	}
	return set, nil
}

// Names describes its keys for people: type, and kid if there is one.
func (set ClientKeys) Names() []string {
	var names []string
	for _, k := range set.keys {
		names = append(names, strings.TrimSpace(strings.Join(algsOf(k), " or ")+" "+k.KeyID))
	}
	return names
}

// algsOf lists the algorithms a key can verify.
func algsOf(k jose.JSONWebKey) []string {
	if k.Use != "" && k.Use != "sig" {
		return nil
	}
	var algs []string
	switch key := k.Key.(type) {
	case *rsa.PublicKey:
		if n := key.N.BitLen(); n >= 2048 && n <= 8192 {
			algs = []string{"RS256", "PS256"}
		}
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			algs = []string{"ES256"}
		}
	case ed25519.PublicKey:
		algs = []string{"EdDSA"}
	}
	return slices.DeleteFunc(algs, func(alg string) bool { return k.Algorithm != "" && alg != k.Algorithm })
}

// Assertion is a signed JWT whose signature was not looked at yet.
type Assertion struct {
	Alg, KeyID, Type string
	jws              *jose.JSONWebSignature
}

// ParseAssertion reads a compact JWT of one signature; ErrInvalid if it is
// none, or of another algorithm than clients may use.
func ParseAssertion(text string) (Assertion, error) {
	if len(text) > maxAssertion {
		return Assertion{}, fmt.Errorf("an assertion of %d bytes: %w", len(text), claims.ErrInvalid)
	}
	jws, err := jose.ParseSignedCompact(text, assertionAlgs)
	if err != nil {
		return Assertion{}, fmt.Errorf("read an assertion: %v: %w", err, claims.ErrInvalid)
	}
	head := jws.Signatures[0].Protected
	typ, _ := head.ExtraHeaders[jose.HeaderType].(string)
	return Assertion{Alg: head.Algorithm, KeyID: head.KeyID, Type: typ, jws: jws}, nil
}

// Claimed reads what an assertion says, which nobody vouches for.
func (a Assertion) Claimed(into any) error {
	return readClaims(a.jws.UnsafePayloadWithoutVerification(), into)
}

// Has tells whether the key that an assertion names is in the set.
func (set ClientKeys) Has(a Assertion) bool { return len(set.find(a)) > 0 }

func (set ClientKeys) find(a Assertion) []jose.JSONWebKey {
	var found []jose.JSONWebKey
	for _, k := range set.keys {
		if (a.KeyID == "" || k.KeyID == a.KeyID) && slices.Contains(algsOf(k), a.Alg) {
			found = append(found, k)
		}
	}
	return found
}

// Verify checks an assertion's signature with the one key of the set that it
// names, or that it can be of, and reads its claims into into. Whatever is
// wrong is ErrInvalid.
func (set ClientKeys) Verify(a Assertion, into any) error {
	found := set.find(a)
	if len(found) != 1 {
		return fmt.Errorf("%d keys %q for %s, want one: %w", len(found), a.KeyID, a.Alg, claims.ErrInvalid)
	}
	plain, err := a.jws.Verify(found[0].Key)
	if err != nil {
		return fmt.Errorf("verify an assertion: %v: %w", err, claims.ErrInvalid)
	}
	return readClaims(plain, into)
}

func readClaims(plain []byte, into any) error {
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("an assertion's claims are no JSON object: %w", claims.ErrInvalid)
	}
	return nil
}
