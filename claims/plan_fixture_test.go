package claims

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// noon is when the tests of Plan happen.
var noon = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

var operator = Actor{Kind: ActorOperator, ID: "root"}

func as(m MemberID) Actor { return Actor{Kind: ActorMember, ID: string(m)} }

// organisation is the makerspace that the tests of Plan are about, as an
// operator builds it on the core.
//
//	/space (false) ⊃ door, workshop ⊃ laser; rights unlock, operate, maintain, leave (egress)
//	/bodies (false, application bodies) ⊃ delft, netcom: objects of type body
//	ada: active; tom: trainer, holds laser-maint; boss: tag admin; bo: delft#board; out: state left
func organisation() []Intent {
	return join(
		define(
			Badge{Slug: "laser-1", Name: "Laser 1", Mode: BadgeManual, ValidFor: Duration(365 * 24 * time.Hour)},
			Badge{Slug: "laser-maint", Name: "Laser trainer"}, Badge{Slug: "bandsaw", Name: "Band saw"},
			Badge{Slug: "old", Name: "Retired", Retired: noon.AddDate(-1, 0, 0)},
			Tag{Slug: "day-member", Targets: []Target{TargetMember, TargetDevice}}, Tag{Slug: "board-member", InClaims: true},
			Location{ID: "space", Slug: "space"}, Application{Slug: "space", Root: "space"},
			Location{ID: "door", Parent: "space", Slug: "door", Inherit: true},
			Location{ID: "workshop", Parent: "space", Slug: "workshop", Inherit: true},
			Location{ID: "laser", Parent: "workshop", Slug: "laser", Inherit: true},
			Location{ID: "award-laser-1", Parent: "core-badges", Slug: "laser-1", Inherit: true},
			Right{At: "space", Slug: "unlock"}, Right{At: "workshop", Slug: "operate"}, Right{At: "workshop", Slug: "maintain"},
			Right{At: "space", Slug: "leave", Egress: true, States: States},
			Right{At: "space", Slug: "look", NotPhysical: true, Public: true, States: States},
			Role{Slug: "keeper", App: "space", Rights: []Slug{"operate", "maintain"}},
			ObjectType{Slug: "body"}, Kind{Type: "body", Slug: "member", Parent: "default"},
			Kind{Type: "body", Slug: "board", Parent: "member"},
			Object{Slug: "delft", Type: "body"}, Object{Slug: "netcom", Type: "body"}, Object{Slug: "homeless", Type: "body"},
			Object{Slug: "gone", Type: "body", Archived: noon.AddDate(-1, 0, 0)},
			Location{ID: "bodies", Slug: "bodies"}, Application{Slug: "bodies", Root: "bodies"},
			Location{ID: "delft", Parent: "bodies", Slug: "delft", Object: "delft", Inherit: true},
			Location{ID: "netcom", Parent: "bodies", Slug: "netcom", Object: "netcom", Inherit: true},
			Right{At: "bodies", Slug: "edit", NotPhysical: true},
		),
		[]Intent{member("ada"), member("tom"), member("boss"), member("bo"), AddMember{Member{ID: "out", Sub: "sub-out", Username: "out", State: StateLeft}}},
		[]Intent{
			GiveAward{Award{ID: "a-tom", Badge: "laser-maint", Member: "tom"}},
			Assign{Assignment{ID: "t-boss", Tag: "admin", TargetID: "boss"}},
			Affiliate{Affiliation{ID: "f-bo", Member: "bo", Object: "delft", Kind: "board"}},
			AddGrant{Grant{ID: "g-award", At: "award-laser-1", Subject: must(ParseSubject("badge:laser-maint")), Right: "award"}},
			AddGrant{Grant{ID: "g-operate", At: "workshop", Subject: must(ParseSubject("state:active")), Right: "operate"}},
			AddGrant{Grant{ID: "g-affiliate", At: "bodies", Subject: must(ParseSubject("aff:@body#board")), Right: "affiliate"}},
			AddGate{Gate{ID: "gate-laser", At: "laser", Right: "operate", AnyOf: []Slug{"laser-1"}}},
		},
	)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func join(parts ...[]Intent) []Intent {
	var all []Intent
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func define(facts ...Fact) []Intent {
	var all []Intent
	for _, f := range facts {
		all = append(all, Define{f})
	}
	return all
}

func member(id MemberID) Intent {
	return AddMember{Member{ID: id, Sub: "sub-" + string(id), Username: string(id), State: StateActive}}
}

// core is the picture of an organisation that has just been installed.
func core() *Directory {
	return NewDirectory(Seq{"e", 0}).With(Seq{"e", 1}, Core(noon)...)
}

// built is the organisation, and more intents by the operator.
func built(t testing.TB, more ...Intent) *Directory {
	t.Helper()
	d, _ := grow(t, core(), operator, join(organisation(), more)...)
	return d
}

// grow plans intents and returns the picture after them.
func grow(t testing.TB, d *Directory, by Actor, intents ...Intent) (*Directory, Planned) {
	t.Helper()
	planned, err := Plan(d, by, noon, intents...)
	if err != nil {
		t.Fatalf("Plan by %s: %v", by, err)
	}
	return d.With(Seq{"e", d.Seq().N + uint64(len(planned.Facts))}, planned.Facts...), planned
}

// refused checks that a plan is refused with this kind of fault, that its
// text holds words, and, for ErrInvalid, that it names field.
func refused(t *testing.T, d *Directory, by Actor, fault error, field, words string, intents ...Intent) {
	t.Helper()
	planned, err := Plan(d, by, noon, intents...)
	if !errors.Is(err, fault) || !strings.Contains(fmt.Sprint(err), words) {
		t.Errorf("Plan by %s of %v: error %v, want %v saying %q", by, intents, err, fault, words)
		return
	}
	if len(planned.Facts) > 0 {
		t.Errorf("refused, and still planned %v", planned.Facts)
	}
	var inv *Invalid
	if fault == ErrInvalid && (!errors.As(err, &inv) || inv.Field != field) {
		t.Errorf("%v: names field %q, want %q", err, inv.Field, field)
	}
	var ref *Refused
	if fault == ErrDenied && (!errors.As(err, &ref) || string(ref.Right) != field || ref.At == "") {
		t.Errorf("%v: names right %q at %q, want %q somewhere", err, ref.Right, ref.At, field)
	}
}
