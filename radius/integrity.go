package radius

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/subtle"
	"hash"
	"sync"

	codec "layeh.com/radius"
)

// Message-Authenticator and Response Authenticator.
//
//   - HMAC-MD5 over exactly Length octets, its own value as zeros       RFC 3579, 3.2
//   - compared in constant time; a wrong one is discarded in silence     RFC 3579, 3.2
//   - every Access-Request carries one, unless the access point is
//     marked as unable to                                               RFC 3579, 3.2; CVE-2024-3596
//   - with EAP-Message, and on Status-Server, always                    RFC 3579, 3.2; RFC 5997, 3
//   - without one, a request with Proxy-State is discarded: the forgery
//     hides its collision there                                         CVE-2024-3596
//   - the first attribute of every reply                                CVE-2024-3596
//   - Response Authenticator = MD5(Code, Identifier, Length, Request
//     Authenticator, attributes, secret), after the former is in place  RFC 2865, 3

var zeros [16]byte

// keyring holds a shared secret and hashes keyed with it, ready for use.
type keyring struct {
	secret  []byte
	signers sync.Pool // of *signer
}

// signer is the hashes one packet needs. Never used by two goroutines at once.
type signer struct {
	mac hash.Hash // HMAC-MD5 under the secret
	md5 hash.Hash
	sum [md5.Size]byte
}

func newKeyring(secret []byte) *keyring {
	k := &keyring{secret: secret}
	k.signers.New = func() any {
		return &signer{mac: hmac.New(md5.New, k.secret), md5: md5.New()}
	}
	return k
}

// genuine tells whether r comes from somebody who knows the secret; why not
// otherwise. It believes a request without Message-Authenticator only where
// the access point may leave it out.
func (k *keyring) genuine(r *request, optional bool) refusal {
	if r.mac == 0 {
		switch {
		case !optional, r.code == codec.CodeStatusServer, r.eap != nil:
			return refusedUnsigned
		case r.proxied > 0:
			return refusedProxied
		}
		return accepted
	}
	s := k.signers.Get().(*signer)
	defer k.signers.Put(s)
	s.mac.Reset()
	s.mac.Write(r.raw[:r.mac])
	s.mac.Write(zeros[:])
	s.mac.Write(r.raw[r.mac+16:])
	sum := s.mac.Sum(s.sum[:0])
	if subtle.ConstantTimeCompare(sum, r.raw[r.mac:r.mac+16]) != 1 {
		return refusedForged
	}
	return accepted
}

// seal finishes a reply: b holds the header with the Request Authenticator
// in its place, then a Message-Authenticator of zeros, then the rest.
func (k *keyring) seal(b []byte) {
	s := k.signers.Get().(*signer)
	defer k.signers.Put(s)
	s.mac.Reset()
	s.mac.Write(b)
	copy(b[headerLen+2:], s.mac.Sum(s.sum[:0]))
	s.md5.Reset()
	s.md5.Write(b)
	s.md5.Write(k.secret)
	copy(b[4:headerLen], s.md5.Sum(s.sum[:0]))
}

// refusal is why a packet is discarded without an answer.
type refusal int

const (
	accepted refusal = iota
	refusedUnknown
	refusedMalformed
	refusedUnsigned
	refusedForged
	refusedProxied
	refusedCode
	refusedAccounting
	refusedTooLong
	refusals // how many there are
)

// refusalText is what the log says of each.
var refusalText = [refusals]string{
	refusedUnknown:    "radius packet from an address that is no access point",
	refusedMalformed:  "radius packet malformed",
	refusedUnsigned:   "radius packet without message-authenticator",
	refusedForged:     "radius message-authenticator does not fit: the shared secret differs, or the packet was forged",
	refusedProxied:    "radius packet with proxy-state but without message-authenticator",
	refusedCode:       "radius packet of a kind that is not answered here",
	refusedAccounting: "radius accounting is not kept",
	refusedTooLong:    "radius reply would be too long",
}
