package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

const setUpPassword = "seven green bicycles sing"

// withDevice gives a browser a device that makes passkeys, knows its user, and
// is touched whenever it asks.
func withDevice(id *webauthn.AuthenticatorID) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		made, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		*id = made.AuthenticatorID
		return err
	})
}

// touched says whether the device is touched when it asks.
func touched(id *webauthn.AuthenticatorID, yes bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, webauthn.SetAutomaticPresenceSimulation, webauthn.SetAutomaticPresenceSimulationParams{AuthenticatorID: *id, Enabled: yes})
		return err
	})
}

// servedByName is served at a name, which passkeys need, with the first
// administrator's one-time address.
func servedByName(t *testing.T) (p *process, issuer, setup string) {
	t.Helper()
	port := freePort(t)
	p, issuer = newProcess(t, "serve"), fmt.Sprintf("http://localhost:%d", port)
	p.env = []string{"LANYARD_ISSUER=" + issuer, fmt.Sprintf("LANYARD_HTTP_LISTEN=127.0.0.1:%d", port), "LANYARD_DATABASE_URL=sqlite:data/lanyard.db"}
	p.start(issuer)
	var link []string
	waitFor(t, func() bool {
		link = regexp.MustCompile(`url=(http://\S+/setup/\S+)`).FindStringSubmatch(p.log.String())
		return link != nil
	})
	return p, issuer, link[1]
}

// keyed is a browser with a device, at a server that was just set up by root.
type keyed struct {
	*testing.T
	ctx    context.Context
	issuer string
	device webauthn.AuthenticatorID
}

func (k *keyed) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	k.Helper()
	if err := chromedp.Do(k.ctx, steps...); err != nil {
		at, _ := chromedp.Run(k.ctx, chromedp.Location())
		text, _ := chromedp.Run(k.ctx, chromedp.Evaluate[string](`document.body.innerText`))
		k.Fatalf("%s, at %s: %v\n%s", what, at, err, text)
	}
}

func (k *keyed) reads(expression string) string {
	k.Helper()
	text, err := chromedp.Run(k.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		k.Fatalf("%s: %v", expression, err)
	}
	return text
}

// look keeps a picture of a page at both widths, if LANYARD_PICTURES says where.
func (k *keyed) look(name string) {
	k.Helper()
	dir := os.Getenv("LANYARD_PICTURES")
	if dir == "" {
		return
	}
	for _, width := range []int64{390, 1200} {
		k.do("make it so wide", chromedp.EmulateViewport(width, 900))
		png, err := chromedp.Run(k.ctx, chromedp.FullScreenshot(100))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, width)), png, 0o600)
		}
		if err != nil {
			k.Fatal(err)
		}
	}
}

func (k *keyed) signOut() {
	k.Helper()
	k.do("sign out", touched(&k.device, false), chromedp.Click(chromedp.CSS("header form.who button")), chromedp.WaitVisible(chromedp.CSS(`a.button[href="/login"]`)))
}

// setUp makes root from the pages.
func (k *keyed) setUp(at string) {
	k.Helper()
	k.do("make the first administrator", withDevice(&k.device), chromedp.Navigate(at), chromedp.SendKeys(chromedp.CSS("#username"), "root"), chromedp.SendKeys(chromedp.CSS("#name"), "Rosa Root"),
		chromedp.SendKeys(chromedp.CSS("#password"), setUpPassword), chromedp.SendKeys(chromedp.CSS("#again"), setUpPassword), chromedp.Click(chromedp.CSS("main button.main")), chromedp.WaitVisible(chromedp.CSS("form.who")))
}

// TestPasskeysInARealBrowser adds a passkey from the pages, signs in with it
// without a key being pressed, opens what takes two factors, uses it after the
// password, and removes it.
func TestPasskeysInARealBrowser(t *testing.T) {
	ctx := chromium(t)
	p, issuer, link := servedByName(t)
	k := &keyed{T: t, ctx: ctx, issuer: issuer}
	k.setUp(link)
	if out, code := p.run("right", "set", "manage", "/admin", "--acr", "2"); code != 0 {
		t.Fatal(out)
	}
	k.do("open the page", chromedp.Navigate(issuer+"/security"), chromedp.WaitVisible(chromedp.CSS("#passkey-name")))
	k.look("security-empty")
	k.do("add a passkey", chromedp.SendKeys(chromedp.CSS("#passkey-name"), "Rosa's phone"), chromedp.Click(chromedp.CSS(`form[data-passkey] button`)), chromedp.WaitVisible(chromedp.CSS("ul.codes")))
	k.look("codes")
	codes := strings.Fields(k.reads(`[...document.querySelectorAll("ul.codes code")].map(c => c.textContent).join(" ")`))
	k.do("see it", chromedp.Navigate(issuer+"/security"), chromedp.WaitVisible(chromedp.CSS("ul.rows")))
	k.look("security")
	if text := k.reads(`document.querySelector("ul.rows").textContent`); !strings.Contains(text, "Rosa's phone") || len(codes) != 10 {
		t.Errorf("the page says %q, and %d codes were shown", text, len(codes))
	}
	k.do("add it once more", chromedp.Click(chromedp.CSS(`form[data-passkey] button`)), chromedp.WaitVisible(chromedp.CSS(`[data-why="known"]`)))

	k.signOut()
	k.do("open the sign-in page", chromedp.Navigate(issuer+"/login?return=/admin"), chromedp.WaitVisible(chromedp.CSS(`form[data-passkey] button`)))
	k.look("login")
	k.do("sign in with it", touched(&k.device, true), chromedp.Click(chromedp.CSS(`form[data-passkey] button`)), chromedp.WaitVisible(chromedp.CSS("form.who")))
	if at, text := k.reads(`location.pathname`), k.reads(`document.querySelector("h1").textContent`); at != "/admin" || !strings.Contains(text, "Administration") {
		t.Errorf("that led to %s, %q", at, text)
	}

	k.signOut()
	k.do("sign in by password", chromedp.Navigate(issuer+"/login"), chromedp.SendKeys(chromedp.CSS("#username"), "root"), chromedp.SendKeys(chromedp.CSS("#password"), setUpPassword), chromedp.Click(chromedp.CSS("main button.main")),
		chromedp.WaitVisible(chromedp.CSS("#code")), chromedp.WaitVisible(chromedp.CSS(`form[data-passkey] button`)))
	k.look("second")
	k.do("then by the passkey", touched(&k.device, true), chromedp.Click(chromedp.CSS(`form[data-passkey] button`)), chromedp.WaitVisible(chromedp.CSS("form.who")),
		chromedp.Navigate(issuer+"/security"), chromedp.WaitVisible(chromedp.CSS("ul.rows")))
	k.do("remove it", chromedp.Click(chromedp.CSS("ul.rows button.danger")), chromedp.WaitVisible(chromedp.CSS(".notice.good")))
	k.signOut()
	k.do("show it all the same", touched(&k.device, true), chromedp.Navigate(issuer+"/login"), chromedp.WaitVisible(chromedp.CSS("#problem")))
	if text := k.reads(`document.querySelector("#problem").textContent`); !strings.Contains(text, "not known here") {
		t.Errorf("the page says %q", text)
	}
	if out, _ := p.run("audit"); !strings.Contains(out, "add a passkey") || !strings.Contains(out, "end a factor") {
		t.Errorf("the audit says\n%s", out)
	}
}

// TestPasskeysAreOfferedWhereTheUsernameIsTyped has the browser's own list
// answer (conditional mediation): nothing on the page is touched.
func TestPasskeysAreOfferedWhereTheUsernameIsTyped(t *testing.T) {
	ctx := chromium(t)
	_, issuer, link := servedByName(t)
	k := &keyed{T: t, ctx: ctx, issuer: issuer}
	k.setUp(link)
	k.do("add a passkey", chromedp.Navigate(issuer+"/security"), chromedp.WaitVisible(chromedp.CSS("#passkey-name")), chromedp.Click(chromedp.CSS(`form[data-passkey] button`)), chromedp.WaitVisible(chromedp.CSS("ul.codes")))
	k.signOut()
	k.do("open the sign-in page", touched(&k.device, true), chromedp.Navigate(issuer+"/login?return=/badges"), chromedp.WaitVisible(chromedp.CSS("form.who")))
	if at := k.reads(`location.pathname`); at != "/badges" {
		t.Errorf("that led to %s", at)
	}
}

// TestAPasskeyDoesNotLockOutWhoHasNoScripts signs in without any.
func TestAPasskeyDoesNotLockOutWhoHasNoScripts(t *testing.T) {
	ctx := chromium(t)
	_, issuer, link := servedByName(t)
	k := &keyed{T: t, ctx: ctx, issuer: issuer}
	k.setUp(link)
	k.do("add a passkey", chromedp.Navigate(issuer+"/security"), chromedp.WaitVisible(chromedp.CSS("#passkey-name")), chromedp.Click(chromedp.CSS(`form[data-passkey] button`)), chromedp.WaitVisible(chromedp.CSS("ul.codes")))
	code := k.reads(`document.querySelector("ul.codes code").textContent`)
	v := newPlainBrowser(t, issuer)
	if page := v.get("/login"); !strings.Contains(page, `data-passkey="use"`) || !strings.Contains(page, " hidden>") {
		t.Errorf("the button is there without its script:\n%s", page)
	}
	if page := v.post("/login", url.Values{"username": {"root"}, "password": {setUpPassword}, "return": {"/security"}}); !strings.Contains(page, "One of your recovery codes") {
		t.Fatalf("after the password:\n%s", page)
	}
	if page := v.post("/login/second", url.Values{"code": {code}, "return": {"/security"}}); !strings.Contains(page, "<strong>9</strong> left") {
		t.Errorf("after a code:\n%s", page)
	}
}
