package claims

import "time"

// BadgeMode is how a badge is given.
type BadgeMode string

// How a badge is given.
const (
	BadgeManual  BadgeMode = "manual"
	BadgeAuto    BadgeMode = "auto"
	BadgeSignoff BadgeMode = "signoff"
)

// Badge is something a member earns, may lose and may let expire. It may be
// the subject of a grant and the key to a gate.
type Badge struct {
	Slug        Slug      `json:"slug"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Earn        string    `json:"earn,omitempty"`     // how to achieve it, in words
	EarnURL     string    `json:"earn_url,omitempty"` // "learn more"
	Mode        BadgeMode `json:"mode"`
	ValidFor    Duration  `json:"valid_for,omitempty"` // an award's usual length; 0: no end
	InClaims    bool      `json:"in_claims"`
	Retired     time.Time `json:"retired,omitzero"` // takes no new awards from here on
}

// Key implements Fact.
func (b Badge) Key() Key { return Key{EntityBadge, string(b.Slug)} }

// Concerns implements Fact.
func (b Badge) Concerns() []MemberID { return nil }

// AwardMethod is how an award came about.
type AwardMethod string

// How an award came about.
const (
	MethodManual  AwardMethod = "manual"
	MethodAuto    AwardMethod = "auto"
	MethodSignoff AwardMethod = "signoff"
	MethodFob     AwardMethod = "fob"
	MethodImport  AwardMethod = "import"
)

// Award is a badge given to a member (R7).
type Award struct {
	ID           ID          `json:"id"`
	Badge        Slug        `json:"badge"`
	Member       MemberID    `json:"member"`
	AwardedBy    string      `json:"awarded_by"` // an actor
	On           time.Time   `json:"on"`         // it counts from here
	Expires      time.Time   `json:"expires,omitzero"`
	Period       Slug        `json:"period,omitempty"` // it counts within this one only
	Revoked      time.Time   `json:"revoked,omitzero"` // never in the future
	RevokedBy    string      `json:"revoked_by,omitempty"`
	RevokeReason string      `json:"revoke_reason,omitempty"`
	SupersededBy ID          `json:"superseded_by,omitempty"` // a later award; until that one's On this one counts
	Evidence     string      `json:"evidence,omitempty"`
	Method       AwardMethod `json:"method"`
}

// Key implements Fact.
func (a Award) Key() Key { return Key{EntityAward, string(a.ID)} }

// Concerns implements Fact.
func (a Award) Concerns() []MemberID { return []MemberID{a.Member} }

// End returns when the award stops by itself or by revocation; zero: never.
// A superseded award also gives way at its successor's On.
func (a Award) End() time.Time { return Earlier(a.Expires, a.Revoked) }
