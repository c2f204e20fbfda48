package oauth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"lanyard/claims"
)

func TestADeviceIsLetInAsByACode(t *testing.T) {
	w := newWorld(t)
	for _, client := range []string{"wiki", "files", "phone"} {
		begun := w.begin(client, "openid profile offline_access")
		w.is("before", w.poll(client, begun), 400, "authorization_pending")
		w.allow("ada", begun)
		r := w.poll(client, begun)
		if r.status != 200 || r.header.Get("Cache-Control") != "no-store" || r.text("scope") != "openid profile offline_access" {
			t.Fatalf("%s: %d %s", client, r.status, r.body)
		}
		if id := payload(t, r.text("id_token")); id["sub"] != "sub-ada" || id["aud"] != client || id["auth_time"] == nil || id["sid"] == nil || id["name"] != "Ada L" {
			t.Errorf("%s: ID token %v", client, id)
		}
		if who := w.userInfo(r.text("access_token")); who.json["sub"] != "sub-ada" {
			t.Errorf("%s: userinfo %d %s", client, who.status, who.body)
		}
		next := w.refresh(client, r.text("refresh_token"))
		if next.status != 200 || payload(t, next.text("id_token"))["sub"] != "sub-ada" {
			t.Errorf("%s: refresh %d %s", client, next.status, next.body)
		}
		if client != "phone" && !w.active(client, next.text("access_token")) {
			t.Errorf("%s: introspection says no", client)
		}
	}
}

func TestTheCodesOfADeviceAreAsTheStandardSays(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	shape := regexp.MustCompile(`^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$`)
	for range 200 {
		r := w.begin("wiki", "openid")
		code := r.text("user_code")
		if !shape.MatchString(code) || seen[code] || len(r.text("device_code")) < 40 || !strings.HasPrefix(r.text("device_code"), "ldc_") {
			t.Fatalf("%s", r.body)
		}
		seen[code] = true
		if r.text("verification_uri") != w.server.URL+"/device" || r.text("verification_uri_complete") != w.server.URL+"/device?user_code="+code ||
			r.json["expires_in"] != 600.0 || r.json["interval"] != 5.0 {
			t.Fatalf("%s", r.body)
		}
	}
	for _, c := range w.vault.codes {
		if seen[c.UserCode] || seen[strings.ToUpper(c.UserCode)] {
			t.Error("a user code is kept as it is shown")
		}
	}
}

func TestBeginningADeviceIsForRegisteredClients(t *testing.T) {
	w := newWorld(t)
	w.is("nobody", w.post(PathDevice, "", nil), 401, "invalid_client")
	w.is("a name alone", w.post(PathDevice, "", url.Values{"client_id": {"wiki"}}), 401, "invalid_client")
	w.is("another grant's client", w.post(PathDevice, "door-1", nil), 400, "unauthorized_client")
	w.is("polling as another grant's client", w.post(PathToken, "door-1", url.Values{"grant_type": {grantDevice}, "device_code": {"x"}}), 400, "unauthorized_client")
	w.is("a foreign resource", w.post(PathDevice, "wiki", url.Values{"resource": {"https://other.example.org/"}}), 400, "invalid_target")
	w.is("a scope twice", w.post(PathDevice, "wiki", url.Values{"scope": {"openid", "email"}}), 400, "invalid_request")
	w.is("NUL", w.post(PathDevice, "wiki", url.Values{"scope": {"a\x00"}}), 400, "invalid_request")
	r := w.prove(PathDevice, ecKey.sign("ES256", w.assertion("signer", map[string]any{"aud": w.server.URL + PathDevice}), nil), url.Values{"scope": {"openid"}})
	if r.status != 200 {
		t.Errorf("private_key_jwt: %d %s", r.status, r.body)
	}
	begun := w.begin("narrow", "openid profile groups admin", "resource", "https://api.example.org/")
	w.allow("ada", begun)
	if r := w.poll("narrow", begun); r.text("scope") != "openid groups" {
		t.Errorf("granted %s", r.body)
	}
	for range begunAtOnce {
		w.begin("phone", "openid")
	}
	w.is("a public client, once too often", w.post(PathDevice, "phone", nil), 429, "slow_down")
}

func TestADeviceThatAsksTooOftenWaitsLonger(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid")
	w.is("first", w.poll("wiki", begun), 400, "authorization_pending")
	for _, step := range []struct {
		after time.Duration
		want  string
	}{
		{4 * time.Second, "slow_down"}, {9 * time.Second, "slow_down"}, {14 * time.Second, "slow_down"}, // 5, then 10, then 15
		{20 * time.Second, "authorization_pending"}, {20 * time.Second, "authorization_pending"}, {19 * time.Second, "slow_down"}, {25 * time.Second, "authorization_pending"},
	} {
		w.advance(step.after)
		w.is("after "+step.after.String(), w.poll("wiki", begun), 400, step.want)
	}
}

func TestAMemberWhoSaysNoEndsIt(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid")
	if r := w.onPage("ada", "user_code", begun.text("user_code"), "decision", "deny"); r.status != 200 || !strings.Contains(r.body, "was not connected") {
		t.Fatalf("deny: %d %s", r.status, r.body)
	}
	w.is("denied", w.poll("wiki", begun), 400, "access_denied")
	w.is("denied, again", w.poll("wiki", begun), 400, "access_denied")
	if r := w.onPage("bob", "user_code", begun.text("user_code"), "decision", "allow"); r.status != http.StatusNotFound {
		t.Errorf("allowed after a no: %d", r.status)
	}
	w.is("still", w.poll("wiki", begun), 400, "access_denied")
}

func TestACodeOfADeviceEndsAfterTenMinutes(t *testing.T) {
	w := newWorld(t)
	late, slow := w.begin("wiki", "openid"), w.begin("wiki", "openid")
	w.allow("ada", slow)
	w.advance(10*time.Minute - time.Second)
	w.is("in time", w.poll("wiki", late), 400, "authorization_pending")
	w.advance(time.Second)
	w.is("too late", w.poll("wiki", late), 400, "expired_token")
	w.is("allowed, but asked too late", w.poll("wiki", slow), 400, "expired_token")
	if r := w.onPage("ada", "user_code", late.text("user_code"), "decision", "allow"); r.status != http.StatusNotFound {
		t.Errorf("allowed too late: %d", r.status)
	}
}

func TestADeviceCodeWorksOnceForItsClient(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid")
	w.is("swapped, before", w.poll("third", begun), 400, "invalid_grant")
	w.allow("ada", begun)
	w.is("swapped", w.poll("third", begun), 400, "invalid_grant")
	first := w.poll("wiki", begun)
	w.is("again", w.poll("wiki", begun), 400, "invalid_grant")
	if !w.active("wiki", first.text("access_token")) {
		t.Error("a lost answer ended the grant")
	}
	code := begun.text("device_code")
	for _, made := range []string{"", "x", code[:len(code)-1] + "_", "ldc_" + w.code("ada", request("wiki", "openid"))[4:], begun.text("user_code")} {
		want := "invalid_grant"
		if made == "" {
			want = "invalid_request"
		}
		w.is("made up", w.poll("wiki", begun, "device_code", made), 400, want)
	}
	w.is("as a code", w.redeem("wiki", "lac_"+code[4:]), 400, "invalid_grant")
	w.is("as a refresh token", w.refresh("wiki", code), 400, "invalid_grant")
	w.is("at userinfo", w.userInfo(code), 401, "invalid_token")
	if w.active("wiki", code) {
		t.Error("a device code introspects as live")
	}
}

func TestOfSixteenPollsOneGetsTokens(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid offline_access")
	w.allow("ada", begun)
	var all sync.WaitGroup
	all.Add(16)
	w.vault.pause = func() { all.Done(); all.Wait() }
	got := make([]reply, 16)
	together(16, func(i int) { got[i] = w.poll("wiki", begun) })
	w.vault.pause = nil
	won := 0
	for _, r := range got {
		if r.status == 200 {
			won++
			continue
		}
		w.is("a loser", r, 400, "invalid_grant")
	}
	if won != 1 {
		t.Errorf("%d of 16 got tokens", won)
	}
}

func TestADeviceIsDecidedOnOnceMoreWhenItAsks(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid")
	w.allow("bob", begun)
	w.do(claims.SetState{Member: "bob", State: claims.StateSuspended})
	w.is("suspended meanwhile", w.poll("wiki", begun), 400, "invalid_grant")
}

func TestSigningOutEndsADeviceThatDidNotAskToStay(t *testing.T) {
	w := newWorld(t)
	short, long := w.begin("wiki", "openid"), w.begin("wiki", "openid offline_access")
	w.allow("ada", short)
	w.allow("ada", long)
	a, b := w.poll("wiki", short), w.poll("wiki", long)
	w.vault.signOut("session-of-ada", w.clock())
	if w.active("wiki", a.text("access_token")) || !w.active("wiki", b.text("access_token")) {
		t.Error("a sign-out is for the grants without offline_access")
	}
}

func TestDiscoveryNamesTheDeviceEndpoint(t *testing.T) {
	w := newWorld(t)
	says := w.get("/.well-known/oauth-authorization-server", "", nil)
	if says.json["device_authorization_endpoint"] != w.server.URL+PathDevice || !strings.Contains(says.body, `"`+grantDevice+`"`) {
		t.Errorf("discovery says %s", says.body)
	}
}

// direct is a transport without a network.
type direct struct{ to http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	d.to.ServeHTTP(rec, r)
	return rec.Result(), nil
}

func TestTheOAuth2LibrarysDeviceFlowWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bareWorld(t, time.Now)
		ctx := context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: direct{w.mux}})
		for _, c := range []oauth2.Config{
			{ClientID: "files", ClientSecret: secret, Endpoint: oauth2.Endpoint{AuthStyle: oauth2.AuthStyleInParams}},
			{ClientID: "phone", Endpoint: oauth2.Endpoint{AuthStyle: oauth2.AuthStyleInParams}},
		} {
			c.Scopes = []string{"openid", "offline_access"}
			c.Endpoint.DeviceAuthURL, c.Endpoint.TokenURL = "https://id.example.org"+PathDevice, "https://id.example.org"+PathToken
			var proof []oauth2.AuthCodeOption // the library itself sends no secret with the first request
			if c.ClientSecret != "" {
				proof = append(proof, oauth2.SetAuthURLParam("client_secret", c.ClientSecret))
			}
			da, err := c.DeviceAuth(ctx, proof...)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			go func() {
				time.Sleep(12 * time.Second)
				req := w.request("POST", PathDevicePage, url.Values{"user_code": {strings.ToLower(da.UserCode)}, "as": {"ada"}, "decision": {"allow"}})
				req.AddCookie(&http.Cookie{Name: "who", Value: "ada"})
				w.mux.ServeHTTP(httptest.NewRecorder(), req)
			}()
			tok, err := c.DeviceAccessToken(ctx, da)
			if err != nil {
				t.Fatalf("%s: %v", c.ClientID, err)
			}
			if took := time.Since(began); took != 15*time.Second || tok.RefreshToken == "" || payload(t, tok.Extra("id_token").(string))["sub"] != "sub-ada" {
				t.Errorf("%s: after %v: %+v", c.ClientID, took, tok)
			}
		}
	})
}
