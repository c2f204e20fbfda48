package oauth

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lanyard/claims"
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

func TestEssentialACRThatIsNotMetFails(t *testing.T) {
	w := newWorld(t)
	for asked, met := range map[string]bool{
		`{"id_token":{"acr":{"essential":true,"values":["2","3"]}}}`: false,
		`{"id_token":{"acr":{"essential":true,"value":"2"}}}`:        false,
		`{"id_token":{"acr":{"essential":true,"values":["2","1"]}}}`: true,
		`{"id_token":{"acr":{"essential":true}}}`:                    true,
		`{"id_token":{"acr":{"values":["2"]}}}`:                      true,
		`{"id_token":{"acr":null}}`:                                  true,
	} {
		r := w.get(PathAuthorize, "ada", request("wiki", "openid", "claims", asked))
		_, q := r.to()
		if (q.Get("code") != "") != met || !met && q.Get("error") != "unmet_authentication_requirements" {
			t.Errorf("%s: %v", asked, q)
		}
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
