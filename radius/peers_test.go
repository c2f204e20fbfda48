package radius_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	codec "layeh.com/radius"

	"lanyard/claims"
	"lanyard/radius"
	"lanyard/radius/probe"
)

const (
	pass   = "cedar-otter-lamp-quill-north"
	secret = "testing123"
)

var noon = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

// serve runs a server on a loopback socket for one network of VLAN 42, which
// ada may join for ten minutes and ben may not.
func serve(t *testing.T) (addr string, s *radius.Server) {
	t.Helper()
	active := claims.Subject{Kind: claims.SubjectState, ID: "active"}
	d := claims.NewDirectory(claims.Seq{Epoch: "e"}).With(claims.Seq{Epoch: "e", N: 1},
		claims.Application{Slug: "wifi", Root: "wifi"}, claims.Location{ID: "wifi", Slug: "wifi"},
		claims.Right{At: "wifi", Slug: "join", NotPhysical: true},
		claims.Grant{ID: "g", At: "wifi", Subject: active, Right: "join", Effect: claims.Allow},
		claims.Member{ID: "ada", Username: "ada", State: claims.StateActive, PaidUntil: noon.Add(10 * time.Minute)},
		claims.Member{ID: "ben", Username: "ben", State: claims.StateLeft},
		claims.WiFiPass{ID: "p1", Member: "ada", Login: "ada.phone", Verifier: pass},
		claims.WiFiPass{ID: "p2", Member: "ben", Login: "ben.phone", Verifier: pass},
		claims.Network{Slug: "members", SSID: "space", Location: "wifi", VLAN: 42},
		claims.AccessPoint{ID: "ap", Name: "loopback", Prefix: "127.0.0.0/8", Secret: secret, Network: "members"},
	)
	s = radius.New(radius.Config{
		Directory: func() *claims.Directory { return d },
		Secret:    func(ap claims.AccessPoint) ([]byte, error) { return []byte(ap.Secret), nil },
		Verify:    func(p claims.WiFiPass, text []byte) bool { return p.Verifier == string(text) },
		Now:       func() time.Time { return noon },
	})
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, pc) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("Serve = %v", err)
		}
	})
	return pc.LocalAddr().String(), s
}

func TestR19ProbeSeesTheVLANAndTheLapse(t *testing.T) {
	addr, _ := serve(t)
	r, err := probe.PAP(t.Context(), addr, []byte(secret), "ada.phone", pass, probe.Options{CalledStation: "00-10-A4-23-19-C0:space"})
	if err != nil || !r.Accept || r.VLAN != "42" || r.Session != 10*time.Minute || r.Login != "ada.phone" {
		t.Errorf("ada: %+v, %v", r, err)
	}
	r, err = probe.PAP(t.Context(), addr, []byte(secret), "ben.phone", pass, probe.Options{})
	if err != nil || r.Accept || r.Message == "" {
		t.Errorf("ben, who left: %+v, %v", r, err)
	}
	if r, err := probe.Status(t.Context(), addr, []byte(secret), probe.Options{}); err != nil || !r.Accept {
		t.Errorf("status: %+v, %v", r, err)
	}
	short := probe.Options{Timeout: 50 * time.Millisecond, Tries: 2}
	if _, err := probe.PAP(t.Context(), addr, []byte("wrong secret"), "ada.phone", pass, short); !errors.Is(err, probe.ErrNoAnswer) {
		t.Errorf("with a wrong secret: %v, want silence", err)
	}
	short.Unprotected = true
	if _, err := probe.PAP(t.Context(), addr, []byte(secret), "ada.phone", pass, short); !errors.Is(err, probe.ErrNoAnswer) {
		t.Errorf("without Message-Authenticator: %v, want silence", err)
	}
}

// radclient runs FreeRADIUS's client. Without it the test is skipped, but
// fails where CI=true.
func radclient(t *testing.T, addr, kind, attributes string, flags ...string) string {
	t.Helper()
	path, err := exec.LookPath("radclient")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("radclient is missing: install freeradius-utils")
		}
		t.Skip("SKIPPED: radclient is missing, so no RADIUS client that is not ours was tried; install freeradius-utils")
	}
	cmd := exec.CommandContext(t.Context(), path, append(flags, "-x", "-r", "1", "-t", "5", addr, kind, secret)...)
	cmd.Stdin = strings.NewReader(attributes)
	out, _ := cmd.CombinedOutput() // it exits 1 on a Reject
	return string(out)
}

func TestR22RadclientGetsInAndIsKeptOut(t *testing.T) {
	addr, s := serve(t)
	const signed = ", Message-Authenticator = 0x00"
	ask := func(user, pass string) string {
		return fmt.Sprintf(`User-Name = "%s", User-Password = "%s", Called-Station-Id = "00-10-A4-23-19-C0:space", Proxy-State = 0x616263`, user, pass)
	}
	wants := func(out string, lines ...string) {
		t.Helper()
		for _, l := range lines {
			if !strings.Contains(out, l) {
				t.Errorf("radclient does not say %q:\n%s", l, out)
			}
		}
	}
	wants(radclient(t, addr, "auth", ask("ada.phone", pass)+signed),
		"Received Access-Accept", `Tunnel-Type:0 = VLAN`, `Tunnel-Medium-Type:0 = IEEE-802`, `Tunnel-Private-Group-Id:0 = "42"`,
		"Session-Timeout = 600", "Termination-Action = RADIUS-Request", "Message-Authenticator = 0x", "Proxy-State = 0x616263")
	for _, out := range []string{
		radclient(t, addr, "auth", ask("ada.phone", "wrong")+signed),
		radclient(t, addr, "auth", ask("nobody", "wrong")+signed),
		radclient(t, addr, "auth", ask("ben.phone", pass)+signed),
	} {
		wants(out, "Received Access-Reject", "Reply-Message")
	}
	wants(radclient(t, addr, "auth", `User-Name = "ada.phone", CHAP-Password = "x"`+signed), "Received Access-Reject")
	wants(radclient(t, addr, "status", "Message-Authenticator = 0x00"), "Received Access-Accept")
	if st := s.Stats(); st.Accepts != 1 || st.Rejects != 4 || st.Status != 1 || st.Forged != 0 {
		t.Errorf("counted as %+v", st)
	}
}

func TestClientThatSignsNothingMeetsSilence(t *testing.T) {
	addr, s := serve(t)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	p := codec.New(codec.CodeAccessRequest, []byte(secret))
	if _, err := codec.Exchange(ctx, p, addr); err == nil || s.Stats().Unsigned == 0 {
		t.Errorf("a client that signs nothing: %v, %+v; want silence", err, s.Stats())
	}
}
