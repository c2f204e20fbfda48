package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
)

// webKey is a key as JSON, changed by pairs of old and new text.
func webKey(t *testing.T, key any, kid string, change ...string) string {
	t.Helper()
	b, err := json.Marshal(jose.JSONWebKey{Key: key, KeyID: kid})
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(change...).Replace(string(b))
}

func TestOnlyKeysThatCanVerifyAreTaken(t *testing.T) {
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	long, _ := rsa.GenerateKey(rand.Reader, 2048)
	t.Setenv("GODEBUG", "rsa1024min=0")
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	public := func(k crypto.Signer) any { return k.Public() }
	for _, c := range []struct{ what, key, want string }{
		{"P-256", webKey(t, public(ec), "a"), "ES256 a"}, {"Ed25519", webKey(t, public(ed), "b"), "EdDSA b"},
		{"RSA", webKey(t, public(long), ""), "RS256 or PS256"}, {"RSA for one", webKey(t, public(long), "c", `"kty"`, `"alg":"PS256","kty"`), "PS256 c"},
		{"P-384", webKey(t, public(other), "d"), ""}, {"a short RSA key", webKey(t, public(short), "e"), ""},
		{"a private key", webKey(t, ec, "f"), ""}, {"a private RSA key", webKey(t, long, "g"), ""}, {"a symmetric key", webKey(t, []byte("secret secret secret secret secre"), "h"), ""},
		{"for another algorithm", webKey(t, public(ec), "i", `"kty"`, `"alg":"RS256","kty"`), ""}, {"HMAC by its own word", webKey(t, public(long), "j", `"kty"`, `"alg":"HS256","kty"`), ""},
		{"for encryption", webKey(t, public(ec), "k", `"kty"`, `"use":"enc","kty"`), ""}, {"off the curve", webKey(t, public(ec), "l", `"x":"`, `"x":"AAAA`), ""},
		{"no type", `{"kid":"m"}`, ""}, {"no object", `7`, ""},
	} {
		set, err := ParseClientKeys([]byte(`{"keys":[` + c.key + `]}`))
		if c.want == "" && !errors.Is(err, claims.ErrInvalid) || c.want != "" && !slices.Equal(set.Names(), []string{c.want}) {
			t.Errorf("%s: %v, %v; want %q", c.what, set.Names(), err, c.want)
		}
	}
	for _, text := range []string{"", "null", "[]", `{"keys":{}}`, `{"keys":[]}`, webKey(t, public(ec), "a")} {
		if _, err := ParseClientKeys([]byte(text)); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", text, err)
		}
	}
	many := `{"keys":[` + strings.Repeat(webKey(t, public(ed), "x")+",", 500) + webKey(t, public(ed), "y") + `]}`
	if set, err := ParseClientKeys([]byte(many)); err != nil || len(set.keys) != maxClientKeys {
		t.Errorf("501 keys: %d are read, %v", len(set.keys), err)
	}
}
