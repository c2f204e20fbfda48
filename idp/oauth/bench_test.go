package oauth

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"lanyard/claims"
)

// Benchmarks report the CPU time of the whole process per request, user and
// system: wall time says nothing on a shared machine. Over the loopback that
// includes the client's half.

func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func measured(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	was := cpu()
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64((cpu()-was).Nanoseconds())/float64(b.N)/1000, "cpu-µs/op")
}

// blank is a ResponseWriter that costs nothing.
type blank struct{ h http.Header }

func (w *blank) Header() http.Header         { return w.h }
func (w *blank) Write(b []byte) (int, error) { return len(b), nil }
func (w *blank) WriteHeader(code int) {
	if code != http.StatusOK {
		panic(code)
	}
}

// handler measures an endpoint without HTTP; the request is built each time, as it is read once.
func handler(b *testing.B, serve http.HandlerFunc, prepare func() *http.Request) {
	b.Helper()
	measured(b, func() { serve(&blank{h: make(http.Header, 8)}, prepare()) })
}

// overHTTP measures an endpoint over keep-alive HTTP, client included.
func overHTTP(b *testing.B, w *inProcess, prepare func() *http.Request) {
	b.Helper()
	server := httptest.NewServer(w.mux)
	defer server.Close()
	at, _ := url.Parse(server.URL)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	measured(b, func() {
		r := prepare()
		r.URL.Scheme, r.URL.Host, r.RequestURI = at.Scheme, at.Host, ""
		resp, err := client.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status)
		}
	})
}

func benchWorld(b *testing.B) (*inProcess, string, string) {
	w := bareWorld(b, time.Now)
	w.provider.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	code := w.call(b, "GET", PathAuthorize, request("wiki", "openid profile groups tags badges offline_access"))
	_, v := code.to()
	r := w.call(b, "POST", PathToken, url.Values{"grant_type": {grantCode}, "code": {v.Get("code")}, "redirect_uri": {redirect}, "code_verifier": {verifier}})
	if r.status != 200 {
		b.Fatal(r.body)
	}
	return w, r.text("access_token"), r.text("refresh_token")
}

func both(b *testing.B, w *inProcess, serve http.HandlerFunc, prepare func() *http.Request) {
	b.Run("handler", func(b *testing.B) { handler(b, serve, prepare) })
	b.Run("http", func(b *testing.B) { overHTTP(b, w, prepare) })
	b.Run("building-the-request", func(b *testing.B) { measured(b, func() { prepare() }) })
}

func BenchmarkIntrospectOpaque(b *testing.B) {
	w, access, _ := benchWorld(b)
	body := "token=" + access
	both(b, w, w.provider.Introspect, func() *http.Request { return w.raw(PathIntrospect, body) })
}

func BenchmarkIntrospectGarbage(b *testing.B) {
	w, access, _ := benchWorld(b)
	body := "token=" + access[:len(access)-1] + "A"
	both(b, w, w.provider.Introspect, func() *http.Request { return w.raw(PathIntrospect, body) })
}

func BenchmarkClientCredentialsOpaque(b *testing.B) {
	w, _, _ := benchWorld(b)
	both(b, w, w.provider.Token, func() *http.Request { return w.raw(PathToken, "grant_type=client_credentials&scope=groups") })
}

func BenchmarkUserInfo(b *testing.B) {
	w, access, _ := benchWorld(b)
	both(b, w, w.provider.UserInfo, func() *http.Request {
		r := httptest.NewRequest("GET", PathUserInfo, nil)
		r.Header.Set("Authorization", "Bearer "+access)
		return r
	})
}

// Refresh comes with an ID token, whose signature is most of the cost.
func BenchmarkRefresh(b *testing.B) {
	for _, alg := range []string{"ES256", "RS256"} {
		b.Run(alg, func(b *testing.B) {
			w, _, refresh := benchWorld(b)
			w.edit("wiki", func(c *claims.Client) { c.IDTokenAlg = alg })
			b.Run("handler", func(b *testing.B) {
				measured(b, func() {
					r := w.call(b, "POST", PathToken, url.Values{"grant_type": {grantRefresh}, "refresh_token": {refresh}})
					if refresh = r.text("refresh_token"); refresh == "" {
						b.Fatal(r.body)
					}
				})
			})
		})
	}
}

// raw is a POST of client wiki with this body.
func (w *inProcess) raw(path, body string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("wiki", secret)
	return r
}
