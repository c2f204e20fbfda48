package oauth

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lanyard/idp/record"
)

// inProcess is a world without a network, whose clock is given: for a bubble
// of testing/synctest, and for benchmarks.
type inProcess struct {
	*world
	mux *http.ServeMux
}

func bareWorld(t testing.TB, now func() time.Time) *inProcess {
	t.Helper()
	w := &inProcess{&world{t: t, vault: newMemoryVault(), sessions: map[string]record.Session{}, consents: map[[2]string]record.Consent{}}, http.NewServeMux()}
	w.set(now())
	w.build()
	c := w.config("https://id.example.org")
	c.Now, c.Event = now, nil
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.provider = p
	Routes(p, w.mux)
	w.signIn("ada", now())
	return w
}

// call sends one request as client wiki and as ada's browser.
func (w *inProcess) call(t testing.TB, method, path string, form url.Values) reply {
	t.Helper()
	rec := httptest.NewRecorder()
	w.mux.ServeHTTP(rec, w.request(method, path, form))
	got := reply{status: rec.Code, header: rec.Header(), body: rec.Body.String()}
	json.Unmarshal(rec.Body.Bytes(), &got.json)
	return got
}

func (w *inProcess) request(method, path string, form url.Values) *http.Request {
	if method == "GET" {
		r := httptest.NewRequest(method, path+"?"+form.Encode(), nil)
		r.AddCookie(&http.Cookie{Name: "who", Value: "ada"})
		return r
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("wiki", secret)
	return r
}
