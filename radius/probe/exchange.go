package probe

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2869"
)

const headerLen = 20

// send sends request until an answer to it comes. Answers that do not fit are
// waited past, as an attacker could send them first; only when nothing better
// comes they become the fault.
func send(ctx context.Context, addr string, request, secret []byte, o Options) (*codec.Packet, int, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "udp", addr)
	if err != nil {
		return nil, 0, fmt.Errorf("reach %s: %w", addr, err)
	}
	defer c.Close()
	wait, most := o.Timeout, o.Tries
	if wait <= 0 {
		wait = 2 * time.Second
	}
	if most <= 0 {
		most = 3
	}
	answers := make(chan []byte)
	done := make(chan struct{})
	defer close(done)
	go receive(c, answers, done)

	best := ErrNoAnswer
	for tries := 1; tries <= most; tries++ {
		// An ICMP refusal of the try before is reported here.
		if _, err := c.Write(request); err != nil && !errors.Is(err, syscall.ECONNREFUSED) {
			return nil, tries, fmt.Errorf("send to %s: %w", addr, err)
		}
		p, err := await(ctx, answers, wait, request, secret, o.Unsigned)
		if p != nil || ctx.Err() != nil {
			return p, tries, err
		}
		if err != nil {
			best = err
		}
	}
	return nil, most, best
}

// await returns the first genuine answer within wait, or what was wrong with
// those that came; neither if none came.
func await(ctx context.Context, answers <-chan []byte, wait time.Duration, request, secret []byte, unsigned bool) (*codec.Packet, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	var wrong error
	for {
		select {
		case b := <-answers:
			p, err := check(b, request, secret, unsigned)
			if err == nil {
				return p, nil
			}
			wrong = err
		case <-timer.C:
			return nil, wrong
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// receive hands on what arrives until the socket is closed.
func receive(c net.Conn, answers chan<- []byte, done <-chan struct{}) {
	for {
		b := make([]byte, codec.MaxPacketLength)
		n, err := c.Read(b)
		if errors.Is(err, syscall.ECONNREFUSED) {
			continue // the server may yet come up before the next try
		}
		if err != nil {
			return
		}
		select {
		case answers <- b[:n]:
		case <-done:
			return
		}
	}
}

// check tells whether answer is a genuine answer to request.
func check(answer, request, secret []byte, unsigned bool) (*codec.Packet, error) {
	p, err := codec.Parse(answer, secret)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrForged, err)
	}
	raw := append([]byte(nil), answer[:binary.BigEndian.Uint16(answer[2:])]...)
	if raw[1] != request[1] || !codec.IsAuthenticResponse(raw, request, secret) {
		return nil, ErrForged
	}
	mac, ok := p.Lookup(rfc2869.MessageAuthenticator_Type)
	if !ok {
		if unsigned {
			return p, nil
		}
		return nil, ErrUnsigned
	}
	copy(raw[4:headerLen], request[4:headerLen])
	blank(raw)
	if !hmac.Equal(mac, messageAuthenticator(raw, secret)) {
		return nil, ErrForged
	}
	return p, nil
}

// blank writes zeros over the values of Message-Authenticators in b.
func blank(b []byte) {
	for rest := b[headerLen:]; len(rest) > 1; rest = rest[rest[1]:] {
		if codec.Type(rest[0]) == rfc2869.MessageAuthenticator_Type {
			clear(rest[2:rest[1]])
		}
	}
}

// messageAuthenticator signs b, in which its own value is zeros (RFC 3579, 3.2).
func messageAuthenticator(b, secret []byte) []byte {
	h := hmac.New(md5.New, secret)
	h.Write(b)
	return h.Sum(nil)
}
