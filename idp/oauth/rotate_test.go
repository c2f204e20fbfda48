package oauth

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lanyard/idp/keys"
)

// TestTokensOutliveARotation signs in before a rotation and uses what that
// gave after it: at the endpoints, as a hint, and by the published keys alone.
func TestTokensOutliveARotation(t *testing.T) {
	w := newWorld(t)
	own := &keys.Signer{Store: &keyMemory{}, Ring: testRing, Now: w.clock}
	if err := own.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.provider.Signer = own
	before := w.login("ada", "files", "openid")
	tag := w.get(PathJWKS, "", nil).header.Get("ETag")
	if _, err := own.Rotate(t.Context(), "ES256", true); err != nil {
		t.Fatal(err)
	}
	w.advance(3 * time.Minute)
	after := w.login("ada", "files", "openid")
	published := w.get(PathJWKS, "", nil)
	if published.header.Get("ETag") == tag {
		t.Error("the key set has another key and the same ETag")
	}
	kids := map[string]bool{}
	for _, r := range []reply{before, after} {
		kids[verifiedBy(t, published.body, r.text("id_token"))] = true
		if !w.active("files", r.text("access_token")) {
			t.Errorf("an at+jwt is not known: %s", r.body)
		}
		hinted := w.get(PathAuthorize, "ada", request("files", "openid", "prompt", "none", "id_token_hint", r.text("id_token")))
		if _, q := hinted.to(); q.Get("code") == "" {
			t.Errorf("a hint is not taken: %v", q)
		}
	}
	if len(kids) != 2 {
		t.Errorf("signed by %v, want the old key and the new one", kids)
	}
	w.advance(own.Kept() + time.Minute)
	if strings.Contains(w.get(PathJWKS, "", nil).body, kidOf(t, before.text("id_token"))) {
		t.Error("a key that is gone is published")
	}
	old := request("files", "openid", "prompt", "none", "id_token_hint", before.text("id_token"))
	if _, q := w.get(PathAuthorize, "ada", old).to(); q.Get("code") == "" {
		t.Errorf("a hint of a key that is gone is not taken: %v", q)
	}
}

// verifiedBy checks a token with the key of a key set that it names.
func verifiedBy(t *testing.T, set, token string) string {
	t.Helper()
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(set), &keys); err != nil {
		t.Fatal(err)
	}
	kid := kidOf(t, token)
	jws, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	if found := keys.Key(kid); len(found) != 1 {
		t.Errorf("key %s is published %d times", kid, len(found))
	} else if _, err := jws.Verify(found[0]); err != nil {
		t.Errorf("key %s: %v", kid, err)
	}
	return kid
}

func kidOf(t *testing.T, token string) string {
	t.Helper()
	jws, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA})
	if err != nil {
		t.Fatal(err)
	}
	return jws.Signatures[0].Header.KeyID
}
