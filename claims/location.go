package claims

import "time"

// Application is something that registers its own locations and rights (R52).
type Application struct {
	Slug   Slug       `json:"slug"`
	Root   LocationID `json:"root"`             // created with Inherit false
	Client ClientID   `json:"client,omitempty"` // the client that owns it
}

// Key implements Fact.
func (a Application) Key() Key { return Key{EntityApplication, string(a.Slug)} }

// Concerns implements Fact.
func (a Application) Concerns() []MemberID { return nil }

// Location is a place in the one tree (R54): a room, a machine, a body, a
// course. It has a row only where something differs (R56).
type Location struct {
	ID       LocationID `json:"id"`
	Parent   LocationID `json:"parent,omitempty"` // empty: a root
	Slug     Slug       `json:"slug"`             // unique under its parent
	Name     string     `json:"name,omitempty"`
	Inherit  bool       `json:"inherit"`            // false stops permissions from above, never restrictions (R58)
	Open     bool       `json:"open,omitempty"`     // unstored locations below may be asked about
	Object   Slug       `json:"object,omitempty"`   // the scope object that stands here
	External string     `json:"external,omitempty"` // the application's own id for it
	Archived time.Time  `json:"archived,omitzero"`
}

// Key implements Fact.
func (l Location) Key() Key { return Key{EntityLocation, string(l.ID)} }

// Concerns implements Fact.
func (l Location) Concerns() []MemberID { return nil }

// Right is something one may do at a location and below it. It is declared
// once, at most once on any line from a root to a leaf (R53, R55).
type Right struct {
	At          LocationID `json:"at"`
	Slug        Slug       `json:"slug"`
	Description string     `json:"description,omitempty"`
	States      []State    `json:"states,omitempty"` // none: active and grace
	NotPhysical bool       `json:"not_physical,omitempty"`
	Egress      bool       `json:"egress,omitempty"` // a way out: maintenance, lockdown and unnamed gates do not hold it
	Public      bool       `json:"public,omitempty"` // may be granted to callers without an account
	ACR         int        `json:"acr,omitempty"`    // how strong a sign-in it needs; 0: any
	Removed     time.Time  `json:"removed,omitzero"`
}

// Key implements Fact.
func (r Right) Key() Key { return Key{EntityRight, string(r.At) + "/" + string(r.Slug)} }

// Concerns implements Fact.
func (r Right) Concerns() []MemberID { return nil }

// DefaultStates are the states a right allows when it names none.
var DefaultStates = []State{StateActive, StateGrace}

// Role bundles rights of one application under a name. Code tests rights
// only, never the role's name (R47).
type Role struct {
	Slug     Slug              `json:"slug"`
	App      LocationID        `json:"app"` // the application's root
	Label    string            `json:"label,omitempty"`
	Metadata map[string]string `json:"metadata,omitempty"`
	Rights   []Slug            `json:"rights,omitempty"`
	AllBut   bool              `json:"all_but,omitempty"` // every right declared in the application, now or later, except Rights (R49)
}

// Key implements Fact.
func (r Role) Key() Key { return Key{EntityRole, string(r.Slug)} }

// Concerns implements Fact.
func (r Role) Concerns() []MemberID { return nil }
