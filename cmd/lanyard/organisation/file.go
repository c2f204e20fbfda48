package organisation

import (
	"fmt"
	"io"

	"lanyard/cmd/lanyard/tomlfile"
)

// File is an organisation as its file says it, text by text. Read fills it;
// its zero value asks for nothing.
type File struct {
	Settings     Settings      `toml:"settings"`
	Tags         []Tag         `toml:"tags"`
	Periods      []Period      `toml:"periods"`
	Badges       []Badge       `toml:"badges"`
	VLEs         []VLE         `toml:"vles"`
	Courses      []Course      `toml:"courses"`
	Types        []Type        `toml:"types"`
	Objects      []Object      `toml:"objects"`
	Applications []Application `toml:"applications"`
	Locations    []Location    `toml:"locations"`
	Rights       []Right       `toml:"rights"`
	Roles        []Role        `toml:"roles"`
	Grants       []Grant       `toml:"grants"`
	Gates        []Gate        `toml:"gates"`
	Members      []Member      `toml:"members"`
	Clients      []Client      `toml:"clients"`
	Devices      []Device      `toml:"devices"`
	Networks     []Network     `toml:"networks"`
	Openings     []Opening     `toml:"openings"`
	AccessPoints []AccessPoint `toml:"access_points"`

	lines tomlfile.Lines
}

// Settings hold for the whole organisation.
type Settings struct {
	Name           string `toml:"name"`
	MembershipFrom string `toml:"membership_from"` // billing (also if empty), or TYPE#KIND
}

// Tag is a label; member is what it is put on, unless Targets say otherwise.
type Tag struct {
	Slug        string   `toml:"slug"`
	Label       string   `toml:"label"`
	Description string   `toml:"description"`
	Targets     []string `toml:"targets"`
	InClaims    *bool    `toml:"in_claims"` // default true
}

// Badge is something to earn.
type Badge struct {
	Slug        string `toml:"slug"`
	Name        string `toml:"name"`
	Description string `toml:"description"`
	Earn        string `toml:"earn"`
	EarnURL     string `toml:"earn_url"`
	Mode        string `toml:"mode"`      // default manual
	ValidFor    string `toml:"valid_for"` // 365d, 12h
	InClaims    *bool  `toml:"in_claims"` // default true

	Requirements []Requirement `toml:"requirements"`
}

// Period is a year, term or season.
type Period struct {
	Slug    string `toml:"slug"`
	Label   string `toml:"label"`
	Kind    string `toml:"kind"` // default year
	Starts  any    `toml:"starts"`
	Ends    any    `toml:"ends"`
	Current bool   `toml:"current"`
}

// Type is a sort of scope object with its kinds.
type Type struct {
	Slug    string `toml:"slug"`
	Label   string `toml:"label"`
	Extends string `toml:"extends"`
	Kinds   []Kind `toml:"kinds"`
}

// Kind is a role held in an object; the root kind need not be written.
type Kind struct {
	Slug   string `toml:"slug"`
	Parent string `toml:"parent"` // default: default, the root kind
	Label  string `toml:"label"`
}

// Object is a body, an event. Override may replace one kind's rights in it.
type Object struct {
	Slug     string    `toml:"slug"`
	Type     string    `toml:"type"`
	Name     string    `toml:"name"`
	Override *Override `toml:"override"`
}

// Override gives a kind exactly these rights in its object.
type Override struct {
	Kind   string   `toml:"kind"`
	Rights []string `toml:"rights"`
}

// Application is a tree of locations with rights of its own.
type Application struct {
	Slug   string `toml:"slug"`
	Root   string `toml:"root"` // default: "/" and its slug
	Client string `toml:"client"`
}

// Location is a place.
type Location struct {
	Path     string `toml:"path"`
	Name     string `toml:"name"`
	Inherit  *bool  `toml:"inherit"` // default true; false for a root
	Open     bool   `toml:"open"`
	Object   string `toml:"object"`
	External string `toml:"external"`
}

// Right is something one may do at a location and below.
type Right struct {
	Right       string   `toml:"right"`
	At          string   `toml:"at"`
	Description string   `toml:"description"`
	States      []string `toml:"states"`   // default active, grace
	Physical    *bool    `toml:"physical"` // default true
	Egress      bool     `toml:"egress"`
	Public      bool     `toml:"public"`
	ACR         int      `toml:"acr"`
}

// Role bundles rights of one application.
type Role struct {
	Slug     string            `toml:"slug"`
	App      string            `toml:"app"` // the root's path
	Label    string            `toml:"label"`
	Rights   []string          `toml:"rights"`
	AllBut   bool              `toml:"all_but"`
	Metadata map[string]string `toml:"metadata"`
}

// Grant allows, or denies, a right or a role somewhere.
type Grant struct {
	To      string `toml:"to"` // a subject; user:NAME takes a username
	Right   string `toml:"right"`
	Role    string `toml:"role"`
	At      string `toml:"at"`
	Deny    bool   `toml:"deny"`
	Window  string `toml:"window"`
	Starts  any    `toml:"starts"`
	Expires any    `toml:"expires"`
	Period  string `toml:"period"`
	Reason  string `toml:"reason"`
}

// Gate makes badges necessary somewhere.
type Gate struct {
	At     string   `toml:"at"`
	Right  string   `toml:"right"`
	AnyOf  []string `toml:"any_of"`
	Reason string   `toml:"reason"`
}

// Read reads a file whole. It takes no key it does not know; what the texts
// mean is looked at by Prepare, which knows the organisation.
func Read(r io.Reader) (File, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return File{}, fmt.Errorf("read the organisation's file: %w", err)
	}
	var f File
	f.lines, err = tomlfile.Read(data, &f)
	if err != nil {
		return File{}, err
	}
	return f, nil
}
