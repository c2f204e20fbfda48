package oauth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

func TestCodeReplayEndsTheFamily(t *testing.T) {
	w := newWorld(t)
	code := w.code("ada", request("wiki", "openid offline_access"))
	first := w.redeem("wiki", code)
	w.is("replay", w.redeem("wiki", code), 400, "invalid_grant")
	if w.active("wiki", first.text("access_token")) {
		t.Error("the access token outlived the replay")
	}
	w.is("refresh after replay", w.refresh("wiki", first.text("refresh_token")), 400, "invalid_grant")
}

// TestARefreshTokenThatGrowsOldWhileItIsReadEndsTheFamily has the rightful
// client go two steps between a thief's look and their write.
func TestARefreshTokenThatGrowsOldWhileItIsReadEndsTheFamily(t *testing.T) {
	w := newWorld(t)
	first := w.login("ada", "wiki", "openid offline_access")
	var last reply
	w.vault.pause = func() {
		w.vault.pause = nil
		second := w.refresh("wiki", first.text("refresh_token"))
		last = w.refresh("wiki", second.text("refresh_token"))
	}
	w.is("the thief", w.refresh("wiki", first.text("refresh_token")), 400, "invalid_grant")
	if last.status != 200 {
		t.Fatalf("the rightful client had %d %s", last.status, last.body)
	}
	w.is("the newest token", w.refresh("wiki", last.text("refresh_token")), 400, "invalid_grant")
	if w.active("wiki", last.text("access_token")) {
		t.Error("an access token outlived its family")
	}
}

func TestCodeOfAnotherClientIsSpent(t *testing.T) {
	w := newWorld(t)
	code := w.code("ada", request("wiki", "openid"))
	w.is("another client", w.redeem("third", code), 400, "invalid_grant")
	w.is("its own client, afterwards", w.redeem("wiki", code), 400, "invalid_grant")

	code = w.code("ada", request("wiki", "openid"))
	first := w.redeem("wiki", code)
	w.is("another client, too late", w.redeem("third", code), 400, "invalid_grant")
	if !w.active("wiki", first.text("access_token")) {
		t.Error("another client's replay ended the family")
	}
}

func TestCodeWithAWrongRedirectIsSpent(t *testing.T) {
	w := newWorld(t)
	for _, wrong := range []string{redirect + "2", "-"} {
		code := w.code("ada", request("wiki", "openid"))
		w.is("wrong redirect", w.redeem("wiki", code, "redirect_uri", wrong), 400, "invalid_grant")
		w.is("right redirect, afterwards", w.redeem("wiki", code), 400, "invalid_grant")
	}
}

func TestVerifierWithoutChallengeIsRefused(t *testing.T) {
	w := newWorld(t)
	code := w.code("ada", request("wiki", "openid", "code_challenge", "-", "code_challenge_method", "-"))
	w.is("injected code", w.redeem("wiki", code), 400, "invalid_grant")
}

// TestACodeWithAChallengeNeedsItsVerifier tries each wrong one on a code of its
// own, since it spends the code.
func TestACodeWithAChallengeNeedsItsVerifier(t *testing.T) {
	w := newWorld(t)
	for _, client := range []string{"wiki", "strict", "phone"} { // PKCE is the first one's choice
		at := redirect
		if client == "phone" {
			at = "http://127.0.0.1:5000/cb"
		}
		redeem := func(verifier string) reply {
			code := w.code("ada", request(client, "openid", "redirect_uri", at))
			pairs := []string{"grant_type", grantCode, "code", code, "redirect_uri", at, "code_verifier", verifier}
			if client == "phone" {
				return w.post(PathToken, "", with(url.Values{}, append(pairs, "client_id", client)...))
			}
			return w.post(PathToken, client, with(url.Values{}, pairs...))
		}
		for what, wrong := range map[string]string{
			"absent": "-", "empty": "", "the challenge, as plain has it": challenge(verifier), "another's": strings.Repeat("w", 43), "longer": verifier + "x", "shorter": verifier[:len(verifier)-1],
		} {
			w.is(client+", "+what, redeem(wrong), 400, "invalid_grant")
		}
		if r := redeem(verifier); r.status != 200 {
			t.Errorf("%s, its own: %d %s", client, r.status, r.body)
		}
	}
}

func TestCodeDiesAfterAMinute(t *testing.T) {
	w := newWorld(t)
	code := w.code("ada", request("wiki", "openid"))
	w.advance(time.Minute)
	w.is("late", w.redeem("wiki", code), 400, "invalid_grant")
	code = w.code("ada", request("wiki", "openid"))
	w.advance(time.Minute - time.Microsecond)
	if r := w.redeem("wiki", code); r.status != 200 {
		t.Errorf("in time: %d %s", r.status, r.body)
	}
}

func TestScopeNeverGrows(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "narrow", "openid profile tags groups offline_access admin")
	if r.text("scope") != "openid groups offline_access" {
		t.Errorf("granted %q", r.text("scope"))
	}
	w.is("more at refresh", w.refresh("narrow", r.text("refresh_token"), "scope", "openid profile"), 400, "invalid_scope")
	if r := w.refresh("narrow", r.text("refresh_token")); r.text("scope") != "openid groups offline_access" {
		t.Errorf("the attempt cost the token: %s", r.body)
	}
	cc := w.post(PathToken, "narrow", url.Values{"grant_type": {grantClient}, "scope": {"openid groups tags offline_access door"}})
	if cc.text("scope") != "groups" || cc.text("id_token") != "" || cc.text("refresh_token") != "" {
		t.Errorf("client credentials got %s", cc.body)
	}
}

func TestRedirectTricksGetNoRedirect(t *testing.T) {
	w := newWorld(t)
	for _, at := range []string{
		redirect + "/", redirect + "x", redirect + "?x=1", redirect + "#x", redirect + "/../cb", redirect + "%2f", redirect + ".",
		"https://wiki.example.org:443/cb", "https://wiki.example.org./cb", "https://WIKI.example.org/cb", "https://wiki.example.org@evil.example/cb",
		"https://evil.example/https://wiki.example.org/cb", "http://wiki.example.org/cb", "//wiki.example.org/cb", "javascript:alert(1)",
		"https://wiki.example.org\\@evil.example/cb", redirect + "\r\nSet-Cookie: x=1", "/cb", "%68ttps://wiki.example.org/cb",
	} {
		r := w.get(PathAuthorize, "ada", request("wiki", "openid", "redirect_uri", at))
		if r.status != http.StatusBadRequest || r.header.Get("Location") != "" {
			t.Errorf("redirect %q: %d %s", at, r.status, r.header.Get("Location"))
		}
	}
}

// credentials asks for a client's own token with these, in header and form.
func (w *world) credentials(basic [2]string, form ...string) reply {
	w.t.Helper()
	body := with(url.Values{"grant_type": {grantClient}}, form...).Encode()
	req, _ := http.NewRequest("POST", w.server.URL+PathToken, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if basic[0] != "" {
		req.SetBasicAuth(basic[0], basic[1])
	}
	r, err := send(w.http, req)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func TestClientsProveThemselvesTheirOwnWayOnly(t *testing.T) {
	w := newWorld(t)
	w.edit("third", func(c *claims.Client) {
		c.Secrets = []claims.Secret{{SHA256: sha("new one")}, {SHA256: sha("old one"), Expires: start.Add(time.Hour)}}
	})
	cc := url.Values{"grant_type": {grantClient}}
	try := w.credentials
	none := [2]string{}
	w.is("post for a basic client", try(none, "client_id", "wiki", "client_secret", secret), 401, "invalid_client")
	w.is("basic for a post client", try([2]string{"files", secret}), 401, "invalid_client")
	w.is("none for a confidential client", try(none, "client_id", "wiki"), 401, "invalid_client")
	w.is("an empty secret", try([2]string{"wiki", ""}), 401, "invalid_client")
	w.is("a secret of a public client", try(none, "client_id", "phone", "client_secret", "x"), 401, "invalid_client")
	w.is("a wrong secret", try([2]string{"wiki", secret + "x"}), 401, "invalid_client")
	w.is("the stored hash", try([2]string{"wiki", sha(secret)}), 401, "invalid_client")
	w.is("an unknown client", try([2]string{"nobody", secret}), 401, "invalid_client")
	w.is("nobody at all", try(none), 401, "invalid_client")
	w.is("an assertion", try(none, "client_id", "wiki", "client_assertion", "x", "client_assertion_type", "y"), 401, "invalid_client")
	w.is("two ways at once", try([2]string{"wiki", secret}, "client_id", "wiki", "client_secret", secret), 400, "invalid_request")
	w.is("two clients at once", try([2]string{"wiki", secret}, "client_id", "third"), 400, "invalid_request")
	w.is("a public client's own credentials", w.post(PathToken, "phone", cc), 400, "unauthorized_client")
	for s, ok := range map[string]bool{"new one": true, "old one": true, secret: false} {
		if r := try([2]string{"third", s}); (r.status == 200) != ok {
			t.Errorf("secret %q: %d", s, r.status)
		}
	}
	w.advance(time.Hour)
	w.is("an expired secret", try([2]string{"third", "old one"}), 401, "invalid_client")
	w.do(claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: "third"}})
	w.is("a disabled client", try([2]string{"third", "new one"}), 401, "invalid_client")
}

func TestSecretsInTheQueryAreNotRead(t *testing.T) {
	w := newWorld(t)
	r, _ := postAs(w.http, w.server.URL+PathToken+"?client_id=files&client_secret="+secret, "", url.Values{"grant_type": {grantClient}})
	w.is("secret in the query", r, 401, "invalid_client")
	req, _ := http.NewRequest("GET", w.server.URL+PathToken+"?grant_type=client_credentials", nil)
	req.SetBasicAuth("wiki", secret)
	r, _ = send(w.http, req)
	w.is("GET", r, 400, "invalid_request")
	req, _ = http.NewRequest("POST", w.server.URL+PathToken, strings.NewReader(`{"grant_type":"client_credentials"}`))
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("wiki", secret)
	r, _ = send(w.http, req)
	w.is("JSON", r, 400, "invalid_request")
	r, _ = postAs(w.http, w.server.URL+PathToken, "wiki", url.Values{"grant_type": {grantClient}, "scope": {strings.Repeat("x", 1<<17)}})
	w.is("a huge body", r, 413, "invalid_request")
}

func TestGuessingSecretsIsSlowed(t *testing.T) {
	w := newWorld(t)
	wrong := func() reply { return w.credentials([2]string{"wiki", "guess"}) }
	for range wrongAtOnce {
		w.is("a guess", wrong(), 401, "invalid_client")
	}
	if r := wrong(); r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") == "" {
		t.Errorf("guess %d: %d %s", wrongAtOnce+1, r.status, r.body)
	}
	if r := w.post(PathToken, "third", url.Values{"grant_type": {grantClient}}); r.status != 200 {
		t.Errorf("another client is held up: %d", r.status)
	}
	w.advance(wrongEvery)
	if r := w.post(PathToken, "wiki", url.Values{"grant_type": {grantClient}}); r.status != 200 {
		t.Errorf("after the wait: %d %s", r.status, r.body)
	}
}

func TestAnswersWithTokensAreInNoCache(t *testing.T) {
	w := newWorld(t)
	r := w.login("ada", "wiki", "openid")
	for _, got := range []reply{r, w.introspect("wiki", r.text("access_token")), w.userInfo(r.text("access_token")), w.userInfo("x"), w.refresh("wiki", "x"), w.get(PathAuthorize, "ada", request("wiki", "openid"))} {
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %s: Cache-Control %q", got.status, got.body, got.header.Get("Cache-Control"))
		}
	}
	if h := w.userInfo("x").header.Get("WWW-Authenticate"); !strings.Contains(h, `error="invalid_token"`) {
		t.Errorf("WWW-Authenticate %q", h)
	}
}
