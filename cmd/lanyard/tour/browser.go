package tour

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// browser is as much of one as signing in takes: cookies, redirects, forms.
type browser struct {
	client *http.Client
	page   *html.Node // the last page
	at     *url.URL   // its address
	status int
	text   string
}

func newBrowser() (*browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	b := &browser{client: &http.Client{Jar: jar, Timeout: 15 * time.Second}}
	// An application's own redirect address is where the browser stops: the
	// tour is that application, and reads the answer from the address.
	b.client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if r.URL.Host == callbackHost || len(via) > 15 {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return b, nil
}

// get opens an address and follows where it leads.
func (b *browser) get(ctx context.Context, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	return b.do(r)
}

// submit fills in the first form whose action contains action and sends it as
// a person would: hidden fields as they are, and with's values.
func (b *browser) submit(ctx context.Context, action string, with url.Values) error {
	return b.submitThat(ctx, action, "", with)
}

// submitThat is submit for the first such form in which says is to be read.
func (b *browser) submitThat(ctx context.Context, action, says string, with url.Values) error {
	form := find(b.page, func(n *html.Node) bool {
		return n.Data == "form" && strings.Contains(attr(n, "action"), action) && strings.Contains(textOf(n), says)
	})
	if form == nil {
		return fmt.Errorf("%s has no form for %q", b.at, action)
	}
	values := url.Values{}
	each(form, func(n *html.Node) {
		if n.Data == "input" && attr(n, "name") != "" && attr(n, "type") != "submit" {
			values.Set(attr(n, "name"), attr(n, "value"))
		}
	})
	for k, v := range with {
		values[k] = v
	}
	to, err := b.at.Parse(attr(form, "action"))
	if err != nil {
		return err
	}
	return b.post(ctx, to.String(), values)
}

// post sends values to an address, page or no page.
func (b *browser) post(ctx context.Context, address string, values url.Values) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(values.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

func (b *browser) do(r *http.Request) error {
	res, err := b.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err
	}
	b.at, b.status, b.text = res.Request.URL, res.StatusCode, string(body)
	if to, err := res.Location(); err == nil {
		b.at = to
	}
	b.page, err = html.Parse(strings.NewReader(b.text))
	return err
}

// valueOf returns what stands in the field with that id or label.
func (b *browser) valueOf(name string) string {
	n := find(b.page, func(n *html.Node) bool { return attr(n, "aria-label") == name || attr(n, "id") == name })
	if n == nil {
		return ""
	}
	if n.Data == "input" {
		return attr(n, "value")
	}
	return textOf(n)
}

// textOf returns what a person reads in an element.
func textOf(n *html.Node) string {
	var text strings.Builder
	each(n, func(n *html.Node) {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
		}
	})
	return strings.TrimSpace(text.String())
}

func find(n *html.Node, ok func(*html.Node) bool) *html.Node {
	var found *html.Node
	each(n, func(n *html.Node) {
		if found == nil && n.Type == html.ElementNode && ok(n) {
			found = n
		}
	})
	return found
}

func each(n *html.Node, do func(*html.Node)) {
	if n == nil {
		return
	}
	do(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, do)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
