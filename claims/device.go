package claims

import "time"

// CredentialStatus is whether a card opens anything.
type CredentialStatus string

// What may become of a card.
const (
	CredentialActive  CredentialStatus = "active"
	CredentialLost    CredentialStatus = "lost"
	CredentialRevoked CredentialStatus = "revoked"
)

// Credential is a card, fob or PIN that names a member at a reader.
type Credential struct {
	ID      ID               `json:"id"`
	Member  MemberID         `json:"member"`
	Kind    string           `json:"kind"` // uid, pin
	Label   string           `json:"label,omitempty"`
	Lookup  string           `json:"lookup"` // keyed hash of the credential's text; see idp/keys
	Sealed  string           `json:"sealed"` // the text itself, sealed; device lists are made from it
	Status  CredentialStatus `json:"status"`
	Added   time.Time        `json:"added,omitzero"`
	Expires time.Time        `json:"expires,omitzero"`
}

// Key implements Fact.
func (c Credential) Key() Key { return Key{EntityCredential, string(c.ID)} }

// Concerns implements Fact.
func (c Credential) Concerns() []MemberID { return []MemberID{c.Member} }

// Device is a door controller or interlock: one location, one right that it
// asks about, one OAuth client that it is.
type Device struct {
	ID          DeviceID   `json:"id"`
	Name        string     `json:"name"`
	Kind        string     `json:"kind"` // door, interlock
	Location    LocationID `json:"location"`
	Right       Slug       `json:"right"`  // what a tap asks for: unlock, operate
	Client      ClientID   `json:"client"` // how it proves who it is
	Maintenance bool       `json:"maintenance,omitempty"`
	TwoPerson   bool       `json:"two_person,omitempty"`
	Removed     time.Time  `json:"removed,omitzero"`
}

// Key implements Fact.
func (d Device) Key() Key { return Key{EntityDevice, string(d.ID)} }

// Concerns implements Fact.
func (d Device) Concerns() []MemberID { return nil }

// AccessPoint is a RADIUS client (RFC 2865, section 1.2): who may ask and
// with which shared secret.
type AccessPoint struct {
	ID      ID        `json:"id"`
	Name    string    `json:"name"`
	Prefix  string    `json:"prefix"`                             // address or CIDR; the longest match counts
	Secret  string    `json:"secret"`                             // sealed
	Network Slug      `json:"network,omitempty"`                  // what it serves when Called-Station-Id names no network
	NoMA    bool      `json:"no_message_authenticator,omitempty"` // it cannot send one: accept without (a risk, CVE-2024-3596)
	Removed time.Time `json:"removed,omitzero"`
}

// Key implements Fact.
func (a AccessPoint) Key() Key { return Key{EntityAccessPoint, string(a.ID)} }

// Concerns implements Fact.
func (a AccessPoint) Concerns() []MemberID { return nil }

// Network is a WiFi bound to a location: who is allowed Right there gets on,
// and the first rule that matches says where to.
type Network struct {
	Slug     Slug       `json:"slug"`
	SSID     string     `json:"ssid,omitempty"` // matched against Called-Station-Id's end; empty: by access point only
	Location LocationID `json:"location"`       // the right join is asked here
	Rules    []VLANRule `json:"rules,omitempty"`
	VLAN     int        `json:"vlan,omitempty"` // when no rule matches; 0: none is sent
	Removed  time.Time  `json:"removed,omitzero"`
}

// VLANRule sends whoever matches Subject to VLAN.
type VLANRule struct {
	Subject Subject `json:"subject"`          // state, user, tag, badge, aff:OBJECT#KIND
	VLAN    int     `json:"vlan"`             // 1 to 4094
	Filter  string  `json:"filter,omitempty"` // Filter-Id, if not empty
}

// Key implements Fact.
func (n Network) Key() Key { return Key{EntityNetwork, string(n.Slug)} }

// Concerns implements Fact.
func (n Network) Concerns() []MemberID { return nil }

// WiFiPass is a generated secret for one device of one member, with a login
// name of its own.
type WiFiPass struct {
	ID       ID        `json:"id"`
	Member   MemberID  `json:"member"`
	Login    string    `json:"login"`    // alice.phone; unique, lower case
	Verifier string    `json:"verifier"` // HMAC of the pass under the WiFi pepper; see idp/keys
	Created  time.Time `json:"created,omitzero"`
	Expires  time.Time `json:"expires,omitzero"`
	Revoked  time.Time `json:"revoked,omitzero"`
}

// Key implements Fact.
func (p WiFiPass) Key() Key { return Key{EntityWiFiPass, string(p.ID)} }

// Concerns implements Fact.
func (p WiFiPass) Concerns() []MemberID { return []MemberID{p.Member} }
