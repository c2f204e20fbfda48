package main

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are in memory, so that a test's clock
// is theirs.
type pipes struct {
	came   chan net.Conn
	closed chan struct{}
}

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.came:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error { close(p.closed); return nil }

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// dawdle writes text to a server of ours a letter a second, or as fast as it is
// read if all at once, and returns after how long the server hung up and what
// it said until then. The face answers when it has read the whole body.
func dawdle(t *testing.T, text string, atOnce bool) (held time.Duration, said string) {
	synctest.Test(t, func(t *testing.T) {
		face := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err == nil {
				io.WriteString(w, "read")
			}
		})
		l := &pipes{make(chan net.Conn), make(chan struct{})}
		srv := webServer(face, slog.New(slog.DiscardHandler))
		ended := make(chan error, 1)
		go func() { ended <- srv.Serve(l) }()
		here, there := net.Pipe()
		l.came <- there
		began := time.Now()
		var writer sync.WaitGroup
		writer.Go(func() {
			if atOnce {
				io.WriteString(here, text)
				return
			}
			for i := range text {
				if _, err := io.WriteString(here, text[i:i+1]); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		})
		b, _ := io.ReadAll(bufio.NewReader(here))
		held, said = time.Since(began), string(b)
		here.Close()
		writer.Wait()
		srv.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return held, said
}

// TestNobodyHoldsAConnectionBySlowness has clients that never come to an end.
func TestNobodyHoldsAConnectionBySlowness(t *testing.T) {
	const head = "POST /token HTTP/1.1\r\nHost: id.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	for what, c := range map[string]struct {
		text   string
		atOnce bool
		most   time.Duration
		said   string
	}{
		"nothing at all":         {"", true, 5 * time.Second, ""},
		"a head by the letter":   {head + strings.Repeat("X-Slow: yes\r\n", 99), false, 5 * time.Second, ""},
		"half a head":            {head, true, 5 * time.Second, ""},
		"half a body":            {head + "Content-Length: 100\r\n\r\ngrant_type=", true, 15 * time.Second, ""},
		"a body by the letter":   {head + "Content-Length: 100\r\n\r\n", false, 15 * time.Second, ""},
		"a chunk without an end": {head + "Transfer-Encoding: chunked\r\n\r\nff\r\na", true, 15 * time.Second, ""},
		"a request, then none":   {head + "Content-Length: 1\r\n\r\na", true, 2*time.Minute + time.Second, "read"},
		"a head of a megabyte":   {head + "X-Long: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", true, time.Second, "431"},
		"two lengths":            {head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", true, 6 * time.Second, "400"},
	} {
		t.Run(what, func(t *testing.T) {
			held, said := dawdle(t, c.text, c.atOnce)
			if held > c.most || !strings.Contains(said, c.said) || strings.Count(said, "HTTP/1.1") > 1 {
				t.Errorf("the connection was held for %v, at most %v are; the answer was %q, want %q", held, c.most, said, c.said)
			}
		})
	}
}
