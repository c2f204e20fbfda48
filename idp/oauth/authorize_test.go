package oauth

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/templates"
)

// back returns where an answer to the sign-in or consent page comes back to.
func back(t *testing.T, r reply, page string) string {
	t.Helper()
	to, v := r.to()
	if r.status != http.StatusSeeOther || to != page || !strings.HasPrefix(v.Get("return"), PathAuthorize+"?") {
		t.Fatalf("%d to %s, want %s", r.status, r.header.Get("Location"), page)
	}
	return v.Get("return")
}

// lands fails unless an answer takes the browser to the client with a code or this error.
func lands(t *testing.T, what string, r reply, want string) {
	t.Helper()
	_, v := r.to()
	got := v.Get("error")
	if v.Get("code") != "" {
		got = "code"
	}
	if r.status != http.StatusSeeOther || got != want || v.Get("state") != "state-12345678" || v.Get("iss") == "" {
		t.Errorf("%s: %d %s, want %s", what, r.status, r.header.Get("Location"), want)
	}
}

func TestNotSignedInGoesToLoginAndComesBack(t *testing.T) {
	w := newWorld(t)
	r := w.get(PathAuthorize, "", request("wiki", "openid", "login_hint", "ada"))
	to := back(t, r, "/login")
	if _, v := r.to(); v.Get("login_hint") != "ada" {
		t.Errorf("the hint is lost: %s", r.header.Get("Location"))
	}
	lands(t, "back from login", w.get(to, "ada", nil), "code")
	lands(t, "silent", w.get(PathAuthorize, "", request("wiki", "openid", "prompt", "none")), "login_required")
}

func TestPromptLoginAndMaxAgeAskAgainOnce(t *testing.T) {
	for _, pair := range [][2]string{{"prompt", "login"}, {"prompt", "select_account"}, {"max_age", "0"}, {"max_age", "60"}} {
		w := newWorld(t)
		w.advance(2 * time.Minute)
		to := back(t, w.get(PathAuthorize, "ada", request("wiki", "openid", pair[0], pair[1])), "/login")
		to = back(t, w.get(to, "ada", nil), "/login") // she did not sign in again
		w.advance(10 * time.Second)
		w.signIn("ada", w.clock())
		lands(t, pair[0]+"="+pair[1], w.get(to, "ada", nil), "code")
		w.advance(time.Minute)
		back(t, w.get(PathAuthorize, "ada", request("wiki", "openid", pair[0], pair[1])), "/login")
	}
	w := newWorld(t)
	w.advance(30 * time.Second)
	lands(t, "max_age not reached", w.get(PathAuthorize, "ada", request("wiki", "openid", "max_age", "60")), "code")
	lands(t, "silent and too old", w.get(PathAuthorize, "ada", request("wiki", "openid", "prompt", "none", "max_age", "10")), "login_required")
}

func TestSinceServesOnlyItsOwnRequestAndNotForLong(t *testing.T) {
	w := newWorld(t)
	to := back(t, w.get(PathAuthorize, "ada", request("wiki", "openid", "prompt", "login")), "/login")
	q, _ := url.Parse(to)
	since := q.Query().Get("since")
	w.advance(time.Second)
	w.signIn("ada", w.clock())
	w.advance(time.Minute)
	for what, req := range map[string]url.Values{
		"another state":   request("wiki", "openid", "prompt", "login", "state", "state-other-one", "since", since),
		"another client":  request("auditor", "openid", "prompt", "login", "since", since),
		"a made-up since": request("wiki", "openid", "prompt", "login", "since", "1."+strings.Split(since, ".")[1]),
		"no mac":          request("wiki", "openid", "prompt", "login", "since", strings.Split(since, ".")[0]),
	} {
		if to, _ := w.get(PathAuthorize, "ada", req).to(); to != "/login" {
			t.Errorf("%s went to %s", what, to)
		}
	}
	lands(t, "its own", w.get(to, "ada", nil), "code")
	w.advance(maxAway)
	back(t, w.get(to, "ada", nil), "/login")
}

func TestHintAndClaimsNameTheSubject(t *testing.T) {
	w := newWorld(t)
	ada := w.login("ada", "wiki", "openid").text("id_token")
	other := w.login("ada", "auditor", "openid").text("id_token")
	claim := `{"id_token":{"sub":{"value":"sub-ada"}}}`
	for what, pair := range map[string][2]string{"hint": {"id_token_hint", ada}, "claims": {"claims", claim}} {
		lands(t, what, w.get(PathAuthorize, "ada", request("wiki", "openid", "prompt", "none", pair[0], pair[1])), "code")
		lands(t, what+" of another", w.get(PathAuthorize, "bob", request("wiki", "openid", "prompt", "none", pair[0], pair[1])), "login_required")
		to := back(t, w.get(PathAuthorize, "bob", request("wiki", "openid", pair[0], pair[1])), "/login")
		w.advance(time.Second)
		w.signIn("bob", w.clock())
		lands(t, what+", the wrong one signed in", w.get(to, "bob", nil), "login_required")
		lands(t, what+", the right one is signed in", w.get(to, "ada", nil), "code")
	}
	w.advance(48 * time.Hour) // an expired hint is as good
	w.signIn("ada", w.clock())
	lands(t, "old hint", w.get(PathAuthorize, "ada", request("wiki", "openid", "prompt", "none", "id_token_hint", ada)), "code")
	for _, bad := range []string{"x", other, ada + "x", w.login("ada", "files", "openid").text("access_token")} {
		lands(t, "bad hint", w.get(PathAuthorize, "ada", request("wiki", "openid", "id_token_hint", bad)), "invalid_request")
	}
}

func TestConsentIsAskedOnceAndAgainForMore(t *testing.T) {
	w := newWorld(t)
	to := back(t, w.get(PathAuthorize, "ada", request("third", "openid groups", "claims", `{"userinfo":{"tags":null}}`)), "/consent")
	c, scopes, origin, err := w.provider.ConsentDetails(to)
	if err != nil || c.ID != "third" || !slices.Equal(scopes, []string{"openid", "groups", "tags"}) || origin != "https://wiki.example.org" {
		t.Fatalf("ConsentDetails = %s %v %s %v", c.ID, scopes, origin, err)
	}
	w.consent("ada", "third", "openid", "groups")
	back(t, w.get(to, "ada", nil), "/consent")
	w.consent("ada", "third", scopes...)
	lands(t, "after consent", w.get(to, "ada", nil), "code")
	lands(t, "remembered", w.get(PathAuthorize, "ada", request("third", "openid")), "code")
	lands(t, "more, silently", w.get(PathAuthorize, "ada", request("third", "openid email", "prompt", "none")), "consent_required")
	w.advance(time.Minute)
	to = back(t, w.get(PathAuthorize, "ada", request("third", "openid", "prompt", "consent")), "/consent")
	back(t, w.get(to, "ada", nil), "/consent")
	w.consent("ada", "third", "openid")
	lands(t, "asked again", w.get(to, "ada", nil), "code")
	back(t, w.get(PathAuthorize, "ada", request("wiki", "openid", "prompt", "consent")), "/consent")
}

func TestDenyingGoesBackToTheClient(t *testing.T) {
	w := newWorld(t)
	to := back(t, w.get(PathAuthorize, "ada", request("third", "openid")), "/consent")
	lands(t, "denied", w.get(w.provider.DenyURL(to), "ada", nil), "access_denied")
	back(t, w.get(PathAuthorize, "ada", request("third", "openid", "denied", "x")), "/consent")
	for _, bad := range []string{"", "/", "https://evil.example/authorize?x", "//evil/authorize?client_id=third", "/authorize?client_id=nobody", "/authorize?%zz"} {
		if got := w.provider.DenyURL(bad); got != "/" {
			t.Errorf("DenyURL(%q) = %s", bad, got)
		}
		if _, _, _, err := w.provider.ConsentDetails(bad); err == nil {
			t.Errorf("ConsentDetails(%q) took it", bad)
		}
	}
}

func TestMemberWhoMayNotLogInGetsAPageThatSaysWhy(t *testing.T) {
	w := newWorld(t)
	r := w.get(PathAuthorize, "sue", request("wiki", "openid"))
	if r.status != http.StatusForbidden || !strings.Contains(r.header.Get("Content-Type"), "text/html") || strings.Contains(r.body, redirect) {
		t.Fatalf("%d %s", r.status, r.body)
	}
	_, after, _ := strings.Cut(r.body, `href="/authorize?`)
	link, _, _ := strings.Cut(after, `"`)
	lands(t, "the way back", w.get("/authorize?"+strings.ReplaceAll(link, "&amp;", "&"), "sue", nil), "access_denied")
	lands(t, "silent", w.get(PathAuthorize, "sue", request("wiki", "openid", "prompt", "none")), "access_denied")
	w.do(claims.AddGate{Gate: claims.Gate{ID: "gate-wiki", At: "app-wiki", Right: "login", AnyOf: []claims.Slug{"laser-1"}}})
	if r := w.get(PathAuthorize, "bob", request("wiki", "openid")); !strings.Contains(r.body, "Laser 1") || !strings.Contains(r.body, "Take the course") {
		t.Errorf("the page does not say what is missing: %s", r.body)
	}
	lands(t, "who has the badge", w.get(PathAuthorize, "ada", request("wiki", "openid")), "code")
}

func TestResponseModes(t *testing.T) {
	w := newWorld(t)
	r := w.get(PathAuthorize, "ada", request("wiki", "openid", "response_mode", "fragment"))
	if at := r.header.Get("Location"); !strings.HasPrefix(at, redirect+"#") || strings.Contains(at, "?") {
		t.Errorf("fragment: %s", at)
	}
	r = w.get(PathAuthorize, "ada", request("wiki", "openid", "response_mode", "form_post", "state", `"><script>x</script>`))
	csp := r.header.Get("Content-Security-Policy")
	if r.status != 200 || strings.Contains(r.body, "<script>x") || !strings.Contains(csp, "form-action 'self' https://wiki.example.org") ||
		!strings.Contains(r.body, `action="`+redirect+`"`) || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("form_post: %d %s\n%s", r.status, csp, r.body)
	}
	if !strings.Contains(csp, "script-src 'self';") || !strings.Contains(r.body, `<script src="`+templates.Submit+`">`) || r.header.Get("Referrer-Policy") != "strict-origin" {
		t.Errorf("form_post is not sent by itself: %s", csp)
	}
	if other := w.get(PathAuthorize, "ada", url.Values{}); strings.Contains(other.header.Get("Content-Security-Policy"), "script-src") {
		t.Error("another page may run scripts")
	}
	lands(t, "unknown mode", w.get(PathAuthorize, "ada", request("wiki", "openid", "response_mode", "web_message")), "invalid_request")
}

func TestBadRequestsAreToldToTheClient(t *testing.T) {
	w := newWorld(t)
	for what, c := range map[string]struct {
		q    url.Values
		want string
	}{
		"implicit":            {request("wiki", "openid", "response_type", "token"), "unsupported_response_type"},
		"hybrid":              {request("wiki", "openid", "response_type", "code id_token"), "unsupported_response_type"},
		"no response_type":    {request("wiki", "openid", "response_type", "-"), "invalid_request"},
		"none and login":      {request("wiki", "openid", "prompt", "none login"), "invalid_request"},
		"unknown prompt":      {request("wiki", "openid", "prompt", "create"), "invalid_request"},
		"max_age":             {request("wiki", "openid", "max_age", "-1"), "invalid_request"},
		"claims":              {request("wiki", "openid", "claims", "[]"), "invalid_request"},
		"plain":               {request("wiki", "openid", "code_challenge_method", "plain"), "invalid_request"},
		"method left out":     {request("wiki", "openid", "code_challenge_method", "-"), "invalid_request"},
		"challenge left out":  {request("wiki", "openid", "code_challenge", "-"), "invalid_request"},
		"short challenge":     {request("wiki", "openid", "code_challenge", "abc"), "invalid_request"},
		"no PKCE, strict":     {request("strict", "openid", "code_challenge", "-", "code_challenge_method", "-"), "invalid_request"},
		"no PKCE, allowed":    {request("wiki", "openid", "code_challenge", "-", "code_challenge_method", "-"), "code"},
		"foreign resource":    {request("wiki", "openid", "resource", "https://evil.example/"), "invalid_target"},
		"relative resource":   {request("wiki", "openid", "resource", "/space/front-door"), "invalid_target"},
		"door without scope":  {request("wiki", "openid", "resource", w.server.URL+"/at/space/front-door"), "invalid_target"},
		"unknown door":        {request("wiki", "openid door", "resource", w.server.URL+"/at/space/nowhere"), "invalid_target"},
		"ui_locales, display": {request("wiki", "openid", "ui_locales", "nl de", "display", "popup", "acr_values", "1"), "code"},
	} {
		lands(t, what, w.get(PathAuthorize, "ada", c.q), c.want)
	}
	r := w.get(PathAuthorize, "ada", request("phone", "openid", "code_challenge", "-", "code_challenge_method", "-"))
	lands(t, "a public client without PKCE", r, "invalid_request")
}

func TestBadRequestsWithoutATrustedRedirectGetAPage(t *testing.T) {
	w := newWorld(t)
	w.do(claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: "auditor"}})
	twice := request("wiki", "openid")
	twice["state"] = []string{"a", "b"}
	for what, q := range map[string]url.Values{
		"no client": request("", "openid", "client_id", "-"), "unknown client": request("nobody", "openid"),
		"disabled client": request("auditor", "openid"), "no redirect with openid": request("wiki", "openid", "redirect_uri", "-"),
		"NUL": request("wiki", "openid", "state", "a\x00b"), "not UTF-8": request("wiki", "openid", "state", "\xff"),
		"twice": twice, "too long": request("wiki", "openid", "state", strings.Repeat("s", maxRequest)),
		"device": request("door-1", "openid"),
	} {
		r := w.get(PathAuthorize, "ada", q)
		if r.status < 400 || r.header.Get("Location") != "" || !strings.Contains(r.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", what, r.status, r.header.Get("Location"))
		}
	}
}
