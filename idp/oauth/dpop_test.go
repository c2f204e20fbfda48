package oauth

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
)

func TestRFC9449_5TokensAreBoundToTheKeyOfTheProof(t *testing.T) {
	for _, k := range []signingKey{ecKey, rsaKey, edKey, {"", "PS256", rsaKey.private}} {
		w := newWorld(t)
		r := w.bound(k)
		said := w.introspect("auditor", r.text("access_token")).json
		cnf, _ := said["cnf"].(map[string]any)
		if said["active"] != true || said["token_type"] != "DPoP" || cnf["jkt"] != k.thumb() {
			t.Errorf("%s: introspection says %v", k.alg, said)
		}
		info := w.call("GET", PathUserInfo, "DPoP "+r.text("access_token"), nil, w.proofOf(k, "GET", PathUserInfo, r.text("access_token"), nil))
		if info.status != 200 || info.text("sub") != "sub-ada" {
			t.Errorf("%s: userinfo %d %s", k.alg, info.status, info.body)
		}
	}
}

func TestRFC9449_6_1AnATJWTNamesItsKey(t *testing.T) {
	w := newWorld(t)
	form := url.Values{"grant_type": {grantClient}, "client_id": {"files"}, "client_secret": {secret}}
	r := w.call("POST", PathToken, "", form, w.proofOf(ecKey, "POST", PathToken, "", nil))
	cnf, _ := payload(t, r.text("access_token"))["cnf"].(map[string]any)
	if r.text("token_type") != "DPoP" || cnf["jkt"] != ecKey.thumb() {
		t.Errorf("%s: cnf %v", r.body, cnf)
	}
	plain := w.call("POST", PathToken, "", form)
	if plain.text("token_type") != "Bearer" || payload(t, plain.text("access_token"))["cnf"] != nil {
		t.Errorf("without a proof: %s", plain.body)
	}
}

func TestRFC9449_7_1ABoundTokenIsNothingWithoutItsKey(t *testing.T) {
	w := newWorld(t)
	token := w.bound(ecKey).text("access_token")
	fresh := func(k signingKey, changes map[string]any) string {
		return w.proofOf(k, "GET", PathUserInfo, token, changes)
	}
	plain := w.login("ada", "wiki", "openid").text("access_token")
	for name, c := range map[string]struct {
		scheme, token, code string
		proofs              []string
	}{
		"as Bearer":                 {"Bearer", token, "invalid_token", nil},
		"as Bearer, with a proof":   {"Bearer", token, "invalid_token", []string{fresh(ecKey, nil)}},
		"without a proof":           {"DPoP", token, "invalid_dpop_proof", nil},
		"by another key":            {"DPoP", token, "invalid_token", []string{fresh(rsaKey, nil)}},
		"two proofs":                {"DPoP", token, "invalid_dpop_proof", []string{fresh(ecKey, nil), fresh(ecKey, nil)}},
		"a proof of another token":  {"DPoP", token, "invalid_dpop_proof", []string{w.proofOf(ecKey, "GET", PathUserInfo, plain, nil)}},
		"a proof of no token":       {"DPoP", token, "invalid_dpop_proof", []string{w.proofOf(ecKey, "GET", PathUserInfo, "", nil)}},
		"an unbound token by DPoP":  {"DPoP", plain, "invalid_token", []string{w.proofOf(ecKey, "GET", PathUserInfo, plain, nil)}},
		"a proof of another method": {"DPoP", token, "invalid_dpop_proof", []string{w.proofOf(ecKey, "POST", PathUserInfo, token, nil)}},
	} {
		r := w.call("GET", PathUserInfo, c.scheme+" "+c.token, nil, c.proofs...)
		w.is(name, r, 401, c.code)
		if got := r.header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "DPoP ") || !strings.Contains(got, `algs="`) || !strings.Contains(got, c.code) {
			t.Errorf("%s: WWW-Authenticate %q", name, got)
		}
	}
	once := fresh(ecKey, nil)
	if r := w.call("GET", PathUserInfo, "DPoP "+token, nil, once); r.status != 200 {
		t.Fatalf("its own proof: %d %s", r.status, r.body)
	}
	w.is("the proof once more", w.call("GET", PathUserInfo, "DPoP "+token, nil, once), 401, "invalid_dpop_proof")
	none := w.call("GET", PathUserInfo, "", nil)
	if said := strings.Join(none.header["Www-Authenticate"], " "); none.status != 401 || !strings.Contains(said, "Bearer") || !strings.Contains(said, "DPoP") || strings.Contains(said, "error") {
		t.Errorf("without a token: %d %q", none.status, said)
	}
}

func TestRFC9449_4_3ProofsAreJudged(t *testing.T) {
	w := newWorld(t)
	form := phoneRefresh("x")
	at := func(changes map[string]any) string { return w.proofOf(ecKey, "POST", PathToken, "", changes) }
	signed := func(alg string, header map[jose.HeaderKey]any) string {
		k := ecKey
		if strings.HasPrefix(alg, "RS") {
			k = rsaKey
		}
		return k.sign(alg, map[string]any{"jti": "x", "htm": "POST", "htu": w.server.URL + PathToken, "iat": w.clock().Unix()}, header)
	}
	secretKey := jose.JSONWebKey{Key: ecKey.private}
	parts := strings.Split(at(nil), ".")
	now := w.clock()
	for name, p := range map[string]string{
		"no JWT":              "x",
		"another typ":         signed("ES256", map[jose.HeaderKey]any{"typ": "JWT", "jwk": ecKey.bare()}),
		"no typ":              signed("ES256", map[jose.HeaderKey]any{"jwk": ecKey.bare()}),
		"no key":              signed("ES256", map[jose.HeaderKey]any{"typ": "dpop+jwt"}),
		"another's key":       signed("ES256", map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": foreign.bare()}),
		"a private key":       signed("ES256", map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": secretKey}),
		"another sort of key": signed("ES256", map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": rsaKey.bare()}),
		"RS512":               signed("RS512", map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": rsaKey.bare()}),
		"alg none":            letters.EncodeToString([]byte(`{"alg":"none","typ":"dpop+jwt"}`)) + "." + parts[1] + ".",
		"another signature":   parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])),
		"no jti":              at(map[string]any{"jti": nil}),
		"no htm":              at(map[string]any{"htm": nil}),
		"htm in small":        at(map[string]any{"htm": "post"}),
		"no htu":              at(map[string]any{"htu": nil}),
		"another path":        at(map[string]any{"htu": w.server.URL + PathRevoke}),
		"another host":        at(map[string]any{"htu": "https://evil.example" + PathToken}),
		"a user in it":        at(map[string]any{"htu": strings.Replace(w.server.URL, "//", "//a@", 1) + PathToken}),
		"a longer path":       at(map[string]any{"htu": w.server.URL + PathToken + "/"}),
		"no iat":              at(map[string]any{"iat": nil}),
		"too old":             at(map[string]any{"iat": now.Add(-proofLife - time.Second).Unix()}),
		"of the future":       at(map[string]any{"iat": now.Add(clockSkew + 2*time.Second).Unix()}),
		"over":                at(map[string]any{"exp": now.Add(-time.Second).Unix()}),
		"huge":                strings.Repeat("a", 1<<16),
	} {
		w.is(name, w.call("POST", PathToken, "", form, p), 400, "invalid_dpop_proof")
	}
	for name, changes := range map[string]map[string]any{
		"with a query and a fragment": {"htu": w.server.URL + PathToken + "?a=b#c"},
		"in capitals":                 {"htu": strings.Replace(w.server.URL, "http", "HTTP", 1) + PathToken},
		"escaped":                     {"htu": w.server.URL + "/%74oken"},
		"with dots":                   {"htu": w.server.URL + "/a/../token"},
		"a little early":              {"iat": now.Add(clockSkew - time.Second).Unix()},
		"nearly too old":              {"iat": now.Add(-proofLife + 5*time.Second).Unix()},
	} {
		w.is(name, w.call("POST", PathToken, "", form, at(changes)), 400, "invalid_grant") // past the proof, to the token
	}
}

func TestRFC9449_5APublicClientsRefreshTokensStayBound(t *testing.T) {
	w := newWorld(t)
	first := w.bound(ecKey)
	form := phoneRefresh(first.text("refresh_token"))
	w.is("without a proof", w.call("POST", PathToken, "", form), 400, "invalid_dpop_proof")
	w.is("by another key", w.call("POST", PathToken, "", form, w.proofOf(foreign, "POST", PathToken, "", nil)), 400, "invalid_grant")
	next := w.call("POST", PathToken, "", form, w.proofOf(ecKey, "POST", PathToken, "", nil))
	if next.status != 200 || next.text("token_type") != "DPoP" {
		t.Fatalf("by its key: %d %s", next.status, next.body)
	}
	again := w.call("POST", PathToken, "", form, w.proofOf(ecKey, "POST", PathToken, "", nil))
	if again.text("refresh_token") != next.text("refresh_token") {
		t.Errorf("after a lost answer: %d %s", again.status, again.body)
	}
	w.is("the next, unbound", w.call("POST", PathToken, "", phoneRefresh(next.text("refresh_token"))), 400, "invalid_dpop_proof")
}

func TestRFC9449_5AConfidentialClientMayChangeItsKey(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "wiki", "openid offline_access")
	form := url.Values{"grant_type": {grantRefresh}, "refresh_token": {r.text("refresh_token")}}
	for _, k := range []signingKey{ecKey, rsaKey} {
		r := w.call("POST", PathToken, "wiki:"+secret, form, w.proofOf(k, "POST", PathToken, "", nil))
		if r.status != 200 || r.text("token_type") != "DPoP" {
			t.Fatalf("refreshed: %d %s", r.status, r.body)
		}
		form.Set("refresh_token", r.text("refresh_token"))
	}
	if r := w.call("POST", PathToken, "wiki:"+secret, form); r.status != 200 || r.text("token_type") != "Bearer" {
		t.Errorf("without a proof: %d %s", r.status, r.body)
	}
}

func TestRFC9449_10ACodeMayBeBoundToAKey(t *testing.T) {
	w := newWorld(t)
	jkt := ecKey.thumb()
	good := w.call("POST", PathToken, "", w.phoneCode("dpop_jkt", jkt), w.proofOf(ecKey, "POST", PathToken, "", nil))
	if good.status != 200 || good.text("token_type") != "DPoP" {
		t.Errorf("with its key: %d %s", good.status, good.body)
	}
	w.is("a stolen code without a proof", w.call("POST", PathToken, "", w.phoneCode("dpop_jkt", jkt)), 400, "invalid_dpop_proof")
	form := w.phoneCode("dpop_jkt", jkt)
	w.is("a stolen code by the thief's key", w.call("POST", PathToken, "", form, w.proofOf(foreign, "POST", PathToken, "", nil)), 400, "invalid_grant")
	w.is("which spends it", w.call("POST", PathToken, "", form, w.proofOf(ecKey, "POST", PathToken, "", nil)), 400, "invalid_grant")
	for _, wrong := range []string{"x", jkt + "=", strings.Repeat("/", keyTextLen)} {
		_, answer := w.get(PathAuthorize, "ada", request("phone", "openid", "dpop_jkt", wrong)).to()
		if answer.Get("error") != "invalid_request" {
			t.Errorf("dpop_jkt %q: %v", wrong, answer)
		}
	}
}

func TestRFC9449_10_1AProofAtPARBindsTheCode(t *testing.T) {
	w := newWorld(t)
	pushed := func(pairs ...string) reply {
		q := with(request("phone", "openid"), pairs...)
		return w.call("POST", PathPush, "", q, w.proofOf(ecKey, "POST", PathPush, "", nil))
	}
	w.is("another key named", pushed("dpop_jkt", rsaKey.thumb()), 400, "invalid_dpop_proof")
	r := pushed()
	code := w.code("ada", url.Values{"client_id": {"phone"}, "request_uri": {r.text("request_uri")}})
	form := url.Values{"grant_type": {grantCode}, "client_id": {"phone"}, "code": {code}, "redirect_uri": {"http://127.0.0.1:5000/cb"}, "code_verifier": {verifier}}
	w.is("the code without it", w.call("POST", PathToken, "", form), 400, "invalid_dpop_proof")
}

func TestRFC9449_5_2AClientIsHeldToIt(t *testing.T) {
	w := newWorld(t)
	w.edit("phone", func(c *claims.Client) { c.RequireDPoP = true })
	w.is("without a proof", w.call("POST", PathToken, "", w.phoneCode()), 400, "invalid_dpop_proof")
	w.bound(ecKey)
}

func TestOfManyUsesOfOneProofOneWorks(t *testing.T) {
	w := newWorld(t)
	token := w.bound(ecKey).text("access_token")
	p := w.proofOf(ecKey, "GET", PathUserInfo, token, nil)
	worked := make(chan bool)
	for range 16 {
		go func() { worked <- w.call("GET", PathUserInfo, "DPoP "+token, nil, p).status == 200 }()
	}
	n := 0
	for range 16 {
		if <-worked {
			n++
		}
	}
	if n != 1 {
		t.Errorf("one proof worked %d times", n)
	}
}

func TestADeviceIsNotToldOfTokensThatNeedAProof(t *testing.T) {
	w := newWorld(t)
	door := w.server.URL + "/at/space/front-door"
	w.edit("phone", func(c *claims.Client) { c.Resources = append(c.Resources, "/space/front-door") })
	form := w.phoneCode("scope", "openid door", "resource", door)
	bare := w.call("POST", PathToken, "", form)
	if bare.status != 200 || !w.active("door-1", bare.text("access_token")) {
		t.Fatalf("an unbound one: %d %s", bare.status, bare.body)
	}
	form = w.phoneCode("scope", "openid door", "resource", door)
	r := w.call("POST", PathToken, "", form, w.proofOf(ecKey, "POST", PathToken, "", nil))
	if r.status != 200 || w.active("door-1", r.text("access_token")) {
		t.Errorf("a bound one is told to a door: %d %s", r.status, r.body)
	}
}

func TestDiscoverySaysWhatProofsAreSignedWith(t *testing.T) {
	w := newWorld(t)
	if algs, _ := w.get("/.well-known/openid-configuration", "", nil).json["dpop_signing_alg_values_supported"].([]any); len(algs) != 4 {
		t.Errorf("%v", algs)
	}
}
