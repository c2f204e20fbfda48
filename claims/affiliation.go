package claims

import "time"

// RootKind is the kind at the top of every type's tree. It matches every
// member, with or without an affiliation.
const RootKind Slug = "default"

// ObjectType is a sort of scope object: body, event, open-call (R32).
type ObjectType struct {
	Slug    Slug   `json:"slug"`
	Label   string `json:"label,omitempty"`
	Extends Slug   `json:"extends,omitempty"` // its objects answer to @ of both; it has no root kind of its own
}

// Key implements Fact.
func (t ObjectType) Key() Key { return Key{EntityType, string(t.Slug)} }

// Concerns implements Fact.
func (t ObjectType) Concerns() []MemberID { return nil }

// Kind is a role held in an object of a type: board, member. A deeper kind
// implies the kinds above it (R33).
type Kind struct {
	Type   Slug   `json:"type"`
	Slug   Slug   `json:"slug"`
	Parent Slug   `json:"parent,omitempty"` // empty for RootKind only; a top kind of an extending type names one of the other type's kinds
	Label  string `json:"label,omitempty"`
}

// Key implements Fact.
func (k Kind) Key() Key { return Key{EntityKind, string(k.Type + "." + k.Slug)} }

// Concerns implements Fact.
func (k Kind) Concerns() []MemberID { return nil }

// Object is a thing that affiliations are scoped to: one body, one event. At
// most one location names it.
type Object struct {
	Slug     Slug      `json:"slug"` // unique over all types
	Type     Slug      `json:"type"`
	Name     string    `json:"name,omitempty"`
	Archived time.Time `json:"archived,omitzero"` // takes no new facts from here on
}

// Key implements Fact.
func (o Object) Key() Key { return Key{EntityObject, string(o.Slug)} }

// Concerns implements Fact.
func (o Object) Concerns() []MemberID { return nil }

// Affiliation is a kind held by a member in one object.
type Affiliation struct {
	ID        ID        `json:"id"`
	Member    MemberID  `json:"member"`
	Object    Slug      `json:"object"`
	Kind      Slug      `json:"kind"`
	Title     string    `json:"title,omitempty"` // "treasurer since the split"; not tested by any rule
	GrantedBy string    `json:"granted_by"`
	Starts    time.Time `json:"starts,omitzero"`
	Ends      time.Time `json:"ends,omitzero"`
	Period    Slug      `json:"period,omitempty"` // it counts within this one only
	Removed   time.Time `json:"removed,omitzero"`
}

// Key implements Fact.
func (a Affiliation) Key() Key { return Key{EntityAffiliation, string(a.ID)} }

// Concerns implements Fact.
func (a Affiliation) Concerns() []MemberID { return []MemberID{a.Member} }

// End returns the earlier of the planned end and the removal; zero: never.
func (a Affiliation) End() time.Time { return Earlier(a.Ends, a.Removed) }

// Override gives one kind in one object exactly these rights and silences the
// type-wide grants to that kind there (R35). There is one per object.
type Override struct {
	Object  Slug      `json:"object"`
	Kind    Slug      `json:"kind"`
	Rights  []Slug    `json:"rights"`
	Removed time.Time `json:"removed,omitzero"`
}

// Key implements Fact.
func (o Override) Key() Key { return Key{EntityOverride, string(o.Object)} }

// Concerns implements Fact.
func (o Override) Concerns() []MemberID { return nil }
