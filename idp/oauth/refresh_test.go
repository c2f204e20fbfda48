package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"lanyard/claims"
)

func toText(v any) string { return fmt.Sprint(v) }

func TestRefreshReuseEndsFamily(t *testing.T) {
	w := newWorld(t)
	first := w.login("ada", "wiki", "openid offline_access")
	second := w.refresh("wiki", first.text("refresh_token"))
	third := w.refresh("wiki", second.text("refresh_token"))
	w.is("two behind", w.refresh("wiki", first.text("refresh_token")), 400, "invalid_grant")
	w.is("the newest", w.refresh("wiki", third.text("refresh_token")), 400, "invalid_grant")
	if w.active("wiki", third.text("access_token")) {
		t.Error("an access token outlived its family")
	}
}

func TestLostRefreshAnswerIsGivenAgainForThirtySeconds(t *testing.T) {
	w := newWorld(t)
	first := w.login("ada", "wiki", "openid offline_access")
	second := w.refresh("wiki", first.text("refresh_token"))
	w.advance(30 * time.Second)
	again := w.refresh("wiki", first.text("refresh_token"))
	if again.status != 200 || again.text("refresh_token") != second.text("refresh_token") {
		t.Fatalf("within the grace: %d %s", again.status, again.body)
	}
	w.advance(time.Microsecond)
	w.is("after it", w.refresh("wiki", first.text("refresh_token")), 400, "invalid_grant")
	w.is("the family", w.refresh("wiki", second.text("refresh_token")), 400, "invalid_grant")
}

func TestAccessTokenOutlivesOneRefresh(t *testing.T) {
	w := newWorld(t)
	a := w.login("ada", "wiki", "openid offline_access")
	b := w.refresh("wiki", a.text("refresh_token"))
	if !w.active("wiki", a.text("access_token")) || w.active("wiki", a.text("refresh_token")) {
		t.Error("after one refresh the access token lives and the refresh token is used")
	}
	w.refresh("wiki", b.text("refresh_token"))
	if w.active("wiki", a.text("access_token")) || !w.active("wiki", b.text("access_token")) {
		t.Error("after two refreshes the first access token is dead and the second lives")
	}
}

func TestRefreshDecidesAgain(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "wiki", "openid groups offline_access")
	w.do(claims.RevokeAward{Badge: "laser-1", Member: "ada", Reason: "test"})
	r = w.refresh("wiki", r.text("refresh_token"))
	if g := payload(t, r.text("id_token"))["groups"]; strings.Contains(toText(g), "laser") {
		t.Errorf("the refreshed token lists %v", g)
	}
	w.do(claims.SetState{Member: "ada", State: claims.StateSuspended, By: "billing"})
	w.is("lapsed", w.refresh("wiki", r.text("refresh_token")), 400, "invalid_grant")
	w.do(claims.SetState{Member: "ada", State: claims.StateActive, By: "admin"})
	if r = w.refresh("wiki", r.text("refresh_token")); r.status != 200 {
		t.Errorf("paid again: %d %s", r.status, r.body)
	}
	w.do(claims.Bar{Member: "ada", Reason: "test"})
	w.is("barred", w.refresh("wiki", r.text("refresh_token")), 400, "invalid_grant")
	w.do(claims.Unbar{Member: "ada"})
	w.is("unbarred", w.refresh("wiki", r.text("refresh_token")), 400, "invalid_grant")
	if got := w.vault.reasons(); !slices.Equal(got, []string{"member_barred"}) {
		t.Errorf("ended for %v", got)
	}
}

func TestScopeTakenFromTheClientIsGoneAtRefresh(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "wiki", "openid groups offline_access")
	w.edit("wiki", func(c *claims.Client) { c.Scopes = []string{scopeOpenID, scopeOffline} })
	if r = w.refresh("wiki", r.text("refresh_token")); r.text("scope") != "openid offline_access" {
		t.Errorf("scope %q", r.text("scope"))
	}
}

func TestRefreshTokensComeWithOfflineAccessOnly(t *testing.T) {
	w := newWorld(t)
	if r := w.login("ada", "wiki", "openid"); r.text("refresh_token") != "" {
		t.Error("a refresh token nobody asked for")
	}
	w.edit("wiki", func(c *claims.Client) { c.GrantTypes = []string{grantCode} })
	if r := w.login("ada", "wiki", "openid offline_access"); r.text("refresh_token") != "" {
		t.Error("a refresh token for a client that cannot use it")
	}
}

func TestSignOutEndsWhatIsNotOffline(t *testing.T) {
	w := newWorld(t)
	online, offline := w.login("ada", "wiki", "openid"), w.login("ada", "strict", "openid offline_access")
	bobs := w.login("bob", "wiki", "openid")
	unspent := w.code("ada", request("wiki", "openid offline_access"))
	w.vault.signOut("session-of-ada", w.clock())
	w.is("a code from before", w.redeem("wiki", unspent), 400, "invalid_grant")
	if w.active("wiki", online.text("access_token")) {
		t.Error("the access token outlived the session")
	}
	if !w.active("strict", offline.text("access_token")) || !w.active("wiki", bobs.text("access_token")) {
		t.Error("the sign-out ended more than it should")
	}
}

func TestRefreshLifetimes(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "wiki", "openid offline_access")
	w.advance(30*24*time.Hour - time.Second)
	if r = w.refresh("wiki", r.text("refresh_token")); r.status != 200 {
		t.Fatalf("on its last day: %s", r.body)
	}
	w.advance(30 * 24 * time.Hour)
	w.is("idle", w.refresh("wiki", r.text("refresh_token")), 400, "invalid_grant")

	r = w.login("ada", "wiki", "openid offline_access")
	for range 8 {
		w.advance(20 * 24 * time.Hour)
		if r = w.refresh("wiki", r.text("refresh_token")); r.status != 200 {
			t.Fatalf("in use: %s", r.body)
		}
	}
	w.advance(20*24*time.Hour - time.Minute)
	r = w.refresh("wiki", r.text("refresh_token"))
	if left, _ := r.json["expires_in"].(float64); left != 60 {
		t.Errorf("a minute before the end of all: expires_in %v", r.json["expires_in"])
	}
	w.advance(time.Minute)
	w.is("absolute", w.refresh("wiki", r.text("refresh_token")), 400, "invalid_grant")
}

func TestTokensEndWhenTheRightToLogInDoes(t *testing.T) {
	for _, client := range []string{"wiki", "files"} {
		w := newWorld(t)
		w.do(claims.SetPaid{Member: "ada", PaidUntil: start.Add(2 * time.Minute)})
		r := w.login("ada", client, "openid groups offline_access")
		if r.json["expires_in"] != 120.0 || payload(t, r.text("id_token"))["exp"] != float64(start.Add(2*time.Minute).Unix()) {
			t.Errorf("%s: expires_in %v, ID token %v", client, r.json["expires_in"], payload(t, r.text("id_token"))["exp"])
		}
		w.advance(2 * time.Minute)
		w.is("after it", w.refresh(client, r.text("refresh_token")), 400, "invalid_grant")
	}
	w := newWorld(t)
	if r := w.login("ada", "files", "openid"); r.json["expires_in"] != 300.0 {
		t.Errorf("an at+jwt lives %v", r.json["expires_in"])
	}
	w.do(claims.GiveAward{Award: claims.Award{ID: "aw-2", Badge: "laser-1", Member: "bob", On: start, Expires: start.Add(10 * time.Minute), Method: claims.MethodManual}})
	if r := w.login("bob", "wiki", "openid groups"); r.json["expires_in"] != 600.0 {
		t.Errorf("with a badge that ends: %v", r.json["expires_in"])
	}
}

// What fosite makes of its own clock must not matter: here both clocks are the
// bubble's, and a code, an access token and a refresh token end by ours.
func TestFositesClockDecidesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bareWorld(t, time.Now)
		code := w.call(t, "GET", PathAuthorize, request("wiki", "openid offline_access"))
		_, v := code.to()
		time.Sleep(59 * time.Second)
		f := url.Values{"grant_type": {grantCode}, "code": {v.Get("code")}, "redirect_uri": {redirect}, "code_verifier": {verifier}}
		r := w.call(t, "POST", PathToken, f)
		if r.status != 200 || r.json["expires_in"] != 3600.0 {
			t.Fatalf("after 59 s: %d %s", r.status, r.body)
		}
		time.Sleep(time.Hour - time.Second)
		if got := w.call(t, "POST", PathIntrospect, url.Values{"token": {r.text("access_token")}}); got.json["active"] != true {
			t.Errorf("in its last second: %s", got.body)
		}
		time.Sleep(time.Second)
		if got := w.call(t, "POST", PathIntrospect, url.Values{"token": {r.text("access_token")}}); got.body != gone {
			t.Errorf("after its hour: %s", got.body)
		}
		time.Sleep(29 * 24 * time.Hour)
		r = w.call(t, "POST", PathToken, url.Values{"grant_type": {grantRefresh}, "refresh_token": {r.text("refresh_token")}})
		if r.status != 200 {
			t.Errorf("a refresh after 29 days: %s", r.body)
		}
		time.Sleep(30 * 24 * time.Hour)
		r = w.call(t, "POST", PathToken, url.Values{"grant_type": {grantRefresh}, "refresh_token": {r.text("refresh_token")}})
		if r.text("error") != "invalid_grant" {
			t.Errorf("a refresh after 30 idle days: %s", r.body)
		}
	})
}

// fosite swallows it when a family cannot be ended; a thief must not get away
// with a 400 while the tokens live on.
func TestReplayThatCannotBePunishedIsNoRefusal(t *testing.T) {
	w := newWorld(t)
	code := w.code("ada", request("wiki", "openid offline_access"))
	first := w.redeem("wiki", code)
	second := w.refresh("wiki", first.text("refresh_token"))
	w.refresh("wiki", second.text("refresh_token"))
	w.vault.noEnd = claims.ErrUnavailable
	w.is("code", w.redeem("wiki", code), 503, "temporarily_unavailable")
	w.is("refresh token", w.refresh("wiki", first.text("refresh_token")), 503, "temporarily_unavailable")
	w.is("misused code", w.redeem("third", w.code("ada", request("wiki", "openid"))), 503, "temporarily_unavailable")
	w.vault.noEnd = nil
	w.is("refresh token, again", w.refresh("wiki", first.text("refresh_token")), 400, "invalid_grant")
	if got := w.vault.reasons(); !slices.Equal(got, []string{"reuse"}) {
		t.Errorf("ended for %v", got)
	}
}

func TestDatabaseAwayIsNoAnswerAndNoRefusal(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "wiki", "openid offline_access")
	code := w.code("ada", request("wiki", "openid"))
	w.vault.down = claims.ErrUnavailable
	for what, got := range map[string]reply{
		"code": w.redeem("wiki", code), "refresh": w.refresh("wiki", r.text("refresh_token")), "introspect": w.introspect("wiki", r.text("access_token")),
		"client": w.post(PathToken, "wiki", url.Values{"grant_type": {grantClient}}), "revoke": w.post(PathRevoke, "wiki", url.Values{"token": {r.text("access_token")}}),
		"userinfo": w.userInfo(r.text("access_token")),
	} {
		if got.status != 503 || got.text("error") != "temporarily_unavailable" || got.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", what, got.status, got.body)
		}
	}
	lands(t, "authorize", w.get(PathAuthorize, "ada", request("wiki", "openid")), "temporarily_unavailable")
	w.vault.down = errors.New("disk on fire: secret path")
	if got := w.introspect("wiki", r.text("access_token")); got.status != 500 || strings.Contains(got.body, "fire") {
		t.Errorf("a broken database: %d %s", got.status, got.body)
	}
	w.vault.down = nil
	if got := w.redeem("wiki", code); got.status != 200 {
		t.Errorf("the code did not survive: %s", got.body)
	}
	w.provider.Ready = func() error { return claims.ErrUnavailable }
	if got := w.introspect("wiki", r.text("access_token")); got.status != 503 {
		t.Errorf("not ready: %d", got.status)
	}
}
