package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/radius"
)

func TestR45WifiTryAsksAsAnAccessPointWould(t *testing.T) {
	d := demoDesk(t)
	at := d.clock()
	clock := func() time.Time { return at }
	a := &app{now: clock, environ: d.env, user: "op"}
	h, err := a.open(rootWithContext(t, a))
	if err != nil {
		t.Fatal(err)
	}
	defer h.store.Close()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	srv := radius.New(radius.Config{
		Directory: h.store.Directory, Ready: h.store.Ready, Now: clock, Log: newLog(t.Output(), h.cfg), Event: func(radius.Outcome) {},
		Secret: func(p claims.AccessPoint) ([]byte, error) {
			return h.ring.Open("access_point", string(p.ID), "secret", p.Secret)
		},
		Verify: func(p claims.WiFiPass, pass []byte) bool { return h.ring.PassMatches(p.Verifier, string(pass)) },
	})
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, conn) }()

	out := d.ok("wifi", "pass", "add", "ada", "phone")
	pass := strings.TrimSpace(out[strings.Index(out, "\n\n"):])
	try := []string{"wifi", "try", "ada.phone", "--server", conn.LocalAddr().String(), "--pass-file"}
	waitFor(t, func() bool { _, ok := h.dir().PassByLogin("ada.phone"); return ok })
	if out := d.ok(append(try, d.file("pass", pass))...); !strings.Contains(out, "accept  ada.phone, VLAN 20") {
		t.Errorf("the right pass: %s", out)
	}
	if out, _, code := d.run(append(try, d.file("pass", "wrong-pass"))...); code != 3 || !strings.Contains(out, "reject  ada.phone") {
		t.Errorf("a wrong pass: exit %d, %s", code, out)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
