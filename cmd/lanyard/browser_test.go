package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium returns a context in which a real browser runs, or skips.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium, and CI=true says that everything must run")
		}
		t.Skip("no Chromium: the pages were not tried in a real browser")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	alloc, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// demoServed is the demo, told and serving.
func demoServed(t *testing.T) (issuer, wiki, password string) {
	t.Helper()
	_, issuer, wiki, password = demoProcess(t)
	return issuer, wiki, password
}

// demoProcess is demoServed with the program itself, whose commands work on
// the demo's database.
func demoProcess(t *testing.T) (p *process, issuer, wiki, password string) {
	t.Helper()
	port := freePort(t)
	p = newProcess(t, "demo", "--port", fmt.Sprint(port))
	p.env = []string{"LANYARD_DATABASE_URL=sqlite:var/demo/lanyard.db"} // which the demo does not heed
	issuer = fmt.Sprintf("http://127.0.0.1:%d", port)
	p.start(issuer)
	waitFor(t, func() bool { return strings.Contains(p.log.String(), "Ctrl-C stops") })
	text, err := os.ReadFile(filepath.Join(p.dir, "var", "demo", "secrets.json"))
	if err != nil {
		t.Fatal(err)
	}
	var known demoSecrets
	if err := json.Unmarshal(text, &known); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(p.log.String()) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "The demo wiki"); ok {
			wiki = strings.Fields(rest)[0]
		}
	}
	return p, issuer, wiki, known.Password
}

// TestR18OneSignInServesAnApplicationInARealBrowser also shows that the
// content security policy lets the redirects after forms through, which only
// a browser can show.
func TestR18OneSignInServesAnApplicationInARealBrowser(t *testing.T) {
	ctx := chromium(t)
	issuer, wiki, password := demoServed(t)
	do := func(what string, steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			at, _ := chromedp.Run(ctx, chromedp.Location())
			t.Fatalf("%s, at %s: %v", what, at, err)
		}
	}
	reads := func(sel, want string) {
		t.Helper()
		text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(sel)))
		if err != nil || !strings.Contains(text, want) {
			at, _ := chromedp.Run(ctx, chromedp.Location())
			t.Errorf("at %s, %s reads %q (%v), want %q in it", at, sel, text, err, want)
		}
	}
	do("open the wiki and go to sign in", chromedp.Navigate(wiki), chromedp.Click(chromedp.CSS("a.button")),
		chromedp.WaitVisible(chromedp.CSS("input[name=password]")))
	do("sign in", chromedp.SendKeys(chromedp.CSS("input[name=username]"), "carol"), chromedp.SendKeys(chromedp.CSS("input[name=password]"), password),
		chromedp.Click(chromedp.CSS("main button.main")), chromedp.WaitVisible(chromedp.CSS("button[value=allow]")))
	do("allow the wiki", chromedp.Click(chromedp.CSS("button[value=allow]")), chromedp.WaitVisible(chromedp.CSS("ul.pages")))
	reads("main", "tag.board-member")
	do("edit the house rules", chromedp.Click(chromedp.CSS(`a[href="/page/house-rules"]`)), chromedp.WaitVisible(chromedp.CSS("textarea")),
		chromedp.SendKeys(chromedp.CSS("textarea"), " In a browser."), chromedp.Click(chromedp.CSS("main button")), chromedp.WaitVisible(chromedp.CSS(".notice")))
	reads(".notice", "Saved")
	do("open the page of another body", chromedp.Navigate(wiki+"/page/delft-minutes"))
	reads(".hint", "body.delft.board")
	do("open her own page, signed in already", chromedp.Navigate(issuer+"/"))
	reads("main", "Carol Committee")
	do("sign out", chromedp.Click(chromedp.CSS("header form.who button")), chromedp.WaitVisible(chromedp.CSS(`a.button[href="/login"]`)), chromedp.Navigate(issuer+"/"),
		chromedp.WaitVisible(chromedp.CSS("input[name=password]")))
}
