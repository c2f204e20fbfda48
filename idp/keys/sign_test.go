package keys

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
	"lanyard/idp/record"
)

type memory struct {
	mu   sync.Mutex
	keys []record.SigningKey
}

func (m *memory) SigningKeys(context.Context) ([]record.SigningKey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]record.SigningKey(nil), m.keys...), nil
}

func (m *memory) AddSigningKey(_ context.Context, k record.SigningKey) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, have := range m.keys {
		if have.Alg == k.Alg && have.Retired.IsZero() {
			return claims.ErrConflict
		}
	}
	m.keys = append(m.keys, k)
	return nil
}

func (m *memory) ReplaceSigningKey(_ context.Context, old record.SigningKey, retired, gone time.Time, next record.SigningKey) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := slices.IndexFunc(m.keys, func(k record.SigningKey) bool { return k.ID == old.ID && k.Retired.Equal(old.Retired) })
	if at < 0 {
		return claims.ErrConflict
	}
	m.keys[at].Retired, m.keys[at].Gone = retired, gone
	m.keys = append(slices.DeleteFunc(m.keys, func(k record.SigningKey) bool { return k.ID == next.ID }), next)
	return nil
}

var day = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func started(t testing.TB, m *memory, now *time.Time) *Signer {
	t.Helper()
	s := &Signer{Store: m, Ring: NewRing([]byte("test")), Now: func() time.Time { return *now }}
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestKeysAreMadeOnceAndVerifyAfterARestart(t *testing.T) {
	m, now := &memory{}, day
	first := started(t, m, &now)
	second := started(t, m, &now)
	if len(m.keys) != 3 || !bytes.Equal(first.JWKS(), second.JWKS()) || first.JWKSTag() != second.JWKSTag() {
		t.Fatalf("%d keys after two starts, want 3 and one key set", len(m.keys))
	}
	for _, alg := range Algs {
		token, err := first.Sign(t.Context(), alg, "at+jwt", map[string]string{"sub": "ada"})
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Sub string }
		if err := second.Verify(t.Context(), token, "at+jwt", &got); err != nil || got.Sub != "ada" {
			t.Errorf("%s: Verify = %v, %v", alg, got, err)
		}
		var set jose.JSONWebKeySet
		json.Unmarshal(first.JWKS(), &set)
		jws, _ := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
		kid := jws.Signatures[0].Header.KeyID
		if k := set.Key(kid); kid == "" || len(k) != 1 || !k[0].IsPublic() {
			t.Errorf("%s: kid %q is not published exactly once, in public", alg, kid)
		} else if _, err := jws.Verify(k[0]); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
	if bytes.Contains(first.JWKS(), []byte(`"d":`)) {
		t.Error("a private key is published")
	}
}

func TestForeignAndUnsignedTokensAreRefused(t *testing.T) {
	now := day
	s, other := started(t, &memory{}, &now), started(t, &memory{}, &now)
	mine, _ := s.Sign(t.Context(), "ES256", "JWT", map[string]string{"sub": "ada"})
	theirs, _ := other.Sign(t.Context(), "ES256", "JWT", map[string]string{"sub": "ada"})
	part := strings.Split(mine, ".")
	kid := s.current().signs["RS256"].ID
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT","kid":"`+kid+`"}`)) + "." + part[1] + "."
	pub := s.JWKS() // the classic: HMAC under the public key
	hs, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: pub, KeyID: kid}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	confused, _ := hs.Sign([]byte(`{"sub":"ada"}`))
	confusedText, _ := confused.CompactSerialize()
	swapped := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","typ":"JWT","kid":"`+kid+`"}`)) + "." + part[1] + "." + part[2]
	brought := func(kid string, head map[jose.HeaderKey]any) string {
		priv, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		opts := (&jose.SignerOptions{EmbedJWK: head == nil}).WithType("JWT")
		for name, v := range head {
			opts.WithHeader(name, v)
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: priv, KeyID: kid}}, opts)
		if err != nil {
			t.Fatal(err)
		}
		jws, _ := signer.Sign([]byte(`{"sub":"ada"}`))
		text, _ := jws.CompactSerialize()
		return text
	}
	known := s.current().signs["ES256"].ID
	for name, token := range map[string]string{
		"a key that it brings": brought("", nil), "a key that it points to": brought(known, map[jose.HeaderKey]any{"jku": "https://evil.example/keys.json", "x5u": "https://evil.example/c.pem"}),
		"a foreign key under a known kid": brought(known, map[jose.HeaderKey]any{}), "a kid that is a path": brought("../../dev/null", map[jose.HeaderKey]any{}),
		"a kid that is SQL": brought("' or '1'='1", map[jose.HeaderKey]any{}), "no kid": brought("", map[jose.HeaderKey]any{}),
		"another ring's": theirs, "alg none": none, "hmac under the public key": confusedText, "another key's kid": swapped,
		"tampered": part[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"eve"}`)) + "." + part[2],
		"empty":    "", "two dots": "..", "json": `{"payload":""}`,
	} {
		if err := s.Verify(t.Context(), token, "JWT", &struct{}{}); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%s: Verify = %v, want ErrInvalid", name, err)
		}
	}
	if err := s.Verify(t.Context(), mine, "at+jwt", &struct{}{}); !errors.Is(err, claims.ErrInvalid) {
		t.Errorf("an ID token passed for an access token: %v", err)
	}
}

func TestRetiredKeyIsPublishedUntilGone(t *testing.T) {
	m, now := &memory{}, day
	s := started(t, m, &now)
	token, _ := s.Sign(t.Context(), "ES256", "JWT", map[string]string{})
	next, err := s.newKey("ES256", day, day.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.keys {
		if m.keys[i].Alg == "ES256" {
			m.keys[i].Retired, m.keys[i].Gone = day.Add(time.Hour), day.Add(2*time.Hour)
		}
	}
	m.keys = append(m.keys, next.SigningKey)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := s.current().signs["ES256"].ID
	tag := s.JWKSTag()
	if len(m.keys) != 4 || old == next.ID || !bytes.Contains(s.JWKS(), []byte(next.ID)) {
		t.Fatal("the next key must be published, not sign, before its From")
	}
	now = day.Add(time.Hour)
	if s.Verify(t.Context(), token, "JWT", &struct{}{}) != nil || s.current().signs["ES256"].ID != next.ID {
		t.Error("at its From the next key signs and the old one still verifies")
	}
	now = day.Add(2 * time.Hour)
	if s.Verify(t.Context(), token, "JWT", &struct{}{}) == nil || s.JWKSTag() == tag {
		t.Error("a key that is gone still verifies, or the ETag stayed")
	}
}

func BenchmarkSignES256(b *testing.B) {
	now := day
	s := started(b, &memory{}, &now)
	for b.Loop() {
		if _, err := s.Sign(b.Context(), "ES256", "at+jwt", []byte(`{"sub":"ada","scope":"openid"}`)); err != nil {
			b.Fatal(err)
		}
	}
}
