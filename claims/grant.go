package claims

import "time"

// Effect is what a grant does.
type Effect string

// A grant allows, unless it is a deny.
const (
	Allow Effect = "allow"
	Deny  Effect = "deny"
)

// Grant lets a subject do something at a location and below it, or, as a
// deny, stops it there and everywhere below, past any inherit=false.
type Grant struct {
	ID        ID         `json:"id"`
	At        LocationID `json:"at"`
	Subject   Subject    `json:"subject"`
	Right     Slug       `json:"right,omitempty"` // or
	Role      Slug       `json:"role,omitempty"`
	Effect    Effect     `json:"effect"`
	Window    *Window    `json:"window,omitempty"` // nil: at any time; never changed once set
	Starts    time.Time  `json:"starts,omitzero"`
	Expires   time.Time  `json:"expires,omitzero"`
	Period    Slug       `json:"period,omitempty"` // it counts within this one only
	CreatedBy string     `json:"created_by"`
	CreatedAt time.Time  `json:"created_at,omitzero"`
	Reason    string     `json:"reason,omitempty"`
	Removed   time.Time  `json:"removed,omitzero"`
}

// Key implements Fact.
func (g Grant) Key() Key { return Key{EntityGrant, string(g.ID)} }

// Concerns implements Fact.
func (g Grant) Concerns() []MemberID { return nil }

// End returns the earlier of the planned end and the removal; zero: never.
func (g Grant) End() time.Time { return Earlier(g.Expires, g.Removed) }

// Window is a weekly opening in a time zone. It belongs to the day it opens;
// To ≤ From means the next day.
type Window struct {
	From int            `json:"from"`           // minutes after midnight, 0 to 1439
	To   int            `json:"to"`             // minutes after midnight, 0 to 1440; never equal to From
	Days []time.Weekday `json:"days,omitempty"` // Go's: Sunday is 0; none means all
	Zone string         `json:"zone"`           // an IANA name
}

// Gate makes badges necessary, never sufficient: it holds for its location
// and everything below, past any inherit=false.
type Gate struct {
	ID        ID         `json:"id"`
	At        LocationID `json:"at"`
	Right     Slug       `json:"right,omitempty"` // empty: every physical right that is not egress
	AnyOf     []Slug     `json:"any_of"`          // badges; one of them is enough
	CreatedBy string     `json:"created_by"`
	Reason    string     `json:"reason,omitempty"`
	Removed   time.Time  `json:"removed,omitzero"`
}

// Key implements Fact.
func (g Gate) Key() Key { return Key{EntityGate, string(g.ID)} }

// Concerns implements Fact.
func (g Gate) Concerns() []MemberID { return nil }

// Waiver lets one member past one gate for a while.
type Waiver struct {
	ID      ID        `json:"id"`
	Gate    ID        `json:"gate"`
	Member  MemberID  `json:"member"`
	By      string    `json:"by"`
	Reason  string    `json:"reason,omitempty"`
	Starts  time.Time `json:"starts,omitzero"`
	Expires time.Time `json:"expires"` // required
	Removed time.Time `json:"removed,omitzero"`
}

// Key implements Fact.
func (w Waiver) Key() Key { return Key{EntityWaiver, string(w.ID)} }

// Concerns implements Fact.
func (w Waiver) Concerns() []MemberID { return []MemberID{w.Member} }

// End returns the earlier of the planned end and the removal.
func (w Waiver) End() time.Time { return Earlier(w.Expires, w.Removed) }

// Lockdown closes a location and everything below to all but the exempt.
type Lockdown struct {
	ID     ID         `json:"id"`
	At     LocationID `json:"at"`
	By     string     `json:"by"`
	Reason string     `json:"reason,omitempty"`
	From   time.Time  `json:"from,omitzero"`
	Exempt []Subject  `json:"exempt,omitempty"` // user, tag, badge, state, client, aff:OBJECT#KIND
	Lifted time.Time  `json:"lifted,omitzero"`  // the row stays as the incident's log
}

// Key implements Fact.
func (l Lockdown) Key() Key { return Key{EntityLockdown, string(l.ID)} }

// Concerns implements Fact.
func (l Lockdown) Concerns() []MemberID { return nil }
