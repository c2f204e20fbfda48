package claims

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhatMustBeMetBeforeABadgeIsGivenByHand(t *testing.T) {
	saw := GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "ada"}}
	give := func(badge Slug, method AwardMethod) Intent {
		return GiveAward{Award{ID: "n", Badge: badge, Member: "ada", Method: method}}
	}
	theory := []Intent{met("ada", "theory", "moodle"), met("ada", "theory", "waiver")}
	system := Actor{Kind: ActorSystem, ID: "job"}
	for _, c := range []struct {
		name  string
		by    Actor
		give  Intent
		given []Intent
		want  string // part of the refusal; empty: it is given
	}{
		{"expert without theory", as("tom"), give("expert", MethodManual), nil, "expert asks for more first: The theory"},
		{"expert without theory, by sign-off", as("tom"), give("expert", MethodSignoff), nil, "The theory"},
		{"expert without theory, by the operator", operator, give("expert", MethodManual), nil, "The theory"},
		{"expert without theory, by a client", feed, give("expert", ""), nil, "The theory"},
		{"expert, imported by a trainer", as("tom"), give("expert", MethodImport), nil, "The theory"},
		{"expert, imported by the operator", operator, give("expert", MethodImport), nil, ""},
		{"expert, imported by who manages badges", as("boss"), give("expert", MethodImport), nil, ""},
		{"expert with theory, for a member too new", as("tom"), give("expert", MethodManual), theory, ""},
		{"expert by itself, for a member too new", system, give("expert", MethodAuto), theory, "The year"},
		{"theory by hand, without its course", as("tom"), give("theory", MethodManual), nil, ""},
		{"theory by itself, without its course", system, give("theory", ""), nil, "The canvas or The moodle, and The waiver"},
		{"plain by hand, without its course", as("tom"), give("plain", MethodManual), nil, ""},
		{"mill with nothing", as("tom"), give("mill", MethodManual), nil, "mill asks for more first: The saw, and The canvas or The moodle"},
		{"mill without its course", as("tom"), give("mill", MethodManual), []Intent{saw}, "The canvas or The moodle"},
		{"mill without the saw, by the operator", operator, give("mill", MethodManual), []Intent{met("ada", "mill", "moodle")}, "The saw"},
		{"mill, giving it being the sign-off", as("tom"), give("mill", MethodManual), []Intent{saw, met("ada", "mill", "moodle")}, ""},
		{"mill by the program, which signs nobody off", system, give("mill", MethodManual), []Intent{saw, met("ada", "mill", "moodle")}, "The check"},
	} {
		d := built(t, append(mill(), c.given...)...)
		if c.want == "" {
			if d, _ = grow(t, d, c.by, c.give); len(d.OpenSignoffs("mill", noon)) != 0 {
				t.Errorf("%s: the sign-off is still asked for", c.name)
			}
			continue
		}
		refused(t, d, c.by, ErrConflict, "", c.want, c.give)
		var un *Unmet
		if _, err := Plan(d, c.by, noon, c.give); !errors.As(err, &un) || len(un.Still) == 0 {
			t.Errorf("%s: %v does not list what is missing", c.name, err)
		}
	}
}

func TestWhatLastsForAWhileLastsFromTheLastThingDone(t *testing.T) {
	d := built(t, mill()...)
	at := func(slug Slug, days int) Intent {
		in := met("ada", "theory", slug)
		in.Result.At = noon.AddDate(0, 0, -days)
		in.Result.ID += ID(fmt.Sprint(days))
		return in
	}
	old, _ := grow(t, d, feed, at("moodle", 400), at("waiver", 380))
	if holds(old, "ada", "theory") {
		t.Error("a course of more than a year ago gives what lasts for a year")
	}
	refused(t, old, as("ada"), ErrConflict, "", "too long ago", Earn{"n", "ada", "theory"})
	newer, _ := grow(t, old, feed, at("canvas", 100))
	if a := award(t, newer, "ada", "theory"); a.Expires != noon.AddDate(0, 0, -100).Add(365*aDay) {
		t.Errorf("it lasts until %v", a.Expires)
	}
	renewed, _ := grow(t, newer, feed, at("moodle", 0))
	if held, end := Holds(renewed, "ada", holder("theory"), noon); !held || end != noon.Add(365*aDay) {
		t.Errorf("renewed: %v until %v", held, end)
	}
	if again, planned := grow(t, renewed, feed, at("moodle", 50)); len(planned.Facts) != 0 || len(again.AwardsOf("ada")) != 2 {
		t.Errorf("an older result of the same plans %v", planned.Facts)
	}
}

// TestAResultThatExpiresEndsNoAward shows that it only counts no more for the
// next.
func TestAResultThatExpiresEndsNoAward(t *testing.T) {
	short := met("ada", "theory", "moodle")
	short.Result.Expires = noon.Add(time.Hour)
	d := built(t, append(mill(), short, met("ada", "theory", "waiver"))...)
	later := noon.Add(2 * time.Hour)
	if held, _ := Holds(d, "ada", holder("theory"), later); !held {
		t.Error("the award ended with the result")
	}
	if p := must(Progress(d, "ada", "theory", later)); p.Complete() || !slices.Equal(p.Still(), []string{"The canvas or The moodle"}) {
		t.Errorf("%+v; want the course asked for again", p)
	}
}

func TestAfterARevocationNothingFollowsUntilSomethingIsDoneAnew(t *testing.T) {
	saw := GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "ada"}}
	d := built(t, append(mill(), saw, met("ada", "mill", "moodle"), met("ada", "mill", "check"), met("ada", "theory", "moodle"), met("ada", "theory", "waiver"),
		RevokeAward{Badge: "mill", Member: "ada", Reason: "x"}, RevokeAward{Badge: "theory", Member: "ada", Reason: "x"})...)
	stale := met("ada", "theory", "canvas")
	stale.Result.At = noon.Add(-time.Hour)
	d, _ = grow(t, d, feed, stale)
	if holds(d, "ada", "theory") {
		t.Error("what was done before brings back what was revoked")
	}
	refused(t, d, as("ada"), ErrConflict, "", "before it was revoked", Earn{"n", "ada", "theory"})
	next := noon.AddDate(0, 0, 1)
	anew := func(badge, slug Slug) Intent {
		in := met("ada", badge, slug)
		in.Result.ID += "-anew"
		return in
	}
	planned, err := Plan(d, feed, next, anew("theory", "moodle"), anew("mill", "moodle"))
	if err != nil {
		t.Fatal(err)
	}
	d = d.With(d.Seq(), planned.Facts...)
	if held, _ := Holds(d, "ada", holder("theory"), next); !held {
		t.Error("a course passed anew does not bring the badge")
	}
	if held, _ := Holds(d, "ada", holder("mill"), next); held || len(d.OpenSignoffs("mill", next)) != 1 {
		t.Error("the sign-off from before the revocation counts")
	}
}

func TestRetiredBadgesTakeNothingNew(t *testing.T) {
	d := built(t, append(mill(), Remove{Key: Key{EntityBadge, "theory"}}, Remove{Key: Key{EntityBadge, "mill"}})...)
	refuseAll(t, d, []refusal{
		{"a result", ErrConflict, "", "asks for moodle no more", met("ada", "theory", "moodle")},
		{"a request", ErrConflict, "", "retired", RequestSignoff{SignoffRequest{ID: "n", Member: "ada", Badge: "mill"}}},
		{"a requirement", ErrConflict, "", "asks for nothing new", Define{Requirement{Badge: "theory", Slug: "n", Kind: AskSignoff}}},
		{"earning it", ErrConflict, "", "somebody gives it", Earn{"n", "ada", "theory"}},
	})
}

// TestIdsMadeOfOthersOverwriteNothing shows that nobody gets at an award by
// the id of something new.
func TestIdsMadeOfOthersOverwriteNothing(t *testing.T) {
	d := built(t, append(mill(), GiveAward{Award{ID: "x+theory", Badge: "laser-1", Member: "bo"}}, GiveAward{Award{ID: "y", Badge: "laser-1", Member: "ada"}}, Define{Badge{Slug: "free", Mode: BadgeSignoff}},
		GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "ada"}}, met("ada", "theory", "waiver"))...)
	forged := met("ada", "theory", "moodle")
	forged.Result.ID = "x"
	refused(t, d, feed, ErrConflict, "", "award x+theory is another's", forged)
	d, _ = grow(t, d, as("ada"), RequestSignoff{SignoffRequest{ID: "y", Member: "ada", Badge: "free"}})
	refused(t, d, as("tom"), ErrConflict, "", "award y is another's", AnswerSignoff{"y", SignoffApproved, ""})
	long := met("ada", "theory", "moodle")
	long.Result.ID = ID(strings.Repeat("i", 100))
	refused(t, d, feed, ErrInvalid, "id", "longer than 87", long)
}
