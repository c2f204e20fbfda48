package radius

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"

	"lanyard/claims"
)

func TestRetransmissionIsAnsweredByteForByteWithoutDeciding(t *testing.T) {
	w := newWorld(t)
	request := wire(login("ada.phone", goodPass))
	first := w.send(apAddr, request)
	w.change(claims.WiFiPass{ID: "pass-ada.phone", Member: "ada", Login: "ada.phone", Verifier: "x", Revoked: noon})
	w.now = noon.Add(29 * time.Second)
	if again := w.send(apAddr, request); !bytes.Equal(first, again) {
		t.Errorf("first % x, again % x", first, again)
	}
	if len(w.outcomes) != 1 || w.verified != 1 || w.Stats().Answered != 1 {
		t.Errorf("decided %d times, checked %d times, %+v", len(w.outcomes), w.verified, w.Stats())
	}
	w.now = noon.Add(31 * time.Second)
	if late := w.send(apAddr, request); codec.Code(late[0]) != codec.CodeAccessReject {
		t.Error("after 30 s the old answer is still given")
	}
}

func TestSameIdentifierWithAnotherAuthenticatorIsDecided(t *testing.T) {
	w := newWorld(t)
	a, b := login("ada.phone", goodPass), login("ada.phone", "wrong")
	b.Identifier = a.Identifier
	if got := w.ask(a).Code; got != codec.CodeAccessAccept {
		t.Errorf("first: %v", got)
	}
	if got := w.ask(b).Code; got != codec.CodeAccessReject || len(w.outcomes) != 2 {
		t.Errorf("second: %v after %d decisions", got, len(w.outcomes))
	}
}

func TestLongestPrefixSaysWhoseSecretCounts(t *testing.T) {
	w := newWorld(t)
	for from, secret := range map[string]string{"192.0.2.7:1": apSecret, "192.0.2.8:1": "another secret", "[::ffff:192.0.2.7]:1": apSecret} {
		p := login("ada.phone", goodPass)
		other := codec.New(codec.CodeAccessRequest, []byte(secret))
		other.Attributes = p.Attributes
		_ = rfc2865.UserPassword_SetString(other, goodPass)
		request := wire(other)
		w.check(request, w.send(netip.MustParseAddrPort(from), request), secret)
	}
	w.change(claims.AccessPoint{ID: "ap1", Name: "hall", Prefix: "192.0.2.7", Secret: apSecret, Removed: noon})
	if reply := w.send(apAddr, wire(login("ada.phone", goodPass))); reply != nil {
		t.Error("a removed access point's secret still counts")
	}
}

func TestNoAnswerWhileNoneCanBeGiven(t *testing.T) {
	w := newWorld(t)
	cfg := w.config()
	var ready error = claims.ErrUnavailable
	cfg.Ready = func() error { return ready }
	w.Server = New(cfg)
	request := wire(login("ada.phone", goodPass))
	if w.send(apAddr, request) != nil || w.Stats().Unavailable != 1 {
		t.Errorf("answered, or not counted: %+v", w.Stats())
	}
	ready = nil
	if w.send(apAddr, request) == nil {
		t.Error("the retransmission is not answered once it can be")
	}
	cfg.Directory = func() *claims.Directory { return nil }
	if New(cfg).pictures.now() != nil {
		t.Error("a picture without a directory")
	}
}

func TestFloodLeavesOneLogLineInTenSeconds(t *testing.T) {
	w := newWorld(t)
	cfg := w.config()
	var log bytes.Buffer
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.Server = New(cfg)
	for range 1000 {
		w.send(netip.MustParseAddrPort("203.0.113.9:1"), []byte("x"))
	}
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("%d lines, want 1:\n%.500s", n, log.String())
	}
	w.now = noon.Add(quietFor)
	w.send(netip.MustParseAddrPort("203.0.113.9:1"), []byte("x"))
	if !strings.Contains(log.String(), "packets=1000") {
		t.Errorf("the second line does not count the unsaid:\n%s", log.String())
	}
}

// keepAsking sends a hundred logins as client i, one in ten of them a wrong
// one, while it changes the directory now and then.
func (w *world) keepAsking(i int, addr string) error {
	c, err := net.Dial("udp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	b := make([]byte, codec.MaxPacketLength)
	for j := range 100 {
		user, pass, want := "ada.phone", goodPass, codec.CodeAccessAccept
		if j%10 == i {
			// A login of its own each: none is held back.
			user, pass, want = fmt.Sprintf("ghost-%d-%d", i, j), "wrong", codec.CodeAccessReject
		}
		if j%25 == 0 {
			w.change(claims.Tag{Slug: claims.Slug(fmt.Sprintf("t-%d-%d", i, j))})
		}
		request := wire(login(user, pass))
		_, _ = c.Write(request)
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, err := c.Read(b)
		if err != nil || !codec.IsAuthenticResponse(b[:n], request, []byte(apSecret)) || codec.Code(b[0]) != want {
			return fmt.Errorf("client %d, request %d: code %d, want %v (%w)", i, j, b[0], want, err)
		}
	}
	return nil
}

func TestServeAnswersManyAtOnceAndStops(t *testing.T) {
	w := newWorld(t)
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.change(claims.AccessPoint{ID: "ap5", Name: "loopback", Prefix: "127.0.0.0/8", Secret: apSecret, Network: "members"})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Serve(ctx, pc) }()
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			if err := w.keepAsking(i, pc.LocalAddr().String()); err != nil {
				t.Error(err)
			}
		})
	}
	clients.Wait()
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Serve = %v", err)
	}
	s := w.Stats()
	if s.Received != 800 || s.Accepts+s.Rejects != 800 {
		t.Errorf("counted as %+v", s)
	}
}

func TestServeGivesUpABrokenSocket(t *testing.T) {
	w := newWorld(t)
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pc.Close()
	if err := w.Serve(t.Context(), pc); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve = %v, want what broke", err)
	}
}

func TestFaultInsideCostsOneAnswerOnly(t *testing.T) {
	w := newWorld(t)
	cfg := w.config()
	check := cfg.Verify
	cfg.Verify = func(p claims.WiFiPass, text []byte) bool {
		if string(text) == "boom" {
			panic("a fault")
		}
		return check(p, text)
	}
	w.Server = New(cfg)
	pc, queue := newPipe(), make(chan late, 1)
	tk := task{out: make([]byte, 0, codec.MaxPacketLength)}
	w.answer(&tk, newConn(pc), queue, wire(login("ada.phone", "boom")), apAddr)
	w.answer(&tk, newConn(pc), queue, wire(login("ada.phone", goodPass)), apAddr)
	if reply := <-pc.out; codec.Code(reply[0]) != codec.CodeAccessAccept || w.Stats().Broken != 1 {
		t.Errorf("after a fault: %v, %+v", codec.Code(reply[0]), w.Stats())
	}
}
