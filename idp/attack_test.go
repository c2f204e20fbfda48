package idp

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"lanyard/idp/oauth"
	"lanyard/idp/register"
	"lanyard/idp/web"
)

// forms are the routes that read one, with somebody whom each is for.
func (f *face) forms(each func(r Route, target string, c *caller)) {
	f.Helper()
	root := f.signedIn("root")
	for _, r := range Routes {
		method, target := example(r.Pattern)
		if method != http.MethodPost || r.Body != web.MaxForm || strings.HasPrefix(target, "/apps/v1/") || target == "/register" {
			continue // the others read JSON, and tests of their own are there
		}
		c := root
		if r.Caller == Client {
			c = f.program(basic("wiki"))
		}
		each(r, strings.NewReplacer("{client}", "wiki", "{member}", "ada").Replace(target), &caller{face: f, cookie: c.cookie, header: c.header.Clone()})
	}
}

func TestAParameterThatIsThereTwiceIsRefusedEverywhere(t *testing.T) {
	f := newFace(t)
	f.forms(func(r Route, target string, c *caller) {
		for _, twice := range []string{"grant_type=client_credentials&grant_type=client_credentials", "x=1&x=2", "token=a&token=b"} {
			if w := c.send("POST", target, twice); w.Code != 400 {
				t.Errorf("%s with %s: %d %s", r.Pattern, twice, w.Code, w.Header().Get("Location"))
			}
		}
	})
	root := f.signedIn("root")
	for _, target := range []string{"/authorize?client_id=wiki&client_id=door", "/login?return=/&return=/admin", "/consent?return=/&return=/x", "/logout?state=a&state=b", "/device?user_code=A&user_code=B"} {
		if w := root.send("GET", target, ""); w.Code != 400 {
			t.Errorf("GET %s: %d", target, w.Code)
		}
	}
}

func TestBodiesThatAreNoFormsAreRefusedEverywhere(t *testing.T) {
	f := newFace(t)
	var fields strings.Builder
	for i := range 300 {
		fmt.Fprintf(&fields, "f%d=1&", i)
	}
	f.forms(func(r Route, target string, c *caller) {
		for what, body := range map[string]string{
			"half an escape": "client_id=%", "NUL": "client_id=a%00", "no UTF-8": "client_id=%ff%fe", "a semicolon": "a=1;b=2", "a NUL for a name": "%00=1",
			"very many fields": fields.String(),
		} {
			if w := c.send("POST", target, body); w.Code != 400 {
				t.Errorf("%s with %s: %d", r.Pattern, what, w.Code)
			}
		}
		for _, kind := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x", "application/xml"} {
			req := httptest.NewRequest("POST", target, strings.NewReader(`{"grant_type":"client_credentials"}`))
			req.Header = c.header.Clone()
			req.Header.Set("Content-Type", kind)
			want := 400
			if target == oauth.PathUserInfo {
				want = 401 // a token may be in the header, so that no body is read
			}
			if w := c.do(req); w.Code != want {
				t.Errorf("%s as %s: %d", r.Pattern, kind, w.Code)
			}
		}
	})
}

// TestABodyWithoutAnEndIsNotRead sends one that does not say how long it is.
func TestABodyWithoutAnEndIsNotRead(t *testing.T) {
	f := newFace(t)
	f.forms(func(r Route, target string, c *caller) {
		body := &endless{}
		req := httptest.NewRequest("POST", target, body)
		req.Header = c.header.Clone()
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.ContentLength = -1
		if w := c.do(req); w.Code != 413 && w.Code != 400 || body.read > r.Body+64<<10 {
			t.Errorf("%s: %d, after %d bytes", r.Pattern, w.Code, body.read)
		}
	})
}

// do sends a request with the caller's cookie.
func (c *caller) do(r *http.Request) *httptest.ResponseRecorder {
	if c.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-lanyard", Value: c.cookie})
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

// endless is a body without an end.
type endless struct{ read int64 }

func (e *endless) Read(b []byte) (int, error) {
	if e.read > 1<<24 {
		return 0, io.EOF // nobody stopped
	}
	for i := range b {
		b[i] = 'a'
	}
	e.read += int64(len(b))
	return len(b), nil
}

// TestGuessingSecretsIsSlowedWhereverTheyAreAsked guesses a client's secret at
// each endpoint that takes one, from an address of its own, then tries the
// right one.
func TestGuessingSecretsIsSlowedWhereverTheyAreAsked(t *testing.T) {
	f := newFace(t)
	n := 0
	for _, r := range Routes {
		method, target := example(r.Pattern)
		if r.Caller != Client && r.Caller != Device || target == oauth.PathUserInfo || strings.HasPrefix(target, register.Path) {
			continue // those take tokens, of 256 bits
		}
		n++
		guess := func(password string) int {
			form := "grant_type=client_credentials&token=x"
			if r.Body == 0 {
				form = ""
			}
			req := httptest.NewRequest(method, target, strings.NewReader(form))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.RemoteAddr = fmt.Sprintf("198.51.100.%d:4000", n)
			req.SetBasicAuth("door", password)
			w := httptest.NewRecorder()
			f.ServeHTTP(w, req)
			if w.Code == 429 && w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: nothing says when to come back", r.Pattern)
			}
			return w.Code
		}
		tries := 0
		for tries < 100 && guess("a guess") == 401 {
			tries++
		}
		if last := guess(secret); tries < 5 || tries > 20 || last != 429 {
			t.Errorf("%s: %d guesses were answered, and then the right secret %d, want some ten and 429", r.Pattern, tries, last)
		}
	}
	if n < 8 {
		t.Errorf("%d endpoints were tried", n)
	}
}

// line ends a header and begins another, if it is let.
const line = "x\r\nSet-Cookie: planted=1\r\nX-Planted: yes\r\n\r\n<script>"

// TestNoTextBecomesAHeader sends ends of lines wherever a text may come back
// in a header, in the encodings that a reader may undo.
func TestNoTextBecomesAHeader(t *testing.T) {
	f := newFace(t)
	ada := f.signedIn("ada")
	for _, bad := range []string{line, url.QueryEscape(line), "x\nX-Planted: yes", "x\rX-Planted: yes", "x\u2028X-Planted: yes", "x\u560d\u560aX-Planted: yes"} {
		e := url.QueryEscape(bad)
		for _, c := range []*caller{f.stranger(), ada, f.program(basic("wiki"))} {
			c := &caller{face: f, cookie: c.cookie, header: c.header.Clone()}
			c.header["X-Request-Id"], c.header["Origin"], c.header["User-Agent"] = []string{bad}, []string{bad}, []string{bad}
			for _, target := range []string{
				wikiAsks + "&state=" + e, wikiAsks + "&state=" + e + "&response_mode=fragment", wikiAsks + "&prompt=none&state=" + e, wikiAsks + "&login_hint=" + e + "&prompt=login",
				strings.Replace(wikiAsks, "client_id=wiki", "client_id="+e, 1), "/authorize?client_id=wiki&redirect_uri=" + e, "/login?return=/" + e, "/login?return=" + e,
				"/logout?client_id=wiki&state=" + e + "&post_logout_redirect_uri=" + e, "/device?user_code=" + e, "/badges/" + url.PathEscape(bad), "/?done=" + e, "/admin/members?q=" + e,
			} {
				f.isWhole("GET "+target, c.send("GET", target, ""))
			}
			f.forms(func(r Route, target string, _ *caller) {
				f.isWhole(r.Pattern, c.send("POST", target, "return=/"+e+"&username="+e+"&password="+e+"&client_id="+e+"&state="+e+"&token="+e+"&grant_type="+e+"&user_code="+e+"&member="+e+"&name="+e))
			})
		}
	}
}

// isWhole fails if an answer has a header, or a line in one, that we did not put there.
func (f *face) isWhole(what string, w *httptest.ResponseRecorder) {
	f.Helper()
	for name, values := range w.Header() {
		if name == "X-Planted" || slices.ContainsFunc(values, func(v string) bool {
			return strings.ContainsAny(v, "\r\n\x00") || strings.Contains(v, "planted=1\r") || name == "Set-Cookie" && strings.Contains(v, "planted")
		}) {
			f.Errorf("%s: %s is %q", what, name, values)
		}
	}
}

// TestTheOneCookieIsTheSessionsAndIsGuarded looks at every cookie that any
// route sets, for whoever.
func TestTheOneCookieIsTheSessionsAndIsGuarded(t *testing.T) {
	f := newFace(t)
	set := 0
	look := func(what string, w *httptest.ResponseRecorder) {
		for _, k := range w.Result().Cookies() {
			if k.MaxAge >= 0 {
				set++
			}
			if k.Name != "__Host-lanyard" || !k.HttpOnly || !k.Secure || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || len(k.Value) != 43 && k.MaxAge >= 0 {
				t.Errorf("%s sets %s", what, k.Raw)
			}
		}
	}
	ada := f.stranger()
	look("signing in", ada.send("POST", "/login", "username=ada&password="+url.QueryEscape(password)))
	for _, r := range Routes {
		method, target := example(r.Pattern)
		for _, c := range []*caller{f.stranger(), {face: f, cookie: ada.cookie, header: ada.header}} {
			look(r.Pattern, c.send(method, target, ""))
		}
	}
	look("signing out", ada.send("POST", "/logout", "confirm=yes"))
	if set != 1 {
		t.Errorf("%d cookies were given, want the one of the sign-in", set)
	}
}

// TestASessionFromBeforeIsNotSignedIn has the sign-in go through the whole face
// and its store with a cookie that somebody else knows.
func TestASessionFromBeforeIsNotSignedIn(t *testing.T) {
	f := newFace(t)
	mallory := f.signedIn("guest") // a session that is alive, and hers
	for _, planted := range []string{strings.Repeat("A", 43), mallory.cookie} {
		victim := f.stranger()
		victim.cookie = planted
		if w := victim.send("POST", "/login", "username=ada&password="+url.QueryEscape(password)); w.Code != 303 {
			t.Fatalf("sign in: %d", w.Code)
		}
		thief := &caller{face: f, cookie: planted, header: http.Header{"Accept": {"text/html"}}}
		if w := thief.send("GET", "/", ""); victim.cookie == planted || w.Code != 303 {
			t.Errorf("the cookie from before the sign-in is answered %d", w.Code)
		}
		if w := victim.send("GET", "/", ""); w.Code != 200 || strings.Contains(w.Body.String(), "guest") {
			t.Errorf("whoever signed in is answered %d", w.Code)
		}
	}
}
