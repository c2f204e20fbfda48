package claims

import "time"

// Target is what a tag may be put on.
type Target string

// What a tag may be put on.
const (
	TargetMember   Target = "member"
	TargetDevice   Target = "device"
	TargetLocation Target = "location"
)

// Tag is a plain label that an organiser defined beforehand (R24). It may be
// the subject of a grant; it never has requirements.
type Tag struct {
	Slug        Slug     `json:"slug"`
	Label       string   `json:"label,omitempty"`
	Description string   `json:"description,omitempty"`
	Targets     []Target `json:"targets,omitempty"` // none: member only
	InClaims    bool     `json:"in_claims"`         // may appear in tokens
}

// Key implements Fact.
func (t Tag) Key() Key { return Key{EntityTag, string(t.Slug)} }

// Concerns implements Fact.
func (t Tag) Concerns() []MemberID { return nil }

// Assignment puts a tag on a member, a device or a location.
type Assignment struct {
	ID         ID        `json:"id"`
	Tag        Slug      `json:"tag"`
	Target     Target    `json:"target"`
	TargetID   string    `json:"target_id"` // MemberID, DeviceID or LocationID
	AssignedBy string    `json:"assigned_by"`
	AssignedAt time.Time `json:"assigned_at"`
	Starts     time.Time `json:"starts,omitzero"`
	Expires    time.Time `json:"expires,omitzero"`
	Period     Slug      `json:"period,omitempty"` // it counts within this one only
	Removed    time.Time `json:"removed,omitzero"` // never in the future
	RemovedBy  string    `json:"removed_by,omitempty"`
}

// Key implements Fact.
func (a Assignment) Key() Key { return Key{EntityAssignment, string(a.ID)} }

// Concerns implements Fact.
func (a Assignment) Concerns() []MemberID {
	if a.Target == TargetMember {
		return []MemberID{MemberID(a.TargetID)}
	}
	return nil
}

// End returns when the assignment stops: the earlier of its planned end and
// its removal; zero for never.
func (a Assignment) End() time.Time { return Earlier(a.Expires, a.Removed) }
