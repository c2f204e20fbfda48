package claims

import "time"

// Profile is what a member tells of themself beside what Member holds: the
// rest of the standard claims (OpenID Connect Core, section 5.1). No decision
// leans on it. Who has told nothing has none.
type Profile struct {
	Member     MemberID  `json:"member"`
	MiddleName string    `json:"middle_name,omitempty"`
	Nickname   string    `json:"nickname,omitempty"`
	Page       string    `json:"profile,omitempty"` // address of a page about them
	Picture    string    `json:"picture,omitempty"` // address of an image
	Website    string    `json:"website,omitempty"`
	Gender     string    `json:"gender,omitempty"`    // in their own words
	Birthdate  string    `json:"birthdate,omitempty"` // 1815-12-10, 0000-12-10 without the year, or 1815
	Zoneinfo   string    `json:"zoneinfo,omitempty"`  // an IANA name
	Phone      string    `json:"phone_number,omitempty"`
	PhoneOK    bool      `json:"phone_number_verified,omitempty"`
	Address    Address   `json:"address,omitzero"`
	Updated    time.Time `json:"updated_at,omitzero"` // when this, a name, the locale or the e-mail address last changed; Plan sets it
}

// Address is a postal address (OpenID Connect Core, section 5.1.1).
type Address struct {
	Formatted  string `json:"formatted,omitempty"`      // as on a label; may have several lines
	Street     string `json:"street_address,omitempty"` // with the number; may have several lines
	Locality   string `json:"locality,omitempty"`
	Region     string `json:"region,omitempty"`
	PostalCode string `json:"postal_code,omitempty"`
	Country    string `json:"country,omitempty"`
}

// Key implements Fact.
func (p Profile) Key() Key { return Key{EntityProfile, string(p.Member)} }

// Concerns implements Fact.
func (p Profile) Concerns() []MemberID { return []MemberID{p.Member} }

// ProfileOf returns what a member told of themself; empty but for the id if
// that is nothing.
func (d *Directory) ProfileOf(m MemberID) Profile {
	p, _ := Get[Profile](d, string(m))
	p.Member = m
	return p
}
