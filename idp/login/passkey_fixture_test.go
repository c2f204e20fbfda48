package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http/httptest"
	"strings"

	"lanyard/idp/record"
)

// device is an authenticator in software: it makes passkeys of ES256 without
// attestation, and uses them.
type device struct {
	origin  string // the page it believes to be on
	host    string
	id      []byte
	handle  []byte // whose passkey it keeps
	key     *ecdsa.PrivateKey
	count   uint32 // 0: it does not count
	present bool   // somebody touched it
	knows   bool   // and it knew them
	synced  bool   // its passkeys are on other devices, too
}

// Flags of authenticator data (Web Authentication, section 6.1).
const (
	flagPresent = 1 << iota
	_
	flagVerified
	flagEligible
	flagBackedUp
	_
	flagKey
)

func newDevice() *device {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return &device{origin: "https://id.example.org", host: "id.example.org", id: []byte("credential " + record.Random(16)), key: key, present: true, knows: true}
}

// options is what a device is asked for.
type options struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		RPID      string `json:"rpId"`
		RP        struct {
			ID, Name string
		} `json:"rp"`
		User struct {
			ID, Name, DisplayName string
		} `json:"user"`
		Exclude   []struct{ ID string } `json:"excludeCredentials"`
		Allow     []struct{ ID string } `json:"allowCredentials"`
		Selection struct {
			ResidentKey, UserVerification string
		} `json:"authenticatorSelection"`
		Verification string `json:"userVerification"`
		Attestation  string `json:"attestation"`
	} `json:"publicKey"`
}

// askedAt asks for options at a path.
func (b *bench) askedAt(path string) (o options) {
	b.Helper()
	w := b.post(path)
	if err := json.Unmarshal(w.Body.Bytes(), &o); w.Code != 200 || err != nil || len(o.PublicKey.Challenge) != 43 {
		b.Fatalf("%s: %d %v %s", path, w.Code, err, w.Body)
	}
	return o
}

func (d *device) client(kind, challenge string) []byte {
	text, _ := json.Marshal(map[string]any{"type": "webauthn." + kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	return text
}

func (d *device) data(flags byte, more []byte) []byte {
	for flag, on := range map[byte]bool{flagPresent: d.present, flagVerified: d.knows, flagEligible | flagBackedUp: d.synced} {
		if on {
			flags |= flag
		}
	}
	host := sha256.Sum256([]byte(d.host))
	return append(binary.BigEndian.AppendUint32(append(host[:], flags), d.count), more...)
}

// makes answers options by a new passkey.
func (d *device) makes(o options) string {
	d.handle, _ = base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	point, err := d.key.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	cose := append([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32}, point[1:33]...) // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
	cose = append(append(cose, 0x22, 0x58, 32), point[33:]...)
	kept := append(make([]byte, 16), binary.BigEndian.AppendUint16(nil, uint16(len(d.id)))...)
	data := d.data(flagKey, append(append(kept, d.id...), cose...))
	object := append([]byte("\xa3cfmtdnonegattStmt\xa0hauthData\x59"), binary.BigEndian.AppendUint16(nil, uint16(len(data)))...)
	return d.says(map[string]any{"clientDataJSON": d.client("create", o.PublicKey.Challenge), "attestationObject": append(object, data...), "transports": []string{"internal"}})
}

// uses answers options by its passkey.
func (d *device) uses(o options) string {
	if d.count > 0 {
		d.count++
	}
	return d.signs("get", o.PublicKey.Challenge)
}

func (d *device) signs(kind, challenge string) string {
	client, data := d.client(kind, challenge), d.data(0, nil)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(data[:len(data):len(data)], hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		panic(err)
	}
	return d.says(map[string]any{"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": d.handle})
}

// says is the JSON of an answer.
func (d *device) says(response map[string]any) string {
	for name, v := range response {
		if raw, ok := v.([]byte); ok {
			response[name] = base64.RawURLEncoding.EncodeToString(raw)
		}
	}
	id := base64.RawURLEncoding.EncodeToString(d.id)
	text, _ := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": response})
	return string(text)
}

// addPasskey adds a passkey of this device to whoever is signed in, and
// returns the recovery codes that were shown.
func (b *bench) addPasskey(d *device, name string) (codes []string) {
	b.Helper()
	w := b.post("/security/passkey", "name", name, "answer", d.makes(b.askedAt("/security/passkey/begin")))
	if w.Code != 200 && w.Code != 303 || strings.Contains(w.Body.String(), `id="problem"`) {
		b.Fatalf("add a passkey: %d %s", w.Code, w.Body)
	}
	for _, c := range shownCode.FindAllStringSubmatch(w.Body.String(), -1) {
		codes = append(codes, c[1])
	}
	return codes
}

// withPasskey is a bench where ada has a passkey on a device, and nobody is
// signed in.
func withPasskey(b *bench, d *device) (codes []string) {
	b.Helper()
	b.signIn("ada")
	codes = b.addPasskey(d, "phone")
	b.anotherBrowser()
	return codes
}

// shows signs in by a device.
func (b *bench) shows(d *device) *httptest.ResponseRecorder {
	b.Helper()
	return b.post("/login/passkey", "answer", d.uses(b.askedAt("/login/passkey/begin")), "return", "/badges")
}
