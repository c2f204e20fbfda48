package oauth

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lanyard/claims"
	"lanyard/idp/web"
)

func TestParametersWithoutAValueCountAsNotSent(t *testing.T) {
	w := newWorld(t)
	empty := request("wiki", "openid", "request", "", "request_uri", "", "registration", "", "state", "", "resource", "", "max_age", "", "claims", "", "prompt", "")
	r := w.get(PathAuthorize, "ada", empty)
	if _, q := r.to(); q.Get("code") == "" || q.Has("state") {
		t.Errorf("authorize: %d %v", r.status, q)
	}
	code := w.code("ada", request("wiki", "openid"))
	if r := w.redeem("wiki", code, "resource", "", "client_assertion", "", "client_assertion_type", "", "client_secret", ""); r.status != 200 {
		t.Errorf("token: %d %s", r.status, r.body)
	}
}

func TestTokenRequestsThatLackAParameterAreInvalidRequests(t *testing.T) {
	w := newWorld(t)
	for what, f := range map[string]url.Values{
		"code": {"grant_type": {grantCode}, "code": {""}}, "refresh_token": {"grant_type": {grantRefresh}}, "grant_type": {"code": {"x"}},
	} {
		r := w.post(PathToken, "wiki", f)
		if w.is(what, r, 400, "invalid_request"); !strings.Contains(r.text("error_description"), what) {
			t.Errorf("%s: %s", what, r.body)
		}
	}
}

// TestASignInThatIsTooWeakIsMadeStronger has a second step asked for where one
// would do, and an error where it would not or nobody may be asked.
func TestASignInThatIsTooWeakIsMadeStronger(t *testing.T) {
	const code, step, failure = "a code", "a second step", "unmet_authentication_requirements"
	w := newWorld(t)
	for asked, want := range map[string]string{
		`{"id_token":{"acr":{"essential":true,"values":["2","3"]}}}`: step,
		`{"id_token":{"acr":{"essential":true,"value":"2"}}}`:        step,
		`{"id_token":{"acr":{"essential":true,"value":"3"}}}`:        failure,
		`{"id_token":{"acr":{"essential":true,"values":["2","1"]}}}`: code,
		`{"id_token":{"acr":{"essential":true}}}`:                    code,
		`{"id_token":{"acr":{"values":["2"]}}}`:                      code,
		`{"id_token":{"acr":null}}`:                                  code,
	} {
		to, q := w.get(PathAuthorize, "ada", request("wiki", "openid", "claims", asked)).to()
		got := q.Get("error")
		switch {
		case q.Get("code") != "":
			got = code
		case strings.HasPrefix(to, web.StepPath) && strings.HasPrefix(q.Get("return"), "/authorize?"):
			got = step
		}
		if got != want {
			t.Errorf("%s: %q, want %q (%s %v)", asked, got, want, to, q)
		}
		if want != step {
			continue
		}
		if _, q := w.get(PathAuthorize, "ada", request("wiki", "openid", "claims", asked, "prompt", "none")).to(); q.Get("error") != failure {
			t.Errorf("%s, prompt=none: %v", asked, q)
		}
	}
}

// TestAnApplicationMayTakeTwoFactors has the right login ask for them.
func TestAnApplicationMayTakeTwoFactors(t *testing.T) {
	w := newWorld(t)
	login, ok := claims.Get[claims.Right](w.dir.Load(), "core-apps/login")
	if !ok {
		t.Fatal("there is no such right")
	}
	login.ACR = 2
	w.do(claims.Define{Fact: login})
	if to, q := w.get(PathAuthorize, "ada", request("wiki", "openid")).to(); !strings.HasPrefix(to, web.StepPath) || !strings.HasPrefix(q.Get("return"), "/authorize?") {
		t.Errorf("with a password: %s %v", to, q)
	}
	if _, q := w.get(PathAuthorize, "ada", request("wiki", "openid", "prompt", "none")).to(); q.Get("error") != "access_denied" {
		t.Errorf("prompt=none: %v", q)
	}
}

func TestDiscoveryNamesEveryClaimThereIs(t *testing.T) {
	w := newWorld(t)
	said, _ := w.get("/.well-known/openid-configuration", "", nil).json["claims_supported"].([]any)
	var walk func(reflect.Type)
	walk = func(s reflect.Type) {
		for f := range s.NumField() {
			if s.Field(f).Anonymous {
				walk(s.Field(f).Type)
				continue
			}
			name, _, _ := strings.Cut(s.Field(f).Tag.Get("json"), ",")
			if !slices.Contains(said, any(name)) {
				t.Errorf("claims_supported lacks %s", name)
			}
		}
	}
	walk(reflect.TypeFor[idToken]())
	walk(reflect.TypeFor[userInfo]())
}

func TestTooManyGroupsAreLeftToUserInfo(t *testing.T) {
	w := newWorld(t)
	for i := range 300 {
		slug := claims.Slug(fmt.Sprintf("a-badge-with-a-long-name-%d", i))
		w.do(
			claims.Define{Fact: claims.Badge{Slug: slug, Name: "B", Mode: claims.BadgeManual, InClaims: true}},
			claims.GiveAward{Award: claims.Award{ID: claims.ID("aw-" + slug), Badge: slug, Member: "ada", On: start, Method: claims.MethodManual}},
		)
	}
	for _, scope := range []string{"openid groups tags badges affiliations", "openid badges"} {
		r := w.login("ada", "wiki", scope)
		id, info := payload(t, r.text("id_token")), w.userInfo(r.text("access_token")).json
		if len(r.text("id_token")) > 2048 || id["groups_overage"] != true || id["badges"] != nil || id["tags"] != nil {
			t.Errorf("%s: an ID token of %d bytes: %v", scope, len(r.text("id_token")), id)
		}
		if badges, _ := info["badges"].([]any); len(badges) != 301 || info["groups_overage"] != nil {
			t.Errorf("%s: userinfo lists %d badges", scope, len(badges))
		}
		if groups, _ := info["groups"].([]any); strings.Contains(scope, "groups") && len(groups) < 301 {
			t.Errorf("%s: userinfo lists %d groups", scope, len(groups))
		}
	}
}

func TestSignOutIsWhereDiscoverySays(t *testing.T) {
	w := newWorld(t)
	at, err := url.Parse(w.get("/.well-known/openid-configuration", "", nil).text("end_session_endpoint"))
	if err != nil || at.Path != PathLogout || !strings.HasPrefix(at.String(), w.server.URL+"/") {
		t.Errorf("end_session_endpoint %s, %v", at, err)
	}
}
