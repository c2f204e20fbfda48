package claims

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestWhatIsNotTouchedIsAnsweredAsBefore changes random facts of a random
// organisation, locations moved among them, and asks everything before and
// after: an answer may differ only where TouchedBelow says so.
func TestWhatIsNotTouchedIsAnsweredAsBefore(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		var first, later []Fact
		was := map[LocationID]Location{}
		for _, f := range facts {
			_, object := f.(Object) // always there before what names it, and of one type for good
			if !object && t.chance(12) {
				later = append(later, f)
				continue
			}
			first = append(first, f)
			if l, ok := f.(Location); ok {
				was[l.ID] = l
			}
		}
		for range rapid.IntRange(0, 3).Draw(t.T, "moves") {
			later = append(later, Location{ID: pick[LocationID](t, "r1", "r11", "r12", "r2"), Parent: pick[LocationID](t, "r", "p"), Slug: pick[Slug](t, "a", "x", "y"), Inherit: !t.chance(3), Open: t.chance(3), Object: pick[Slug](t, "", "o0", "o1")})
		}
		before, after := picture(first...), picture(first...).With(Seq{N: 2}, later...)
		var changes []Change
		for _, f := range later {
			changes = append(changes, Change{Fact: f})
		}
		got := TouchedBelow(after, "r", was, changes)
		for _, p := range pathsBelow(before, after) {
			for _, m := range propMembers {
				if got.All || slices.Contains(got.Members, m) || slices.ContainsFunc(got.Places, p.Within) {
					continue
				}
				for _, right := range propRights {
					ask := Ask{Member: m, Path: p, Right: right}
					b, a := decideAt(t, before, ask, a.At), decideAt(t, after, ask, a.At)
					if b.Allow != a.Allow || b.Reason != a.Reason || !b.Until.Equal(a.Until) {
						t.Fatalf("%s %s %s: %s, then %s; touched is only %+v by %v", m, right, p, b.Reason, a.Reason, got, later)
					}
				}
			}
		}
	})
}

// pathsBelow lists where something stands below /r in either picture.
func pathsBelow(pictures ...*Directory) []Path {
	paths := []Path{"/r/b/unstored"}
	for _, d := range pictures {
		for l := range All[Location](d) {
			if p := d.PathOf(l.ID); p.Within("/r") {
				paths = append(paths, p)
			}
		}
	}
	return paths
}

func TestTouchedNamesLittleAndMissesNothing(t *testing.T) {
	d := workshop(Location{ID: "sub", Parent: "page", Slug: "sub", Inherit: true}, Gate{ID: "gate", At: "page", AnyOf: []Slug{"laser-1"}},
		Object{Slug: "o", Type: "body"}, Location{ID: "with", Parent: "wiki", Slug: "with", Object: "o", Inherit: true},
		Location{ID: "away", Parent: "space", Slug: "away", Inherit: true})
	page, _ := Get[Location](d, "page")
	named := page
	named.Name = "Page"
	for name, c := range map[string]struct {
		fact Fact
		want Touched
	}{
		"an award":              {Award{ID: "a", Member: "bob", Badge: "laser-1"}, Touched{Members: []MemberID{"bob"}}},
		"a card":                {Credential{ID: "c", Member: "bob"}, Touched{}},
		"a grant here":          {Grant{ID: "g", At: "page", Right: "edit"}, Touched{Places: []Path{"/wiki/page"}}},
		"a grant elsewhere":     {Grant{ID: "g", At: "door", Right: "unlock"}, Touched{}},
		"a waiver here":         {Waiver{ID: "w", Gate: "gate", Member: "ada"}, Touched{Members: []MemberID{"ada"}}},
		"a waiver of no gate":   {Waiver{ID: "w", Gate: "other", Member: "ada"}, Touched{}},
		"a name":                {named, Touched{}},
		"a new place":           {Location{ID: "n", Parent: "page", Slug: "n", Inherit: true}, Touched{Places: []Path{"/wiki/page/n"}}},
		"a move within":         {Location{ID: "sub", Parent: "wiki", Slug: "sub", Inherit: true}, Touched{Places: []Path{"/wiki/page/sub", "/wiki/sub"}}},
		"a move out":            {Location{ID: "sub", Parent: "space", Slug: "sub", Inherit: true}, Touched{Places: []Path{"/wiki/page/sub"}}},
		"a move in":             {Location{ID: "away", Parent: "wiki", Slug: "in", Inherit: true}, Touched{Places: []Path{"/wiki/in"}}},
		"an override":           {Override{Object: "o", Kind: "member"}, Touched{Places: []Path{"/wiki/with"}}},
		"a role of its own":     {Role{Slug: "r", App: "wiki"}, Touched{All: true}},
		"a role of another":     {Role{Slug: "r", App: "space"}, Touched{}},
		"a kind":                {Kind{Type: "body", Slug: "k"}, Touched{All: true}},
		"where membership is":   {Settings{}, Touched{All: true}},
		"an access point":       {AccessPoint{ID: "ap"}, Touched{}},
		"a request":             {Request{ID: "r", Member: "ada"}, Touched{}},
		"an opening":            {Opening{Thing: holder("laser-1")}, Touched{}},
		"a period":              {Period{Slug: "y"}, Touched{All: true}},
		"a member":              {Member{ID: "ada", State: StateLeft}, Touched{Members: []MemberID{"ada"}}},
		"a tag on a device":     {Assignment{ID: "x", Tag: "t", Target: TargetDevice, TargetID: "ada"}, Touched{}},
		"a root of like a name": {Location{ID: "wiki2", Slug: "wiki2"}, Touched{}},
	} {
		was := map[LocationID]Location{}
		for l := range All[Location](d) {
			was[l.ID] = l
		}
		if got := TouchedBelow(d.With(Seq{N: 3}, c.fact), "wiki", was, []Change{{Fact: c.fact}}); got.All != c.want.All ||
			!slices.Equal(got.Members, c.want.Members) || !slices.Equal(got.Places, c.want.Places) {
			t.Errorf("%s touches %+v, want %+v", name, got, c.want)
		}
	}
	twice := []Change{{Fact: Location{ID: "sub", Parent: "wiki", Slug: "one", Inherit: true}}, {Fact: Location{ID: "sub", Parent: "wiki", Slug: "two", Inherit: true}}}
	was := map[LocationID]Location{"sub": {ID: "sub", Parent: "page", Slug: "sub", Inherit: true}}
	got := TouchedBelow(d.With(Seq{N: 3}, twice[1].Fact), "wiki", was, twice)
	if want := []Path{"/wiki/one", "/wiki/page/sub", "/wiki/two"}; !reflect.DeepEqual(got.Places, want) {
		t.Errorf("moved twice: %v, want %v", got.Places, want)
	}
}

func TestAClientGrantsToWhatItMaySeeAndNoMore(t *testing.T) {
	owner := wiki(func(c *Client) { c.ID, c.Filter.Types = "lms", []Slug{"body"} })
	d := built(t, define(owner, ObjectType{Slug: "team", Extends: "body"}, Object{Slug: "t1", Type: "team"}, ObjectType{Slug: "open-call"}, Object{Slug: "oc", Type: "open-call"},
		Location{ID: "lms", Slug: "lms"}, Application{Slug: "lms", Root: "lms", Client: "lms"}, Right{At: "lms", Slug: "reuse", NotPhysical: true})...)
	grant := func(to string) Intent {
		return AddGrant{Grant{ID: "g", At: "lms", Right: "reuse", Subject: must(ParseSubject(to))}}
	}
	lms := Actor{Kind: ActorClient, ID: "lms"}
	for _, to := range []string{"everyone", "state:active", "user:ada", "tag:board-member", "badge:laser-1", "aff:delft#board", "aff:@body#board", "aff:t1#member", "aff:oc#default", "client:lms"} {
		if planned, err := Plan(d, lms, noon, grant(to)); err != nil || len(planned.Facts) != 1 {
			t.Errorf("a grant to %s: %v, %v", to, planned.Facts, err)
		}
	}
	for _, to := range []string{"tag:day-member", "tag:admin"} {
		if _, err := Plan(d, lms, noon, grant(to)); err == nil {
			t.Errorf("a grant to %s, which it may not see", to)
		}
		if _, err := Plan(d, operator, noon, grant(to)); err != nil {
			t.Errorf("a grant to %s by the operator: %v", to, err)
		}
	}
}
