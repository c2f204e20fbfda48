package login

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/templates"
)

var consentPath = "/consent?return=" + url.QueryEscape("/authorize?client_id=wiki&redirect_uri=https%3A%2F%2Fwiki.example%2Fcb&scope=openid+email+made-up")

func consentReturn() string {
	u, _ := url.Parse(consentPath)
	return u.Query().Get("return")
}

func TestConsentPageSaysWhatTheApplicationGets(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	w := b.get(consentPath)
	html := w.Body.String()
	for _, want := range []string{"Wiki &lt;b&gt;", "wiki.example", "Your e-mail address", "made-up", "yours alone", "<strong>ada</strong>"} {
		if !strings.Contains(html, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https://wiki.example;") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("policy %s", csp)
	}
	if strings.Contains(html, "<b>") || strings.Contains(html, "<i>") {
		t.Error("a name became markup")
	}
}

func TestConsentPageSaysThatAnApplicationIsNotTheOrganisations(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	if html := b.get(consentPath).Body.String(); strings.Contains(html, "does not belong") || strings.Contains(html, "belongs to one of") {
		t.Error("it says so of the organisation's own")
	}
	defer func(c claims.Client) { wiki = c }(wiki)
	wiki.Owner = "member:m-bob"
	if html := b.get(consentPath).Body.String(); !strings.Contains(html, "belongs to one of the members, not to <strong>Makerspace Delft</strong>") {
		t.Errorf("of a member's own it says\n%s", html)
	}
	wiki.Registration = &claims.Registration{PolicyURI: "https://wiki.example/policy", TermsURI: "javascript:alert(1)"}
	html := b.get(consentPath).Body.String()
	if !strings.Contains(html, "registered itself here, and does not belong to <strong>Makerspace Delft</strong>") || !strings.Contains(html, `href="https://wiki.example/policy"`) || strings.Contains(html, "javascript:") {
		t.Errorf("of one that registered itself it says\n%s", html)
	}
}

func TestAnApplicationWithoutANameGoesByItsID(t *testing.T) {
	b := newBench(t)
	known := b.login.Details
	b.login.Details = func(back string) (claims.Client, []string, string, error) {
		c, scopes, redirect, err := known(back)
		c.Name = "" // as one that registers itself may be
		return c, scopes, redirect, err
	}
	if html := b.get("/login?return=" + url.QueryEscape(consentReturn())).Body.String(); !strings.Contains(html, "continue to <strong>wiki</strong>") {
		t.Error("the sign-in page names nobody")
	}
	b.signIn("ada")
	if html := b.get(consentPath).Body.String(); !strings.Contains(html, "Allow wiki?") || !strings.Contains(html, "<strong>wiki</strong>") {
		t.Error("the consent page names nobody")
	}
}

func TestAllowKeepsConsentAndAddsToIt(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	b.consents["m-ada/wiki"] = record.Consent{Member: "m-ada", Client: "wiki", Scopes: []string{"groups", "openid"}}
	w := b.post("/consent", "return", consentReturn(), "as", "ada", "decision", "allow")
	if w.Code != 303 || w.Header().Get("Location") != consentReturn() {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if got := b.consents["m-ada/wiki"].Scopes; !slices.Equal(got, []string{"email", "groups", "made-up", "openid"}) {
		t.Errorf("scopes %v", got)
	}
}

func TestDenyKeepsNothingAndTellsTheApplication(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	w := b.post("/consent", "return", consentReturn(), "as", "ada", "decision", "deny")
	if w.Code != 303 || w.Header().Get("Location") != consentReturn()+"&denied=mac" || len(b.consents) != 0 {
		t.Errorf("%d to %q, consents %v", w.Code, w.Header().Get("Location"), b.consents)
	}
}

func TestConsentNeedsTheRightMemberAPageOfOursAndAnAnswer(t *testing.T) {
	b := newBench(t)
	if w := b.post("/consent", "return", consentReturn(), "as", "ada", "decision", "allow"); w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/login?return=%2Fauthorize") {
		t.Errorf("not signed in: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := b.get(consentPath); w.Code != 303 || w.Header().Get("Location") != "/login?return="+url.QueryEscape(consentReturn()) {
		t.Errorf("not signed in: %d to %q", w.Code, w.Header().Get("Location"))
	}
	b.signIn("sus") // in another tab
	for name, form := range map[string][]string{
		"page of another member": {"return", consentReturn(), "as", "ada", "decision", "allow"},
		"no answer":              {"return", consentReturn(), "as", "sus"},
		"odd answer":             {"return", consentReturn(), "as", "sus", "decision", "maybe"},
		"no request":             {"return", "/", "as", "sus", "decision", "allow"},
		"foreign request":        {"return", "https://evil.example/authorize?client_id=wiki", "as", "sus", "decision", "allow"},
		"look-alike request":     {"return", "/authorize/../x?client_id=wiki", "as", "sus", "decision", "allow"},
		"unknown client":         {"return", "/authorize?client_id=x", "as", "sus", "decision", "allow"},
	} {
		if w := b.post("/consent", form...); w.Code != 400 && w.Code != 403 || len(b.consents) != 0 {
			t.Errorf("%s: %d, consents %v", name, w.Code, b.consents)
		}
	}
	b.site = "cross-site"
	if w := b.post("/consent", "return", consentReturn(), "as", "sus", "decision", "allow"); w.Code != 403 || len(b.consents) != 0 {
		t.Errorf("from another site: %d", w.Code)
	}
}

func TestEveryScopeOfOursHasWords(t *testing.T) {
	for _, s := range []string{"openid", "profile", "email", "address", "phone", "groups", "membership", "tags", "badges", "affiliations", "offline_access"} {
		if words := templates.ScopeWords([]string{s}); strings.Contains(words[0], s+"”") {
			t.Errorf("scope %s has no words", s)
		}
	}
}

func TestSignOutAsksThenEnds(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	cookie := b.cookie
	if w := b.get("/logout"); w.Code != 200 || !strings.Contains(w.Body.String(), `name="confirm"`) {
		t.Fatalf("GET: %d", w.Code)
	}
	if _, ok := b.current(); !ok {
		t.Fatal("looking at the page signed out")
	}
	w := b.post("/logout", "confirm", "yes")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "You are signed out") || b.cookie != "" {
		t.Errorf("POST: %d, cookie %q", w.Code, b.cookie)
	}
	if len(b.ended) != 1 {
		t.Errorf("told of %d sign-outs", len(b.ended))
	}
	b.cookie = cookie
	if _, ok := b.current(); ok {
		t.Error("the cookie still works")
	}
}

func TestOtherSitesCannotSignPeopleOut(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	b.site = "cross-site"
	w := b.post("/logout", "confirm", "yes", "client_id", "wiki", "post_logout_redirect_uri", "https://wiki.example/bye", "state", "s")
	to := w.Header().Get("Location")
	if w.Code != 303 || !strings.HasPrefix(to, "/logout?client_id=wiki") || strings.Contains(to, "confirm") {
		t.Fatalf("%d to %q", w.Code, to)
	}
	if w := b.get(to + "&confirm=yes"); w.Code != 200 || !strings.Contains(w.Body.String(), `value="https://wiki.example/bye"`) ||
		!strings.Contains(w.Header().Get("Content-Security-Policy"), "form-action 'self' https://wiki.example;") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if _, ok := b.current(); !ok {
		t.Error("signed out without being asked")
	}
	b.site = "same-origin"
	w = b.post("/logout", "confirm", "yes", "client_id", "wiki", "post_logout_redirect_uri", "https://wiki.example/bye?x=1", "state", "a b&c")
	if got := w.Header().Get("Location"); got != "https://wiki.example/bye?x=1&state=a+b%26c" {
		t.Errorf("goes to %q", got)
	}
}

func TestPostLogoutAddressMustBeRegisteredToTheLetter(t *testing.T) {
	for _, c := range []struct{ client, hint, to string }{
		{"wiki", "", "https://evil.example/bye"}, {"wiki", "", "https://wiki.example/bye/"}, {"wiki", "", "https://wiki.example/bye?x=2"},
		{"wiki", "", "https://wiki.example/bye#x"}, {"wiki", "", "https://WIKI.example/bye"}, {"wiki", "", "https://wiki.example/b%79e"},
		{"wiki", "", "https://wiki.example.evil/bye"}, {"wiki", "", "https://wiki.example@evil/bye"}, {"wiki", "", "//evil.example"},
		{"", "", "https://wiki.example/bye"}, {"other", "", "https://wiki.example/bye"}, {"other", "ada's", "https://wiki.example/bye"},
		{"wiki", "forged", "https://wiki.example/bye"}, {"wiki", "", "https://wiki.example/cb"},
	} {
		b := newBench(t)
		b.signIn("ada")
		q := url.Values{"post_logout_redirect_uri": {c.to}}
		if c.client != "" {
			q.Set("client_id", c.client)
		}
		if c.hint != "" {
			q.Set("id_token_hint", c.hint)
		}
		w := b.get("/logout?" + q.Encode())
		if w.Code != 400 || w.Header().Get("Location") != "" {
			t.Errorf("%+v: %d to %q", c, w.Code, w.Header().Get("Location"))
		}
		if _, ok := b.current(); !ok {
			t.Errorf("%+v: signed out", c)
		}
		if w := b.post("/logout", "confirm", "yes", "client_id", c.client, "id_token_hint", c.hint, "post_logout_redirect_uri", c.to); w.Code != 400 {
			t.Errorf("%+v: POST %d", c, w.Code)
		}
	}
}

// hints reads the ID tokens that tests show.
func hints(token string) (Hint, error) {
	switch token {
	case "ada's":
		return Hint{"wiki", "sub-ada", "this one"}, nil
	case "ada's of yesterday":
		return Hint{"wiki", "sub-ada", "another"}, nil
	}
	return Hint{}, errors.New("bad token")
}

func TestIDTokenOfAnotherSessionIsAskedAbout(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	if w := b.get("/logout?id_token_hint=ada%27s+of+yesterday"); w.Code != 200 || !strings.Contains(w.Body.String(), "Sign out?") {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if _, ok := b.current(); !ok {
		t.Error("signed out without asking")
	}
}

func TestIDTokenOfTheMemberSignsOutWithoutAsking(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	w := b.get("/logout?id_token_hint=ada%27s&post_logout_redirect_uri=https%3A%2F%2Fwiki.example%2Fbye")
	if w.Code != 303 || w.Header().Get("Location") != "https://wiki.example/bye" || b.cookie != "" {
		t.Errorf("%d to %q, cookie %q", w.Code, w.Header().Get("Location"), b.cookie)
	}
	b.signIn("sus")
	if w := b.get("/logout?id_token_hint=ada%27s"); w.Code != 200 || !strings.Contains(w.Body.String(), "Sign out?") {
		t.Errorf("another member's: %d", w.Code)
	}
	if _, ok := b.current(); !ok {
		t.Error("another member's ID token signed this one out")
	}
}

func TestIDTokenOfAPairwiseClientIsKnown(t *testing.T) {
	b := newBench(t)
	pairwise := false
	b.login.Subject = func(c claims.Client, m claims.Member) string {
		if c.ID == "wiki" && pairwise {
			return "only-for-the-wiki"
		}
		return m.Sub
	}
	b.signIn("ada")
	pairwise = true
	if w := b.get("/logout?id_token_hint=ada%27s"); w.Code != 200 || !strings.Contains(w.Body.String(), "Sign out?") {
		t.Errorf("the member's own subject, shown by a pairwise client: %d", w.Code)
	}
	pairwise = false
	if b.get("/logout?id_token_hint=ada%27s"); b.cookie != "" {
		t.Error("the subject that the client knows: asked")
	}
}

func TestDisabledClientHasNoPostLogoutAddress(t *testing.T) {
	b := newBench(t)
	c := wiki
	c.Disabled = b.now
	b.dir = b.dir.With(claims.Seq{N: 9}, c)
	if w := b.get("/logout?client_id=wiki&post_logout_redirect_uri=https%3A%2F%2Fwiki.example%2Fbye"); w.Code != 400 {
		t.Errorf("%d", w.Code)
	}
}
