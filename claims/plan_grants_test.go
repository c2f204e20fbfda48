package claims

import (
	"testing"
	"time"
)

func TestGrantsAreHeldToTheirPlaceAndSubject(t *testing.T) {
	d := built(t, Define{Role{Slug: "most", App: "space", AllBut: true, Rights: []Slug{"unlock"}}},
		Define{Role{Slug: "lookers", App: "space", Rights: []Slug{"look"}}},
		Define{Role{Slug: "editors", App: "bodies", Rights: []Slug{"edit"}}},
		Define{Location{ID: "attic", Parent: "space", Slug: "attic", Inherit: true}}, Remove{Key: Key{EntityLocation, "attic"}})
	grant := func(subject string, change func(*Grant)) Intent {
		g := Grant{ID: "n", At: "workshop", Right: "operate"}
		if subject != "" {
			g.Subject = must(ParseSubject(subject))
		}
		if change != nil {
			change(&g)
		}
		return AddGrant{g}
	}
	deny := func(g *Grant) { g.Effect = Deny }
	role := func(slug Slug) func(*Grant) { return func(g *Grant) { g.Right, g.Role = "", slug } }
	window := func(w Window) Intent { return grant("everyone", func(g *Grant) { g.Window = &w }) }
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "is empty", grant("everyone", func(g *Grant) { g.ID = "" })},
		{"an id that is there", ErrConflict, "", "another's", grant("everyone", func(g *Grant) { g.ID = "g-award" })},
		{"nowhere", ErrNotFound, "", "location", grant("everyone", func(g *Grant) { g.At = "x" })},
		{"at an archived place", ErrConflict, "", "archived", grant("everyone", func(g *Grant) { g.At, g.Right = "attic", "unlock" })},
		{"a right from below", ErrInvalid, "right", "right_not_defined_here", grant("everyone", func(g *Grant) { g.At = "space" })},
		{"a right from elsewhere", ErrInvalid, "right", "right_not_defined_here", grant("everyone", func(g *Grant) { g.Right = "edit" })},
		{"neither right nor role", ErrInvalid, "right", "either a right or a role", grant("everyone", func(g *Grant) { g.Right = "" })},
		{"both", ErrInvalid, "right", "either a right or a role", grant("everyone", func(g *Grant) { g.Role = "keeper" })},
		{"no such role", ErrNotFound, "", "role", grant("everyone", role("x"))},
		{"another's role", ErrInvalid, "role", "right_not_defined_here", grant("everyone", role("editors"))},
		{"an odd effect", ErrInvalid, "effect", "neither", grant("everyone", func(g *Grant) { g.Effect = "maybe" })},
		{"ended", ErrInvalid, "removed", "has not ended", grant("everyone", func(g *Grant) { g.Removed = noon })},
		{"that has expired", ErrInvalid, "expires", "passed", grant("everyone", func(g *Grant) { g.Expires = noon.Add(-1e9) })},
		{"nobody", ErrInvalid, "subject", "no subject", grant("", nil)},
		{"half a subject", ErrInvalid, "subject", "no subject", grant("", func(g *Grant) { g.Subject = Subject{Kind: SubjectTag} })},
		{"no such member", ErrInvalid, "subject", "no user", grant("user:x", nil)},
		{"no such tag", ErrInvalid, "subject", "no tag", grant("tag:x", nil)},
		{"no such badge", ErrInvalid, "subject", "no badge", grant("badge:x", nil)},
		{"no such client", ErrInvalid, "subject", "no client", grant("client:x", nil)},
		{"no such object", ErrInvalid, "subject", "no object", grant("aff:x#board", nil)},
		{"no such type", ErrInvalid, "subject", "has no kind", grant("aff:@x#board", nil)},
		{"no such kind", ErrInvalid, "subject", "has no kind", grant("aff:@body#x", nil)},
		{"public, a right that isn't", ErrInvalid, "subject", "not a public right", grant("public", nil)},
		{"public, a role that isn't", ErrInvalid, "subject", "not public", grant("public", role("keeper"))},
		{"public, all but some", ErrInvalid, "subject", "not public", grant("public", role("most"))},
		{"self outside /people", ErrInvalid, "subject", "under /people", grant("self", nil)},
		{"deny everyone", ErrInvalid, "subject", "taken here", grant("everyone", deny)},
		{"deny a badge", ErrInvalid, "subject", "taken here", grant("badge:laser-1", deny)},
		{"deny an affiliation", ErrInvalid, "subject", "taken here", grant("aff:delft#board", deny)},
		{"deny the public", ErrInvalid, "subject", "taken here", grant("public", func(g *Grant) { g.Effect, g.At, g.Right = Deny, "space", "look" })},
		{"an empty window", ErrInvalid, "window", "same time", window(Window{From: 60, To: 60, Zone: "UTC"})},
		{"a window too long", ErrInvalid, "window", "24:00", window(Window{From: 60, To: 1441, Zone: "UTC"})},
		{"a zone there isn't", ErrInvalid, "window", "no time zone", window(Window{From: 60, To: 70, Zone: "Mars/Olympus"})},
	})
	grow(t, d, operator, grant("user:ada", deny), grant("public", func(g *Grant) { g.ID, g.At, g.Right = "n2", "space", "look" }),
		grant("public", func(g *Grant) { g.ID, g.At, g.Right, g.Role = "n3", "space", "", "lookers" }),
		grant("client:system", func(g *Grant) { g.ID = "n4" }), grant("self", func(g *Grant) { g.ID, g.At, g.Right = "n5", "core-people", "view" }))
	public, _ := grow(t, d, operator, grant("public", func(g *Grant) { g.At, g.Right, g.Role = "space", "", "lookers" }))
	refused(t, public, operator, ErrConflict, "", "granted to the public", Define{Role{Slug: "lookers", App: "space", Rights: []Slug{"look", "unlock"}}})
	refused(t, public, operator, ErrConflict, "", "granted to the public", Define{Right{At: "space", Slug: "look", NotPhysical: true}})
	_, planned := grow(t, d, operator, window(Window{From: 0, To: 24 * 60, Zone: "Europe/Amsterdam", Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}))
	if g := planned.Facts[0].(Grant); g.Window != nil || g.Effect != Allow || g.CreatedBy != "operator:root" || g.CreatedAt != noon {
		t.Errorf("a window over the whole week is stored as %+v", g)
	}
}

func TestGatesAndWaiversAreHeldToTheirForm(t *testing.T) {
	d := built(t)
	gate := func(change func(*Gate)) Intent {
		g := Gate{ID: "n", At: "workshop", Right: "operate", AnyOf: []Slug{"bandsaw", "old"}}
		change(&g)
		return AddGate{g}
	}
	waive := func(change func(*Waiver)) Intent {
		w := Waiver{ID: "n", Gate: "gate-laser", Member: "ada", Expires: noon.AddDate(0, 0, 1)}
		change(&w)
		return Waive{w}
	}
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "is empty", gate(func(g *Gate) { g.ID = "" })},
		{"an id that is there", ErrConflict, "", "another's", gate(func(g *Gate) { g.ID = "gate-laser" })},
		{"nowhere", ErrNotFound, "", "location", gate(func(g *Gate) { g.At = "x" })},
		{"a right from below", ErrInvalid, "right", "right_not_defined_here", gate(func(g *Gate) { g.At = "space" })},
		{"a way out", ErrInvalid, "right", "a way out", gate(func(g *Gate) { g.Right = "leave" })},
		{"a public right", ErrInvalid, "right", "is public", gate(func(g *Gate) { g.Right = "look" })},
		{"no badges", ErrInvalid, "any_of", "is empty", gate(func(g *Gate) { g.AnyOf = nil })},
		{"a badge there isn't", ErrInvalid, "any_of", "no badge", gate(func(g *Gate) { g.AnyOf = []Slug{"x"} })},
		{"a badge twice", ErrInvalid, "any_of", "twice", gate(func(g *Gate) { g.AnyOf = []Slug{"bandsaw", "bandsaw"} })},
		{"retired badges only", ErrConflict, "", "retired", gate(func(g *Gate) { g.AnyOf = []Slug{"old"} })},
		{"ended", ErrInvalid, "removed", "has not ended", gate(func(g *Gate) { g.Removed = noon })},
		{"waive no gate", ErrNotFound, "", "gate", waive(func(w *Waiver) { w.Gate = "x" })},
		{"waive for nobody", ErrNotFound, "", "member", waive(func(w *Waiver) { w.Member = "x" })},
		{"waive for ever", ErrInvalid, "expires", "always ends", waive(func(w *Waiver) { w.Expires = time.Time{} })},
		{"waive yesterday", ErrInvalid, "expires", "passed", waive(func(w *Waiver) { w.Expires = noon.AddDate(0, 0, -1) })},
		{"waive backwards", ErrInvalid, "expires", "not after starts", waive(func(w *Waiver) { w.Starts = noon.AddDate(0, 0, 2) })},
	})
	open, _ := grow(t, d, operator, Remove{Key: Key{EntityGate, "gate-laser"}})
	refused(t, open, operator, ErrConflict, "", "nothing to waive", waive(func(w *Waiver) {}))
	d, planned := grow(t, d, as("boss"), waive(func(w *Waiver) {}))
	if w := planned.Facts[0].(Waiver); w.By != "member:boss" {
		t.Errorf("waived by %s", w.By)
	}
	if dec := must(Decide(d, Ask{Member: "ada", Right: "operate", Place: "laser", At: noon})); !dec.Allow {
		t.Errorf("with the gate waived: %s", dec.Reason)
	}
	refused(t, d, operator, ErrConflict, "", "another's", waive(func(w *Waiver) { w.Expires = noon.AddDate(0, 1, 0) }))
	grow(t, d, operator, Remove{Key: Key{EntityWaiver, "n"}})
}

func TestLockdownsAreLiftedAndKept(t *testing.T) {
	d := built(t)
	lock := func(exempt ...string) Intent {
		l := Lockdown{ID: "n", At: "space", Reason: "fire"}
		for _, s := range exempt {
			l.Exempt = append(l.Exempt, must(ParseSubject(s)))
		}
		return Lock{l}
	}
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "is empty", Lock{Lockdown{At: "space"}}},
		{"nowhere", ErrNotFound, "", "location", Lock{Lockdown{ID: "n", At: "x"}}},
		{"from tomorrow", ErrInvalid, "from", "future", Lock{Lockdown{ID: "n", At: "space", From: noon.AddDate(0, 0, 1)}}},
		{"but everyone", ErrInvalid, "exempt", "taken here", lock("everyone")},
		{"but a whole type", ErrInvalid, "exempt", "aff:OBJECT#KIND", lock("aff:@body#board")},
		{"but no such tag", ErrInvalid, "exempt", "no tag", lock("tag:x")},
		{"lift nothing", ErrNotFound, "", "lockdown", Lift{"x"}},
	})
	d, _ = grow(t, d, operator, lock("tag:admin", "aff:delft#board"))
	if l, _ := Get[Lockdown](d, "n"); l.From != noon || l.By != "operator:root" || len(l.Exempt) != 2 {
		t.Errorf("locked: %+v", l)
	}
	refused(t, d, operator, ErrConflict, "", "another's", lock())
	d, _ = grow(t, d, as("boss"), Lift{"n"})
	if l, _ := Get[Lockdown](d, "n"); l.Lifted != noon || l.Reason != "fire" {
		t.Errorf("lifted: %+v", l)
	}
}

func TestRemoveEndsWhatHasAnEndAndSaysWhatElseToDo(t *testing.T) {
	d := built(t, define(Override{Object: "netcom", Kind: "board"}, wiki(nil), AccessPoint{ID: "ap", Prefix: "::1", Secret: "s"},
		Network{Slug: "net", Location: "core-wifi"})...)
	remove := func(e Entity, id string) Intent { return Remove{Key: Key{e, id}, Reason: "gone"} }
	for _, k := range []Key{
		{EntityBadge, "laser-1"}, {EntityObject, "netcom"}, {EntityOverride, "netcom"}, {EntityLocation, "laser"}, {EntityRight, "space/unlock"},
		{EntityClient, "wiki"}, {EntityAccessPoint, "ap"}, {EntityNetwork, "net"}, {EntityGrant, "g-operate"}, {EntityGate, "gate-laser"},
		{EntityAffiliation, "f-bo"}, {EntityAssignment, "t-boss"}, {EntityAward, "a-tom"},
	} {
		next, planned := grow(t, d, operator, remove(k.Entity, k.ID))
		if len(planned.Facts) != 1 || planned.Facts[0].Key() != k {
			t.Errorf("removing %v plans %v", k, planned.Facts)
		}
		if _, again := grow(t, next, operator, remove(k.Entity, k.ID)); len(again.Facts) != 0 || again.What != "" {
			t.Errorf("removing %v again plans %v", k, again.Facts)
		}
		refused(t, d, operator, ErrNotFound, "", "nothing", remove(k.Entity, "nothing"))
	}
	refuseAll(t, d, []refusal{
		{"a role", ErrInvalid, "entity", "remove the grants", remove(EntityRole, "keeper")},
		{"a type", ErrInvalid, "entity", "stay defined", remove(EntityType, "body")},
		{"a kind", ErrInvalid, "entity", "stay defined", remove(EntityKind, "body.board")},
		{"an application", ErrInvalid, "entity", "archive its root", remove(EntityApplication, "space")},
		{"a member", ErrInvalid, "entity", "state to left", remove(EntityMember, "ada")},
		{"the settings", ErrInvalid, "entity", "nothing that can be removed", remove(EntitySettings, "organisation")},
		{"nothing", ErrInvalid, "entity", "nothing that can be removed", Remove{}},
	})
}
