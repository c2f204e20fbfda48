package claims

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// The keys of a client that proves itself by signing (OpenID Connect Core, 9;
// RFC 7517). Whether they are good keys is seen where they are used; here, that
// they are public and can be told apart.
//
//   - jwks or jwks_uri, not both                                     RFC 7591, 2
//   - RSA, P-256 and Ed25519, as the algorithms below take            RFC 7518, 3.1; 8037, 3.1
//   - no private half, whose owner should know that it was shown      ours
//   - several keys have a kid each                                     OIDC Core, 10.1

// KnownAssertionAlgs are the algorithms that clients may sign with to prove
// who they are.
var KnownAssertionAlgs = []string{"RS256", "PS256", "ES256", "EdDSA"}

// The most bytes of a key set, and keys in it.
const (
	maxKeySet = 16 << 10
	maxKeys   = 20
)

func checkKeys(c Client) error {
	if c.Auth != AuthPrivateKey {
		for field, value := range map[string]string{"jwks": c.JWKS, "jwks_uri": c.JWKSURI, "token_endpoint_auth_signing_alg": c.AssertionAlg} {
			if value != "" {
				return invalid(field, "goes with the authentication %s only", AuthPrivateKey)
			}
		}
		return nil
	}
	if c.AssertionAlg != "" && !slices.Contains(KnownAssertionAlgs, c.AssertionAlg) {
		return invalid("token_endpoint_auth_signing_alg", "%q is none of %s", c.AssertionAlg, strings.Join(KnownAssertionAlgs, ", "))
	}
	switch {
	case c.JWKS != "" && c.JWKSURI != "":
		return invalid("jwks", "and jwks_uri are both set: keep one")
	case c.JWKSURI != "":
		return checkDocument("jwks_uri", c.JWKSURI)
	case c.JWKS != "":
		return checkKeySet(c.JWKS)
	}
	return invalid("jwks", "is empty, and so is jwks_uri: %s needs one", AuthPrivateKey)
}

// checkDocument takes the address of a document that this program fetches.
func checkDocument(field, s string) error {
	u, ok := splitURI(s)
	switch {
	case !ok || u.scheme != "https" && u.scheme != "http" || !hostOK(u.host):
		return invalid(field, "%q is no address of a document, such as https://wiki.example.org/keys.json", s)
	case u.user || u.fragment:
		return invalid(field, "%q has a user or a fragment (#) in it", s)
	case u.scheme == "http" && !loopback(u.host):
		return invalid(field, "%q is plain http; only https is safe, save on this machine", s)
	}
	return nil
}

// checkKeySet never quotes what it refuses: it may be a private key.
func checkKeySet(text string) error {
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if len(text) > maxKeySet || json.Unmarshal([]byte(text), &set) != nil {
		return invalid("jwks", `must be a JSON object {"keys": […]} of %d bytes at most`, maxKeySet)
	}
	if len(set.Keys) == 0 || len(set.Keys) > maxKeys {
		return invalid("jwks", "has %d keys: it must have 1 to %d", len(set.Keys), maxKeys)
	}
	seen := map[string]bool{}
	for i, k := range set.Keys {
		for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"} {
			if _, ok := k[private]; ok {
				return invalid("jwks", "holds a private key (number %d): send the public half only, and make a new key if this one was shown to anybody", i+1)
			}
		}
		kty, _ := k["kty"].(string)
		crv, _ := k["crv"].(string)
		if kty != "RSA" && !(kty == "EC" && crv == "P-256") && !(kty == "OKP" && crv == "Ed25519") {
			return invalid("jwks", "key %d is none of RSA, EC on P-256, OKP on Ed25519", i+1)
		}
		kid, _ := k["kid"].(string)
		if len(set.Keys) > 1 && (kid == "" || seen[kid]) {
			return invalid("jwks", "key %d has no kid of its own, which tells several keys apart", i+1)
		}
		seen[kid] = true
	}
	return nil
}

// compactJSON is a JSON text without its white space; what is no JSON stays.
func compactJSON(text string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(text)) != nil {
		return text
	}
	return b.String()
}
