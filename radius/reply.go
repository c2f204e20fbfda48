package radius

import (
	"encoding/binary"
	"strconv"
	"time"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2868"
	"layeh.com/radius/rfc2869"
)

// Replies (RFC 2865, section 3 and 5; RFC 2868; RFC 3579; RFC 3580).
//
//   - Message-Authenticator first                        CVE-2024-3596
//   - Access-Accept: Tunnel-Type VLAN, Tunnel-Medium-Type IEEE-802,
//     Tunnel-Private-Group-ID, all with tag 0            RFC 3580, 3.31
//   - Session-Timeout in whole seconds, never 0, with
//     Termination-Action RADIUS-Request, so that the
//     access point asks again instead of cutting off     RFC 2865, 5.27 and 5.29
//   - User-Name and Class for accounting                 RFC 2865, 5.1 and 5.25
//   - Reply-Message never beside EAP-Message             RFC 3579, 2.6.5
//   - Proxy-State unchanged, in order                    RFC 2865, 5.33

// sorry is what every refused login is told, whatever the reason: an unknown
// name must not differ from a wrong pass. The member's own page knows more.
const sorry = "No access. Your own page says why."

// writer builds a reply in a buffer it is lent.
type writer struct {
	b []byte
}

// begin starts a reply to r: its header, then room for the
// Message-Authenticator.
func (w *writer) begin(buf []byte, code codec.Code, r *request) {
	w.b = append(buf[:0], byte(code), r.id(), 0, 0)
	w.b = append(w.b, r.authenticator()...)
	w.bytes(rfc2869.MessageAuthenticator_Type, zeros[:])
}

// bytes adds an attribute; an empty one, or one too long to be written, is
// left out.
func (w *writer) bytes(t codec.Type, value []byte) {
	if len(value) > 0 && len(value) <= 253 {
		w.b = append(append(w.b, byte(t), byte(2+len(value))), value...)
	}
}

func (w *writer) text(t codec.Type, value string) {
	if len(value) > 0 && len(value) <= 253 {
		w.b = append(append(w.b, byte(t), byte(2+len(value))), value...)
	}
}

func (w *writer) integer(t codec.Type, value uint32) {
	w.b = append(w.b, byte(t), 6)
	w.b = binary.BigEndian.AppendUint32(w.b, value)
}

// finish adds r's Proxy-State, and seals. False: the reply is too long.
func (w *writer) finish(r *request, keys *keyring) bool {
	// Not bytes: an empty Proxy-State goes back, too.
	r.proxyStates(func(value []byte) {
		w.b = append(append(w.b, byte(rfc2865.ProxyState_Type), byte(2+len(value))), value...)
	})
	if len(w.b) > codec.MaxPacketLength {
		return false
	}
	binary.BigEndian.PutUint16(w.b[2:], uint16(len(w.b)))
	keys.seal(w.b)
	return true
}

// accept writes the attributes of an Access-Accept.
func (w *writer) accept(v *verdict) {
	w.text(rfc2865.UserName_Type, v.Login)
	if v.VLAN != 0 {
		// The tag octet of the two integers is 0. The string goes without
		// one: a digit cannot be taken for a tag (RFC 2868, section 3.6).
		w.integer(rfc2868.TunnelType_Type, tunnelVLAN)
		w.integer(rfc2868.TunnelMediumType_Type, uint32(rfc2868.TunnelMediumType_Value_IEEE802))
		var digits [8]byte
		w.bytes(rfc2868.TunnelPrivateGroupID_Type, strconv.AppendInt(digits[:0], int64(v.VLAN), 10))
	}
	w.text(rfc2865.FilterID_Type, v.filter)
	w.integer(rfc2865.SessionTimeout_Type, uint32(v.Session/time.Second))
	w.integer(rfc2865.TerminationAction_Type, uint32(rfc2865.TerminationAction_Value_RADIUSRequest))
	w.text(rfc2865.Class_Type, string(v.class))
}

// tunnelVLAN is the Tunnel-Type for VLANs (RFC 3580, section 3.31).
const tunnelVLAN = 13

// reject writes the attributes of an Access-Reject.
func (w *writer) reject(r *request) {
	if r.eap != nil {
		var id byte
		if len(r.eap) > 1 {
			id = r.eap[1]
		}
		const failure = 4 // RFC 3748, section 4.2
		w.bytes(rfc2869.EAPMessage_Type, []byte{failure, id, 0, 4})
		return
	}
	w.text(rfc2865.ReplyMessage_Type, sorry)
}
