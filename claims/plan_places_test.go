package claims

import (
	"fmt"
	"testing"
)

func TestLocationsStayATree(t *testing.T) {
	deep := define(Location{ID: "d1", Slug: "d1"})
	for i := 2; i <= MaxDepth; i++ {
		deep = append(deep, Define{Location{ID: LocationID(fmt.Sprintf("d%d", i)), Slug: "x", Parent: LocationID(fmt.Sprintf("d%d", i-1)), Inherit: true}})
	}
	d := built(t, join(deep, define(Location{ID: "attic", Parent: "space", Slug: "attic", Archived: noon}))...)
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "is empty", Define{Location{Slug: "x"}}},
		{"an id with a slash", ErrInvalid, "id", "slash", Define{Location{ID: "a/b", Slug: "x"}}},
		{"a dotted slug", ErrInvalid, "slug", "only a-z", Define{Location{ID: "x", Slug: ".."}}},
		{"no such parent", ErrNotFound, "", "parent", Define{Location{ID: "x", Slug: "x", Parent: "nowhere"}}},
		{"a slug twice", ErrConflict, "", "/space/door is there already", Define{Location{ID: "x", Slug: "door", Parent: "space"}}},
		{"a root twice", ErrConflict, "", "/space is there already", Define{Location{ID: "x", Slug: "space"}}},
		{"below itself", ErrInvalid, "parent", "cycle", Define{Location{ID: "workshop", Slug: "workshop", Parent: "laser", Inherit: true}}},
		{"its own parent", ErrInvalid, "parent", "cycle", Define{Location{ID: "workshop", Slug: "workshop", Parent: "workshop", Inherit: true}}},
		{"too deep", ErrInvalid, "parent", "deeper", Define{Location{ID: "x", Slug: "x", Parent: LocationID(fmt.Sprintf("d%d", MaxDepth))}}},
		{"moved too deep", ErrInvalid, "parent", "deeper", Define{Location{ID: "workshop", Slug: "w", Parent: LocationID(fmt.Sprintf("d%d", MaxDepth-1))}}},
		{"below an archived one", ErrConflict, "", "archived", Define{Location{ID: "x", Slug: "x", Parent: "attic"}}},
		{"archived tomorrow", ErrInvalid, "archived", "future", Define{Location{ID: "x", Slug: "x", Archived: noon.AddDate(0, 0, 1)}}},
		{"an object twice", ErrConflict, "", "stands at /bodies/delft", Define{Location{ID: "x", Slug: "x", Parent: "bodies", Object: "delft"}}},
		{"no such object", ErrInvalid, "object", "no object", Define{Location{ID: "x", Slug: "x", Parent: "bodies", Object: "x"}}},
		{"an archived object", ErrConflict, "", "takes nothing new", Define{Location{ID: "x", Slug: "x", Parent: "bodies", Object: "gone"}}},
		{"an application's root that inherits", ErrInvalid, "inherit", "root of space", Define{Location{ID: "space", Slug: "space", Inherit: true}}},
		{"an application's root moved", ErrInvalid, "inherit", "root of space", Define{Location{ID: "space", Slug: "space", Parent: "bodies"}}},
	})
}

func TestTheCoresRootsAreItsOwn(t *testing.T) {
	d := built(t)
	people := must(get[Location](d, "core-people"))
	open := people
	open.Open = false
	named := people
	named.Name = "Members"
	refuseAll(t, d, []refusal{
		{"closed", ErrInvalid, "slug", "only its name", Define{open}},
		{"archived", ErrInvalid, "location", "stays", Remove{Key: Key{EntityLocation, "core-people"}}},
		{"another of the name", ErrInvalid, "slug", "reserved", Define{Location{ID: "x", Slug: "people"}}},
		{"an application of the name", ErrInvalid, "slug", "reserved", Define{Application{Slug: "wifi", Root: "space"}}},
		{"a right removed", ErrInvalid, "right", "stays", Remove{Key: Key{EntityRight, "core-people/recover"}}},
		{"manage made physical", ErrInvalid, "right", "only its description", Define{Right{At: "core-people", Slug: "manage"}}},
	})
	grow(t, d, operator, Define{named}, Define{Right{At: "core-people", Slug: "manage", NotPhysical: true, ACR: 2}})
}

// get is Get with an error, for must.
func get[T Fact](d *Directory, id string) (T, error) {
	f, ok := Get[T](d, id)
	if !ok {
		return f, ErrNotFound
	}
	return f, nil
}

func TestApplicationsTakeARootOfTheirOwn(t *testing.T) {
	d := built(t, Define{Location{ID: "soft", Slug: "soft", Inherit: true}})
	refuseAll(t, d, []refusal{
		{"no such root", ErrInvalid, "root", "define it first", Define{Application{Slug: "x", Root: "nowhere"}}},
		{"a root that inherits", ErrInvalid, "root", "inherit=false", Define{Application{Slug: "x", Root: "soft"}}},
		{"no root", ErrInvalid, "root", "without parent", Define{Application{Slug: "x", Root: "laser"}}},
		{"another's root", ErrConflict, "", "root of space already", Define{Application{Slug: "x", Root: "space"}}},
		{"a new root", ErrInvalid, "root", "never changes", Define{Application{Slug: "space", Root: "bodies"}}},
		{"no such owner", ErrInvalid, "client", "no client", Define{Application{Slug: "space", Root: "space", Client: "x"}}},
	})
}

func TestAnApplicationsOwnerManagesItsTree(t *testing.T) {
	client := Client{ID: "shop", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}
	d := built(t, define(client, Application{Slug: "space", Root: "space", Client: "shop"})...)
	shop := Actor{Kind: ActorClient, ID: "shop"}
	d, _ = grow(t, d, shop, Define{Location{ID: "hall", Parent: "space", Slug: "hall", Inherit: true}}, Define{Right{At: "hall", Slug: "dance"}})
	refused(t, d, shop, ErrDenied, "manage", "/bodies", Define{Location{ID: "x", Parent: "bodies", Slug: "x"}})
	refused(t, d, shop, ErrInvalid, "right", "reserved", Define{Right{At: "hall", Slug: "award"}})
	d, _ = grow(t, d, operator, Define{Application{Slug: "space", Root: "space"}})
	refused(t, d, shop, ErrDenied, "manage", "/space", Define{Right{At: "hall", Slug: "sing"}})
}

func TestRightsAreDeclaredOnceOnALine(t *testing.T) {
	public := Right{At: "bodies", Slug: "peek", NotPhysical: true, Public: true, States: States}
	change := func(f func(*Right)) Intent { r := public; f(&r); return Define{r} }
	d := built(t)
	refuseAll(t, d, []refusal{
		{"above", ErrConflict, "", "declared at /space already", Define{Right{At: "laser", Slug: "unlock"}}},
		{"below", ErrConflict, "", "declared at /space/workshop already", Define{Right{At: "space", Slug: "operate"}}},
		{"nowhere", ErrNotFound, "", "location", Define{Right{At: "x", Slug: "y"}}},
		{"a state there isn't", ErrInvalid, "states", "none of", Define{Right{At: "space", Slug: "x", States: []State{"asleep"}}}},
		{"reserved", ErrInvalid, "right", "reserved to the core", Define{Right{At: "space", Slug: "award"}}},
		{"reserved at another core root", ErrInvalid, "right", "reserved", Define{Right{At: "core-badges", Slug: "login"}}},
		{"public and physical", ErrInvalid, "public", "not physical", change(func(r *Right) { r.NotPhysical = false })},
		{"public for some states", ErrInvalid, "public", "every state", change(func(r *Right) { r.States = nil })},
		{"public with an acr", ErrInvalid, "public", "no acr", change(func(r *Right) { r.ACR = 1 })},
		{"negative acr", ErrInvalid, "acr", "negative", Define{Right{At: "space", Slug: "x", ACR: -1}}},
		{"a gated right made a way out", ErrConflict, "", "gate at /space/workshop/laser", Define{Right{At: "workshop", Slug: "operate", Egress: true}}},
		{"a gated right made public", ErrConflict, "", "gate at", Define{Right{At: "workshop", Slug: "operate", NotPhysical: true, Public: true, States: States}}},
	})
	for _, slug := range []Slug{"join", "maintain", "supervise"} {
		grow(t, core(), operator, define(Location{ID: "s", Slug: "s"}, Application{Slug: "s", Root: "s"}, Right{At: "s", Slug: slug})...)
	}
	refused(t, built(t, Assign{Assignment{ID: "x", Tag: "admin", TargetID: "ada"}}), as("ada"), ErrInvalid, "right", "reserved", Define{Right{At: "space", Slug: "join"}})
	d = built(t, AddGrant{Grant{ID: "p", At: "space", Subject: Subject{Kind: SubjectPublic}, Right: "look"}})
	refused(t, d, operator, ErrConflict, "", "granted to the public", Define{Right{At: "space", Slug: "look", NotPhysical: true}})
}

func TestAMoveKeepsRightsOnceOnALine(t *testing.T) {
	d := built(t, define(
		Location{ID: "hall", Slug: "hall"}, Location{ID: "stage", Parent: "hall", Slug: "stage", Inherit: true},
		Right{At: "stage", Slug: "operate"})...)
	refused(t, d, operator, ErrConflict, "", "declared at /space/workshop and at /hall/stage",
		Define{Location{ID: "stage", Parent: "workshop", Slug: "stage", Inherit: true}})
	d, _ = grow(t, d, operator, Define{Location{ID: "stage", Parent: "space", Slug: "stage", Inherit: true}})
	if at := d.PathOf("stage"); at != "/space/stage" {
		t.Errorf("moved to %s, want /space/stage", at)
	}
}

// TestR47RenamingARoleChangesNoDecision shows that only a role's rights count.
func TestR47RenamingARoleChangesNoDecision(t *testing.T) {
	d := built(t, AddGrant{Grant{ID: "k", At: "workshop", Subject: must(ParseSubject("user:ada")), Role: "keeper"}})
	ask := Ask{Member: "ada", Right: "maintain", Place: "workshop", At: noon}
	before := must(Decide(d, ask))
	renamed, planned := grow(t, d, operator, Define{Role{Slug: "keeper", App: "space", Rights: []Slug{"maintain", "operate"}, Label: "Boss", Metadata: map[string]string{"name": "x"}}})
	if len(planned.Facts) != 1 {
		t.Fatalf("planned %v, want the role", planned.Facts)
	}
	if after := must(Decide(renamed, ask)); !before.Allow || before.Reason != after.Reason || after.Allow != before.Allow {
		t.Errorf("before the renaming %v, after %v", before.Reason, after.Reason)
	}
	refuseAll(t, d, []refusal{
		{"no application", ErrInvalid, "app", "no application's root", Define{Role{Slug: "x", App: "laser", Rights: []Slug{"operate"}}}},
		{"no rights", ErrInvalid, "rights", "is empty", Define{Role{Slug: "x", App: "space"}}},
		{"another's right", ErrInvalid, "rights", "right_not_defined_here", Define{Role{Slug: "x", App: "space", Rights: []Slug{"edit"}}}},
		{"all but another's right", ErrInvalid, "rights", "right_not_defined_here", Define{Role{Slug: "x", App: "space", AllBut: true, Rights: []Slug{"edit"}}}},
		{"another application", ErrInvalid, "app", "stays with its application", Define{Role{Slug: "keeper", App: "bodies", Rights: []Slug{"edit"}}}},
	})
}
