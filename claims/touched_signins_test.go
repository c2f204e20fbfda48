package claims

import (
	"reflect"
	"testing"
)

func TestTouchedSignInsNameLittleAndMissNothing(t *testing.T) {
	d, _ := grow(t, built(t), operator, Define{wiki(nil)}, Define{wiki(func(c *Client) { c.ID, c.Name = "git", "Git" })},
		Define{Location{ID: "there", Slug: "there"}}, Define{Object{Slug: "o", Type: "body"}})
	place, _ := Get[Location](d, string(ClientPlace("wiki")))
	both, one, all := SignIns{Clients: []ClientID{"git", "wiki"}}, SignIns{Clients: []ClientID{"wiki"}}, SignIns{All: true}
	for name, c := range map[string]struct {
		fact Fact
		want SignIns
	}{
		"an award":               {Award{ID: "x", Member: "bob", Badge: "laser-1"}, SignIns{Members: []MemberID{"bob"}}},
		"a state":                {Member{ID: "ada", State: StateSuspended}, SignIns{Members: []MemberID{"ada"}}},
		"an affiliation":         {Affiliation{ID: "x", Member: "ada", Object: "o", Kind: "member"}, SignIns{Members: []MemberID{"ada"}}},
		"a tag on a device":      {Assignment{ID: "x", Tag: "t", Target: TargetDevice, TargetID: "ada"}, SignIns{}},
		"a waiver":               {Waiver{ID: "x", Gate: "g", Member: "ada"}, SignIns{Members: []MemberID{"ada"}}},
		"a member's hour":        {Due{Part: DueMembers, Members: []MemberID{"ada", "bob"}}, SignIns{Members: []MemberID{"ada", "bob"}}},
		"a rule's hour":          {Due{Part: DueRules}, all},
		"a client":               {wiki(nil), one},
		"a grant at a client":    {Grant{ID: "x", At: place.ID, Right: "login"}, one},
		"a gate at all clients":  {Gate{ID: "x", At: "core-apps", Right: "login"}, both},
		"a lockdown elsewhere":   {Lockdown{ID: "x", At: "there"}, SignIns{}},
		"a client's place":       {place, one},
		"a place elsewhere":      {Location{ID: "new", Parent: "there", Slug: "new", Inherit: true}, SignIns{}},
		"a client's place moved": {Location{ID: place.ID, Parent: "there", Slug: "wiki", Inherit: true}, one},
		"a role of applications": {Role{Slug: "r", App: "apps"}, both},
		"a role elsewhere":       {Role{Slug: "r", App: "people"}, SignIns{}},
		"an override elsewhere":  {Override{Object: "o", Kind: "member"}, SignIns{}},
		"a badge":                {Badge{Slug: "laser-1"}, all},
		"a tag":                  {Tag{Slug: "t"}, all},
		"a kind":                 {Kind{Type: "body", Slug: "k"}, all},
		"settings":               {Settings{}, all},
		"a card":                 {Credential{ID: "c", Member: "bob"}, SignIns{}},
		"a profile":              {Profile{Member: "bob"}, SignIns{}},
	} {
		if got := TouchedSignIns(d.With(Seq{N: d.Seq().N + 1}, c.fact), []Change{{Fact: c.fact}}); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s touches %+v, want %+v", name, got, c.want)
		}
	}
	twice := []Change{{Fact: Award{ID: "x", Member: "bob"}}, {Fact: Award{ID: "y", Member: "ada"}}, {Fact: Award{ID: "z", Member: "bob"}}}
	if got := TouchedSignIns(d, twice); !reflect.DeepEqual(got, SignIns{Members: []MemberID{"ada", "bob"}}) || got.None() {
		t.Errorf("three awards touch %+v", got)
	}
}
