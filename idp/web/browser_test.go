package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestCookiesCannotBeReadSentAlongOrPlanted(t *testing.T) {
	w := httptest.NewRecorder()
	SetCookie(w, "session", "v", 60, true)
	got := w.Header().Get("Set-Cookie")
	for _, part := range []string{"__Host-session=v", "Path=/", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=60"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q lacks %s", got, part)
		}
	}
	if strings.Contains(got, "Domain") {
		t.Errorf("%q names a domain", got)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Cookie", "session=planted")
	if v, ok := Cookie(r, "session", true); ok {
		t.Errorf("a cookie without the prefix counts over https: %q", v)
	}
}

func TestFormsGoToOneMoreOriginOnly(t *testing.T) {
	for uri, want := range map[string]string{
		"https://wiki.example:8443/cb?x=1": "form-action 'self' https://wiki.example:8443;",
		"myapp://cb":                       "form-action 'self' myapp:;",
		"http://127.0.0.1:5000/cb":         "form-action 'self' http://127.0.0.1:5000;",
		"http://[::1]:5000/cb":             "form-action 'self' http://[::1]:5000;",
		"javascript:alert(1)":              "form-action 'self';",
		"https://a;script-src *":           "form-action 'self';",
		"https://*/":                       "form-action 'self';",
		"/local":                           "form-action 'self';",
	} {
		h := SecureHeaders(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { AllowFormAction(w, uri) }))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		got := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(got, want) || strings.Count(got, ";") != strings.Count(policy, ";") {
			t.Errorf("%s: %s", uri, got)
		}
	}
}

func TestPolicyHasNoRoomForScriptsOrFrames(t *testing.T) {
	w := httptest.NewRecorder()
	SecureHeaders(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	p := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(p, "default-src 'none'") || !strings.Contains(p, "frame-ancestors 'none'") || strings.Contains(p, "unsafe") || strings.Contains(p, "script-src") {
		t.Errorf("policy %s", p)
	}
	if w.Header().Get("Strict-Transport-Security") != "" {
		t.Error("HSTS over plain http")
	}
	c := RequestConfig{HTTPS: true, Now: func() time.Time { return time.Unix(0, 0) }}
	w = httptest.NewRecorder()
	WithRequest(c, SecureHeaders(http.NotFoundHandler())).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over https")
	}
}

func TestOtherSitesPagesCannotWrite(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {})
	h := SameSite(nil, mux, "POST /token")
	for _, c := range []struct {
		method, path, site, origin string
		want                       int
	}{
		{"POST", "/login", "cross-site", "", 403}, {"POST", "/login", "same-site", "", 403}, {"POST", "/login", "", "https://evil.example", 403},
		{"POST", "/login", "", "null", 403}, {"POST", "/login", "same-origin", "", 200}, {"POST", "/login", "none", "", 200},
		{"POST", "/login", "", "http://example.com", 200}, {"POST", "/login", "", "", 200},
		{"POST", "/token", "cross-site", "https://spa.example", 200}, {"GET", "/login", "cross-site", "", 200},
	} {
		r := httptest.NewRequest(c.method, c.path, nil)
		r.Header.Set("Sec-Fetch-Site", c.site)
		r.Header.Set("Origin", c.origin)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%+v: %d", c, w.Code)
		}
		if c.path == "/login" && SameOrigin(r) != (c.want == 200) {
			t.Errorf("SameOrigin disagrees about %+v", c)
		}
	}
}

type page func(w io.Writer) error

func (p page) Render(_ context.Context, w io.Writer) error { return p(w) }

func TestPagesAreWholeAndStoredNowhere(t *testing.T) {
	w := httptest.NewRecorder()
	Page(w, httptest.NewRequest("GET", "/", nil), 200, page(func(w io.Writer) error { _, err := io.WriteString(w, "<p>hi"); return err }))
	if w.Body.String() != "<p>hi" || w.Header().Get("Cache-Control") != "no-store" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
	w = httptest.NewRecorder()
	Page(w, httptest.NewRequest("GET", "/", nil), 200, page(func(w io.Writer) error { io.WriteString(w, "<p>ha"); return errors.New("broke") }))
	if w.Code != 500 || strings.Contains(w.Body.String(), "<p>") {
		t.Errorf("half a page: %d %s", w.Code, w.Body)
	}
}
