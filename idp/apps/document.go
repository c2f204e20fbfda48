package apps

import "lanyard/claims"

// Document is what an application says its tree is, text by text, in JSON or
// TOML; schema/document.json describes it. Prepare looks at what the texts
// mean.
type Document struct {
	Application string     `json:"application,omitempty" toml:"application"` // its slug, for a file that stands alone
	Mode        string     `json:"mode,omitempty" toml:"mode"`               // merge (default) or replace
	Rights      []Right    `json:"rights,omitempty" toml:"rights"`
	Roles       []Role     `json:"roles,omitempty" toml:"roles"`
	Locations   []Location `json:"locations,omitempty" toml:"locations"`
	Grants      []Grant    `json:"grants,omitempty" toml:"grants"`
}

// How many rules one document takes; more go into several. Locations are
// bounded by MaxTree alone.
const (
	MaxRights = 1000
	MaxRoles  = 500
	MaxGrants = 2000

	maxAtOnePlace = 2000 // lasting grants where a document adds one
)

// The modes of a document.
const (
	Merge   = "merge"   // what it does not name is left alone
	Replace = "replace" // what it does not name ends
)

// Location is a place where something differs from what stands above it.
type Location struct {
	Path     string `json:"path" toml:"path"`
	Name     string `json:"name,omitempty" toml:"name"`
	Inherit  *bool  `json:"inherit,omitempty" toml:"inherit"` // default true; false for the root
	Open     bool   `json:"open,omitempty" toml:"open"`
	Object   string `json:"object,omitempty" toml:"object"`
	External string `json:"external,omitempty" toml:"external"` // the application's own id for it
}

// Right is something one may do at a location and below.
type Right struct {
	Right       string   `json:"right" toml:"right"`
	At          string   `json:"at,omitempty" toml:"at"` // default: the root
	Description string   `json:"description,omitempty" toml:"description"`
	States      []string `json:"states,omitempty" toml:"states"`     // default active, grace
	Physical    *bool    `json:"physical,omitempty" toml:"physical"` // default true
	Egress      bool     `json:"egress,omitempty" toml:"egress"`
	Public      bool     `json:"public,omitempty" toml:"public"`
	ACR         int      `json:"acr,omitempty" toml:"acr"`
}

// Role bundles rights of the application.
type Role struct {
	Slug     string            `json:"slug" toml:"slug"`
	Label    string            `json:"label,omitempty" toml:"label"`
	Rights   []string          `json:"rights,omitempty" toml:"rights"`
	AllBut   bool              `json:"all_but,omitempty" toml:"all_but"`
	Metadata map[string]string `json:"metadata,omitempty" toml:"metadata"`
}

// Grant allows, or denies, a right or a role somewhere.
type Grant struct {
	To      string `json:"to" toml:"to"` // a subject; user: takes a member's sub
	Right   string `json:"right,omitempty" toml:"right"`
	Role    string `json:"role,omitempty" toml:"role"`
	At      string `json:"at,omitempty" toml:"at"` // default: the root
	Deny    bool   `json:"deny,omitempty" toml:"deny"`
	Window  string `json:"window,omitempty" toml:"window"`
	Starts  string `json:"starts,omitempty" toml:"starts"` // RFC 3339
	Expires string `json:"expires,omitempty" toml:"expires"`
	Period  string `json:"period,omitempty" toml:"period"` // it counts within this one only
	Reason  string `json:"reason,omitempty" toml:"reason"`
}

// entry is one line of a document and the fact it is about.
type entry struct {
	key  string // "locations[12]"
	fact claims.Key
}
