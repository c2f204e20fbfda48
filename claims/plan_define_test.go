package claims

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// refusal is an intent that the operator is refused too, and why.
type refusal struct {
	name   string
	fault  error
	field  string // for ErrInvalid
	words  string
	intent Intent
}

func refuseAll(t *testing.T, d *Directory, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { refused(t, d, operator, c.fault, c.field, c.words, c.intent) })
	}
}

func TestDefinitionsOfTagsAndBadgesAreHeldToTheirForm(t *testing.T) {
	d := built(t, Assign{Assignment{ID: "x", Tag: "day-member", TargetID: "ada"}})
	refuseAll(t, d, []refusal{
		{"nothing", ErrInvalid, "fact", "no definition", Define{}},
		{"a member", ErrInvalid, "fact", "intents of their own", Define{Member{}}},
		{"upper case", ErrInvalid, "slug", "only a-z", Define{Tag{Slug: "Board"}}},
		{"empty", ErrInvalid, "slug", "empty", Define{Tag{}}},
		{"long", ErrInvalid, "slug", "longer than 40", Define{Badge{Slug: Slug(strings.Repeat("a", 41))}}},
		{"leading hyphen", ErrInvalid, "slug", "hyphen", Define{Badge{Slug: "-a"}}},
		{"dot", ErrInvalid, "slug", "only a-z", Define{ObjectType{Slug: "a.b"}}},
		{"tag on a badge", ErrInvalid, "targets", "a member, a device or a location", Define{Tag{Slug: "x", Targets: []Target{"badge"}}}},
		{"tag narrowed while it is on a member", ErrConflict, "", "still on member ada", Define{Tag{Slug: "day-member", Targets: []Target{TargetDevice}}}},
		{"control character", ErrInvalid, "label", "control", Define{Tag{Slug: "x", Label: "a\x00b"}}},
		{"not UTF-8", ErrInvalid, "description", "UTF-8", Define{Tag{Slug: "x", Description: "\xff"}}},
		{"badge mode", ErrInvalid, "mode", "manual, auto or signoff", Define{Badge{Slug: "x", Mode: "magic"}}},
		{"badge that lasts less than nothing", ErrInvalid, "valid_for", "negative", Define{Badge{Slug: "x", ValidFor: -1}}},
		{"badge retired tomorrow", ErrInvalid, "retired", "future", Define{Badge{Slug: "x", Retired: noon.Add(time.Hour)}}},
		{"badge link", ErrInvalid, "earn_url", "address of a page", Define{Badge{Slug: "x", EarnURL: "javascript:alert(1)"}}},
		{"membership from half a kind", ErrInvalid, "membership_from", "both", Define{Settings{MembershipFrom: MembershipFrom{Type: "body"}}}},
		{"membership from no kind", ErrInvalid, "membership_from", "no kind", Define{Settings{MembershipFrom: MembershipFrom{Type: "body", Kind: "x"}}}},
	})
}

func TestKindTreesStaySound(t *testing.T) {
	d := built(t, define(ObjectType{Slug: "group", Extends: "body"}, Kind{Type: "group", Slug: "lead", Parent: "member"})...)
	deep := define(ObjectType{Slug: "deep"})
	parent := RootKind
	for i := range MaxDepth - 1 {
		slug := Slug(fmt.Sprintf("k%d", i))
		deep = append(deep, Define{Kind{Type: "deep", Slug: slug, Parent: parent}})
		parent = slug
	}
	d, _ = grow(t, d, operator, deep...)
	refuseAll(t, d, []refusal{
		{"a type called tag", ErrInvalid, "slug", "mistaken", Define{ObjectType{Slug: "tag"}}},
		{"extends itself", ErrInvalid, "extends", "itself", Define{ObjectType{Slug: "x", Extends: "x"}}},
		{"extends nothing there is", ErrInvalid, "extends", "no type", Define{ObjectType{Slug: "x", Extends: "y"}}},
		{"extends an extending type", ErrInvalid, "extends", "extends body already", Define{ObjectType{Slug: "x", Extends: "group"}}},
		{"extends later", ErrInvalid, "extends", "never changes", Define{ObjectType{Slug: "deep", Extends: "body"}}},
		{"unknown type", ErrNotFound, "", "type", Define{Kind{Type: "x", Slug: "y", Parent: "default"}}},
		{"root of an extending type", ErrInvalid, "slug", "no root of its own", Define{Kind{Type: "group", Slug: RootKind}}},
		{"root with a parent", ErrInvalid, "parent", "has none", Define{Kind{Type: "body", Slug: RootKind, Parent: "member"}}},
		{"no parent", ErrInvalid, "parent", "is empty", Define{Kind{Type: "body", Slug: "x"}}},
		{"unknown parent", ErrInvalid, "parent", "no kind", Define{Kind{Type: "body", Slug: "x", Parent: "lead"}}},
		{"cycle", ErrInvalid, "parent", "cycle", Define{Kind{Type: "body", Slug: "member", Parent: "board"}}},
		{"its own parent", ErrInvalid, "parent", "cycle", Define{Kind{Type: "body", Slug: "board", Parent: "board"}}},
		{"a kind of the extended type again", ErrConflict, "", "repeat", Define{Kind{Type: "group", Slug: "board", Parent: "member"}}},
		{"a kind of an extending type again", ErrConflict, "", "repeat", Define{Kind{Type: "body", Slug: "lead", Parent: "member"}}},
		{"too deep", ErrInvalid, "parent", "deeper", Define{Kind{Type: "deep", Slug: "x", Parent: parent}}},
		{"object of no type", ErrInvalid, "type", "no type", Define{Object{Slug: "x", Type: "y"}}},
		{"object of another type", ErrInvalid, "type", "stays one", Define{Object{Slug: "delft", Type: "group"}}},
		{"object archived tomorrow", ErrInvalid, "archived", "future", Define{Object{Slug: "x", Type: "body", Archived: noon.Add(1e9)}}},
	})
	if got := d.KindsAbove("deep", parent); len(got) != MaxDepth {
		t.Errorf("the deepest kind is %d deep, want %d", len(got), MaxDepth)
	}
}

// TestR33TypesStartWithTheirRootKind shows that each type has its own tree,
// rooted at default, unless it extends another.
func TestR33TypesStartWithTheirRootKind(t *testing.T) {
	d, planned := grow(t, core(), operator, define(ObjectType{Slug: "body"}, ObjectType{Slug: "group", Extends: "body"})...)
	if len(planned.Facts) != 3 {
		t.Errorf("planned %v; want two types and one root kind", planned.Facts)
	}
	if _, ok := Get[Kind](d, "body.default"); !ok {
		t.Error("body has no root kind")
	}
}

// TestR35SecondOverrideOnOneObjectIsRefused shows that an exceptional body
// overrides exactly one kind, and that removing it makes room for another.
func TestR35SecondOverrideOnOneObjectIsRefused(t *testing.T) {
	first := Define{Override{Object: "netcom", Kind: "board", Rights: []Slug{"edit"}}}
	second := Define{Override{Object: "netcom", Kind: "member", Rights: []Slug{"edit"}}}
	d := built(t, first)
	refuseAll(t, d, []refusal{
		{"a second kind", ErrConflict, "", "overrides board already", second},
		{"unknown object", ErrNotFound, "", "object", Define{Override{Object: "x", Kind: "board"}}},
		{"unknown kind", ErrInvalid, "kind", "no kind", Define{Override{Object: "delft", Kind: "x"}}},
		{"an archived object", ErrConflict, "", "takes nothing new", Define{Override{Object: "gone", Kind: "board"}}},
		{"an object that stands nowhere", ErrInvalid, "object", "no location names", Define{Override{Object: "homeless", Kind: "board"}}},
		{"a right from elsewhere", ErrInvalid, "rights", "right_not_defined_here", Define{Override{Object: "delft", Kind: "board", Rights: []Slug{"operate"}}}},
	})
	if _, planned := grow(t, d, operator, Define{Override{Object: "netcom", Kind: "board", Rights: []Slug{"manage", "edit"}}}); len(planned.Facts) != 1 {
		t.Error("the override's own rights cannot be changed")
	}
	grow(t, d, operator, Remove{Key: Key{EntityOverride, "netcom"}}, second)
}

func TestDevicesAndNetworksAreHeldToTheirPlaces(t *testing.T) {
	client := Client{ID: "door-1", Auth: AuthBasic, Secrets: []Secret{{SHA256: strings.Repeat("a", 64)}}, GrantTypes: []string{grantClient}}
	point := AccessPoint{ID: "ap", Prefix: "10.0.0.0/16", Secret: "v1.x"}
	net := Network{Slug: "members", SSID: "Members", Location: "core-wifi", VLAN: 10}
	d := built(t, define(client, net, point, Device{ID: "d1", Kind: "door", Location: "door", Right: "unlock", Client: "door-1"})...)
	device := func(change func(*Device)) Intent {
		v := Device{ID: "d2", Kind: "door", Location: "door", Right: "unlock", Client: "door-1"}
		change(&v)
		return Define{v}
	}
	network := func(change func(*Network)) Intent {
		v := Network{Slug: "x", Location: "core-wifi"}
		change(&v)
		return Define{v}
	}
	rule := func(subject string, vlan int) Intent {
		return network(func(n *Network) { n.Rules = []VLANRule{{Subject: must(ParseSubject(subject)), VLAN: vlan}} })
	}
	refuseAll(t, d, []refusal{
		{"one client, two devices", ErrConflict, "", "device d1 already", device(func(d *Device) {})},
		{"an unknown kind", ErrInvalid, "kind", "door or an interlock", device(func(d *Device) { d.Kind = "toaster" })},
		{"no such place", ErrNotFound, "", "location", device(func(d *Device) { d.Location = "x" })},
		{"a right from elsewhere", ErrInvalid, "right", "right_not_defined_here", device(func(d *Device) { d.Right = "operate" })},
		{"no such client", ErrInvalid, "client", "no client", device(func(d *Device) { d.Client = "x" })},
		{"no id", ErrInvalid, "id", "is empty", device(func(d *Device) { d.ID = "" })},
		{"no join there", ErrInvalid, "location", "right_not_defined_here", network(func(n *Network) { n.Location = "door" })},
		{"VLAN 4095", ErrInvalid, "vlan", "1 to 4094", network(func(n *Network) { n.VLAN = 4095 })},
		{"a rule without a VLAN", ErrInvalid, "rules", "1 to 4094", rule("state:active", 0)},
		{"a rule for everyone", ErrInvalid, "rules", "taken here", rule("everyone", 3)},
		{"a rule for a whole type", ErrInvalid, "rules", "aff:OBJECT#KIND", rule("aff:@body#board", 3)},
		{"a rule for an unknown tag", ErrInvalid, "rules", "no tag", rule("tag:x", 3)},
		{"an SSID twice", ErrConflict, "", "already", network(func(n *Network) { n.SSID = "Members" })},
		{"a long SSID", ErrInvalid, "ssid", "32", network(func(n *Network) { n.SSID = strings.Repeat("x", 33) })},
		{"no prefix", ErrInvalid, "prefix", "no address", Define{AccessPoint{ID: "x", Prefix: "ap.example.org", Secret: "s"}}},
		{"a prefix twice", ErrConflict, "", "ap already", Define{AccessPoint{ID: "x", Prefix: "10.0.0.0/16", Secret: "s"}}},
		{"no secret", ErrInvalid, "secret", "anybody", Define{AccessPoint{ID: "x", Prefix: "10.0.0.1"}}},
		{"no such network", ErrInvalid, "network", "no network", Define{AccessPoint{ID: "x", Prefix: "10.0.0.1", Secret: "s", Network: "x"}}},
	})
}
