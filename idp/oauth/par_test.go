package oauth

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

// push sends a request ahead and returns what the browser is sent with.
func (w *world) push(client string, q url.Values) url.Values {
	w.t.Helper()
	r := w.post(PathPush, client, q)
	if r.status != http.StatusCreated || r.json["expires_in"] != 90.0 || r.header.Get("Cache-Control") != "no-store" {
		w.t.Fatalf("push: %d %v %s", r.status, r.header, r.body)
	}
	return url.Values{"client_id": {client}, "request_uri": {r.text("request_uri")}}
}

// pageOnly fails unless an answer is a page, and the browser goes nowhere.
func pageOnly(t *testing.T, what string, r reply) {
	t.Helper()
	if r.status != http.StatusBadRequest || r.header.Get("Location") != "" || !strings.Contains(r.body, "<html") {
		t.Errorf("%s: %d %s %.80s, want a page", what, r.status, r.header.Get("Location"), r.body)
	}
}

func TestPushedRequestsOfEveryMethodComeToACode(t *testing.T) {
	w := newWorld(t)
	for _, client := range []string{"wiki", "files", "phone"} {
		at := w.push(client, request(client, "openid"))
		if name := at.Get("request_uri"); !strings.HasPrefix(name, "urn:ietf:params:oauth:request_uri:lpr_") || len(name) < 90 {
			t.Errorf("%s: request_uri is %q", client, name)
		}
		if r := w.redeem(client, w.code("ada", at)); payload(t, r.text("id_token"))["nonce"] != "nonce-12345678" {
			t.Errorf("%s: %d %s", client, r.status, r.body)
		}
	}
	for _, aud := range []string{w.server.URL, w.server.URL + PathToken, w.server.URL + PathPush} {
		q := with(request("signer", "openid"), "client_id", "-", "client_assertion_type", assertionType,
			"client_assertion", ecKey.sign("ES256", w.assertion("signer", map[string]any{"aud": aud}), nil))
		r := w.post(PathPush, "", q)
		if r.status != http.StatusCreated {
			t.Fatalf("aud %s: %d %s", aud, r.status, r.body)
		}
		w.code("ada", url.Values{"client_id": {"signer"}, "request_uri": {r.text("request_uri")}})
	}
}

func TestPushingNeedsTheClientsOwnProof(t *testing.T) {
	w := newWorld(t)
	for what, form := range map[string]url.Values{
		"nobody":              with(request("wiki", "openid"), "client_id", "-"),
		"a name alone":        request("wiki", "openid"),
		"a wrong secret":      with(request("files", "openid"), "client_secret", "wrong"),
		"another's assertion": with(request("signer", "openid"), "client_assertion_type", assertionType, "client_assertion", foreign.sign("ES256", w.assertion("signer", nil), nil)),
	} {
		w.is(what, w.post(PathPush, "", form), 401, "invalid_client")
	}
	w.is("for another client", w.post(PathPush, "wiki", request("third", "openid")), 400, "invalid_request")
}

func TestWhatIsPushedIsCheckedAsAtTheAuthorizationEndpoint(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ name, value, code string }{
		{"redirect_uri", "https://wiki.example.org/cb/", "invalid_request"},
		{"redirect_uri", "https://evil.example.org/cb", "invalid_request"},
		{"redirect_uri", "-", "invalid_request"},
		{"response_type", "-", "invalid_request"},
		{"response_type", "token", "unsupported_response_type"},
		{"response_mode", "web_message", "invalid_request"},
		{"request", "eyJ", "request_not_supported"},
		{"request_uri", "https://wiki.example.org/r", "invalid_request"},
		{"request_uri", requestURI + "x", "invalid_request"},
		{"registration", "{}", "registration_not_supported"},
		{"code_challenge_method", "plain", "invalid_request"},
		{"code_challenge", "short", "invalid_request"},
		{"prompt", "none login", "invalid_request"},
		{"prompt", "dance", "invalid_request"},
		{"max_age", "-1", "invalid_request"},
		{"claims", "[]", "invalid_request"},
		{"id_token_hint", "eyJ", "invalid_request"},
		{"resource", "https://other.example.org/", "invalid_target"},
		{"scope", "a\x00b", "invalid_request"},
		{"scope", "\xff", "invalid_request"},
	} {
		w.is(c.name+"="+c.value, w.post(PathPush, "wiki", request("wiki", "openid", c.name, c.value)), 400, c.code)
	}
	twice := request("wiki", "openid")
	twice["nonce"] = []string{"a", "b"}
	w.is("a parameter twice", w.post(PathPush, "wiki", twice), 400, "invalid_request")
	w.is("no PKCE of a public client", w.post(PathPush, "phone", request("phone", "openid", "code_challenge", "-", "code_challenge_method", "-")), 400, "invalid_request")
	w.is("no codes for this client", w.post(PathPush, "door-1", request("door-1", "openid")), 400, "invalid_request")
	if r := w.post(PathPush, "wiki", request("wiki", "openid", "claims", strings.Repeat(" ", 20<<10))); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("20 KiB: %d %s", r.status, r.body)
	}
	if len(w.vault.pushed) != 0 {
		t.Errorf("%d requests were kept", len(w.vault.pushed))
	}
}

func TestAPushedRequestHoldsNoProofOfItsClient(t *testing.T) {
	w := newWorld(t)
	w.push("files", request("files", "openid", "since", "1.x", "denied", "x"))
	for _, r := range w.vault.pushed {
		form, _ := url.ParseQuery(r.Form)
		for _, name := range []string{"client_secret", "client_assertion", "since", "denied"} {
			if form.Has(name) || strings.Contains(r.Form, secret) {
				t.Errorf("kept: %s", r.Form)
			}
		}
	}
}

func TestAPushedRequestLoadsAgainUntilItsCodeAndThenNeverMore(t *testing.T) {
	w := newWorld(t)
	at := w.push("third", request("third", "openid", "login_hint", "ada"))
	to := back(t, w.get(PathAuthorize, "", at), "/login")
	back(t, w.get(PathAuthorize, "", at), "/login")
	to = back(t, w.get(to, "ada", nil), "/consent")
	c, scopes, _, err := w.provider.ConsentDetails(to)
	if err != nil || c.ID != "third" || len(scopes) != 1 {
		t.Errorf("ConsentDetails(%s) = %v, %v, %v", to, c.ID, scopes, err)
	}
	w.consent("ada", "third", scopeOpenID)
	lands(t, "after consent", w.get(to, "ada", nil), "code")
	pageOnly(t, "the same page again", w.get(to, "ada", nil))
	pageOnly(t, "from the start", w.get(PathAuthorize, "ada", at))
	pageOnly(t, "in another browser", w.get(PathAuthorize, "bob", at))
}

func TestOfSixteenWindowsOneGetsThePushedRequestsCode(t *testing.T) {
	w := newWorld(t)
	at := w.push("wiki", request("wiki", "openid"))
	got := make([]reply, 16)
	together(16, func(i int) { got[i] = w.get(PathAuthorize, "ada", at) })
	codes := 0
	for _, r := range got {
		if _, v := r.to(); v.Get("code") != "" {
			codes++
			continue
		}
		pageOnly(t, "a loser", r)
	}
	if codes != 1 || len(w.vault.rows) != 1 {
		t.Errorf("%d codes and %d grants came of one pushed request", codes, len(w.vault.rows))
	}
}

func TestAPushedRequestIsBegunWithinNinetySecondsAndThenHasHalfAnHour(t *testing.T) {
	w := newWorld(t)
	late, begun, refused := w.push("wiki", request("wiki", "openid")), w.push("wiki", request("wiki", "openid")), w.push("third", request("third", "openid"))
	w.advance(pushedLife - time.Microsecond)
	to := back(t, w.get(PathAuthorize, "", begun), "/login")
	no := w.provider.DenyURL(back(t, w.get(PathAuthorize, "ada", refused), "/consent"))
	w.advance(time.Microsecond)
	pageOnly(t, "late", w.get(PathAuthorize, "ada", late))
	other := with(late, "since", mustQuery(t, to).Get("since"))
	pageOnly(t, "late, with another's beginning", w.get(PathAuthorize, "ada", other))
	w.advance(10 * time.Minute)
	lands(t, "a slow sign-in", w.get(to, "ada", nil), "code")
	lands(t, "a slow no", w.get(no, "ada", nil), "access_denied")
	begun = w.push("wiki", request("wiki", "openid"))
	to = back(t, w.get(PathAuthorize, "", begun), "/login")
	w.advance(maxAway)
	pageOnly(t, "half an hour later", w.get(to, "ada", nil))
}

func mustQuery(t *testing.T, at string) url.Values {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestAPushedRequestIsOfItsClientAlone(t *testing.T) {
	w := newWorld(t)
	at := w.push("wiki", request("wiki", "openid"))
	for _, client := range []string{"third", "nobody", ""} {
		pageOnly(t, "as "+client, w.get(PathAuthorize, "ada", with(url.Values{"request_uri": at["request_uri"]}, "client_id", client)))
	}
	w.code("ada", at)
}

func TestBesideAPushedRequestNothingCounts(t *testing.T) {
	w := newWorld(t)
	at := w.push("wiki", request("wiki", "openid"))
	r := w.get(PathAuthorize, "ada", with(at, "scope", "openid email", "redirect_uri", redirect+"2", "state", "other", "nonce", "other",
		"response_mode", "fragment", "request", "eyJ", "prompt", "consent", "code_challenge", challenge(strings.Repeat("x", 43))))
	lands(t, "with more", r, "code")
	to, v := r.to()
	if got := w.redeem("wiki", v.Get("code")); to != redirect || got.text("scope") != "openid" || payload(t, got.text("id_token"))["nonce"] != "nonce-12345678" {
		t.Errorf("to %s: %d %s", to, got.status, got.body)
	}
}

func TestAClientMayBeHeldToPushing(t *testing.T) {
	w := newWorld(t)
	w.edit("wiki", func(c *claims.Client) { c.RequirePushed = true })
	lands(t, "not pushed", w.get(PathAuthorize, "ada", request("wiki", "openid")), "invalid_request")
	lands(t, "pushed", w.get(PathAuthorize, "ada", w.push("wiki", request("wiki", "openid"))), "code")
}

func TestARequestURIOfAnyOtherFormIsRefusedByName(t *testing.T) {
	w := newWorld(t)
	for _, other := range []string{"https://wiki.example.org/request.jwt", "urn:example:1", "lpr_x"} {
		lands(t, other, w.get(PathAuthorize, "ada", request("wiki", "openid", "request_uri", other)), "request_uri_not_supported")
	}
	real := w.push("wiki", request("wiki", "openid")).Get("request_uri")
	code := w.code("ada", request("wiki", "openid"))
	reads := w.vault.reads
	for _, made := range []string{requestURI, requestURI + "x", real[:len(real)-1] + "_", requestURI + code, requestURI + "lpr_" + code[4:]} {
		pageOnly(t, made, w.get(PathAuthorize, "ada", request("wiki", "openid", "request_uri", made)))
	}
	if w.vault.reads != reads {
		t.Errorf("what was made up caused %d look-ups", w.vault.reads-reads)
	}
	name := strings.TrimPrefix(real, requestURI)
	w.is("as a code", w.redeem("wiki", name), 400, "invalid_grant")
	w.is("at userinfo", w.userInfo(name), 401, "invalid_token")
}

func TestWhatAClientMayNoMoreIsCheckedOnceMore(t *testing.T) {
	w := newWorld(t)
	moved, closed := w.push("wiki", request("wiki", "openid", "redirect_uri", redirect+"2")), w.push("strict", request("strict", "openid"))
	w.edit("wiki", func(c *claims.Client) { c.RedirectURIs = []string{redirect} })
	w.do(claims.Remove{Key: claims.Client{ID: "strict"}.Key()})
	pageOnly(t, "an address that is registered no more", w.get(PathAuthorize, "ada", moved))
	pageOnly(t, "a client that is disabled", w.get(PathAuthorize, "ada", closed))
}

func TestWhoProvesNothingPushesInMeasure(t *testing.T) {
	w := newWorld(t)
	for range begunAtOnce {
		w.push("phone", request("phone", "openid"))
	}
	r := w.post(PathPush, "phone", request("phone", "openid"))
	if w.is("one too many", r, 429, "slow_down"); r.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	for i := range begunAtOnce + 1 {
		w.push("wiki", request("wiki", "openid", "state", fmt.Sprint("state-", i)))
	}
	w.advance(begunEvery)
	w.push("phone", request("phone", "openid"))
}

func TestDiscoveryNamesThePushEndpoint(t *testing.T) {
	w := newWorld(t)
	says := w.get("/.well-known/openid-configuration", "", nil).json
	if says["pushed_authorization_request_endpoint"] != w.server.URL+PathPush || says["require_pushed_authorization_requests"] != false || says["request_uri_parameter_supported"] != false {
		t.Errorf("discovery says %v", says)
	}
}
