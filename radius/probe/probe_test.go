package probe

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2868"
	"layeh.com/radius/rfc2869"
)

const secret = "a shared secret"

// server answers each request that arrives with what answer makes of it.
func server(t *testing.T, answer func(request []byte) [][]byte) string {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	go func() {
		for {
			b := make([]byte, codec.MaxPacketLength)
			n, from, err := pc.ReadFrom(b)
			if err != nil {
				return
			}
			for _, a := range answer(b[:n]) {
				_, _ = pc.WriteTo(a, from)
			}
		}
	}()
	return pc.LocalAddr().String()
}

// accept is a genuine Access-Accept to request.
func accept(request []byte, key string, signed bool) []byte {
	p, err := codec.Parse(request, []byte(key))
	if err != nil {
		panic(err)
	}
	a := p.Response(codec.CodeAccessAccept)
	if signed {
		a.Add(rfc2869.MessageAuthenticator_Type, make([]byte, 16))
	}
	_ = rfc2868.TunnelType_Set(a, 0, 13)
	_ = rfc2868.TunnelPrivateGroupID_SetString(a, 0, "42")
	_ = rfc2865.SessionTimeout_Set(a, 90)
	if signed {
		raw, _ := a.MarshalBinary()
		_ = rfc2869.MessageAuthenticator_Set(a, messageAuthenticator(raw, []byte(key)))
	}
	b, err := a.Encode()
	if err != nil {
		panic(err)
	}
	return b
}

func fast(o Options) Options {
	o.Timeout, o.Tries = 100*time.Millisecond, 2
	return o
}

func TestAnswerIsReadAndChecked(t *testing.T) {
	addr := server(t, func(request []byte) [][]byte {
		p, _ := codec.Parse(request, []byte(secret))
		if rfc2865.UserPassword_GetString(p) != "the pass" || rfc2865.CalledStationID_GetString(p) != "called" || p.Attributes[0].Type != rfc2869.MessageAuthenticator_Type {
			return nil
		}
		return [][]byte{accept(request, secret, true)}
	})
	r, err := PAP(t.Context(), addr, []byte(secret), "ada.phone", "the pass", Options{CalledStation: "called"})
	if err != nil || !r.Accept || r.VLAN != "42" || r.Session != 90*time.Second || r.Tries != 1 {
		t.Errorf("PAP = %+v, %v", r, err)
	}
}

func TestForgedAndUnsignedAnswersAreNotBelieved(t *testing.T) {
	broken := func(request []byte, at int) []byte {
		b := accept(request, secret, true)
		b[at] ^= 1
		return b
	}
	for name, c := range map[string]struct {
		answer func(request []byte) [][]byte
		o      Options
		want   error
	}{
		"wrong secret":                {func(r []byte) [][]byte { return [][]byte{accept(r, "another", true)} }, Options{}, ErrForged},
		"changed on the way":          {func(r []byte) [][]byte { return [][]byte{broken(r, 25)} }, Options{}, ErrForged},
		"another identifier":          {func(r []byte) [][]byte { return [][]byte{broken(r, 1)} }, Options{}, ErrForged},
		"garbage":                     {func(r []byte) [][]byte { return [][]byte{[]byte("hello")} }, Options{}, ErrForged},
		"unsigned":                    {func(r []byte) [][]byte { return [][]byte{accept(r, secret, false)} }, Options{}, ErrUnsigned},
		"unsigned, believed":          {func(r []byte) [][]byte { return [][]byte{accept(r, secret, false)} }, Options{Unsigned: true}, nil},
		"silence":                     {func([]byte) [][]byte { return nil }, Options{}, ErrNoAnswer},
		"forged before the good one":  {func(r []byte) [][]byte { return [][]byte{broken(r, 5), accept(r, secret, true)} }, Options{}, nil},
		"signed, authenticator wrong": {func(r []byte) [][]byte { return [][]byte{wrongMAC(r)} }, Options{}, ErrForged},
	} {
		r, err := PAP(t.Context(), server(t, c.answer), []byte(secret), "ada", "pass", fast(c.o))
		if !errors.Is(err, c.want) || r.Accept != (c.want == nil) {
			t.Errorf("%s: %+v, %v; want %v", name, r, err, c.want)
		}
	}
}

// wrongMAC has a fitting Response Authenticator over a Message-Authenticator
// that does not fit.
func wrongMAC(request []byte) []byte {
	p, _ := codec.Parse(request, []byte(secret))
	a := p.Response(codec.CodeAccessAccept)
	_ = rfc2869.MessageAuthenticator_Set(a, make([]byte, 16))
	b, _ := a.Encode()
	return b
}

func TestRequestIsSentAgainUnchanged(t *testing.T) {
	var first []byte
	addr := server(t, func(request []byte) [][]byte {
		if first == nil {
			first = append(first, request...)
			return nil
		}
		if string(first) != string(request) {
			t.Error("the second try is another packet")
		}
		return [][]byte{accept(request, secret, true)}
	})
	if r, err := PAP(t.Context(), addr, []byte(secret), "ada", "pass", fast(Options{})); err != nil || r.Tries != 2 {
		t.Errorf("PAP = %+v, %v; want an answer at the second try", r, err)
	}
}

func TestProbeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := PAP(ctx, "127.0.0.1:9", []byte(secret), "ada", "pass", Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("PAP = %v, want context.Canceled", err)
	}
	if _, err := PAP(t.Context(), "127.0.0.1:9", nil, "ada", "pass", Options{}); err == nil {
		t.Error("PAP without a secret goes ahead")
	}
}
