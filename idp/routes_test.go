package idp

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lanyard/idp/apps"
	"lanyard/idp/web"
	"lanyard/templates"
)

// example is an address that a pattern matches.
func example(pattern string) (method, target string) {
	method, target, _ = strings.Cut(pattern, " ")
	return method, strings.NewReplacer("{$}", "", "{file}", strings.TrimPrefix(templates.Icon, "/static/"),
		"{link}", strings.Repeat("A", 43), "{badge}", "laser-1", "{application}", "lms").Replace(target)
}

func TestEveryRowOfTheTableIsFilled(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Routes {
		if r.Pattern == "" || r.Front == "" || r.Caller == "" || r.Cache == "" || r.CORS == "" || r.handler == nil || seen[r.Pattern] {
			t.Errorf("row %q is not filled in, or there twice: %+v", r.Pattern, r)
		}
		seen[r.Pattern] = true
		method, path, ok := strings.Cut(r.Pattern, " ")
		forms := method == "GET" || method == "POST" // all that a browser sends by itself
		if !ok || !forms && (r.Caller != Client || method != "PUT" && method != "DELETE") || !strings.HasPrefix(path, "/") {
			t.Errorf("%q: a pattern is GET or POST and a path; PUT and DELETE are for programs", r.Pattern)
		}
		limit := int64(web.MaxForm)
		if method == "PUT" {
			limit = apps.MaxTree
		}
		if reads := method == "POST" || method == "PUT"; reads != (r.Body > 0) || r.Body > limit {
			t.Errorf("%s reads up to %d bytes", r.Pattern, r.Body)
		}
		if r.CORS == AnyOrigin && (r.Caller == Browser || r.Caller == Member || r.Caller == Admin || r.Caller == Device) {
			t.Errorf("%s lets scripts of other origins read what is for a %s", r.Pattern, r.Caller)
		}
		if r.Cache != NoStore && r.Caller != Public {
			t.Errorf("%s lets caches keep what is for a %s", r.Pattern, r.Caller)
		}
	}
}

func TestAnonymousCallersAreRefusedWhereARouteIsNotForThem(t *testing.T) {
	f := newFace(t)
	for _, r := range Routes {
		if r.Caller == Public || r.Caller == Browser {
			continue
		}
		for _, accept := range []string{"text/html", "application/json"} {
			for _, cookie := range []string{"", strings.Repeat("A", 43), "x"} {
				c := f.stranger()
				c.header.Set("Accept", accept)
				c.cookie = cookie
				method, target := example(r.Pattern)
				form := ""
				if method == "POST" {
					form = "member=ada&grant_type=client_credentials&token=x"
				}
				w := c.send(method, target, form)
				if w.Code < 300 || w.Code >= 500 {
					t.Errorf("%s, Accept %s, cookie %q: %d", r.Pattern, accept, cookie, w.Code)
				}
				if to := w.Header().Get("Location"); w.Code == 303 && !strings.HasPrefix(to, "/login?return=%2F") {
					t.Errorf("%s sends a stranger to %q", r.Pattern, to)
				}
			}
		}
	}
}

// TestMembersReachWhatIsForThemAndNoMore asks for each page and form of
// members as each kind of member: what is theirs answers 200 or goes back to
// a page (303), or says that it is so already (409); the rest is 403 or 404.
func TestMembersReachWhatIsForThemAndNoMore(t *testing.T) {
	f := newFace(t)
	who := map[string]*caller{}
	for _, name := range []string{"ada", "tom", "root", "sus", "guest"} {
		who[name] = f.signedIn(name)
	}
	for _, c := range []struct {
		ask, form string
		may       string // who gets 200 or 303
	}{
		{"GET /", "", "ada tom root sus guest"},
		{"GET /badges", "", "ada tom root sus guest"},
		{"GET /badges/laser-1", "", "ada tom root sus guest"},
		{"GET /admin", "", "root"},
		{"POST /door-pass", "device=door", "ada tom root"},
		{"POST /badges/laser-1/award", "member=sus", "tom root"},
		{"POST /badges/laser-1/revoke", "member=sus&reason=x", "tom root"},
		{"POST /badges/nosuch/award", "member=sus", ""},
		{"POST /wifi/revoke", "pass=nosuch", ""},
		{"POST /sessions/end", "session=nosuch", ""},
		{"POST /apps/revoke", "client=wiki", ""},
	} {
		method, target := example(c.ask)
		for name, caller := range who {
			got := caller.send(method, target, c.form).Code
			may := strings.Contains(" "+c.may+" ", " "+name+" ")
			if may && got != 200 && got != 303 && got != 409 || !may && got != 403 && got != 404 {
				t.Errorf("%s as %s: %d, may: %v", c.ask, name, got, may)
			}
		}
	}
}

func TestEveryAnswerCarriesSecurityHeaders(t *testing.T) {
	f := newFace(t)
	asks := []string{"GET /nope", "POST /nope", "DELETE /login", "OPTIONS /token", "OPTIONS /login", "GET /badges/%00", "GET /static/none.css", "HEAD /"}
	for _, r := range Routes {
		asks = append(asks, r.Pattern)
	}
	callers := []*caller{f.stranger(), f.signedIn("root")}
	for _, ask := range asks {
		method, target := example(ask)
		for _, c := range callers {
			c.header.Set("Origin", "https://evil.example")
			w := c.send(method, target, "")
			for name, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
				"Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000", "X-Request-Id": "-7",
			} {
				if got := w.Header().Get(name); !strings.Contains(got, want) {
					t.Errorf("%s: %s is %q, want %q", ask, name, got, want)
				}
			}
			if policy := w.Header().Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
				t.Errorf("%s: %s", ask, policy)
			}
		}
	}
}

func TestNoRouteTrustsOtherOriginsWithCookies(t *testing.T) {
	f := newFace(t)
	ada := f.signedIn("ada")
	ada.header = http.Header{"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"authorization"}}
	for _, r := range Routes {
		method, target := example(r.Pattern)
		for _, m := range []string{method, "OPTIONS"} {
			h := ada.send(m, target, "").Header()
			if h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s allows credentials", m, target)
			}
			if got := h.Get("Access-Control-Allow-Origin"); got != "" && (got != "*" || r.CORS != AnyOrigin) {
				t.Errorf("%s %s lets %q read it; the table says %s", m, target, got, r.CORS)
			}
		}
	}
}

func TestWritesFromOtherSitesAreRefused(t *testing.T) {
	f := newFace(t)
	c := f.signedIn("root")
	for _, from := range []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"https://evil.example"}}, {"Origin": {"null"}},
	} {
		c.header = from
		for _, r := range Routes {
			method, target := example(r.Pattern)
			if method != "POST" || r.Caller == Client || r.Caller == Device {
				continue
			}
			w := c.send(method, target, "confirm=yes&member=ada&device=door&name=x&session=others&client_id=wiki")
			if r.Caller != Public && w.Code != 403 || r.Caller == Public && w.Code != 303 && w.Code < 400 {
				t.Errorf("%s with %v: %d", r.Pattern, from, w.Code)
			}
		}
		if w := c.send("POST", "/nope", "x=1"); w.Code != 403 {
			t.Errorf("what no handler looks at, with %v: %d, want 403 before it is looked for", from, w.Code)
		}
		c.header = http.Header{"Accept": {"text/html"}}
		if w := c.send("GET", "/", ""); w.Code != 200 {
			t.Errorf("after the writes with %v: %d", from, w.Code)
		}
	}
}

func TestBodiesBeyondTheirLimitAreNotRead(t *testing.T) {
	f := newFace(t)
	c := f.signedIn("ada")
	for _, r := range Routes {
		method, target := example(r.Pattern)
		w := c.send(method, target, "name="+strings.Repeat("a", int(r.Body)))
		if w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s with more than %d bytes: %d", r.Pattern, r.Body, w.Code)
		}
	}
}

func TestCachingIsAsTheTableSays(t *testing.T) {
	f := newFace(t)
	callers := []*caller{f.stranger(), f.signedIn("root")}
	for _, r := range Routes {
		method, target := example(r.Pattern)
		for _, c := range callers {
			got := c.send(method, target, "").Header().Get("Cache-Control")
			if want := string(r.Cache); r.Cache != Immutable && got != want || r.Cache == Immutable && !strings.Contains(got, "immutable") {
				t.Errorf("%s: Cache-Control %q, want %q", r.Pattern, got, want)
			}
		}
	}
}

func TestWhatNoRouteMatchesIsSaidInWords(t *testing.T) {
	f := newFace(t)
	for ask, want := range map[string]int{
		"GET /nope": 404, "POST /nope": 404, "GET /login/": 404, "GET /static/none.css": 404, "GET /badges/laser-1/x": 404,
		"DELETE /login": 405, "PUT /token": 405, "OPTIONS /login": 405, "TRACE /": 405, "GET /token": 405, "CONNECT /": 405,
	} {
		method, target, _ := strings.Cut(ask, " ")
		c := f.stranger()
		page := c.send(method, target, "")
		if page.Code != want || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") || !strings.Contains(page.Body.String(), "</html>") {
			t.Errorf("%s by a browser: %d %s", ask, page.Code, page.Header().Get("Content-Type"))
		}
		c.header.Set("Accept", "*/*")
		w := c.send(method, target, "")
		var p web.Problem
		err := json.Unmarshal(w.Body.Bytes(), &p)
		if w.Code != want || p.Status != want || p.Instance == "" || err != nil || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s by a program: %d %s", ask, w.Code, w.Body)
		}
		if w.Header().Get("Cache-Control") != "no-store" || (want == 405) != (w.Header().Get("Allow") != "") {
			t.Errorf("%s: Cache-Control %q, Allow %q", ask, w.Header().Get("Cache-Control"), w.Header().Get("Allow"))
		}
	}
}

func TestHostHeadersChangeNothing(t *testing.T) {
	f := newFace(t)
	c := f.stranger()
	c.header = http.Header{"X-Forwarded-Host": {"evil.example"}, "X-Forwarded-Proto": {"http"}, "Forwarded": {"host=evil.example"}, "Accept": {"text/html"}}
	for _, target := range []string{"http://evil.example/.well-known/openid-configuration", "http://evil.example/", "http://evil.example/login", "http://evil.example//evil.example/%2e%2e"} {
		w := c.send("GET", target, "")
		if to, _ := url.Parse(w.Header().Get("Location")); strings.Contains(w.Body.String(), "evil.example") && w.Code == 200 || to != nil && to.Host != "" {
			t.Errorf("GET %s: %d to %q: %s", target, w.Code, w.Header().Get("Location"), w.Body)
		}
	}
}
