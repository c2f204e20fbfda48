package oauth

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

func TestNoKindOfTokenPassesForAnother(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "wiki", "openid offline_access")
	jwt := w.login("ada", "files", "openid")
	access, refresh := r.text("access_token"), r.text("refresh_token")
	code := w.code("ada", request("wiki", "openid"))
	pass, _, err := w.provider.MintPass(t.Context(), "ada", "L-door")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []string{access, code, pass, "lrt_" + access[4:], "lrt_" + code[4:], r.text("id_token"), "x", "lrt_"} {
		w.is("as refresh token", w.refresh("wiki", x), 400, "invalid_grant")
	}
	for _, x := range []string{access, refresh, pass, "lac_" + refresh[4:], "x"} {
		w.is("as code", w.redeem("wiki", x), 400, "invalid_grant")
	}
	for _, x := range []string{refresh, code, pass, "lat_" + refresh[4:], r.text("id_token"), jwt.text("id_token"), "x", strings.Repeat("lat_", 99)} {
		w.is("at userinfo", w.userInfo(x), 401, "invalid_token")
	}
}

// TestForgedAccessTokensAreRefused shows tokens that nobody of ours signed
// wherever an access token or an ID token of ours is read.
func TestForgedAccessTokensAreRefused(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "files", "openid groups")
	token := r.text("access_token")
	if !w.active("files", token) {
		t.Fatal("the token itself is not taken")
	}
	part := strings.Split(token, ".")
	said := payload(t, token)
	kid := must(jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})).Signatures[0].Header.KeyID
	b64 := base64.RawURLEncoding.EncodeToString
	typ := (&jose.SignerOptions{}).WithType("at+jwt")
	confused := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: w.provider.Signer.JWKS(), KeyID: kid}}, typ))
	more := payload(t, token)
	more["sub"], more["scope"] = "sub-bob", "openid email groups"
	for what, forged := range map[string]string{
		"alg none": b64([]byte(`{"alg":"none","typ":"at+jwt","kid":"`+kid+`"}`)) + "." + part[1] + ".", "no signature": part[0] + "." + part[1] + ".",
		"HMAC under the published keys":   must(must(confused.Sign(must(json.Marshal(said)))).CompactSerialize()),
		"a foreign key under our kid":     signingKey{kid, "ES256", foreign.private}.sign("ES256", said, map[jose.HeaderKey]any{"typ": "at+jwt"}),
		"a client's key that it brings":   ecKey.sign("ES256", said, map[jose.HeaderKey]any{"typ": "at+jwt", "jwk": ecKey.public()}),
		"another body under its signing":  part[0] + "." + b64(must(json.Marshal(more))) + "." + part[2],
		"an ID token for an access token": r.text("id_token"),
	} {
		w.is(what+" at userinfo", w.userInfo(forged), 401, "invalid_token")
		for _, client := range []string{"files", "auditor"} {
			if got := w.introspect(client, forged); got.body != `{"active":false}` {
				t.Errorf("%s at introspection: %s", what, got.body)
			}
		}
		lands(t, what+" as a hint", w.get(PathAuthorize, "ada", request("files", "openid", "prompt", "none", "id_token_hint", forged)), map[bool]string{true: "code", false: "invalid_request"}[forged == r.text("id_token")])
		w.post(PathRevoke, "files", url.Values{"token": {forged}})
	}
	if !w.active("files", token) {
		t.Error("a forgery revoked the token")
	}
}

func TestGarbageCostsNoLookUp(t *testing.T) {
	w := newWorld(t)
	access := w.login("ada", "wiki", "openid").text("access_token")
	reads := w.vault.reads
	for i := 4; i < len(access); i++ {
		bad := []byte(access)
		bad[i] ^= 1
		if got := w.introspect("wiki", string(bad)); got.body != `{"active":false}` {
			t.Fatalf("with letter %d changed: %s", i, got.body)
		}
	}
	for _, bad := range []string{access[:40], access + "A", access + "\n", strings.ToUpper(access), "eyJ" + access} {
		if got := w.introspect("wiki", bad); got.body != `{"active":false}` {
			t.Errorf("%q: %s", bad, got.body)
		}
	}
	if w.vault.reads != reads {
		t.Errorf("garbage caused %d look-ups", w.vault.reads-reads)
	}
}
