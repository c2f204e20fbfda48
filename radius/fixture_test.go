package radius

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2869"

	"lanyard/claims"
)

// world is a small organisation with a WiFi, a server that serves it, and the
// clock it goes by.
type world struct {
	*Server
	t         testing.TB
	mu        sync.Mutex
	directory *claims.Directory // guarded by mu
	now       time.Time         // guarded by mu
	outcomes  []Outcome         // guarded by mu
	verified  int               // guarded by mu: how often a pass was checked
	log       bytes.Buffer      // guarded by its handler
}

const (
	goodPass  = "cedar-otter-lamp-quill-north"
	apSecret  = "a secret of the access point"
	ssidsAt   = "00-10-A4-23-19-C0:"
	station   = "00-10-A4-23-19-C1"
	stationIs = "00-10-a4-23-19-c1"
)

var apAddr = netip.MustParseAddrPort("192.0.2.7:49152")

// verifier is how the tests store a pass.
func verifier(pass string) string {
	sum := sha256.Sum256([]byte(pass))
	return hex.EncodeToString(sum[:])
}

// organisation is members ada (active, tag trainer, badge laser-1 until
// 12:20), ben (suspended) and cleo (paid until 12:10); a network that everyone
// active may join; and three ways of being an access point.
func organisation() []claims.Fact {
	at := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	member := func(id claims.MemberID, s claims.State, paid time.Time) claims.Member {
		return claims.Member{ID: id, Sub: string(id), Username: string(id), State: s, PaidUntil: paid}
	}
	pass := func(m claims.MemberID, login string) claims.WiFiPass {
		return claims.WiFiPass{ID: claims.ID("pass-" + login), Member: m, Login: login, Verifier: verifier(goodPass)}
	}
	lost, old := pass("ada", "ada.lost"), pass("ada", "ada.old")
	lost.Revoked, old.Expires = at(-5), at(-1)
	subject := func(k claims.SubjectKind, id string) claims.Subject { return claims.Subject{Kind: k, ID: id} }
	return []claims.Fact{
		claims.Application{Slug: "wifi", Root: "wifi"},
		claims.Location{ID: "wifi", Slug: "wifi", Open: true},
		claims.Right{At: "wifi", Slug: rightJoin, NotPhysical: true},
		claims.Location{ID: "wifi-members", Parent: "wifi", Slug: "members", Inherit: true},
		claims.Location{ID: "wifi-lab", Parent: "wifi", Slug: "lab", Inherit: true},
		claims.Grant{ID: "g1", At: "wifi-members", Subject: subject(claims.SubjectState, "active"), Right: rightJoin, Effect: claims.Allow},
		claims.Grant{ID: "g2", At: "wifi-lab", Subject: subject(claims.SubjectBadge, "laser-1"), Right: rightJoin, Effect: claims.Allow},
		claims.Badge{Slug: "laser-1", Name: "Laser 1"}, claims.Tag{Slug: "trainer", Label: "Trainers"},
		member("ada", claims.StateActive, time.Time{}), member("ben", claims.StateSuspended, time.Time{}), member("cleo", claims.StateActive, at(10)),
		claims.Award{ID: "aw1", Badge: "laser-1", Member: "ada", On: at(-60), Expires: at(20)},
		pass("ada", "ada.phone"), pass("ben", "ben.phone"), pass("cleo", "cleo.phone"), lost, old,
		claims.Network{
			Slug: "members", SSID: "space", Location: "wifi-members", VLAN: 10,
			Rules: []claims.VLANRule{{Subject: subject(claims.SubjectTag, "trainer"), VLAN: 30, Filter: "staff"}, {Subject: subject(claims.SubjectBadge, "laser-1"), VLAN: 20}},
		},
		claims.Network{Slug: "lab", SSID: "lab", Location: "wifi-lab"},
		claims.AccessPoint{ID: "ap1", Name: "hall", Prefix: "192.0.2.7", Secret: apSecret, Network: "members"},
		claims.AccessPoint{ID: "ap2", Name: "range", Prefix: "192.0.2.0/24", Secret: "another secret", Network: "members"},
		claims.AccessPoint{ID: "ap3", Name: "antique", Prefix: "198.51.100.1", Secret: apSecret, Network: "members", NoMA: true},
		claims.AccessPoint{ID: "ap4", Name: "bare", Prefix: "198.51.100.2", Secret: apSecret},
	}
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, now: noon}
	w.directory = claims.NewDirectory(claims.Seq{Epoch: "e", N: 1}).With(claims.Seq{Epoch: "e", N: 2}, organisation()...)
	w.Server = New(w.config())
	return w
}

func (w *world) config() Config {
	return Config{
		Directory: func() *claims.Directory { w.mu.Lock(); defer w.mu.Unlock(); return w.directory },
		Secret: func(ap claims.AccessPoint) ([]byte, error) {
			if ap.Secret == "sealed under another ring" {
				return nil, errors.New("cannot be opened")
			}
			return []byte(ap.Secret), nil
		},
		Verify: func(p claims.WiFiPass, text []byte) bool {
			w.mu.Lock()
			w.verified++
			w.mu.Unlock()
			return hmac.Equal([]byte(p.Verifier), []byte(verifier(string(text))))
		},
		Now:   func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now },
		Event: func(o Outcome) { w.mu.Lock(); w.outcomes = append(w.outcomes, o); w.mu.Unlock() },
	}
}

// change puts facts into the directory.
func (w *world) change(facts ...claims.Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seq := w.directory.Seq()
	seq.N++
	w.directory = w.directory.With(seq, facts...)
}

// last is the latest outcome.
func (w *world) last() Outcome {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.outcomes) == 0 {
		return Outcome{}
	}
	return w.outcomes[len(w.outcomes)-1]
}

// send hands the server a datagram as the socket would, and returns a copy of
// the reply; nil if it is silent.
func (w *world) send(from netip.AddrPort, datagram []byte) []byte {
	t := task{out: make([]byte, 0, codec.MaxPacketLength)}
	reply, _, _ := w.handle(&t, datagram, from, w.cfg.Now())
	return bytes.Clone(reply)
}

// login is a PAP request from an access point with apSecret.
func login(user, pass string, extra ...codec.AVP) *codec.Packet {
	p := codec.New(codec.CodeAccessRequest, []byte(apSecret))
	p.Add(rfc2869.MessageAuthenticator_Type, make([]byte, 16))
	_ = rfc2865.UserName_SetString(p, user)
	_ = rfc2865.UserPassword_SetString(p, pass)
	_ = rfc2865.CallingStationID_SetString(p, station)
	for _, a := range extra {
		p.Add(a.Type, a.Attribute)
	}
	return p
}

// wire encodes p and, where it has one, computes its Message-Authenticator.
func wire(p *codec.Packet) []byte {
	b, err := p.Encode()
	if err != nil {
		panic(err)
	}
	sign(b, p.Secret)
	return b
}

// sign computes the Message-Authenticator of a request, wherever it stands.
func sign(b, secret []byte) {
	for at := headerLen; at < len(b); at += int(b[at+1]) {
		if codec.Type(b[at]) == rfc2869.MessageAuthenticator_Type {
			clear(b[at+2 : at+18])
			mac := hmac.New(md5.New, secret)
			mac.Write(b)
			copy(b[at+2:], mac.Sum(nil))
		}
	}
}

// ask sends a login from the access point in the hall and checks the reply as
// the access point would.
func (w *world) ask(p *codec.Packet) *codec.Packet {
	w.t.Helper()
	request := wire(p)
	return w.check(request, w.send(apAddr, request), string(p.Secret))
}

// check holds a reply against RFC 2865, section 3, and RFC 3579, section 3.2.
func (w *world) check(request, reply []byte, secret string) *codec.Packet {
	w.t.Helper()
	if reply == nil {
		w.t.Fatal("the server is silent")
	}
	p, err := codec.Parse(reply, []byte(secret))
	if err != nil {
		w.t.Fatalf("the reply does not parse: %v", err)
	}
	if int(binary.BigEndian.Uint16(reply[2:])) != len(reply) || !codec.IsAuthenticResponse(reply, request, []byte(secret)) {
		w.t.Fatalf("the Response Authenticator does not fit: % x", reply)
	}
	if p.Attributes[0].Type != rfc2869.MessageAuthenticator_Type {
		w.t.Fatalf("the first attribute is %d, want Message-Authenticator", p.Attributes[0].Type)
	}
	again := bytes.Clone(reply)
	copy(again[4:], request[4:headerLen])
	sign(again, []byte(secret))
	if !bytes.Equal(again[headerLen:], reply[headerLen:]) {
		w.t.Fatal("the Message-Authenticator of the reply does not fit")
	}
	return p
}
