package oauth

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A text is taken only if it is, letter by letter, what would be written.
func FuzzTokenText(f *testing.F) {
	x := newTexts([]byte("key"))
	f.Add(x.text(token{kind: kindAccess, grant: "AAAAAAAAAAAAAAAAAAAAAA", generation: 3, expires: start, life: time.Hour, scopes: 5, audience: 1}))
	f.Add(x.text(token{kind: kindCode, grant: "_-AAAAAAAAAAAAAAAAAAAA"}))
	f.Add("lat_")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := x.parse(s)
		if ok && x.text(got) != s {
			t.Errorf("%q was taken and is written %q", s, x.text(got))
		}
		parseJTI(s)
	})
}

// Whatever a redirect address looks like, the answer goes to the loopback
// literal that was registered, or nowhere.
func FuzzLoopbackRedirect(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1:1/cb", "http://127.0.0.1:1@evil/cb", "http://127.0.0.1:80\\@evil/cb", "http://[::1]:9/cb", "http://127.0.0.1/cb#"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !sameButPort("http://127.0.0.1/cb", s) {
			return
		}
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "http" || u.Hostname() != "127.0.0.1" || u.Path != "/cb" || u.User != nil || strings.ContainsAny(s, "#?\\@") {
			t.Errorf("%q passes for http://127.0.0.1/cb", s)
		}
	})
}

// No query makes the endpoint fall over, and none sends the browser anywhere
// but to pages of ours and registered addresses.
func FuzzAuthorize(f *testing.F) {
	w := bareWorld(f, func() time.Time { return start })
	f.Add(request("wiki", "openid").Encode())
	f.Add(request("wiki", "openid", "prompt", "none", "max_age", "0", "claims", `{"id_token":{"sub":null}}`).Encode())
	f.Add(request("third", "openid door", "resource", "https://id.example.org/at/space/front-door", "since", "1.x", "denied", "x").Encode())
	f.Add("client_id=wiki&redirect_uri=%2f%2fevil&%zz;=")
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", PathAuthorize, nil)
		r.URL.RawQuery = query
		r.AddCookie(&http.Cookie{Name: "who", Value: "ada"})
		rec := httptest.NewRecorder()
		w.provider.Authorize(rec, r)
		to := rec.Header().Get("Location")
		if rec.Code >= 500 || to != "" && !strings.HasPrefix(to, "/login?") && !strings.HasPrefix(to, "/consent?") &&
			!strings.HasPrefix(to, redirect) && !strings.HasPrefix(to, "http://127.0.0.1") && !strings.HasPrefix(to, "http://[::1]") &&
			!strings.HasPrefix(to, "http://localhost:7000/cb") && !strings.HasPrefix(to, "com.example.app:/cb") {
			t.Errorf("%q: %d %s", query, rec.Code, to)
		}
	})
}
