package oauth

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
)

func TestClientProvesItselfWithAKeyOfItsOwn(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		key signingKey
		alg string
	}{{ecKey, "ES256"}, {rsaKey, "RS256"}, {rsaKey, "PS256"}, {edKey, "EdDSA"}} {
		r := w.prove(PathToken, c.key.sign(c.alg, w.assertion("signer", nil), nil), forItself)
		if r.status != 200 {
			t.Fatalf("%s: %d %s", c.alg, r.status, r.body)
		}
		token := url.Values{"token": {r.text("access_token")}}
		for _, aud := range []string{w.server.URL, w.server.URL + PathToken, w.server.URL + PathIntrospect} {
			if r := w.prove(PathIntrospect, c.key.sign(c.alg, w.assertion("signer", map[string]any{"aud": aud}), nil), token); r.json["active"] != true {
				t.Errorf("%s at introspection, for %s: %d %s", c.alg, aud, r.status, r.body)
			}
		}
		if r := w.prove(PathRevoke, c.key.sign(c.alg, w.assertion("signer", map[string]any{"aud": []string{w.server.URL}}), nil), token); r.status != 200 {
			t.Errorf("%s at revocation: %d %s", c.alg, r.status, r.body)
		}
	}
}

func TestCodeIsRedeemedWithAnAssertion(t *testing.T) {
	w := newWorld(t)
	code := w.code("ada", request("signer", "openid"))
	form := url.Values{"grant_type": {grantCode}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier}, "client_id": {"signer"}}
	typ := map[jose.HeaderKey]any{"typ": "client-authentication+jwt"}
	if r := w.prove(PathToken, ecKey.sign("ES256", w.assertion("signer", nil), typ), form); r.text("id_token") == "" {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestEachClientHasOneMethod(t *testing.T) {
	w := newWorld(t)
	good := func(client string) string { return ecKey.sign("ES256", w.assertion(client, nil), nil) }
	w.is("a secret for a client with a key", w.post(PathToken, "signer", forItself), 401, "invalid_client")
	w.is("no proof for a client with a key", w.post(PathToken, "", with(url.Values{"grant_type": {grantClient}}, "client_id", "signer")), 401, "invalid_client")
	w.is("an assertion for a client with a secret", w.prove(PathToken, good("wiki"), forItself), 401, "invalid_client")
	w.is("an assertion for a public client", w.prove(PathToken, good("phone"), forItself), 401, "invalid_client")
	w.is("an assertion for nobody", w.prove(PathToken, good("nobody"), forItself), 401, "invalid_client")
	w.is("two proofs", w.prove(PathToken, good("signer"), with(url.Values{"grant_type": {grantClient}}, "client_secret", secret)), 400, "invalid_request")
	both := url.Values{"grant_type": {grantClient}, "client_assertion_type": {assertionType}, "client_assertion": {good("signer")}}
	w.is("two clients", w.post(PathToken, "wiki", both), 400, "invalid_request")
	w.is("another client_id", w.prove(PathToken, good("signer"), url.Values{"grant_type": {grantClient}, "client_id": {"wiki"}}), 401, "invalid_client")
	w.edit("signer", func(c *claims.Client) { c.AssertionAlg = "EdDSA" })
	w.is("another algorithm than registered", w.prove(PathToken, good("signer"), forItself), 401, "invalid_client")
	if r := w.prove(PathToken, edKey.sign("EdDSA", w.assertion("signer", nil), nil), forItself); r.status != 200 {
		t.Errorf("the registered algorithm: %d %s", r.status, r.body)
	}
}

func TestAssertionsThatSayTooLittleOrTooMuchAreRefused(t *testing.T) {
	w := newWorld(t)
	now := w.clock()
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	for what, change := range map[string]map[string]any{
		"no issuer": {"iss": nil}, "another issuer": {"iss": "wiki"}, "no subject": {"sub": nil}, "another subject": {"sub": "wiki"},
		"no audience": {"aud": nil}, "an empty audience": {"aud": []string{}}, "another provider": {"aud": "https://evil.example.org"},
		"the issuer with a slash": {"aud": w.server.URL + "/"}, "another endpoint": {"aud": w.server.URL + PathIntrospect},
		"two audiences": {"aud": []string{w.server.URL, "https://evil.example.org"}}, "the issuer twice": {"aud": []string{w.server.URL, w.server.URL}},
		"an audience that is no text": {"aud": 7},
		"no end":                      {"exp": nil}, "at its end": {"exp": at(0)}, "ended": {"exp": at(-time.Second)}, "ends too late": {"exp": at(6 * time.Minute)},
		"ends in a million years": {"exp": 1e300}, "ends before time": {"exp": -1}, "an end that is text": {"exp": "tomorrow"},
		"made tomorrow": {"iat": at(time.Minute), "exp": at(2 * time.Minute)}, "not yet good": {"nbf": at(time.Minute), "exp": at(2 * time.Minute)},
		"good after its end": {"nbf": at(20 * time.Second), "exp": at(10 * time.Second)},
		"no jti":             {"jti": nil}, "an empty jti": {"jti": ""}, "a jti that is no text": {"jti": 1},
	} {
		w.advance(time.Minute) // no more than ten wrong proofs at once
		now = w.clock()
		for name, v := range change {
			if n, ok := v.(int64); ok {
				change[name] = n + int64(now.Sub(start).Seconds())
			}
		}
		w.is(what, w.prove(PathToken, ecKey.sign("ES256", w.assertion("signer", change), nil), forItself), 401, "invalid_client")
	}
	w.advance(time.Hour)
	for what, change := range map[string]map[string]any{
		"as long as may be": {"exp": w.clock().Add(assertionLife).Unix()}, "by a clock that is ahead": {"iat": w.clock().Add(clockSkew).Unix()},
		"in fractions of a second": {"exp": float64(w.clock().Unix()) + 0.5}, "with a long jti": {"jti": strings.Repeat("\x00é", 300)},
	} {
		if r := w.prove(PathToken, ecKey.sign("ES256", w.assertion("signer", change), nil), forItself); r.status != 200 {
			t.Errorf("%s: %d %s", what, r.status, r.body)
		}
	}
}

func TestForgedAssertionsAreRefused(t *testing.T) {
	w := newWorld(t)
	w.edit("files", func(c *claims.Client) {
		c.Auth, c.Secrets, c.JWKS = claims.AuthPrivateKey, nil, keySetOf(signingKey{"files-1", "ES256", foreign.private})
	})
	body := w.assertion("signer", nil)
	good := ecKey.sign("ES256", body, nil)
	part := strings.Split(good, ".")
	head := func(h string) string { return base64.RawURLEncoding.EncodeToString([]byte(h)) }
	hmacWith := func(key []byte, kid string) string {
		s := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil))
		return must(must(s.Sign(must(json.Marshal(body)))).CompactSerialize())
	}
	foreignKey := foreign.public()
	for what, forged := range map[string]string{
		"alg none":                         head(`{"alg":"none","kid":"ec-1"}`) + "." + part[1] + ".",
		"alg None, signed":                 head(`{"alg":"None","kid":"ec-1"}`) + "." + part[1] + "." + part[2],
		"HMAC under the key set":           hmacWith([]byte(clientKeySet), "ec-1"),
		"HMAC under the RSA modulus":       hmacWith([]byte(must(json.Marshal(rsaKey.public()))), "rsa-1"),
		"HMAC under nothing":               hmacWith([]byte(strings.Repeat("\x00", 32)), "ec-1"),
		"a foreign key under a known kid":  foreign.sign("ES256", body, nil),
		"another client's key and kid":     signingKey{"files-1", "ES256", foreign.private}.sign("ES256", body, nil),
		"a foreign key that it brings":     foreign.sign("ES256", body, map[jose.HeaderKey]any{"jwk": foreignKey}),
		"a foreign key that it points to":  foreign.sign("ES256", body, map[jose.HeaderKey]any{"jku": "https://evil.example.org/keys.json", "x5u": "https://evil.example.org/c.pem"}),
		"a kid that is a path":             signingKey{"../../../dev/null", "ES256", foreign.private}.sign("ES256", body, nil),
		"a kid that is SQL":                signingKey{"' or '1'='1", "ES256", foreign.private}.sign("ES256", body, nil),
		"no kid, though there are several": signingKey{"", "ES256", foreign.private}.sign("ES256", body, nil),
		"another key's kid":                signingKey{"rsa-1", "ES256", ecKey.private}.sign("ES256", body, nil),
		"another algorithm in its header":  head(`{"alg":"RS256","kid":"rsa-1"}`) + "." + part[1] + "." + part[2],
		"an algorithm that is not offered": rsaKey.sign("RS512", body, nil),
		"an access token for an assertion": ecKey.sign("ES256", body, map[jose.HeaderKey]any{"typ": "at+jwt"}),
		"a DPoP proof for an assertion":    ecKey.sign("ES256", body, map[jose.HeaderKey]any{"typ": "dpop+jwt"}),
		"a critical header nobody knows":   ecKey.sign("ES256", body, map[jose.HeaderKey]any{"crit": []string{"x"}, "x": 1}),
		"another body under the signature": part[0] + "." + head(strings.Replace(string(must(json.Marshal(body))), "signer", "files", 1)) + "." + part[2],
		"no signature":                     part[0] + "." + part[1] + ".",
		"an ID token of ours":              w.login("ada", "wiki", "openid").text("id_token"),
		"JSON serialisation":               `{"payload":"` + part[1] + `","protected":"` + part[0] + `","signature":"` + part[2] + `"}`,
		"two dots":                         "..",
		"far too long":                     good + strings.Repeat("A", 9000),
		"a payload that is no object":      ecKey.signRaw("ES256", "[]"),
		"a payload that is two objects":    ecKey.signRaw("ES256", string(must(json.Marshal(body)))+"{}"),
		"a payload that is not even JSON":  ecKey.signRaw("ES256", "\xff\x00"),
	} {
		w.advance(time.Minute)
		body["exp"] = w.clock().Add(time.Minute).Unix()
		r := w.prove(PathToken, forged, forItself)
		w.is(what, r, 401, "invalid_client")
	}
	w.is("another type", w.post(PathToken, "", url.Values{"grant_type": {grantClient}, "client_assertion": {good},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}}), 401, "invalid_client")
	if w.web.count() != 0 {
		t.Error("a header made us fetch something")
	}
	if r := w.prove(PathToken, ecKey.sign("ES256", w.assertion("signer", nil), nil), forItself); r.status != 200 {
		t.Errorf("after all that the client itself: %d %s", r.status, r.body)
	}
}

func TestAssertionWorksOnce(t *testing.T) {
	w := newWorld(t)
	a := ecKey.sign("ES256", w.assertion("signer", map[string]any{"jti": "once"}), nil)
	if r := w.prove(PathToken, a, forItself); r.status != 200 {
		t.Fatalf("the first time: %d %s", r.status, r.body)
	}
	w.is("the second time", w.prove(PathToken, a, forItself), 401, "invalid_client")
	w.is("at another endpoint", w.prove(PathIntrospect, a, url.Values{"token": {"x"}}), 401, "invalid_client")
	again := ecKey.sign("ES256", w.assertion("signer", map[string]any{"jti": "once"}), nil)
	w.is("another assertion of the same jti", w.prove(PathToken, again, forItself), 401, "invalid_client")

	w.web.serve("", keySetOf(edKey), nil)
	if r := w.prove(PathToken, edKey.sign("EdDSA", w.assertion("remote", map[string]any{"jti": "once"}), nil), forItself); r.status != 200 {
		t.Errorf("another client with that jti: %d %s", r.status, r.body)
	}
	forged := foreign.sign("ES256", w.assertion("signer", map[string]any{"jti": "not-yet"}), nil)
	w.is("forged", w.prove(PathToken, forged, forItself), 401, "invalid_client")
	if r := w.prove(PathToken, ecKey.sign("ES256", w.assertion("signer", map[string]any{"jti": "not-yet"}), nil), forItself); r.status != 200 {
		t.Errorf("a forgery used up the client's jti: %s", r.body)
	}
}

func TestOfManyUsesOfAnAssertionOneWins(t *testing.T) {
	w := newWorld(t)
	a := ecKey.sign("ES256", w.assertion("signer", nil), nil)
	form := url.Values{"grant_type": {grantClient}, "client_assertion_type": {assertionType}, "client_assertion": {a}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	won := 0
	for range 16 {
		wg.Go(func() {
			r, err := postAs(w.http, w.server.URL+PathToken, "", form)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				t.Error(err)
			case r.status == 200:
				won++
			case r.status != 401 && r.status != 429:
				t.Errorf("a loser got %d %s", r.status, r.body)
			}
		})
	}
	if wg.Wait(); won != 1 {
		t.Errorf("%d of 16 won, want 1", won)
	}
}

func TestGuessingAssertionsIsSlowed(t *testing.T) {
	w := newWorld(t)
	for range wrongAtOnce {
		w.is("a guess", w.prove(PathToken, foreign.sign("ES256", w.assertion("signer", nil), nil), forItself), 401, "invalid_client")
	}
	r := w.prove(PathToken, ecKey.sign("ES256", w.assertion("signer", nil), nil), forItself)
	if w.is("one too many", r, 429, "slow_down"); r.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestAssertionIsNotTakenWithoutTheDatabase(t *testing.T) {
	w := newWorld(t)
	w.vault.down = fmt.Errorf("no answer: %w", claims.ErrUnavailable)
	r := w.prove(PathToken, ecKey.sign("ES256", w.assertion("signer", nil), nil), forItself)
	w.is("without a database", r, 503, "temporarily_unavailable")
}

func TestDevicesDoNotTakeAssertionsInJSON(t *testing.T) {
	w := newWorld(t)
	r := httptest.NewRequest("POST", "/device/v1/decide", strings.NewReader(`{"client_assertion":"x"}`))
	r.Header.Set("Content-Type", "application/json")
	if _, err := w.provider.AuthenticateClient(r); err == nil {
		t.Error("a body that is no form proved a client")
	}
}
