package claims

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"
	"time"
)

// How testdata/examples.json writes an organisation; its first field says so
// in words.

type exampleFile struct {
	Now      time.Time
	Fixture  world
	Examples []example
}

type example struct {
	N, Text, As string
	Anonymous   bool
	Facts       memberFacts
	Add         world
	Ask         struct {
		Right                            Slug
		Location                         Path
		At                               time.Time
		Client, Credential, Device, Deny string
	}
	Expect map[string]json.RawMessage
}

// world is an organisation as the examples write it.
type world struct {
	Locations map[Path]struct {
		Inherit *bool
		Open    bool
		Object  Slug
	}
	Rights []struct {
		Right          Slug
		At             Path
		Physical       *bool
		Egress, Public bool
		States         []State
	}
	Roles map[Slug]struct {
		App    Path
		Rights []Slug
		AllBut *[]Slug `json:"all_but"`
	}
	Types map[Slug]struct {
		Extends Slug
		Kinds   map[Slug]Slug
	}
	Objects   map[Slug]struct{ Type Slug }
	Overrides []Override
	Grants    []struct {
		At              Path
		Subject         Subject
		Right, Role     Slug
		Effect          Effect
		Starts, Expires time.Time
		Window          *struct {
			From, To, Zone string
			Days           []int // Monday is 0
		}
	}
	Gates []struct {
		ID    ID
		At    Path
		Right Slug
		AnyOf []Slug `json:"any_of"`
	}
	Lockdowns []struct {
		At     Path
		Exempt []Subject
	}
	Waivers     []Waiver
	Members     map[MemberID]memberFacts
	Credentials map[ID]Credential
	Devices     map[DeviceID]Device
	Clients     map[ClientID]Client
}

type memberFacts struct {
	State      State
	Barred     bool
	PaidUntil  time.Time `json:"paid_until"`
	GraceUntil time.Time `json:"grace_until"`
	Tags       []dated
	Awards     []dated
	Affs       []dated
}

// dated is a fact with dates, or without: a plain string.
type dated struct {
	Tag, Badge, Object, Kind           Slug
	On, Starts, Ends, Expires, Revoked time.Time
}

func (f *dated) UnmarshalJSON(b []byte) error {
	var name string
	if json.Unmarshal(b, &name) != nil {
		type plain dated
		return json.Unmarshal(b, (*plain)(f))
	}
	f.Tag, f.Badge = Slug(name), Slug(name)
	object, kind, _ := strings.Cut(name, "#")
	f.Object, f.Kind = Slug(object), Slug(kind)
	return nil
}

func readExamples(t testing.TB) exampleFile {
	t.Helper()
	text, err := os.ReadFile("testdata/examples.json")
	if err != nil {
		t.Fatal(err)
	}
	var f exampleFile
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// facts lists what w says. A location's id is its path; others are numbered
// from the name given, so that two worlds do not clash.
func (w world) facts(name string) (facts []Fact) {
	for p, l := range w.Locations {
		id := LocationID(p)
		facts = append(facts, Location{ID: id, Parent: LocationID(strings.TrimSuffix(path.Dir(string(p)), "/")),
			Slug: p.Base(), Inherit: l.Inherit == nil || *l.Inherit, Open: l.Open, Object: l.Object})
	}
	for _, r := range w.Rights {
		facts = append(facts, Right{At: LocationID(r.At), Slug: r.Right, States: r.States, Egress: r.Egress, Public: r.Public,
			NotPhysical: r.Physical != nil && !*r.Physical})
	}
	for slug, r := range w.Roles {
		role := Role{Slug: slug, App: LocationID(r.App), Rights: r.Rights}
		if r.AllBut != nil {
			role.Rights, role.AllBut = *r.AllBut, true
		}
		facts = append(facts, role)
	}
	for slug, typ := range w.Types {
		facts = append(facts, ObjectType{Slug: slug, Extends: typ.Extends})
		for kind, parent := range typ.Kinds {
			facts = append(facts, Kind{Type: slug, Slug: kind, Parent: parent})
		}
	}
	for slug, o := range w.Objects {
		facts = append(facts, Object{Slug: slug, Type: o.Type})
	}
	for _, o := range w.Overrides {
		facts = append(facts, o)
	}
	return append(append(facts, w.standing(name)...), w.people(name)...)
}

func (w world) standing(name string) (facts []Fact) {
	for i, g := range w.Grants {
		grant := Grant{ID: ID(fmt.Sprintf("%s-grant-%02d", name, i)), At: LocationID(g.At), Subject: g.Subject, Right: g.Right,
			Role: g.Role, Effect: cmp.Or(g.Effect, Allow), Starts: g.Starts, Expires: g.Expires}
		if g.Window != nil {
			var err error
			if grant.Window, err = ParseWindow(g.Window.From + "-" + g.Window.To + " " + g.Window.Zone); err != nil {
				panic(err)
			}
			for _, d := range g.Window.Days {
				grant.Window.Days = append(grant.Window.Days, time.Weekday((d+1)%7))
			}
		}
		facts = append(facts, grant)
	}
	for i, g := range w.Gates {
		facts = append(facts, Gate{ID: cmp.Or(g.ID, ID(fmt.Sprintf("%s-gate-%d", name, i))), At: LocationID(g.At), Right: g.Right, AnyOf: g.AnyOf})
	}
	for i, l := range w.Lockdowns {
		facts = append(facts, Lockdown{ID: ID(fmt.Sprintf("%s-lock-%d", name, i)), At: LocationID(l.At), Exempt: l.Exempt})
	}
	return facts
}

func (w world) people(name string) (facts []Fact) {
	for i, v := range w.Waivers {
		v.ID = ID(fmt.Sprintf("%s-waiver-%d", name, i))
		facts = append(facts, v)
	}
	for m, f := range w.Members {
		facts = append(facts, f.facts(m)...)
	}
	for id, c := range w.Credentials {
		c.ID = id
		facts = append(facts, c)
	}
	for id, d := range w.Devices {
		d.ID = id
		facts = append(facts, d)
	}
	for id, c := range w.Clients {
		c.ID = id
		facts = append(facts, c)
	}
	return facts
}

func (f memberFacts) facts(m MemberID) []Fact {
	member := Member{ID: m, Sub: "sub-" + string(m), Username: string(m), State: cmp.Or(f.State, StateActive),
		PaidUntil: f.PaidUntil, GraceUntil: f.GraceUntil}
	if f.Barred {
		member.BarredAt = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	facts := []Fact{member}
	for i, x := range f.Tags {
		facts = append(facts, Assignment{ID: ID(fmt.Sprintf("%s-tag-%d", m, i)), Tag: x.Tag, Target: TargetMember,
			TargetID: string(m), Starts: x.Starts, Expires: x.Expires})
	}
	for i, x := range f.Awards {
		facts = append(facts, Award{ID: ID(fmt.Sprintf("%s-award-%d", m, i)), Badge: x.Badge, Member: m, On: x.On,
			Expires: x.Expires, Revoked: x.Revoked})
	}
	for i, x := range f.Affs {
		facts = append(facts, Affiliation{ID: ID(fmt.Sprintf("%s-aff-%d", m, i)), Member: m, Object: x.Object, Kind: x.Kind,
			Starts: x.Starts, Ends: x.Ends})
	}
	return facts
}
