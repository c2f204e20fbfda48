package oauth

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

const gone = `{"active":false}`

func TestIntrospectionIsLiveAndFiltered(t *testing.T) {
	w := newWorld(t)
	access := w.login("ada", "wiki", "openid profile").text("access_token")
	own := w.introspect("wiki", access)
	if own.json["active"] != true || own.text("sub") != "sub-ada" || own.text("client_id") != "wiki" || own.text("scope") != "openid profile" ||
		own.text("username") != "ada" || own.text("token_type") != "Bearer" || own.text("iss") != w.server.URL ||
		own.json["exp"] != float64(start.Add(time.Hour).Unix()) || own.json["iat"] != float64(start.Unix()) {
		t.Errorf("the client itself is told %s", own.body)
	}
	if !strings.Contains(own.body, `"groups":["badge.laser-1","member.active","tag.board"]`) || !strings.Contains(own.body, `"badges":[{"id":"laser-1"`) {
		t.Errorf("claims: %s", own.body)
	}
	if other := w.introspect("auditor", access); !strings.Contains(other.body, `"groups":["tag.board"],"tags":["board"],"badges":[]`) || other.json["membership"] != nil {
		t.Errorf("through the caller's filter: %s", other.body)
	}
	w.do(claims.RevokeAward{Badge: "laser-1", Member: "ada", Reason: "test"}, claims.Unassign{Tag: "board", Target: claims.TargetMember, TargetID: "ada"})
	if now := w.introspect("wiki", access); !strings.Contains(now.body, `"groups":["member.active"],"tags":[],"badges":[],"affiliations":[]`) {
		t.Errorf("a revoked badge is still told: %s", now.body)
	}
	w.do(claims.SetState{Member: "ada", State: claims.StateSuspended, By: "admin"})
	if got := w.introspect("wiki", access); got.body != gone {
		t.Errorf("a suspended member: %s", got.body)
	}
	w.is("userinfo of a suspended member", w.userInfo(access), 401, "invalid_token")
	w.do(claims.SetState{Member: "ada", State: claims.StateActive, By: "admin"})
	if !w.active("wiki", access) {
		t.Error("back, but the token is not")
	}
	w.advance(time.Hour)
	if w.active("wiki", access) {
		t.Error("the token outlived its hour")
	}
}

func TestIntrospectionTellsNoMoreThanWasConsentedTo(t *testing.T) {
	w := newWorld(t)
	w.consents[[2]string{"ada", "third"}] = record.Consent{Member: "ada", Client: "third", Scopes: []string{scopeOpenID, scopeGroups}, At: w.clock()}
	own := w.introspect("third", w.login("ada", "third", "openid").text("access_token"))
	if own.json["active"] != true || !strings.Contains(own.body, `"groups":[],"tags":[],"badges":[],"affiliations":[]`) || own.json["membership"] != nil {
		t.Errorf("consented to openid alone, told %s", own.body)
	}
	own = w.introspect("third", w.login("ada", "third", "openid groups").text("access_token"))
	if !strings.Contains(own.body, `"groups":["badge.laser-1"`) || !strings.Contains(own.body, `"badges":[]`) {
		t.Errorf("consented to groups, told %s", own.body)
	}
}

func TestCallersMustProveThemselvesToIntrospect(t *testing.T) {
	w := newWorld(t)
	access := w.login("ada", "wiki", "openid").text("access_token")
	r, _ := postAs(w.http, w.server.URL+PathIntrospect, "", url.Values{"token": {access}})
	w.is("nobody", r, 401, "invalid_client")
	if r.header.Get("WWW-Authenticate") == "" {
		t.Error("401 without a challenge")
	}
	r = w.introspect("phone", access)
	w.is("a public client", r, 401, "invalid_client")
	w.is("no token", w.post(PathIntrospect, "wiki", nil), 400, "invalid_request")
	own := w.post(PathToken, "wiki", url.Values{"grant_type": {grantClient}}).text("access_token")
	bearer := func(token string) reply {
		req, _ := http.NewRequest("POST", w.server.URL+PathIntrospect, strings.NewReader("token="+access))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", "Bearer "+token)
		r, err := send(w.http, req)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := bearer(own); r.json["active"] != true {
		t.Errorf("with the client's own token: %d %s", r.status, r.body)
	}
	for what, token := range map[string]string{"a member's token": access, "garbage": "lat_x"} {
		r := bearer(token)
		w.is("with "+what, r, 401, "invalid_token")
		if got := r.header.Get("WWW-Authenticate"); !strings.HasPrefix(got, `Bearer realm="lanyard", error="invalid_token"`) {
			t.Errorf("with %s: challenge %s", what, got)
		}
	}
}

func TestR10DoorPassOpensItsDoorOnce(t *testing.T) {
	w := newWorld(t)
	mint := func() string {
		text, end, err := w.provider.MintPass(t.Context(), "ada", "L-door")
		if err != nil || !end.Equal(w.clock().Add(time.Minute)) {
			t.Fatalf("MintPass: until %v, %v", end, err)
		}
		return text
	}
	pass := mint()
	for _, who := range []string{"door-2", "wiki", "auditor"} {
		if got := w.introspect(who, pass); got.body != gone {
			t.Errorf("%s is told %s", who, got.body)
		}
	}
	if got := w.introspect("door-1", pass, "location", "/space/shed", "right", "unlock"); got.body != gone {
		t.Errorf("a door that asks about another: %s", got.body)
	}
	got := w.introspect("door-1", pass, "location", "/space/front-door", "right", "unlock")
	dec, _ := got.json["decision"].(map[string]any)
	if got.json["active"] != true || dec["allow"] != true || dec["reason"] != "ok" || dec["text"] == "" || got.text("sub") != "sub-ada" {
		t.Errorf("its own door: %s", got.body)
	}
	if again := w.introspect("door-1", pass); again.body != gone {
		t.Errorf("a second time: %s", again.body)
	}
	if len(w.events) != 1 || w.events[0].Member != "ada" || !w.events[0].Allow || w.events[0].Device != "dev-1" {
		t.Errorf("events %+v", w.events)
	}
	late := mint()
	w.advance(time.Minute)
	if got := w.introspect("door-1", late); got.body != gone {
		t.Errorf("a minute later: %s", got.body)
	}
}

func TestOneOfManyDoorsTakesAPass(t *testing.T) {
	w := newWorld(t)
	race, _, _ := w.provider.MintPass(t.Context(), "ada", "L-door")
	w.vault.barrier(16)
	var bodies [16]string
	together(16, func(i int) { bodies[i] = w.introspect("door-1", race).body })
	if won := slices.DeleteFunc(bodies[:], func(s string) bool { return s == gone }); len(won) != 1 {
		t.Errorf("%d of 16 doors took one pass", len(won))
	}
}

func TestR12DoorSaysWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	pass, _, err := w.provider.MintPass(t.Context(), "bob", "L-shed")
	if err != nil {
		t.Fatal(err)
	}
	got := w.introspect("door-2", pass)
	if got.json["active"] != true || !strings.Contains(got.body, `"decision":{"allow":false,"reason":"missing_badge"`) ||
		!strings.Contains(got.body, `"missing":[{"any_of":[{"badge":"laser-1","name":"Laser 1","earn":"Take the course"}]}]`) {
		t.Errorf("%s", got.body)
	}
	pass, _, _ = w.provider.MintPass(t.Context(), "sue", "L-door")
	if got := w.introspect("door-1", pass); !strings.Contains(got.body, `"reason":"member_suspended"`) {
		t.Errorf("a suspended member: %s", got.body)
	}
}

func TestUsePassSpendsAtItsOwnLocationOnly(t *testing.T) {
	w := newWorld(t)
	pass, _, _ := w.provider.MintPass(t.Context(), "ada", "L-door")
	if _, err := w.provider.UsePass(t.Context(), pass, "L-shed"); err == nil {
		t.Error("used elsewhere")
	}
	if _, live, err := w.provider.find(t.Context(), pass); err != nil || live.Member != "ada" || !slices.Equal(live.Audience, []string{"/space/front-door"}) {
		t.Errorf("find = %+v, %v", live, err)
	}
	if a, err := w.provider.UsePass(t.Context(), pass, "L-door"); err != nil || a.Member != "ada" {
		t.Errorf("UsePass = %+v, %v", a, err)
	}
	if _, err := w.provider.UsePass(t.Context(), pass, "L-door"); !errors.Is(err, claims.ErrReplay) {
		t.Errorf("used twice: %v, want ErrReplay", err)
	}
	if _, _, err := w.provider.MintPass(t.Context(), "ada", "nowhere"); err == nil {
		t.Error("a pass for nowhere")
	}
	if _, _, err := w.provider.MintPass(t.Context(), "nobody", "L-door"); err == nil {
		t.Error("a pass for nobody")
	}
}

func TestTokenForADoorServesThereAndNowhereElse(t *testing.T) {
	for _, client := range []string{"wiki", "files"} {
		w := newWorld(t)
		door := w.server.URL + "/at/space/front-door"
		r := w.login("ada", client, "openid door", "resource", door)
		access := r.text("access_token")
		for range 2 { // it is no pass: it may be shown again
			if got := w.introspect("door-1", access); !strings.Contains(got.body, `"aud":["`+door+`"]`) || !strings.Contains(got.body, `"decision":{"allow":true`) {
				t.Errorf("%s: its door is told %s", client, got.body)
			}
		}
		if got := w.introspect("door-2", access); got.body != gone {
			t.Errorf("%s: another door is told %s", client, got.body)
		}
		w.is("userinfo", w.userInfo(access), 401, "invalid_token")
		plain := w.login("ada", client, "openid door")
		if plain.text("scope") != "openid" {
			t.Errorf("door without a location: %q", plain.text("scope"))
		}
		if got := w.introspect("door-1", plain.text("access_token")); got.body != gone {
			t.Errorf("%s: a door is told of another token: %s", client, got.body)
		}
	}
}

func TestDecisionForAnApplicationStopsAtItsOwnRoot(t *testing.T) {
	w := newWorld(t)
	access := w.login("bob", "wiki", "openid").text("access_token")
	ask := []string{"location", "/space/shed", "right", "unlock"}
	if got := w.introspect("wiki", access, ask...); got.body != gone {
		t.Errorf("below another's root: %s", got.body)
	}
	w.do(claims.Define{Fact: claims.Application{Slug: "space", Root: "L-space", Client: "wiki"}})
	if got := w.introspect("wiki", access, ask...); !strings.Contains(got.body, `"decision":{"allow":false,"reason":"missing_badge"`) {
		t.Errorf("below its own: %s", got.body)
	}
	w.is("half a question", w.introspect("wiki", access, "location", "/space/shed"), 400, "invalid_request")
	w.is("no path", w.introspect("wiki", access, "location", "/space/../x", "right", "unlock"), 400, "invalid_request")
}

func TestAudienceMayIntrospect(t *testing.T) {
	w := newWorld(t)
	w.edit("wiki", func(c *claims.Client) { c.Resources = append(c.Resources, "urn:x:y") })
	r := w.login("ada", "wiki", "openid offline_access", "resource", "urn:x:y")
	if got := w.introspect("wiki", r.text("access_token")); !strings.Contains(got.body, `"aud":["urn:x:y"]`) {
		t.Errorf("%s", got.body)
	}
	w.is("another resource at refresh", w.refresh("wiki", r.text("refresh_token"), "resource", "https://api.example.org/"), 400, "invalid_target")
	if got := w.refresh("wiki", r.text("refresh_token"), "resource", "urn:x:y"); got.status != 200 {
		t.Errorf("the same resource: %s", got.body)
	}
}

func TestFewerResourcesForOneToken(t *testing.T) {
	w := newWorld(t)
	q := request("wiki", "openid offline_access")
	q["resource"] = []string{"https://api.example.org/", "https://files.example.org/"}
	r := w.redeem("wiki", w.code("ada", q))
	both := w.introspect("wiki", r.text("access_token"))
	less := w.refresh("wiki", r.text("refresh_token"), "resource", "https://files.example.org/")
	one := w.introspect("wiki", less.text("access_token"))
	if !strings.Contains(both.body, `"aud":["https://api.example.org/","https://files.example.org/"]`) || !strings.Contains(one.body, `"aud":["https://files.example.org/"]`) {
		t.Errorf("%s\n%s", both.body, one.body)
	}
	if got := w.introspect("wiki", w.refresh("wiki", less.text("refresh_token")).text("access_token")); !strings.Contains(got.body, "api.example.org") {
		t.Errorf("the refresh token lost what it had: %s", got.body)
	}
}

func TestRevocationEndsTheFamily(t *testing.T) {
	for _, client := range []string{"wiki", "files"} {
		for _, which := range []string{"access_token", "refresh_token"} {
			w := newWorld(t)
			r := w.login("ada", client, "openid offline_access")
			w.is("another client's attempt", w.post(PathRevoke, "third", url.Values{"token": {r.text(which)}}), 400, "unauthorized_client")
			if !w.active(client, r.text("access_token")) {
				t.Errorf("%s: another client revoked it", client)
			}
			for range 2 {
				if got := w.post(PathRevoke, client, url.Values{"token": {r.text(which)}, "token_type_hint": {"nonsense"}}); got.status != 200 {
					t.Errorf("%s: revoke %s: %d %s", client, which, got.status, got.body)
				}
			}
			if w.active(client, r.text("access_token")) || w.active(client, r.text("refresh_token")) {
				t.Errorf("%s: something survived the revocation of the %s", client, which)
			}
			w.is("refresh", w.refresh(client, r.text("refresh_token")), 400, "invalid_grant")
		}
	}
	w := newWorld(t)
	if got := w.post(PathRevoke, "wiki", url.Values{"token": {"whatever"}}); got.status != 200 {
		t.Errorf("an unknown token: %d", got.status)
	}
	w.is("nobody", w.post(PathRevoke, "", url.Values{"token": {"x"}}), 401, "invalid_client")
}
