package e2e

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium returns a context in which a real browser runs, without a profile.
func (h *house) chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		leaveOut(t, "no Chromium: nobody signed in to other people's software")
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

// person is a member at a browser of their own.
type person struct {
	t      *testing.T
	name   string
	issuer string
	ctx    context.Context
	pages  int // of Lanyard's that they had to fill in
}

func (h *house) person(t *testing.T, name string) *person {
	t.Helper()
	return &person{t: t, name: name, issuer: h.issuer, ctx: h.chromium(t)}
}

// page is what a person came to see.
type page struct {
	At     string  `json:"at"`
	Status float64 `json:"status"`
	Text   string  `json:"text"`
}

// look tells of the page that is shown, once it is whole: what is to be filled
// in on it, if it was not filled in already.
const look = `document.readyState != 'complete' || document.body.dataset.done ? {wants: 'time'} : {
	wants: document.querySelector('input[name=password]') ? 'password' : document.querySelector('button[value=allow]') ? 'consent' : '',
	at: location.href, text: document.body.innerText, status: performance.getEntriesByType('navigation')[0].responseStatus }`

// opens opens an address, signs in and allows what Lanyard asks for, and
// returns where that leads.
func (p *person) opens(address string) page {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Navigate(address)); err != nil {
		p.t.Fatalf("%s opens %s: %v", p.name, address, err)
	}
	for range 400 {
		seen, err := chromedp.Run(p.ctx, chromedp.Evaluate[struct {
			page
			Wants string `json:"wants"`
		}](look))
		if err != nil && p.ctx.Err() != nil {
			p.t.Fatalf("%s at %s: %v", p.name, address, err)
		}
		switch {
		case err != nil || seen.Wants == "time": // between two pages
			time.Sleep(25 * time.Millisecond)
		case seen.Wants == "password":
			p.fill(`document.querySelector('input[name=username]').value = '` + p.name + `';
				document.querySelector('input[name=password]').value = '` + password + `'; document.querySelector('main button.main').click()`)
		case seen.Wants == "consent":
			p.fill(`document.querySelector('button[value=allow]').click()`)
		case strings.HasPrefix(seen.At, "chrome-error:"):
			p.t.Fatalf("%s opens %s: nothing answers\n%s", p.name, address, seen.Text)
		default:
			return seen.page
		}
	}
	p.t.Fatalf("%s opens %s, and it leads nowhere", p.name, address)
	return page{}
}

// fill fills a page in, and marks it so that it is not filled in twice.
func (p *person) fill(script string) {
	p.t.Helper()
	p.pages++
	if err := chromedp.Do(p.ctx, chromedp.Evaluate[chromedp.Void](`document.body.dataset.done = 'yes'; `+script+`; undefined`)); err != nil {
		p.t.Fatalf("%s fills in a page: %v", p.name, err)
	}
}
