package main

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

// visitor is a member's browser.
type visitor struct {
	*suite
	http   *http.Client
	logins int // forms filled in
	agreed int
}

func (s *suite) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &visitor{suite: s, http: &http.Client{Jar: jar, Transport: s}}
}

// landing is where a browser ended.
type landing struct {
	v      *visitor
	status int
	at     *url.URL
	text   string
	header http.Header
	told   url.Values // what the relying party was told; nil: it was told nothing
}

func (v *visitor) get(address string) landing {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.send(r)
}

// from posts as a page of another site does, or, if site is "same-origin", of ours.
func (v *visitor) from(site, address string, form url.Values) landing {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", site)
	return v.send(r)
}

func (v *visitor) send(r *http.Request) landing {
	v.t.Helper()
	var form string
	if r.Body != nil && r.URL.Host == rpHost {
		b, _ := io.ReadAll(r.Body)
		form, r.Body = string(b), http.NoBody
	}
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	l := landing{v: v, status: res.StatusCode, at: res.Request.URL, text: string(b), header: res.Header}
	if l.at.Host == rpHost {
		l.told = l.at.Query()
		for _, more := range []string{l.at.Fragment, form} {
			q, _ := url.ParseQuery(more)
			for k := range q {
				l.told[k] = q[k]
			}
		}
	}
	return l
}

var (
	formOf  = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	whereTo = regexp.MustCompile(` action="([^"]*)"`)
	fieldOf = regexp.MustCompile(`<input[^>]*name="([^"]*)"(?:[^>]*value="([^"]*)")?`)
)

// form returns the first form of the page whose action begins so.
func (l landing) form(action string) (to string, fields url.Values, ok bool) {
	for _, f := range formOf.FindAllStringSubmatch(l.text, -1) {
		to = l.at.Path
		if a := whereTo.FindStringSubmatch(f[1]); a != nil {
			to = html.UnescapeString(a[1])
		}
		if !strings.HasPrefix(to, action) {
			continue
		}
		fields = url.Values{}
		for _, i := range fieldOf.FindAllStringSubmatch(f[2], -1) {
			fields.Set(html.UnescapeString(i[1]), html.UnescapeString(i[2]))
		}
		return to, fields, true
	}
	return "", nil, false
}

// submit fills in the page's form, as a person does.
func (l landing) submit(action string, pairs ...string) landing {
	l.v.t.Helper()
	to, fields, ok := l.form(action)
	if !ok {
		l.v.t.Fatalf("%s has no form for %s: %d\n%s", l.at, action, l.status, l.text)
	}
	for i := 0; i < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	address, err := l.at.Parse(to)
	if err != nil {
		l.v.t.Fatal(err)
	}
	site := "same-origin"
	if address.Host == rpHost {
		site = "cross-site"
	}
	return l.v.from(site, address.String(), fields)
}

// through signs in and agrees wherever a page asks for it.
func (l landing) through() landing {
	l.v.t.Helper()
	for range 6 {
		if _, _, ok := l.form("/login"); ok {
			l.v.logins++
			l = l.submit("/login", "username", "suite", "password", rpWord)
		} else if _, _, ok := l.form("/consent"); ok {
			l.v.agreed++
			l = l.submit("/consent", "decision", "allow")
		} else if _, _, ok := l.form("https://" + rpHost); ok {
			l = l.submit("https://" + rpHost)
		} else {
			break
		}
	}
	return l
}
