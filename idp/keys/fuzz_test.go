package keys

import (
	"errors"
	"testing"

	"lanyard/claims"
)

// FuzzParseCard holds that whatever a reader prints has one text, which reads
// back as itself, or is refused in words.
func FuzzParseCard(f *testing.F) {
	for _, c := range [][2]string{{"04:a1:b2:c3", ""}, {"uid:04a1b2c3", "dec"}, {"3283264772", "dec"}, {"04a1b2c3d4e5f6", "hex-reversed"}, {"0", "dec-reversed"}, {"", "w26"}} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, text, format string) {
		card, err := ParseCard(text, format)
		if err != nil {
			if !errors.Is(err, claims.ErrInvalid) {
				t.Errorf("ParseCard(%q, %q): %v, want ErrInvalid", text, format, err)
			}
			return
		}
		if again, err := ParseCard(card, "dec"); err != nil || again != card {
			t.Errorf("ParseCard(%q, %q) = %q, which reads as %q, %v", text, format, card, again, err)
		}
	})
}

// FuzzClientProof holds that nothing which a client says of its keys, or signs
// with them, does more than be refused.
func FuzzClientProof(f *testing.F) {
	const set = `{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`
	f.Add([]byte(set), "eyJhbGciOiJFUzI1NiJ9.e30.AAAA")
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"},null,[]]}`), "a.b.c")
	f.Add([]byte(`[]`), "")
	f.Fuzz(func(t *testing.T, text []byte, signed string) {
		keys, err := ParseClientKeys(text)
		if err != nil && !errors.Is(err, claims.ErrInvalid) || err == nil && len(keys.Names()) == 0 {
			t.Errorf("ParseClientKeys(%q) = %v, %v", text, keys.Names(), err)
		}
		a, err := ParseAssertion(signed)
		if err != nil {
			if !errors.Is(err, claims.ErrInvalid) {
				t.Errorf("ParseAssertion(%q): %v, want ErrInvalid", signed, err)
			}
			return
		}
		var said map[string]any
		if err := keys.Verify(a, &said); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%q is verified by %q: %v", signed, text, err)
		}
	})
}
