package radius

import (
	"encoding/binary"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2869"
)

// Requests on the wire (RFC 2865).
//
//   - octets past Length are padding and ignored                       3
//   - shorter than Length, Length under 20 or over 4096: discarded      3
//   - an attribute of length 0 or 1, or past the end: discarded whole   5
//   - at most one of those that may stand once                          5.44, RFC 2869 5.19
//   - User-Password is 16 to 128 octets in steps of 16                  5.2
//   - never both of User-Password and CHAP-Password, and none of the
//     two beside EAP-Message                                            4.1, RFC 3579 3.3
//
// The packet is read where it lies: no copy, nothing allocated for what a
// packet claims to hold.

// headerLen is the length of a packet without attributes.
const headerLen = 20

// request is a parsed packet. Its slices point into the buffer it was read
// into and are good until that is used again.
type request struct {
	raw  []byte // exactly Length octets
	code codec.Code

	mac     int // where the Message-Authenticator's 16 octets begin in raw; 0: there is none
	proxied int // octets of Proxy-State attributes, with their headers

	login    []byte // User-Name; nil: none
	password []byte // User-Password as sent, hidden; nil: none
	chap     []byte
	eap      []byte // the first EAP-Message; nil: none
	mschap   bool   // a Microsoft CHAP attribute is there (RFC 2548)
	called   []byte // Called-Station-Id
	calling  []byte // Calling-Station-Id
}

// id is the packet's Identifier.
func (r *request) id() byte { return r.raw[1] }

// authenticator is the Request Authenticator.
func (r *request) authenticator() []byte { return r.raw[4:headerLen] }

// malformed says why a packet cannot be read.
type malformed string

func (m malformed) Error() string { return string(m) }

// parse reads the datagram b into r. It fails with malformed.
func (r *request) parse(b []byte) error {
	*r = request{}
	if len(b) < headerLen {
		return malformed("shorter than a header")
	}
	length := int(binary.BigEndian.Uint16(b[2:4]))
	if length < headerLen || length > codec.MaxPacketLength {
		return malformed("impossible length")
	}
	if length > len(b) {
		return malformed("truncated")
	}
	r.raw, r.code = b[:length:length], codec.Code(b[0])
	for at := headerLen; at < length; {
		rest := r.raw[at:]
		if len(rest) < 2 || rest[1] < 2 || int(rest[1]) > len(rest) {
			return malformed("impossible attribute length")
		}
		end := int(rest[1])
		if !r.take(codec.Type(rest[0]), rest[2:end:end], at+2) {
			return malformed("an attribute is there twice, or has an impossible length")
		}
		at += end
	}
	return r.coherent()
}

// take notes one attribute, whose value begins at offset at; false if it may
// not stand there.
func (r *request) take(t codec.Type, value []byte, at int) bool {
	switch t {
	case rfc2865.UserName_Type:
		return len(value) > 0 && once(&r.login, value)
	case rfc2865.UserPassword_Type:
		n := len(value)
		return n >= 16 && n <= 128 && n%16 == 0 && once(&r.password, value)
	case rfc2865.CHAPPassword_Type:
		return once(&r.chap, value)
	case rfc2865.CalledStationID_Type:
		return once(&r.called, value)
	case rfc2865.CallingStationID_Type:
		return once(&r.calling, value)
	case rfc2865.ProxyState_Type:
		r.proxied += 2 + len(value)
	case rfc2865.VendorSpecific_Type:
		r.mschap = r.mschap || isMSCHAP(value)
	case rfc2869.EAPMessage_Type:
		if r.eap == nil {
			r.eap = value // a long message goes on in the next attributes
		}
	case rfc2869.MessageAuthenticator_Type:
		if len(value) != 16 || r.mac != 0 {
			return false
		}
		r.mac = at
	}
	return true
}

// once sets *to, unless it is set.
func once(to *[]byte, value []byte) bool {
	if *to != nil {
		return false
	}
	*to = value
	return true
}

// isMSCHAP recognises MS-CHAP-Response, MS-CHAP-Challenge and
// MS-CHAP2-Response (RFC 2548, sections 2.1 and 2.3).
func isMSCHAP(vendor []byte) bool {
	const microsoft = 311
	if len(vendor) < 6 || binary.BigEndian.Uint32(vendor) != microsoft {
		return false
	}
	return vendor[4] == 1 || vendor[4] == 11 || vendor[4] == 25
}

// coherent tells whether the attributes make sense together.
func (r *request) coherent() error {
	if r.password != nil && r.chap != nil {
		return malformed("both User-Password and CHAP-Password")
	}
	if r.eap != nil && (r.password != nil || r.chap != nil) {
		return malformed("EAP-Message beside another password")
	}
	return nil
}

// proxyStates calls add with the value of each Proxy-State, in order.
func (r *request) proxyStates(add func(value []byte)) {
	if r.proxied == 0 {
		return
	}
	for b := r.raw[headerLen:]; len(b) > 0; b = b[b[1]:] {
		if codec.Type(b[0]) == rfc2865.ProxyState_Type {
			add(b[2:b[1]])
		}
	}
}
