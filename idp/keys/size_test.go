package keys

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

func TestTokenSizeIsWhatSigningMakes(t *testing.T) {
	s := &Signer{Store: &memory{}, Ring: NewRing([]byte("0123456789abcdef0123456789abcdef")), Now: time.Now}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, alg := range Algs {
		for n := range 4 {
			body := map[string]string{"a": strings.Repeat("x", 100+n)}
			payload, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			text, err := s.Sign(t.Context(), alg, "JWT", body)
			if err != nil {
				t.Fatal(err)
			}
			if size, err := TokenSize(alg, "JWT", len(payload)); err != nil || size != len(text) {
				t.Errorf("%s: TokenSize of %d = %d, %v; signed it is %d", alg, len(payload), size, err, len(text))
			}
		}
	}
	if _, err := TokenSize("none", "JWT", 1); !errors.Is(err, claims.ErrInvalid) {
		t.Errorf("TokenSize of none: %v", err)
	}
}
