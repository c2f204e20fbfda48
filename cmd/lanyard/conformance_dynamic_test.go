package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lanyard/idp/keys"
)

// pages are documents at addresses elsewhere, in place of what fetches them.
type pages map[string]string

// Get implements oauth.Fetcher.
func (p pages) Get(_ context.Context, at, _ string) (string, []byte, error) {
	if text, ok := p[at]; ok {
		return "application/json", []byte(text), nil
	}
	return "", nil, fmt.Errorf("there is nothing at %s", at)
}

// registered has a relying party register itself, with a key of its own unless
// more says where its keys are, and returns a browser that goes to it. Such a
// client has no choice but PKCE.
func (v *visitor) registered(more map[string]any) (*visitor, tokens) {
	v.t.Helper()
	key := newRPKey(v.t, "first")
	asked := map[string]any{"redirect_uris": []string{rpCB}, "token_endpoint_auth_method": "private_key_jwt", "client_name": "A relying party",
		"grant_types": []string{"authorization_code", "refresh_token"}, "scope": "openid profile email offline_access"}
	if more["jwks_uri"] == nil {
		asked["jwks"] = key.set()
	}
	maps.Copy(asked, more)
	made := v.register(asked)
	other := *v.suite
	other.client, other.key, other.verifier = made.text("client_id"), &key, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B
	other.extra = url.Values{"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"}}
	w := other.visitor()
	return w, made
}

// registers is registered where it must succeed.
func (v *visitor) registers(more map[string]any) *visitor {
	v.t.Helper()
	w, made := v.registered(more)
	if made.status != 201 || w.client == "" {
		v.t.Fatalf("registering %v: %d %v", more, made.status, made.json)
	}
	return w
}

// refuses holds that a registration is refused, for this member.
func (v *visitor) refuses(code, member string, value any) {
	v.t.Helper()
	if _, made := v.registered(map[string]any{member: value}); made.status != 400 || made.text("error") != code || code == "invalid_client_metadata" && !strings.Contains(made.text("error_description"), member) {
		v.t.Errorf("%s: %v: %d %v", member, value, made.status, made.json)
	}
}

// page holds that a page of ours says what is wrong, and the party is told nothing.
func (l landing) page() {
	l.v.t.Helper()
	if l.status != 400 || l.told != nil {
		l.v.t.Errorf("it leads to %d %s", l.status, l.at)
	}
}

// remote serves a key set that may be replaced.
func remote(t testing.TB, set map[string]any) (address string, replace func(map[string]any)) {
	var now atomic.Value
	replace = func(set map[string]any) { b, _ := json.Marshal(set); now.Store(b) }
	replace(set)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(now.Load().([]byte))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/keys.json", replace
}

// says that what is there for people to read changes nothing, and is kept.
func keeps(member string) func(*visitor) {
	return func(v *visitor) {
		w, made := v.registered(map[string]any{member: "https://" + rpHost + "/for-people"})
		if made.status != 201 || made.text(member) != "https://"+rpHost+"/for-people" {
			v.t.Errorf("it is kept as %v: %d", made.json[member], made.status)
		}
		w.login()
	}
}

var dynamicWays = map[string]func(*visitor){
	"oidcc-idtoken-rs256": func(v *visitor) {
		t, _ := v.registers(map[string]any{"id_token_signed_response_alg": "RS256"}).login()
		if jws, err := jose.ParseSignedCompact(t.text("id_token"), []jose.SignatureAlgorithm{jose.RS256}); err != nil || jws.Signatures[0].Protected.KeyID == "" {
			v.t.Errorf("the ID token: %v", err)
		}
	},
	"oidcc-idtoken-unsigned": func(v *visitor) { v.refuses("invalid_client_metadata", "id_token_signed_response_alg", "none") },
	"oidcc-userinfo-rs256":   func(v *visitor) { v.refuses("invalid_client_metadata", "userinfo_signed_response_alg", "RS256") },
	"oidcc-ensure-redirect-uri-in-authorization-request": func(v *visitor) {
		v.registers(nil).authorize("redirect_uri", "-").page()
	},
	"oidcc-redirect-uri-query-OK": func(v *visitor) {
		w := v.registers(map[string]any{"redirect_uris": []string{rpCB + "?foo=bar"}})
		if l := w.authorize("redirect_uri", rpCB+"?foo=bar").through(); l.told.Get("foo") != "bar" || l.told.Get("code") == "" {
			v.t.Errorf("it leads to %s", l.at)
		}
	},
	"oidcc-redirect-uri-query-mismatch": func(v *visitor) {
		w := v.registers(map[string]any{"redirect_uris": []string{rpCB + "?foo=bar"}})
		for _, query := range []string{"?bar=foo", "?foo=bar&x=1", "?foo=bars", ""} {
			w.authorize("redirect_uri", rpCB+query).page()
		}
	},
	"oidcc-redirect-uri-query-added": func(v *visitor) { v.registers(nil).authorize("redirect_uri", rpCB+"?foo=bar").page() },
	"oidcc-redirect-uri-regfrag": func(v *visitor) {
		v.refuses("invalid_redirect_uri", "redirect_uris", []string{rpCB + "#foobar"})
	},
	"oidcc-discovery-endpoint-verification": func(v *visitor) {
		d := v.discovery()
		methods, _ := d["token_endpoint_auth_methods_supported"].([]any)
		if types, _ := d["response_types_supported"].([]any); !slices.Equal(types, []any{"code"}) || d["registration_endpoint"] != opIssuer+"/register" ||
			d["request_uri_parameter_supported"] != false || !slices.Contains(methods, any("private_key_jwt")) {
			v.t.Errorf("it says %v", d)
		}
	},
	"oidcc-server": func(v *visitor) {
		w, made := v.registered(nil)
		for _, name := range []string{"client_id", "registration_access_token", "registration_client_uri", "redirect_uris", "client_id_issued_at"} {
			if made.json[name] == nil {
				v.t.Errorf("the answer has no %s: %v", name, made.json)
			}
		}
		t, said := w.login()
		v.sameSub(w.userInfo("GET", t.text("access_token")), said)
	},
	"oidcc-registration-logo-uri": func(v *visitor) {
		w, made := v.registered(map[string]any{"logo_uri": "https://" + rpHost + "/logo.png"})
		if l := w.authorize(); made.status != 201 || made.json["logo_uri"] != nil || strings.Contains(l.text, "logo.png") {
			v.t.Errorf("%d %v, and the page has %v", made.status, made.json["logo_uri"], l.status)
		}
		w.login()
	},
	"oidcc-registration-policy-uri": keeps("policy_uri"),
	"oidcc-registration-tos-uri":    keeps("tos_uri"),
	"oidcc-registration-jwks-uri": func(v *visitor) {
		key := newRPKey(v.t, "elsewhere")
		at, _ := remote(v.t, key.set())
		w := v.registers(map[string]any{"jwks_uri": at})
		w.key = &key
		w.login()
	},
	"oidcc-registration-sector-uri": func(v *visitor) {
		_, first := v.registers(v.sector("sector-uri", rpCB)).login()
		if _, second := v.login(); first["sub"] == second["sub"] {
			v.t.Error("its sector has no subjects of its own")
		}
	},
	"oidcc-registration-sector-bad": func(v *visitor) {
		bad := v.sector("sector-bad", rpCB+"/other")
		if _, made := v.registered(bad); made.status != 400 || made.text("error") != "invalid_client_metadata" {
			v.t.Errorf("%d %v", made.status, made.json)
		}
	},
	"oidcc-server-rotate-keys": func(v *visitor) { v.rotates(v.registers(nil)) },
	"oidcc-refresh-token-rp-key-rotation": func(v *visitor) {
		first, second := newRPKey(v.t, "first"), newRPKey(v.t, "second")
		at, replace := remote(v.t, first.set())
		w := v.registers(map[string]any{"jwks_uri": at})
		w.key = &first
		t, _ := w.login("scope", "openid offline_access", "prompt", "consent")
		replace(second.set())
		v.advance(2 * time.Minute) // an unknown key is looked for once a minute
		w.key = &second
		if t = w.call("/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {t.text("refresh_token")}}); t.status != 200 {
			v.t.Errorf("with its next key: %d %v", t.status, t.json)
		}
	},
	"oidcc-request-uri-unsigned": func(v *visitor) {
		v.registers(nil).refused("request_uri_not_supported", "request_uri", "https://"+rpHost+"/request.jwt")
	},
	"oidcc-request-uri-signed-rs256": func(v *visitor) {
		v.registers(nil).refused("request_uri_not_supported", "request_uri", "https://"+rpHost+"/signed.jwt")
	},
	"oidcc-ensure-request-object-with-redirect-uri": func(v *visitor) {
		v.registers(nil).refused("request_not_supported", "request", "eyJhbGciOiJub25lIn0.e30.")
	},
	"oidcc-refresh-token": func(v *visitor) { basicWays["oidcc-refresh-token"](v.registers(nil)) },
	"oidcc-ensure-client-assertion-with-iss-aud-succeeds": func(v *visitor) {
		v.registers(nil).login() // the issuer is the audience of each assertion here
	},
}

// sector is metadata of a pairwise client whose sector lists addresses.
func (v *visitor) sector(name string, listed ...string) map[string]any {
	at := "https://" + rpHost + "/" + name + ".json"
	b, _ := json.Marshal(listed)
	v.srv.oauth.Fetch = pages{at: string(b)}
	return map[string]any{"subject_type": "pairwise", "sector_identifier_uri": at}
}

// rotates makes new keys, and holds that both are published, that the new one
// signs in its time, and that what the old one signed is good until then.
func (v *visitor) rotates(w *visitor) {
	v.t.Helper()
	t, _ := w.login()
	before := v.publishedKeys()
	v.ok("key", "rotate")
	v.advance(keys.Learn)
	if err := v.srv.signer.Start(v.t.Context()); err != nil { // as the program does by itself
		v.t.Fatal(err)
	}
	after := v.publishedKeys()
	if len(after) != 2*len(before) || slices.ContainsFunc(before, func(kid string) bool { return !slices.Contains(after, kid) }) {
		v.t.Errorf("published are %q, before that %q", after, before)
	}
	v.advance(25 * time.Hour)
	next, _ := w.login()
	if old, _, _ := strings.Cut(t.text("id_token"), "."); strings.HasPrefix(next.text("id_token"), old+".") {
		v.t.Error("the old key signs on")
	}
}

func TestDynamicPlan(t *testing.T) {
	s := newSuiteIn(t, []string{"LANYARD_OUTBOUND_ALLOW=127.0.0.1", "LANYARD_REGISTRATION_ENABLED=true"})
	s.goThrough(t, "TestDynamicPlan", dynamicWays)
}
