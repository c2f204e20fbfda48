package radius

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2869"
)

// packet builds a datagram from attributes given as {type, value...}.
func packet(code byte, attrs ...[]byte) []byte {
	b := []byte{code, 7, 0, 0}
	b = append(b, "0123456789abcdef"...)
	for _, a := range attrs {
		b = append(b, a[0], byte(1+len(a)))
		b = append(b, a[1:]...)
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

func attr(t codec.Type, value string) []byte { return append([]byte{byte(t)}, value...) }

const hidden = "0123456789abcdef" // as long as a hidden password of one block

func TestMalformedPacketsAreRefusedWhole(t *testing.T) {
	user, pass := attr(rfc2865.UserName_Type, "ada"), attr(rfc2865.UserPassword_Type, hidden)
	good := packet(1, user, pass)
	cut := func(n int) []byte { return good[:len(good)-n] }
	lengthed := func(n int) []byte {
		b := bytes.Clone(good)
		binary.BigEndian.PutUint16(b[2:], uint16(n))
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":                        {},
		"half a header":                  good[:19],
		"truncated by one octet":         cut(1),
		"length 0":                       lengthed(0),
		"length 19":                      lengthed(19),
		"length 4097":                    append(lengthed(4097), make([]byte, 4097)...),
		"length inside an attribute":     lengthed(len(good) - 1),
		"attribute of length 0":          broken(0),
		"attribute of length 1":          broken(1),
		"attribute past the end":         broken(5),
		"one octet after the attributes": append(lengthed(len(good)+1), 1),
		"two names":                      packet(1, user, user),
		"an empty name":                  packet(1, attr(rfc2865.UserName_Type, "")),
		"two passwords":                  packet(1, user, pass, pass),
		"an empty password":              packet(1, user, attr(rfc2865.UserPassword_Type, "")),
		"a password of 17 octets":        packet(1, user, attr(rfc2865.UserPassword_Type, hidden+"x")),
		"a password of 144 octets":       packet(1, user, attr(rfc2865.UserPassword_Type, string(make([]byte, 144)))),
		"PAP and CHAP":                   packet(1, user, pass, attr(rfc2865.CHAPPassword_Type, hidden+"x")),
		"PAP and EAP":                    packet(1, user, pass, attr(rfc2869.EAPMessage_Type, "\x02\x01\x00\x04")),
		"a short Message-Authenticator":  packet(1, user, attr(rfc2869.MessageAuthenticator_Type, hidden[1:])),
		"a long Message-Authenticator":   packet(1, user, attr(rfc2869.MessageAuthenticator_Type, hidden+"x")),
		"two Message-Authenticators":     packet(1, attr(rfc2869.MessageAuthenticator_Type, hidden), attr(rfc2869.MessageAuthenticator_Type, hidden)),
	} {
		var r request
		var m malformed
		if err := r.parse(b); !errors.As(err, &m) {
			t.Errorf("%s: parse = %v, want it refused as malformed", name, err)
		}
	}
}

// broken is a packet whose last attribute says it has n octets; it has 4.
func broken(n byte) []byte {
	b := append(packet(1, attr(rfc2865.UserName_Type, "ada")), byte(rfc2865.VendorSpecific_Type), n, 'a', 'b')
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

func TestPaddingAfterLengthIsIgnored(t *testing.T) {
	b := packet(1, attr(rfc2865.UserName_Type, "ada"), attr(rfc2865.UserPassword_Type, hidden))
	var r request
	if err := r.parse(append(bytes.Clone(b), 0xde, 0xad, 0xbe, 0xef)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(r.raw, b) || string(r.login) != "ada" || string(r.password) != hidden {
		t.Errorf("with padding, parse read %+v", r)
	}
}

func TestParseFindsWhatTheServerNeeds(t *testing.T) {
	b := packet(1,
		attr(rfc2865.ProxyState_Type, "one"),
		attr(rfc2869.MessageAuthenticator_Type, hidden),
		attr(rfc2865.CalledStationID_Type, "00-10-A4-23-19-C0:members"),
		attr(rfc2865.CallingStationID_Type, "00-10-A4-23-19-C1"),
		attr(rfc2865.VendorSpecific_Type, "\x00\x00\x01\x37\x19\x34"),
		attr(rfc2865.ProxyState_Type, ""),
	)
	var r request
	if err := r.parse(b); err != nil {
		t.Fatal(err)
	}
	if string(b[r.mac:r.mac+16]) != hidden || !r.mschap || r.proxied != 7 ||
		string(r.called) != "00-10-A4-23-19-C0:members" || string(r.calling) != "00-10-A4-23-19-C1" {
		t.Errorf("parse read %+v", r)
	}
	var states []string
	r.proxyStates(func(v []byte) { states = append(states, string(v)) })
	if !slices.Equal(states, []string{"one", ""}) {
		t.Errorf("Proxy-State = %q, want one and an empty one, in order", states)
	}
}

// FuzzParse holds our reading against the codec's: what we accept the codec
// accepts, and both see the same attributes.
func FuzzParse(f *testing.F) {
	f.Add(packet(1, attr(rfc2865.UserName_Type, "ada"), attr(rfc2865.UserPassword_Type, hidden)))
	f.Add(packet(1, attr(rfc2869.EAPMessage_Type, "\x02\x01\x00\x08\x01ada"), attr(rfc2869.MessageAuthenticator_Type, hidden)))
	f.Add(packet(12, attr(rfc2869.MessageAuthenticator_Type, hidden), attr(rfc2865.ProxyState_Type, "")))
	f.Add(packet(4, attr(rfc2865.VendorSpecific_Type, "\x00\x00\x01\x37\x01\x02")))
	f.Add(packet(1, attr(rfc2865.CalledStationID_Type, "001122334455:x")))
	f.Add(broken(0))
	f.Add([]byte("short"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r request
		if err := r.parse(b); err != nil {
			return
		}
		p, err := codec.Parse(b, []byte("x"))
		if err != nil {
			t.Fatalf("we read what the codec refuses: %v", err)
		}
		if got, want := string(r.login), string(p.Get(rfc2865.UserName_Type)); got != want {
			t.Errorf("login %q, the codec reads %q", got, want)
		}
		if got, want := string(r.eap), string(p.Get(rfc2869.EAPMessage_Type)); got != want {
			t.Errorf("EAP-Message %q, the codec reads %q", got, want)
		}
		states := 0
		r.proxyStates(func([]byte) { states++ })
		for _, a := range p.Attributes {
			if a.Type == rfc2865.ProxyState_Type {
				states--
			}
		}
		if states != 0 {
			t.Errorf("Proxy-State: %d more than the codec reads", states)
		}
		_, _ = stationOf(r.calling), ssidOf(r.called)
	})
}
