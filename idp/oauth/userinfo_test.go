package oauth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lanyard/claims"
)

func TestScopesBringTheirClaimsToBothCarriers(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ scope, has, hasNot string }{
		{"openid", "sub authz_version", "name email groups membership tags badges affiliations preferred_username"},
		{"openid profile", "name preferred_username", "email groups tags"},
		{"openid email", "email email_verified", "name groups"},
		{"openid groups", "groups", "membership tags"},
		{"openid membership", "membership", "groups"},
		{"openid tags badges affiliations", "tags badges affiliations", "groups name"},
	} {
		r := w.login("ada", "wiki", c.scope)
		for where, says := range map[string]map[string]any{"ID token": payload(t, r.text("id_token")), "userinfo": w.userInfo(r.text("access_token")).json} {
			for _, name := range strings.Fields(c.has) {
				if _, ok := says[name]; !ok {
					t.Errorf("%s: the %s lacks %s: %v", c.scope, where, name, says)
				}
			}
			for _, name := range strings.Fields(c.hasNot) {
				if _, ok := says[name]; ok {
					t.Errorf("%s: the %s has %s", c.scope, where, name)
				}
			}
		}
	}
}

func TestR21SubjectStaysWhateverTheMemberIsCalled(t *testing.T) {
	w := newWorld(t)
	w.do(claims.EditMember{Member: claims.Member{ID: "ada", Username: "ada-l", Name: "Ada Lovelace", Email: "al@example.org"}})
	for _, client := range []string{"wiki", "files"} {
		r := w.login("ada", client, "openid profile")
		for where, says := range map[string]map[string]any{
			"ID token": payload(t, r.text("id_token")), "userinfo": w.userInfo(r.text("access_token")).json, "introspection": w.introspect(client, r.text("access_token")).json,
		} {
			if says["sub"] != "sub-ada" || where != "introspection" && says["preferred_username"] != "ada-l" {
				t.Errorf("%s, %s: sub %v, preferred_username %v", client, where, says["sub"], says["preferred_username"])
			}
			for _, unix := range []string{"uid", "gid", "uid_number", "gid_number", "uidNumber"} {
				if _, ok := says[unix]; ok {
					t.Errorf("%s, %s: there is a %s", client, where, unix)
				}
			}
		}
	}
}

func TestGroupsAreAlwaysAList(t *testing.T) {
	w := newWorld(t)
	r := w.login("bob", "narrow", "openid groups")
	for where, says := range map[string]map[string]any{"ID token": payload(t, r.text("id_token")), "userinfo": w.userInfo(r.text("access_token")).json} {
		if g, ok := says["groups"].([]any); !ok || len(g) != 0 {
			t.Errorf("%s: groups = %v, want []", where, says["groups"])
		}
	}
	w.edit("third", func(c *claims.Client) { c.AlwaysGroups, c.FirstParty = true, true })
	if says := payload(t, w.login("ada", "third", "openid").text("id_token")); len(says["groups"].([]any)) != 3 {
		t.Errorf("always_groups: %v", says["groups"])
	}
}

func TestClaimsParameterBringsWhatTheClientMayHave(t *testing.T) {
	w := newWorld(t)
	asked := `{"id_token":{"tags":null,"email":{"essential":true}},"userinfo":{"badges":null,"groups":null}}`
	r := w.login("ada", "wiki", "openid", "claims", asked)
	id, info := payload(t, r.text("id_token")), w.userInfo(r.text("access_token")).json
	if id["tags"] == nil || id["email"] != "ada@example.org" || id["badges"] != nil || info["badges"] == nil || info["groups"] == nil || info["tags"] != nil {
		t.Errorf("ID token %v\nuserinfo %v", id, info)
	}
	if r.text("scope") != "openid" {
		t.Errorf("scope %q", r.text("scope"))
	}
	r = w.login("ada", "narrow", "openid", "claims", asked)
	if id := payload(t, r.text("id_token")); id["tags"] != nil || id["email"] != nil {
		t.Errorf("a client without the scopes was told %v", id)
	}
}

func TestUserInfoTakesPostAndRefusesTheRest(t *testing.T) {
	w := newWorld(t)
	access := w.login("ada", "wiki", "openid").text("access_token")
	post := func(bearer string, form url.Values) reply {
		req, _ := http.NewRequest("POST", w.server.URL+PathUserInfo, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if bearer != "" {
			req.Header.Set("Authorization", "Bearer "+bearer)
		}
		r, err := send(w.http, req)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := post("", url.Values{"access_token": {access}}); r.text("sub") != "sub-ada" {
		t.Errorf("in the body: %d %s", r.status, r.body)
	}
	if r := post(access, nil); r.text("sub") != "sub-ada" {
		t.Errorf("in the header: %d %s", r.status, r.body)
	}
	twice := post(access, url.Values{"access_token": {access}})
	if w.is("twice", twice, 400, "invalid_request"); !strings.Contains(twice.header.Get("WWW-Authenticate"), `error="invalid_request"`) {
		t.Errorf("twice: challenge %s", twice.header.Get("WWW-Authenticate"))
	}
	r := w.get(PathUserInfo, "ada", url.Values{"access_token": {access}})
	if r.status != 401 || r.header.Get("WWW-Authenticate") != `Bearer realm="lanyard"` || r.body != "{}" {
		t.Errorf("in the query: %d %q %s", r.status, r.header.Get("WWW-Authenticate"), r.body)
	}
	own := w.post(PathToken, "wiki", url.Values{"grant_type": {grantClient}}).text("access_token")
	w.is("a client's own token", w.userInfo(own), 401, "invalid_token")
	plain := w.login("ada", "wiki", "profile").text("access_token")
	w.is("without openid", w.userInfo(plain), 403, "insufficient_scope")
	w.do(claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: "wiki"}})
	w.is("of a disabled client", w.userInfo(access), 401, "invalid_token")
}

func TestAuthenticateClientServesOtherEndpoints(t *testing.T) {
	w := newWorld(t)
	req, _ := http.NewRequest("POST", "/device/v1/decide", strings.NewReader(`{"cred":"x"}`))
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("door-1", secret)
	if c, err := w.provider.AuthenticateClient(req); err != nil || c.ID != "door-1" {
		t.Errorf("%s, %v", c.ID, err)
	}
	req.SetBasicAuth("door-1", "wrong")
	if _, err := w.provider.AuthenticateClient(req); !isFault(err) {
		t.Errorf("a wrong secret is %v, no fault of the table", err)
	}
	form, _ := http.NewRequest("POST", "/x", strings.NewReader(url.Values{"client_id": {"files"}, "client_secret": {secret}}.Encode()))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c, err := w.provider.AuthenticateClient(form); err != nil || c.ID != "files" {
		t.Errorf("%s, %v", c.ID, err)
	}
}

func TestGrantOfABarredMemberDoesNotComeBack(t *testing.T) {
	w := newWorld(t)
	for name, look := range map[string]func(access string){
		"introspected":   func(access string) { w.introspect("wiki", access) },
		"asked userinfo": func(access string) { w.userInfo(access) },
	} {
		got := w.login("ada", "wiki", "openid offline_access")
		access, refresh := got.text("access_token"), got.text("refresh_token")
		w.do(claims.Bar{Member: "ada", Reason: "test"})
		look(access)
		w.do(claims.Unbar{Member: "ada"})
		if w.active("wiki", access) || w.active("wiki", refresh) {
			t.Errorf("barred, %s, unbarred, and the tokens are back", name)
		}
		again := w.login("ada", "wiki", "openid").text("access_token")
		w.do(claims.SetState{Member: "ada", State: claims.StateSuspended, By: "admin"})
		look(again)
		w.do(claims.SetState{Member: "ada", State: claims.StateActive, By: "admin"})
		if !w.active("wiki", again) {
			t.Errorf("suspended, %s, active, and the token is gone", name)
		}
	}
}
