package radius

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2869"
)

func without(p *codec.Packet, t codec.Type) *codec.Packet {
	p.Attributes.Del(t)
	return p
}

// silent is a datagram that gets no answer, and where it is counted.
type silent struct {
	from  netip.AddrPort
	b     []byte
	count func(Stats) uint64
}

func silentOnes() map[string]silent {
	flip := func(at int) []byte {
		b := wire(login("ada.phone", goodPass))
		b[at] ^= 1
		return b
	}
	wrongSecret := login("ada.phone", goodPass)
	wrongSecret.Secret = []byte("not the secret")
	status := codec.New(codec.CodeStatusServer, []byte(apSecret))
	eap := without(login("ada.phone", goodPass, codec.AVP{Type: rfc2869.EAPMessage_Type, Attribute: []byte("\x02\x01\x00\x08\x01ada")}), rfc2865.UserPassword_Type)
	proxied := login("ada.phone", goodPass, codec.AVP{Type: rfc2865.ProxyState_Type, Attribute: []byte("p")})
	antique := netip.MustParseAddrPort("198.51.100.1:1")
	return map[string]silent{
		"without Message-Authenticator": {apAddr, wire(without(login("ada.phone", goodPass), rfc2869.MessageAuthenticator_Type)), func(s Stats) uint64 { return s.Unsigned }},
		"wrong secret":                  {apAddr, wire(wrongSecret), func(s Stats) uint64 { return s.Forged }},
		"identifier changed":            {apAddr, flip(1), func(s Stats) uint64 { return s.Forged }},
		"authenticator changed":         {apAddr, flip(4), func(s Stats) uint64 { return s.Forged }},
		"Message-Authenticator changed": {apAddr, flip(headerLen + 2), func(s Stats) uint64 { return s.Forged }},
		"name changed":                  {apAddr, flip(headerLen + 18 + 2), func(s Stats) uint64 { return s.Forged }},
		"Status-Server without":         {apAddr, wire(status), func(s Stats) uint64 { return s.Unsigned }},
		"an antique's Status-Server":    {antique, wire(status), func(s Stats) uint64 { return s.Unsigned }},
		"an antique's EAP":              {antique, wire(without(eap, rfc2869.MessageAuthenticator_Type)), func(s Stats) uint64 { return s.Unsigned }},
		"an antique's Proxy-State":      {antique, wire(without(proxied, rfc2869.MessageAuthenticator_Type)), func(s Stats) uint64 { return s.Proxied }},
		"an antique's wrong one":        {antique, flip(1), func(s Stats) uint64 { return s.Forged }},
		"unknown address":               {netip.MustParseAddrPort("203.0.113.9:1"), wire(login("ada.phone", goodPass)), func(s Stats) uint64 { return s.Unknown }},
		"accounting":                    {apAddr, packet(4), func(s Stats) uint64 { return s.Accounting }},
		"an Access-Accept":              {apAddr, packet(2), func(s Stats) uint64 { return s.Unexpected }},
		"garbage":                       {apAddr, []byte("hello"), func(s Stats) uint64 { return s.Malformed }},
	}
}

func TestForgedAndUnsignedRequestsMeetSilence(t *testing.T) {
	for name, c := range silentOnes() {
		w := newWorld(t)
		if reply := w.send(c.from, c.b); reply != nil {
			t.Errorf("%s: answered % x, want silence", name, reply)
		}
		if s := w.Stats(); c.count(s) != 1 || s.Received != 1 || s.Accepts+s.Rejects != 0 {
			t.Errorf("%s: counted as %+v", name, s)
		}
		if w.verified != 0 {
			t.Errorf("%s: a pass was checked", name)
		}
	}
}

func TestAntiqueAccessPointMayLeaveTheAuthenticatorOut(t *testing.T) {
	w := newWorld(t)
	request := wire(without(login("ada.phone", goodPass), rfc2869.MessageAuthenticator_Type))
	reply := w.check(request, w.send(netip.MustParseAddrPort("198.51.100.1:1"), request), apSecret)
	if reply.Code != codec.CodeAccessAccept {
		t.Errorf("%v, want Access-Accept", reply.Code)
	}
}

func TestPaddedRequestIsAnsweredTruncatedIsNot(t *testing.T) {
	w := newWorld(t)
	request := wire(login("ada.phone", goodPass))
	w.check(request, w.send(apAddr, append(bytes.Clone(request), 0, 0, 0)), apSecret)
	next := wire(login("ada.phone", goodPass))
	if reply := w.send(apAddr, next[:len(next)-1]); reply != nil {
		t.Error("a truncated request is answered")
	}
}

func TestReplyTooLongForOnePacketIsNotSent(t *testing.T) {
	w := newWorld(t)
	p := login("ada.phone", "wrong")
	for range 15 {
		p.Add(rfc2865.ProxyState_Type, make([]byte, 253))
	}
	p.Add(rfc2865.ProxyState_Type, make([]byte, 160))
	request := wire(p)
	if len(request) > codec.MaxPacketLength {
		t.Fatalf("the request has %d octets", len(request))
	}
	if reply := w.send(apAddr, request); reply != nil {
		if n := int(binary.BigEndian.Uint16(reply[2:])); n != len(reply) || n > codec.MaxPacketLength {
			t.Errorf("a reply of %d octets says it has %d", len(reply), n)
		}
	} else if w.Stats().TooLong != 1 {
		t.Errorf("silence, counted as %+v", w.Stats())
	}
}

// FuzzHandle throws datagrams, as they are and signed, at a whole server.
func FuzzHandle(f *testing.F) {
	f.Add(wire(login("ada.phone", goodPass)), true)
	f.Add(wire(login("ADA.PHONE", "x", codec.AVP{Type: rfc2865.ProxyState_Type, Attribute: []byte("s")})), true)
	f.Add(packet(1, attr(rfc2869.MessageAuthenticator_Type, hidden), attr(rfc2869.EAPMessage_Type, "\x02\x09\x00\x08\x01ada")), true)
	f.Add(packet(1, attr(rfc2869.MessageAuthenticator_Type, hidden), attr(rfc2865.UserName_Type, "x"), attr(rfc2865.CHAPPassword_Type, hidden)), true)
	f.Add(packet(12, attr(rfc2869.MessageAuthenticator_Type, hidden)), true)
	f.Add(packet(1, attr(rfc2865.UserName_Type, "x"), attr(rfc2869.MessageAuthenticator_Type, hidden)), false)
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, b []byte, signed bool) {
		var r request
		if signed && r.parse(b) == nil {
			sign(b[:len(r.raw)], []byte(apSecret))
		}
		w.outcomes = nil
		reply := w.send(apAddr, b)
		s := w.Stats()
		if sum := s.Accepts + s.Rejects + s.Status + s.Answered + s.Working + s.Unavailable + s.Unknown + s.Malformed +
			s.Unsigned + s.Forged + s.Proxied + s.Unexpected + s.Accounting + s.TooLong; sum != s.Received {
			t.Fatalf("%d packets received, %d accounted for: %+v", s.Received, sum, s)
		}
		if reply == nil {
			return
		}
		p, err := codec.Parse(reply, []byte(apSecret))
		if err != nil || !codec.IsAuthenticResponse(reply, b, []byte(apSecret)) {
			t.Fatalf("a reply that is none: % x (%v)", reply, err)
		}
		if p.Code == codec.CodeAccessAccept && b[0] == 1 && !w.last().Allow && w.Stats().Answered == 0 {
			t.Fatalf("accepted: % x", b)
		}
	})
}
