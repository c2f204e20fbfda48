package claims

import (
	"fmt"
	"testing"
)

// What an application's client may do in its own tree, and what it would try
// in order to do more.

// library is an application with a client of its own.
func library(t testing.TB, more ...Intent) (*Directory, Actor) {
	door := Client{ID: "lib", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}
	d := built(t, join(define(door, Location{ID: "lib", Slug: "library"}, Application{Slug: "library", Root: "lib", Client: "lib"},
		Location{ID: "shelf", Parent: "lib", Slug: "shelf", Inherit: true}, Location{ID: "yard", Parent: "lib", Slug: "yard", Inherit: true},
		Location{ID: "rare", Parent: "shelf", Slug: "rare", Inherit: true},
		Right{At: "lib", Slug: "open-case"}, Right{At: "lib", Slug: "read", NotPhysical: true},
		Role{Slug: "boss-of-books", App: "lib", Rights: []Slug{"read", "manage"}}, Role{Slug: "all-of-it", App: "lib", AllBut: true}), more)...)
	return d, Actor{Kind: ActorClient, ID: "lib"}
}

func TestAClientHandsOutNoneOfTheCoresRights(t *testing.T) {
	d, lib := library(t)
	ada := must(ParseSubject("user:ada"))
	for i, slug := range ReservedRights() {
		words := "organisers hand it out"
		g := Grant{ID: ID(fmt.Sprint("n", i)), At: "lib", Subject: ada, Right: slug}
		refused(t, d, lib, ErrDenied, string(slug), words, AddGrant{g})
		g.Effect = Deny
		refused(t, d, lib, ErrDenied, string(slug), words, AddGrant{g})
		refused(t, d, lib, ErrDenied, string(slug), words, Define{Role{Slug: "r", App: "lib", Rights: []Slug{"read", slug}}})
		but := ReservedRights()
		but = append(but[:i], but[i+1:]...)
		refused(t, d, lib, ErrDenied, string(slug), words, Define{Role{Slug: "r", App: "lib", AllBut: true, Rights: but}})
	}
	for role, right := range map[Slug]string{"boss-of-books": "manage", "all-of-it": "affiliate"} {
		refused(t, d, lib, ErrDenied, right, "comes to", AddGrant{Grant{ID: "n", At: "shelf", Subject: ada, Role: role}})
		refused(t, d, lib, ErrDenied, right, "comes to", Define{Role{Slug: role, App: "lib", Rights: []Slug{"read"}}})
	}
	refused(t, d, lib, ErrDenied, "manage", "", AddGrant{Grant{ID: "n", At: "lib", Subject: must(ParseSubject("client:client-that-is-another")), Right: "manage"}})
	grow(t, d, lib, AddGrant{Grant{ID: "n", At: "shelf", Subject: must(ParseSubject("client:lib")), Right: "manage"}})
	rest := Role{Slug: "rest", App: "lib", AllBut: true, Rights: ReservedRights()}
	d, _ = grow(t, d, lib, Define{rest}, AddGrant{Grant{ID: "n", At: "lib", Subject: ada, Role: "rest"}})
	for slug, want := range map[Slug]bool{"read": true, "open-case": true, "manage": false, "grant": false, "lockdown": false, "affiliate": false} {
		if dec, err := Decide(d, Ask{Member: "ada", Right: slug, Place: "shelf", At: noon}); err != nil || dec.Allow != want {
			t.Errorf("all but the core's rights, %s: %v %s, %v", slug, dec.Allow, dec.Reason, err)
		}
	}
}

func TestAClientLearnsNoStateItMayNotSee(t *testing.T) {
	d, lib := library(t)
	for _, s := range []State{StateGuest, StatePending, StateGrace, StateSuspended, StateLeft} {
		refused(t, d, lib, ErrDenied, "", "claim filter", AddGrant{Grant{ID: "n", At: "lib", Subject: Subject{Kind: SubjectState, ID: string(s)}, Right: "read"}})
		refused(t, d, lib, ErrDenied, "", "membership", Define{Right{At: "lib", Slug: "probe", States: []State{s}}})
	}
	refused(t, d, lib, ErrDenied, "", "membership", Define{Right{At: "lib", Slug: "probe", States: []State{StateActive}}})
	grow(t, d, lib, AddGrant{Grant{ID: "n", At: "lib", Subject: must(ParseSubject("state:active")), Right: "read"}},
		Define{Right{At: "lib", Slug: "probe"}}, Define{Right{At: "lib", Slug: "probe-2", States: States}})
	seeing, _ := Get[Client](d, "lib")
	seeing.Filter.Member = true
	d, _ = grow(t, d, operator, Define{seeing})
	grow(t, d, lib, AddGrant{Grant{ID: "n", At: "lib", Subject: must(ParseSubject("state:grace")), Right: "read"}},
		Define{Right{At: "lib", Slug: "probe", States: []State{StateActive}}})
}

func TestWhatOrganisersClosedAnApplicationDoesNotOpen(t *testing.T) {
	for what, c := range map[string]struct {
		closes Intent
		at     LocationID
		right  Slug
	}{
		"a lockdown above":   {Lock{Lockdown{ID: "c", At: "shelf"}}, "shelf", rightLockdown},
		"a lockdown on all":  {Lock{Lockdown{ID: "c", At: "lib"}}, "", rightLockdown},
		"a gate for all":     {AddGate{Gate{ID: "c", At: "shelf", AnyOf: []Slug{"laser-1"}}}, "shelf", rightGrant},
		"somebody kept away": {AddGrant{Grant{ID: "c", At: "shelf", Subject: must(ParseSubject("user:ada")), Right: "read", Effect: Deny}}, "shelf", ""},
	} {
		d, lib := library(t, c.closes)
		if c.right != "" {
			refused(t, d, lib, ErrDenied, string(c.right), "stays a physical right", Define{Right{At: "lib", Slug: "open-case", NotPhysical: true}})
			refused(t, d, lib, ErrDenied, string(c.right), "stays a physical right", Define{Right{At: "lib", Slug: "open-case", Egress: true}})
			gone, _ := grow(t, d, lib, Remove{Key: Right{At: "lib", Slug: "open-case"}.Key()})
			refused(t, gone, lib, ErrDenied, string(c.right), "stays a physical right", Define{Right{At: "lib", Slug: "open-case", NotPhysical: true}})
		}
		rare, _ := Get[Location](d, "rare")
		rare.Parent = "yard"
		if c.at == "" {
			grow(t, d, lib, Define{rare}) // which it is under wherever it is
			continue
		}
		planned, err := Plan(d, lib, noon, Define{rare})
		if err == nil {
			t.Errorf("%s: the application moves out from under it: %v", what, planned.Facts)
		}
		grow(t, d, operator, Define{rare})
	}
	d, lib := library(t)
	rare, _ := Get[Location](d, "rare")
	rare.Parent = "yard"
	grow(t, d, lib, Define{rare}, Define{Right{At: "lib", Slug: "open-case", NotPhysical: true}})
}

func TestARightStandsAtAThousandPlacesAtMost(t *testing.T) {
	var facts []Fact
	for i := range maxDeclared {
		id := LocationID(fmt.Sprintf("b%04d", i))
		facts = append(facts, Location{ID: id, Parent: "bodies", Slug: Slug(id), Inherit: true}, Right{At: id, Slug: "vote"})
	}
	d := built(t, define(facts...)...)
	refused(t, d, operator, ErrConflict, "", "1000 places already", Define{Right{At: "space", Slug: "vote"}})
	grow(t, d, operator, Remove{Key: Right{At: "b0007", Slug: "vote"}.Key()}, Define{Right{At: "space", Slug: "vote"}})
}
