package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

func config(log *bytes.Buffer, trusted ...string) RequestConfig {
	c := RequestConfig{Log: slog.New(slog.NewJSONHandler(log, nil)), Now: func() time.Time { return time.Unix(1750000000, 0) }}
	for _, p := range trusted {
		c.Trusted = append(c.Trusted, netip.MustParsePrefix(p))
	}
	return c
}

func TestOneLogLineWithTheRouteAndNoSecrets(t *testing.T) {
	var log bytes.Buffer
	mux := http.NewServeMux()
	mux.HandleFunc("POST /setup/{link}", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) })
	r := httptest.NewRequest("POST", "/setup/sEcReTlInK?code=sEcReTcOdE", strings.NewReader("password=sEcReTpW"))
	WithRequest(config(&log), SecureHeaders(mux)).ServeHTTP(httptest.NewRecorder(), r)

	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Fatalf("%d lines:\n%s", n, &log)
	}
	if strings.Contains(log.String(), "sEcReT") {
		t.Errorf("a secret in the log: %s", &log)
	}
	var line map[string]any
	json.Unmarshal(log.Bytes(), &line)
	if line[KeyRoute] != "POST /setup/{link}" || line[KeyStatus] != 418.0 || line[KeyRequest] == "" {
		t.Errorf("line %s", &log)
	}
	for key := range line {
		if !slices.Contains(append(LogKeys, "time", "level", "msg"), key) {
			t.Errorf("key %q is not in LogKeys", key)
		}
	}
}

func TestPanicBecomesAnAnswerWithTheRequestIDOnly(t *testing.T) {
	var log bytes.Buffer
	h := WithRequest(config(&log), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("card 04a1b2c3") }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "04a1b2c3") || !strings.Contains(w.Body.String(), w.Header().Get("X-Request-Id")) {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "request_test.go") || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("log without the place: %s", &log)
	}
}

func TestPanicAfterHalfAnAnswerCutsTheConnection(t *testing.T) {
	var log bytes.Buffer
	h := WithRequest(config(&log), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("half"))
		panic("no more")
	}))
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("recovered %v, want http.ErrAbortHandler", p)
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

func TestClientAddressThroughTrustedProxiesOnly(t *testing.T) {
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1", "", "203.0.113.9"},
		{"203.0.113.9:1", "198.51.100.1", "203.0.113.9"}, // nobody's proxy: its word is nothing
		{"10.0.0.1:1", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1", "1.2.3.4, 198.51.100.1", "198.51.100.1"},           // what the client wrote itself stays unread
		{"10.0.0.1:1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"}, // two proxies of ours
		{"10.0.0.1:1", "198.51.100.1, nonsense", "10.0.0.1"},
		{"10.0.0.1:1", "", "10.0.0.1"},
		{"[::ffff:10.0.0.1]:1", "[2001:db8::1]:443", "2001:db8::1"},
		{"@", "198.51.100.1", "invalid IP"}, // a Unix socket
		{"10.0.0.1:1", strings.Repeat("1.2.3.4,", 1000) + "::1%eth0", "::1"},
		{"[2001:db8::5%eth0]:1", "198.51.100.1", "2001:db8::5"},
		{"10.0.0.1:1", "10.0.0.3, 10.0.0.2", "10.0.0.3"}, // all ours: the farthest
		{"10.0.0.1:1", "\"198.51.100.1\"", "10.0.0.1"},
		{"10.0.0.1:1", "198.51.100.1:5000", "198.51.100.1"},
		{"[2001:db8:a::1]:1", "198.51.100.1, 2001:db8:a::2", "198.51.100.1"},
		{"[2001:db8:b::1]:1", "198.51.100.1, 2001:db8:a::2", "2001:db8:b::1"},
		{"10.0.0.1:1", "::ffff:198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1", "198.51.100.1 , 10.0.0.2 ", "198.51.100.1"},
		{"10.0.0.1:1", "198.51.100.1/32", "10.0.0.1"},
		{"10.0.0.1:1", "127.0.0.1, 198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:1", "198.51.100.1", "127.0.0.1"}, // loopback is trusted only if listed
		{"10.0.0.1:1", "[198.51.100.1]", "198.51.100.1"},
	} {
		var got string
		h := WithRequest(config(new(bytes.Buffer), "10.0.0.0/8", "2001:db8:a::/48"),
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = ClientAddr(r).String() }))
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("peer %s forwarding %.60q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

func TestRequestIDFromOutsideOnlyThroughTrustedProxies(t *testing.T) {
	for _, c := range []struct {
		peer, sent string
		kept       bool
	}{
		{"10.0.0.1:1", "req-1234567", true}, {"203.0.113.9:1", "req-1234567", false},
		{"10.0.0.1:1", "bad id\n1234", false}, {"10.0.0.1:1", "<script>", false}, {"10.0.0.1:1", strings.Repeat("a", 65), false},
	} {
		var got string
		h := WithRequest(config(new(bytes.Buffer), "10.0.0.0/8"),
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = RequestID(r.Context()) }))
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Request-Id", c.sent)
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got == "" || (got == c.sent) != c.kept {
			t.Errorf("%s sent %q: id %q", c.peer, c.sent, got)
		}
	}
}

func TestFailNotesItsErrorForTheLog(t *testing.T) {
	var log bytes.Buffer
	h := WithRequest(config(&log), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Fail(w, r, errors.New("disk on fire"))
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if !strings.Contains(log.String(), "disk on fire") || !strings.Contains(log.String(), `"level":"ERROR"`) {
		t.Errorf("log %s", &log)
	}
}

func TestRequestsNeedNoMiddleware(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	if RequestID(r.Context()) != "" || ClientAddr(r).String() != "192.0.2.1" || HTTPS(r.Context()) {
		t.Error("without WithRequest a request has no id, its peer's address, and no https")
	}
	Logger(r.Context()).Info("nothing") // must not panic
}
