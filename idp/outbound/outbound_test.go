package outbound

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"lanyard/claims"
)

// site is a server inside the house, with a count of who came.
type site struct {
	*httptest.Server
	asked atomic.Int32
}

func serve(t *testing.T, tls bool, answer http.HandlerFunc) *site {
	s := &site{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		answer(w, r)
	}))
	s.Config.ErrorLog = nil
	if tls {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// client reaches what is listed, and trusts the sites' certificates.
func client(t *testing.T, s *site, allow ...string) *Client {
	t.Helper()
	a, err := ParseAllow(allow)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if s.Certificate() != nil {
		roots.AddCert(s.Certificate())
	}
	return New(Config{Allow: a, Roots: roots})
}

func hello(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte(`{}`))
}

func TestAllowedSiteIsFetchedWithoutCookiesOrProxy(t *testing.T) {
	var got http.Header
	s := serve(t, true, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		http.SetCookie(w, &http.Cookie{Name: "tracked", Value: "yes"})
		hello(w, r)
	})
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	o := client(t, s, "127.0.0.1")
	for range 2 {
		kind, body, err := o.Get(t.Context(), s.URL, "application/json")
		if err != nil || kind != "application/json" || string(body) != `{}` {
			t.Fatalf("Get = %q, %q, %v", kind, body, err)
		}
	}
	if got.Get("Cookie") != "" || got.Get("Accept-Encoding") != "" || got.Get("Accept") != "application/json" {
		t.Errorf("the second request came with %v", got)
	}
}

func TestHouseIsNotReachedUnlessAllowed(t *testing.T) {
	s := serve(t, true, hello)
	port := s.Listener.Addr().(*net.TCPAddr).Port
	o := client(t, s)
	o.cfg.Resolve = func(context.Context, string) ([]netip.Addr, error) { // as a resolver that reads odd spellings would
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0.0.0.0", "127.1.2.3", "2130706433", "0x7f.1"} {
		_, _, err := o.Get(t.Context(), fmt.Sprintf("https://%s:%d/", host, port), "*/*")
		if !errors.Is(err, claims.ErrDenied) {
			t.Errorf("%s: %v, want ErrDenied", host, err)
		}
	}
	if n := s.asked.Load(); n != 0 {
		t.Errorf("the house was asked %d times", n)
	}
}

func TestPlainHTTPOnlyToAllowedLoopback(t *testing.T) {
	s := serve(t, false, hello)
	if _, _, err := client(t, s).Get(t.Context(), s.URL, "*/*"); !errors.Is(err, claims.ErrDenied) {
		t.Errorf("not listed: %v, want ErrDenied", err)
	}
	if _, _, err := client(t, s, "127.0.0.0/8").Get(t.Context(), s.URL, "*/*"); err != nil {
		t.Errorf("listed: %v", err)
	}
	a, _ := ParseAllow([]string{"10.0.0.0/8", "keys.example.org"})
	for _, host := range []string{"10.0.0.1", "keys.example.org"} {
		if a.reaches(host, netip.MustParseAddr("10.0.0.1"), true) || !a.reaches(host, netip.MustParseAddr("10.0.0.1"), false) {
			t.Errorf("%s: plain http left this machine, or https did not", host)
		}
	}
}

func TestNameThatTurnsToTheHouseIsNotFollowed(t *testing.T) {
	s := serve(t, true, hello)
	port := s.Listener.Addr().(*net.TCPAddr).Port
	o := client(t, s)
	var looked atomic.Int32
	o.cfg.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		if looked.Add(1) == 1 { // a documentation address stands in for a public one that does not answer
			return []netip.Addr{netip.MustParseAddr("203.0.113.7")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("::ffff:127.0.0.1"), netip.MustParseAddr("127.0.0.1")}, nil
	}
	for range 3 {
		_, _, err := o.Get(t.Context(), fmt.Sprintf("https://rebind.example.org:%d/", port), "*/*")
		if !errors.Is(err, claims.ErrDenied) {
			t.Errorf("Get = %v, want ErrDenied", err)
		}
	}
	if looked.Load() != 3 || s.asked.Load() != 0 {
		t.Errorf("resolved %d times for 3 fetches, reached the house %d times", looked.Load(), s.asked.Load())
	}
}

func TestAllowedHostIsReachedWhereverItIs(t *testing.T) {
	s := serve(t, true, hello)
	port := s.Listener.Addr().(*net.TCPAddr).Port
	o := client(t, s, "example.com") // httptest's certificate names it
	o.cfg.Resolve = func(_ context.Context, host string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	if _, _, err := o.Get(t.Context(), fmt.Sprintf("https://EXAMPLE.com:%d/", port), "*/*"); err != nil {
		t.Errorf("the listed host: %v", err)
	}
	if _, _, err := o.Get(t.Context(), fmt.Sprintf("https://www.example.com:%d/", port), "*/*"); !errors.Is(err, claims.ErrDenied) {
		t.Errorf("a host below it: %v, want ErrDenied", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	inner := serve(t, true, hello)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := serve(t, true, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inner.URL, status) })
		if _, _, err := client(t, s, "127.0.0.1").Get(t.Context(), s.URL, "*/*"); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%d: %v, want ErrInvalid", status, err)
		}
	}
	if inner.asked.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestHugeAnswersAreCutOff(t *testing.T) {
	for what, answer := range map[string]http.HandlerFunc{
		"body": func(w http.ResponseWriter, r *http.Request) { io.Copy(w, io.LimitReader(zeros{}, MaxBody+1)) },
		"endless body": func(w http.ResponseWriter, r *http.Request) {
			io.Copy(w, zeros{})
		},
		"header": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 2*maxHeader))
		},
	} {
		s := serve(t, true, answer)
		_, body, err := client(t, s, "127.0.0.1").Get(t.Context(), s.URL, "*/*")
		if err == nil || body != nil {
			t.Errorf("%s: %d bytes, %v; want an error", what, len(body), err)
		}
	}
	s := serve(t, true, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, io.LimitReader(zeros{}, MaxBody)) })
	if _, body, err := client(t, s, "127.0.0.1").Get(t.Context(), s.URL, "*/*"); err != nil || len(body) != MaxBody {
		t.Errorf("as long as may be: %d bytes, %v", len(body), err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestErrorStatusesAreNoDocuments(t *testing.T) {
	for _, status := range []int{204, 404, 500} {
		s := serve(t, true, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })
		if _, _, err := client(t, s, "127.0.0.1").Get(t.Context(), s.URL, "*/*"); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%d: %v, want ErrInvalid", status, err)
		}
	}
}

// TestSlowAnswersEndAfterFiveSeconds drips a body through a pipe, in a bubble
// whose time is simulated.
func TestSlowAnswersEndAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		o := New(Config{})
		o.secure.Transport = &http.Transport{DialTLSContext: func(context.Context, string, string) (net.Conn, error) { return ours, nil }, DisableKeepAlives: true}
		var drips sync.WaitGroup
		drips.Go(func() {
			theirs.Read(make([]byte, 4096))
			io.WriteString(theirs, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
			for err := error(nil); err == nil; time.Sleep(time.Second) {
				_, err = theirs.Write([]byte("x"))
			}
		})
		began := time.Now()
		_, _, err := o.Get(t.Context(), "https://slow.example.org/", "*/*")
		if took := time.Since(began); !errors.Is(err, claims.ErrUnavailable) || took != Limit {
			t.Errorf("after %v: %v; want ErrUnavailable after %v", took, err, Limit)
		}
		theirs.Close()
		drips.Wait()
	})
}

func TestForeignCertificatesAreRefused(t *testing.T) {
	s := serve(t, true, hello)
	s.Config.ErrorLog = nil
	a, _ := ParseAllow([]string{"127.0.0.1"})
	if _, _, err := New(Config{Allow: a}).Get(t.Context(), s.URL, "*/*"); !errors.Is(err, claims.ErrUnavailable) {
		t.Errorf("a certificate of nobody we know: %v", err)
	}
}

func TestOddAddressesAreRefused(t *testing.T) {
	o := New(Config{Resolve: func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("9.9.9.9")}, nil
	}})
	for _, at := range []string{"", "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "https://", "https:///x", "//example.org/",
		"https://user:pass@example.org/", "https://example.org/#x", "example.org", "https://exa mple.org/", "unix:///run/x", "https://[::1", "http://example.org"} {
		if _, _, err := o.Get(t.Context(), at, "*/*"); !errors.Is(err, claims.ErrDenied) && !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%q: %v, want a refusal", at, err)
		}
	}
}
