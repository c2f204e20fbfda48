package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func TestConfigPlan(t *testing.T) {
	newSuite(t).goThrough(t, "TestConfigPlan", map[string]func(*visitor){"oidcc-discovery-endpoint-verification": func(v *visitor) {
		d := v.discovery()
		for name, want := range map[string]any{
			"issuer": opIssuer, "authorization_endpoint": opIssuer + "/authorize", "token_endpoint": opIssuer + "/token", "userinfo_endpoint": opIssuer + "/userinfo",
			"jwks_uri": opIssuer + "/jwks.json", "claims_parameter_supported": true, "request_parameter_supported": false, "request_uri_parameter_supported": false,
		} {
			if d[name] != want {
				v.t.Errorf("%s is %v, want %v", name, d[name], want)
			}
		}
		for name, want := range map[string]string{
			"scopes_supported": "openid", "response_types_supported": "code", "grant_types_supported": "authorization_code", "subject_types_supported": "public",
			"id_token_signing_alg_values_supported": "RS256", "token_endpoint_auth_methods_supported": "client_secret_basic", "claims_supported": "sub",
			"code_challenge_methods_supported": "S256",
		} {
			if list, _ := d[name].([]any); !slices.Contains(list, any(want)) {
				v.t.Errorf("%s is %v, and lacks %s", name, d[name], want)
			}
		}
		for name := range d {
			if at, ok := d[name].(string); strings.HasSuffix(name, "_endpoint") && (!ok || !strings.HasPrefix(at, opIssuer+"/")) {
				v.t.Errorf("%s is %v, and not the issuer's", name, d[name])
			}
		}
		v.publishedKeys()
	}})
}

func TestBasicPlan(t *testing.T) { newSuite(t).goThrough(t, "TestBasicPlan", basicWays) }

func TestFormPostPlan(t *testing.T) {
	s := newSuite(t)
	s.extra = url.Values{"response_mode": {"form_post"}}
	v := s.visitor()
	l := v.authorize().through()
	if l.at.RawQuery != "" || l.told.Get("code") == "" {
		t.Fatalf("the answer is in the address: %s", l.at)
	}
	s.goThrough(t, "TestFormPostPlan", basicWays)
}

var basicWays = map[string]func(*visitor){
	"oidcc-server": func(v *visitor) {
		t, said := v.login()
		if kind := t.text("token_type"); !strings.EqualFold(kind, "bearer") || t.text("access_token") == "" || t.header.Get("Cache-Control") != "no-store" {
			v.t.Errorf("the answer is %v with %v", t.json, t.header)
		}
		for _, name := range []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "at_hash", "sid"} {
			if said[name] == nil {
				v.t.Errorf("the ID token has no %s", name)
			}
		}
	},
	"oidcc-response-type-missing": func(v *visitor) {
		v.refused("invalid_request", "response_type", "-")
	},
	"oidcc-idtoken-signature": func(v *visitor) {
		t, _ := v.login() // verified by its kid
		if h, _, _ := strings.Cut(t.text("id_token"), "."); h == "" {
			v.t.Error("no header")
		}
	},
	"oidcc-idtoken-unsigned": func(v *visitor) { // skipped by the suite of who does not offer it
		if list, _ := v.discovery()["id_token_signing_alg_values_supported"].([]any); slices.Contains(list, any("none")) {
			v.t.Errorf("it offers %v", list)
		}
		v.fails("client add rp --id-token-alg none", "--id-token-alg")
	},
	"oidcc-userinfo-get": func(v *visitor) {
		t, said := v.login()
		v.sameSub(v.userInfo("GET", t.text("access_token")), said)
	},
	"oidcc-userinfo-post-header": func(v *visitor) {
		t, said := v.login()
		v.sameSub(v.userInfo("POST", t.text("access_token")), said)
	},
	"oidcc-userinfo-post-body": func(v *visitor) {
		t, said := v.login()
		r := httptest.NewRequest(http.MethodPost, opIssuer+"/userinfo", strings.NewReader("access_token="+t.text("access_token")))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		v.sameSub(v.answer(r), said)
	},
	"oidcc-ensure-request-without-nonce-succeeds-for-code-flow": func(v *visitor) {
		if _, said := v.login("nonce", "-"); said["nonce"] != nil {
			v.t.Errorf("the ID token has the nonce %v", said["nonce"])
		}
	},
	"oidcc-scope-profile": func(v *visitor) { v.scope("openid profile", "name", "given_name", "preferred_username", "zoneinfo") },
	"oidcc-scope-email":   func(v *visitor) { v.scope("openid email", "email", "email_verified") },
	"oidcc-scope-address": func(v *visitor) { v.scope("openid address", "address") },
	"oidcc-scope-phone":   func(v *visitor) { v.scope("openid phone", "phone_number", "phone_number_verified") },
	"oidcc-scope-all": func(v *visitor) {
		v.scope("openid profile email address phone", "name", "preferred_username", "email", "address", "phone_number")
	},
	"oidcc-ensure-other-scope-order-succeeds": func(v *visitor) { v.scope("email openid", "email") },
	"oidcc-display-page":                      func(v *visitor) { v.login("display", "page") },
	"oidcc-display-popup":                     func(v *visitor) { v.login("display", "popup") },
	"oidcc-prompt-login": func(v *visitor) {
		v.asksAgain(true, "prompt", "login")
	},
	"oidcc-prompt-none-not-logged-in":                      func(v *visitor) { v.refused("login_required", "prompt", "none") },
	"oidcc-prompt-none-logged-in":                          func(v *visitor) { v.asksAgain(false, "prompt", "none") },
	"oidcc-max-age-1":                                      func(v *visitor) { v.asksAgain(true, "max_age", "1") },
	"oidcc-max-age-10000":                                  func(v *visitor) { v.asksAgain(false, "max_age", "10000") },
	"oidcc-ensure-request-with-unknown-parameter-succeeds": func(v *visitor) { v.login("extra", "foobar") },
	"oidcc-id-token-hint": func(v *visitor) {
		t, _ := v.login()
		v.asksAgain(false, "prompt", "none", "id_token_hint", t.text("id_token"))
	},
	"oidcc-login-hint": func(v *visitor) {
		if l := v.authorize("login_hint", "suite"); !strings.Contains(l.text, `value="suite"`) {
			v.t.Errorf("the hint is not on the page: %d %s", l.status, l.at)
		}
		v.login("login_hint", "suite")
	},
	"oidcc-ui-locales":     func(v *visitor) { v.login("ui_locales", "se") },
	"oidcc-claims-locales": func(v *visitor) { v.login("claims_locales", "se") },
	"oidcc-ensure-request-with-acr-values-succeeds": func(v *visitor) {
		if _, said := v.login("acr_values", "1 2"); said["acr"] != "1" {
			v.t.Errorf("acr is %v", said["acr"])
		}
	},
	"oidcc-codereuse": func(v *visitor) { v.reuse(0) },
	"oidcc-codereuse-30seconds": func(v *visitor) {
		if info := v.userInfo("GET", v.reuse(30*time.Second).text("access_token")); info.status != 401 {
			v.t.Errorf("what the first use gave goes on: %d", info.status)
		}
	},
	"oidcc-ensure-registered-redirect-uri": func(v *visitor) {
		if l := v.authorize("redirect_uri", rpCB+"/x7"); l.status != 400 || l.told != nil {
			v.t.Errorf("it leads to %d %s", l.status, l.at)
		}
	},
	"oidcc-ensure-post-request-succeeds": func(v *visitor) {
		l := v.from("cross-site", opIssuer+"/authorize", v.request()).through()
		if t := v.redeem(l.told.Get("code")); t.status != 200 {
			v.t.Errorf("it leads to %s, and %v", l.at, t.json)
		}
	},
	"oidcc-server-client-secret-post": func(v *visitor) {
		v.second().visitor().login()
	},
	"oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported": func(v *visitor) {
		v.refused("request_uri_not_supported", "request_uri", "https://"+rpHost+"/request.jwt")
	},
	"oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported": func(v *visitor) {
		v.refused("request_not_supported", "request", "eyJhbGciOiJub25lIn0.e30.")
	},
	"oidcc-claims-essential": func(v *visitor) {
		t, said := v.login("claims", `{"userinfo":{"name":{"essential":true}}}`)
		if info := v.userInfo("GET", t.text("access_token")); info.text("name") != "Ada Lovelace" || info.json["email"] != nil || said["name"] != nil {
			v.t.Errorf("userinfo is %v, and the ID token says %v", info.json, said)
		}
	},
	"oidcc-ensure-request-object-with-redirect-uri": func(v *visitor) {
		// {"redirect_uri":"https://rp.example.org/other"}: what is in it is not looked at
		v.refused("request_not_supported", "request", "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL3JwLmV4YW1wbGUub3JnL290aGVyIn0.")
	},
	"oidcc-refresh-token": func(v *visitor) {
		t, first := v.login("scope", "openid offline_access", "prompt", "consent")
		v.advance(time.Minute)
		t = v.call("/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {t.text("refresh_token")}})
		if t.status != 200 || t.text("refresh_token") == "" {
			v.t.Fatalf("refresh: %d %v", t.status, t.json)
		}
		again := v.verify(t.text("id_token"))
		for _, name := range []string{"iss", "sub", "aud", "auth_time"} {
			if first[name] != again[name] {
				v.t.Errorf("%s was %v, and is %v", name, first[name], again[name])
			}
		}
		if again["iat"] == first["iat"] || v.agreed == 0 {
			v.t.Errorf("the ID token is the old one, or nobody was asked: %v", again)
		}
		v.sameSub(v.userInfo("GET", t.text("access_token")), first)
		refresh := func() url.Values {
			return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {t.text("refresh_token")}}
		}
		if r := v.second().call("/token", refresh()); r.status != 400 || r.text("error") != "invalid_grant" {
			v.t.Errorf("the second client gets %d %v", r.status, r.json)
		}
		if r := v.call("/token", refresh()); r.status != 200 {
			v.t.Errorf("after that, its own client gets %d %v", r.status, r.json)
		}
	},
	"oidcc-ensure-request-with-valid-pkce-succeeds": func(v *visitor) {
		// RFC 7636, appendix B
		code := v.code("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method", "S256")
		if t := v.redeem(code, "code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"); t.status != 200 {
			v.t.Errorf("redeem: %d %v", t.status, t.json)
		}
	},
}

// second is another client of the relying party's, which has its secret in the body.
func (s *suite) second() *suite {
	other := *s
	other.client, other.post, other.secret = "rp-post", true, s.postSecret
	other.key, other.verifier = nil, ""
	return &other
}

// publishedKeys returns the names of the keys at jwks_uri, found public and apart.
func (v *visitor) publishedKeys() (kids []string) {
	v.t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(v.get(opIssuer+"/jwks.json").text), &set); err != nil || len(set.Keys) == 0 {
		v.t.Fatalf("%d keys are published: %v", len(set.Keys), err)
	}
	for _, k := range set.Keys {
		if !k.IsPublic() || k.KeyID == "" || k.Use != "sig" || slices.Contains(kids, k.KeyID) {
			v.t.Errorf("the key %q is not public, for signing and alone of its name", k.KeyID)
		}
		kids = append(kids, k.KeyID)
	}
	return kids
}

// refused holds that the relying party is told of this error, with its state.
func (v *visitor) refused(code string, pairs ...string) {
	v.t.Helper()
	l := v.authorize(pairs...).through()
	if l.told.Get("error") != code || l.told.Get("state") != "a-state" || l.told.Get("iss") != opIssuer || l.told.Get("code") != "" {
		v.t.Errorf("%v leads to %d %s with %v, want %s", pairs, l.status, l.at, l.told, code)
	}
}

func (v *visitor) sameSub(info tokens, said map[string]any) {
	v.t.Helper()
	if info.status != 200 || info.text("sub") != said["sub"] {
		v.t.Errorf("userinfo: %d %v, want sub %v", info.status, info.json, said["sub"])
	}
}

// scope holds that userinfo has these claims, in the right form, and no others of
// the standard scopes.
func (v *visitor) scope(scope string, names ...string) {
	v.t.Helper()
	t, said := v.login("scope", scope)
	info := v.userInfo("GET", t.text("access_token"))
	v.sameSub(info, said)
	for _, name := range names {
		if info.json[name] == nil {
			v.t.Errorf("userinfo has no %s: %v", name, info.json)
		}
	}
	for name, of := range map[string]string{"name": "profile", "email": "email", "address": "address", "phone_number": "phone"} {
		if info.json[name] != nil && !strings.Contains(scope, of) {
			v.t.Errorf("userinfo has %s, which nobody asked for", name)
		}
	}
	_, verified := info.json["email_verified"].(bool)
	_, address := info.json["address"].(map[string]any)
	if info.json["email"] != nil && !verified || info.json["address"] != nil && !address {
		v.t.Errorf("a claim is in the wrong form: %v", info.json)
	}
}

// asksAgain signs in, and a second time two seconds later, when the member is
// to be asked, or not.
func (v *visitor) asksAgain(asked bool, pairs ...string) {
	v.t.Helper()
	_, first := v.login()
	before := v.logins
	v.advance(2 * time.Second)
	_, second := v.login(pairs...)
	was, is := first["auth_time"].(float64), second["auth_time"].(float64)
	if again := v.logins > before; again != asked || (is > was) != asked || first["sub"] != second["sub"] {
		v.t.Errorf("%v: asked %v, auth_time %v and then %v", pairs, again, was, is)
	}
}

// reuse redeems a code twice, and returns what the first use gave.
func (v *visitor) reuse(wait time.Duration) tokens {
	v.t.Helper()
	code := v.code()
	first := v.redeem(code)
	v.advance(wait)
	if t := v.redeem(code); first.status != 200 || t.status != 400 || t.text("error") != "invalid_grant" {
		v.t.Errorf("used twice: %d, then %d %v", first.status, t.status, t.json)
	}
	return first
}
