// The text of opaque tokens, codes and passes.
//
//   - 128 bits of MAC: nothing can be made up, and what is       RFC 6749, 10.10
//     garbage dies before any look-up
//   - a prefix that says what was leaked to whoever finds it     ours
//   - one spelling only: trailing bits must be zero              fosite.md, 17
//   - a text says which grant, which generation, until when,     ADR 2
//     and which of the grant's scopes and audiences
//   - and, in a longer one, which key it is bound to              RFC 9449, 6
//
// A successor can be made again from the grant and its generation alone, so a
// refresh whose answer was lost is answered alike.
package oauth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"sync"
	"time"
)

// kind is what a text is good for. It is under the MAC: no kind passes for another.
type kind byte

const (
	kindAccess  kind = 'a'
	kindRefresh kind = 'r'
	kindCode    kind = 'c'
	kindPass    kind = 'p'
	kindPushed  kind = 'q'
	kindDevice  kind = 'd'
)

// The prefixes; the letter in the middle is the kind.
const (
	prefixLen = 4
	grantLen  = 16
	macLen    = 16
	bodyLen   = 1 + grantLen + 4 + 5 + 2 + 2 + 1
	keyLen    = 32 // after the body, if it is bound
)

// token is what a text says.
type token struct {
	kind       kind
	grant      string // record.Grant.ID; of a request_uri, record.Pushed.ID
	generation int
	expires    time.Time     // access tokens only; the others' end is in the row
	life       time.Duration // from issue to expires, in whole seconds; at most 18 h
	scopes     uint16        // which of the grant's scopes, by place
	audience   uint8         // which of the grant's audiences, by place
	key        string        // thumbprint of the key it is bound to, base64url; "": whoever has it may use it

	jwt *accessJWT // set if it was an at+jwt, which says the rest itself
}

// texts makes and reads token texts.
type texts struct {
	id   byte // of the key, so that a later one can stand beside it
	pool sync.Pool
}

func newTexts(key []byte) *texts {
	sum := sha256.Sum256(append([]byte("key id\x00"), key...))
	return &texts{id: sum[0], pool: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func prefix(k kind) string {
	switch k {
	case kindCode:
		return "lac_"
	case kindPass:
		return "ldp_"
	case kindRefresh:
		return "lrt_"
	case kindPushed:
		return "lpr_"
	case kindDevice:
		return "ldc_"
	}
	return "lat_"
}

var letters = base64.RawURLEncoding.Strict()

// text writes t; its grant must be an ID that newGrantID made.
func (x *texts) text(t token) string {
	var raw [bodyLen + keyLen + macLen]byte
	end := bodyLen
	if t.key != "" {
		end += keyLen
		if n, err := letters.Decode(raw[bodyLen:end], []byte(t.key)); err != nil || n != keyLen {
			panic("oauth: a thumbprint is not 32 bytes of base64url")
		}
	}
	raw[0] = x.id
	if n, err := letters.Decode(raw[1:1+grantLen], []byte(t.grant)); err != nil || n != grantLen {
		panic("oauth: a grant's ID is not 16 bytes of base64url")
	}
	binary.BigEndian.PutUint32(raw[17:], uint32(t.generation))
	if !t.expires.IsZero() {
		at := t.expires.Unix()
		raw[21] = byte(at >> 32)
		binary.BigEndian.PutUint32(raw[22:], uint32(at))
	}
	binary.BigEndian.PutUint16(raw[26:], uint16(min(t.life/time.Second, 1<<16-1)))
	binary.BigEndian.PutUint16(raw[28:], t.scopes)
	raw[30] = t.audience
	x.mac(t.kind, raw[:end], raw[end:end+macLen])
	out := make([]byte, prefixLen, prefixLen+letters.EncodedLen(len(raw)))
	copy(out, prefix(t.kind))
	return string(letters.AppendEncode(out, raw[:end+macLen]))
}

func (x *texts) mac(k kind, body, into []byte) {
	h := x.pool.Get().(hash.Hash)
	defer x.pool.Put(h)
	h.Reset()
	h.Write([]byte{byte(k)})
	h.Write(body)
	var sum [sha256.Size]byte
	copy(into, h.Sum(sum[:0])[:macLen])
}

// parse reads a text of one of the kinds. It is false for anything that we did
// not write, letter by letter.
func (x *texts) parse(s string) (token, bool) {
	var raw [bodyLen + keyLen + macLen]byte
	end := bodyLen
	switch len(s) - prefixLen {
	case letters.EncodedLen(bodyLen + macLen):
	case letters.EncodedLen(bodyLen + keyLen + macLen):
		end += keyLen
	default:
		return token{}, false
	}
	var k kind
	switch s[:prefixLen] {
	case "lat_":
		k = kindAccess
	case "lrt_":
		k = kindRefresh
	case "lac_":
		k = kindCode
	case "ldp_":
		k = kindPass
	case "lpr_":
		k = kindPushed
	case "ldc_":
		k = kindDevice
	default:
		return token{}, false
	}
	var in [112]byte
	if n, err := letters.Decode(raw[:], in[:copy(in[:], s[prefixLen:])]); err != nil || n != end+macLen {
		return token{}, false
	}
	var want [macLen]byte
	x.mac(k, raw[:end], want[:])
	if !hmac.Equal(want[:], raw[end:end+macLen]) || raw[0] != x.id {
		return token{}, false
	}
	t := token{
		kind:       k,
		grant:      letters.EncodeToString(raw[1 : 1+grantLen]),
		generation: int(binary.BigEndian.Uint32(raw[17:])),
		life:       time.Duration(binary.BigEndian.Uint16(raw[26:])) * time.Second,
		scopes:     binary.BigEndian.Uint16(raw[28:]),
		audience:   raw[30],
	}
	if end > bodyLen {
		t.key = letters.EncodeToString(raw[bodyLen:end])
	}
	if at := int64(raw[21])<<32 | int64(binary.BigEndian.Uint32(raw[22:])); at != 0 {
		t.expires = time.Unix(at, 0).UTC()
	}
	return t, true
}

// jti names one at+jwt: its grant, its generation, and 32 random bits that
// tell two of one generation apart.
func jti(grant string, generation int) string {
	var raw [grantLen + 8]byte
	letters.Decode(raw[:grantLen], []byte(grant))
	binary.BigEndian.PutUint32(raw[grantLen:], uint32(generation))
	rand.Read(raw[grantLen+4:])
	return letters.EncodeToString(raw[:])
}

// parseJTI reads what jti made. The signature of the token around it vouches
// for it.
func parseJTI(s string) (grant string, generation int, ok bool) {
	raw, err := letters.DecodeString(s)
	if err != nil || len(raw) != grantLen+8 {
		return "", 0, false
	}
	return letters.EncodeToString(raw[:grantLen]), int(binary.BigEndian.Uint32(raw[grantLen:])), true
}

// mask tells by place which of all are in some.
func mask(all, some []string) (m uint64) {
	for i, a := range all {
		for _, s := range some {
			if a == s {
				m |= 1 << i
			}
		}
	}
	return m
}

// masked is the inverse of mask.
func masked(all []string, m uint64) []string {
	if m == 1<<len(all)-1 {
		return all
	}
	some := make([]string, 0, len(all))
	for i, a := range all {
		if m&(1<<i) != 0 {
			some = append(some, a)
		}
	}
	return some
}
