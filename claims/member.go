package claims

import "time"

// State is where a member stands with the organisation. A member's stored
// state is any but grace, which only comes about from dates.
type State string

// The states. See Member.StateAt for how the derived state follows.
const (
	StateGuest     State = "guest"
	StatePending   State = "pending"
	StateActive    State = "active"
	StateGrace     State = "grace" // derived only: paid_until has passed, grace_until has not
	StateSuspended State = "suspended"
	StateLeft      State = "left"
)

// States lists every state; "every state allowed" means all of these.
var States = []State{StateGuest, StatePending, StateActive, StateGrace, StateSuspended, StateLeft}

// Member is a person with an account.
type Member struct {
	ID         MemberID  `json:"id"`
	Sub        string    `json:"sub"`              // the OpenID subject: stable, never reused, not the username
	Username   string    `json:"username"`         // lower case, unique, see ParseUsername
	Former     []string  `json:"former,omitempty"` // earlier usernames; they stay reserved
	Name       string    `json:"name,omitempty"`   // display name
	GivenName  string    `json:"given_name,omitempty"`
	FamilyName string    `json:"family_name,omitempty"`
	Locale     string    `json:"locale,omitempty"` // BCP 47
	Email      string    `json:"email,omitempty"`
	EmailOK    bool      `json:"email_verified,omitempty"`
	State      State     `json:"state"`                // stored; see StateAt
	SetBy      string    `json:"set_by,omitempty"`     // who set the state: billing, admin, import, affiliation
	Since      time.Time `json:"since,omitzero"`       // when membership began
	PaidUntil  time.Time `json:"paid_until,omitzero"`  // zero: nothing lapses
	GraceUntil time.Time `json:"grace_until,omitzero"` // beyond PaidUntil, the state is grace until here
	BarredAt   time.Time `json:"barred_at,omitzero"`   // zero: not barred
	BarredBy   string    `json:"barred_by,omitempty"`  // an actor
	BarReason  string    `json:"bar_reason,omitempty"` // never leaves the admin's pages
	ErasedAt   time.Time `json:"erased_at,omitzero"`   // the row is emptied, Sub stays
}

// Key implements Fact.
func (m Member) Key() Key { return Key{EntityMember, string(m.ID)} }

// Concerns implements Fact.
func (m Member) Concerns() []MemberID { return []MemberID{m.ID} }

// MembershipFrom says where membership comes from, as one setting for the
// whole organisation: billing (the dates on the member) or, if Type is set,
// holding Kind or deeper in some object of Type.
type MembershipFrom struct {
	Type Slug `json:"type,omitempty"`
	Kind Slug `json:"kind,omitempty"`
}

// Settings are the rules that hold for the whole organisation. There is one.
type Settings struct {
	Name           string         `json:"name"` // the organisation's, for pages
	MembershipFrom MembershipFrom `json:"membership_from,omitzero"`
}

// Key implements Fact.
func (Settings) Key() Key { return Key{EntitySettings, "organisation"} }

// Concerns implements Fact.
func (Settings) Concerns() []MemberID { return nil }
