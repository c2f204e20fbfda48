package main

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// codeOf is what an app with this secret shows now.
func codeOf(t *testing.T, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), time.Now())
	if err != nil {
		t.Fatalf("an app cannot take the secret %q: %v", secret, err)
	}
	return c
}

// TestTwoFactorsInARealBrowser sets an app up from the pages, loses it, and
// gets back in with a recovery code, which works once.
func TestTwoFactorsInARealBrowser(t *testing.T) {
	ctx := chromium(t)
	issuer, _, password := demoServed(t)
	do := func(what string, steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			at, _ := chromedp.Run(ctx, chromedp.Location())
			t.Fatalf("%s, at %s: %v", what, at, err)
		}
	}
	reads := func(expression string) string {
		t.Helper()
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
		if err != nil {
			t.Fatalf("%s: %v", expression, err)
		}
		return text
	}
	signIn := func() {
		t.Helper()
		do("sign in", chromedp.Navigate(issuer+"/login"), chromedp.SendKeys(chromedp.CSS("#username"), "ada"), chromedp.SendKeys(chromedp.CSS("#password"), password), chromedp.Click(chromedp.CSS("main button.main")))
	}
	signOut := func() {
		t.Helper()
		do("sign out", chromedp.Click(chromedp.CSS("header form.who button")), chromedp.WaitVisible(chromedp.CSS(`a.button[href="/login"]`)))
	}
	signIn()
	do("begin with an app", chromedp.WaitVisible(chromedp.CSS("form.who")), chromedp.Navigate(issuer+"/security"), chromedp.Click(chromedp.CSS(`form[action="/security/app"] button`)),
		chromedp.WaitVisible(chromedp.CSS("svg.qr")), chromedp.Click(chromedp.CSS("main details summary")))
	do("send its first code", chromedp.SendKeys(chromedp.CSS("#code"), codeOf(t, reads(`document.querySelector("main details code").textContent`))), chromedp.Click(chromedp.CSS("main button.main")),
		chromedp.WaitVisible(chromedp.CSS("ul.codes")))
	codes := strings.Fields(reads(`[...document.querySelectorAll("ul.codes code")].map(c => c.textContent).join(" ")`))
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes are shown", len(codes))
	}
	signOut()
	signIn()
	do("send a wrong code, then one from paper", chromedp.WaitVisible(chromedp.CSS("#code")), chromedp.SendKeys(chromedp.CSS("#code"), "000000"), chromedp.Click(chromedp.CSS("main button.main")), chromedp.WaitVisible(chromedp.CSS("#problem")),
		chromedp.SendKeys(chromedp.CSS("#code"), codes[0]), chromedp.Click(chromedp.CSS("main button.main")), chromedp.WaitVisible(chromedp.CSS("form.who")), chromedp.Navigate(issuer+"/security"))
	if text := reads(`document.querySelector("main").textContent`); !strings.Contains(text, "9 left") {
		t.Errorf("the page says %q", text)
	}
	signOut()
	signIn()
	do("send the same once more", chromedp.WaitVisible(chromedp.CSS("#code")), chromedp.SendKeys(chromedp.CSS("#code"), codes[0]), chromedp.Click(chromedp.CSS("main button.main")), chromedp.WaitVisible(chromedp.CSS("#problem")))
}

// plainBrowser is a browser without scripts.
type plainBrowser struct {
	t      *testing.T
	client *http.Client
	issuer string
}

func newPlainBrowser(t *testing.T, issuer string) *plainBrowser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &plainBrowser{t, &http.Client{Jar: jar}, issuer}
}

func (v *plainBrowser) do(r *http.Request, err error) string {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return string(text)
}

func (v *plainBrowser) get(path string) string {
	v.t.Helper()
	return v.do(http.NewRequest(http.MethodGet, v.issuer+path, nil))
}

func (v *plainBrowser) post(path string, form url.Values) string {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.issuer+path, strings.NewReader(form.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return v.do(r, err)
}

// between is what a page has between two texts.
func between(t *testing.T, page, before, after string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, before)
	text, _, ended := strings.Cut(rest, after)
	if !found || !ended {
		t.Fatalf("nothing between %q and %q in\n%s", before, after, page)
	}
	return html.UnescapeString(text)
}

func TestFactorsAreListedAndEndedByHand(t *testing.T) {
	p, issuer, _, password := demoProcess(t)
	says := func(words string, args ...string) {
		t.Helper()
		if out, code := p.run(args...); code != 0 || !strings.Contains(out, words) {
			t.Errorf("%v: exit %d\n%s", args, code, out)
		}
	}
	says("ada signs in with a password alone", "member", "factors", "ada")
	v := newPlainBrowser(t, issuer)
	pair := url.Values{"username": {"ada"}, "password": {password}}
	v.post("/login", pair)
	page := v.post("/security/app", nil)
	v.post("/security/app/confirm", url.Values{"sealed": {between(t, page, `name="sealed" value="`, `"`)}, "code": {codeOf(t, between(t, page, "<p><code>", "</code></p>"))}})
	out, _ := p.run("member", "factors", "ada", "--json")
	var list []factorView
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 11 {
		t.Errorf("%v: %s", err, out)
	}
	says("a password alone from now on", "member", "factors", "ada", "--end")
	if page := v.get("/security"); !strings.Contains(page, `action="/login"`) {
		t.Errorf("she is still signed in:\n%s", page)
	}
	v.post("/login", pair)
	if page := v.get("/security"); !strings.Contains(page, "Set up an app") {
		t.Errorf("with her password alone:\n%s", page)
	}
	says("end every factor", "audit")
	says("set up an app for codes", "audit")
}

// TestAdministrationMayTakeTwoFactors has the right to manage ask for them.
func TestAdministrationMayTakeTwoFactors(t *testing.T) {
	p, issuer, _, password := demoProcess(t)
	for _, args := range [][]string{{"tag", "assign", "admin", "tom"}, {"right", "set", "manage", "/admin", "--acr", "2"}} {
		if out, code := p.run(args...); code != 0 {
			t.Fatalf("%v: %s", args, out)
		}
	}
	time.Sleep(1500 * time.Millisecond) // the server follows
	v := newPlainBrowser(t, issuer)
	v.post("/login", url.Values{"username": {"tom"}, "password": {password}})
	if page := v.get("/admin"); !strings.Contains(page, "This needs a second step") || !strings.Contains(page, `href="/security"`) {
		t.Fatalf("with a password alone:\n%s", page)
	}
	page := v.post("/security/app", nil)
	secret := between(t, page, "<p><code>", "</code></p>")
	v.post("/security/app/confirm", url.Values{"sealed": {between(t, page, `name="sealed" value="`, `"`)}, "code": {codeOf(t, secret)}})
	if page := v.get("/admin"); !strings.Contains(page, "Administration") || strings.Contains(page, "second step") {
		t.Errorf("with both:\n%s", page)
	}
}
