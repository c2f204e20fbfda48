package claims

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestR1APassedCourseOfEitherKindOpensTheDoor shows that a door may ask for a
// course, in Moodle or in Canvas, that only who passed it gets in, and that a
// result is enough for that: the badge follows by itself.
func TestR1APassedCourseOfEitherKindOpensTheDoor(t *testing.T) {
	d := built(t, append(mill(), AddGate{Gate{ID: "theory", At: "workshop", Right: "operate", AnyOf: []Slug{"theory"}}}, met("ada", "theory", "waiver"), met("bo", "theory", "waiver"))...)
	enters := func(d *Directory, m MemberID) Reason {
		return must(Decide(d, Ask{Member: m, Right: "operate", Place: "workshop", At: noon})).Reason
	}
	if r := enters(d, "ada"); r != ReasonMissingBadge {
		t.Errorf("before any course: %s", r)
	}
	for _, course := range []Slug{"moodle", "canvas"} {
		after, _ := grow(t, d, feed, met("ada", "theory", course))
		if r := enters(after, "ada"); r != ReasonOK {
			t.Errorf("passed in %s: %s", course, r)
		}
		if r := enters(after, "bo"); r != ReasonMissingBadge {
			t.Errorf("bo, who has not passed: %s", r)
		}
	}
}

func TestR28WhetherASignoffIsNeededIsTheBadgesMode(t *testing.T) {
	d := built(t, mill()...)
	both := []Intent{met("ada", "theory", "moodle"), met("ada", "theory", "waiver")}
	auto, _ := grow(t, d, feed, both...)
	a := award(t, auto, "ada", "theory")
	if a.Method != MethodAuto || a.AwardedBy != "system:requirements" || a.Expires != noon.Add(365*aDay) || a.On != noon {
		t.Errorf("the badge that followed is %+v", a)
	}
	if len(auto.SignoffsOf("ada")) != 0 {
		t.Errorf("a sign-off is asked for: %v", auto.SignoffsOf("ada"))
	}
	signoff, _ := grow(t, d, operator, Define{Badge{Slug: "theory", Mode: BadgeSignoff}})
	signoff, planned := grow(t, signoff, feed, both...)
	open := signoff.OpenSignoffs("theory", noon)
	if holds(signoff, "ada", "theory") || len(open) != 1 || open[0].Member != "ada" || open[0].Expires != noon.Add(SignoffFor) {
		t.Fatalf("held %v, requests %v; want the sign-off asked for", holds(signoff, "ada", "theory"), open)
	}
	if last := planned.Facts[len(planned.Facts)-1].Key(); last.Entity != EntitySignoff || len(planned.Facts) != 3 {
		t.Errorf("planned %v; want both results and the request in one plan", planned.Facts)
	}
	done, _ := grow(t, signoff, as("tom"), AnswerSignoff{open[0].ID, SignoffApproved, "milled a cube"})
	a = award(t, done, "ada", "theory")
	if a.Method != MethodSignoff || a.AwardedBy != "member:tom" || a.Evidence != "milled a cube" || len(done.OpenSignoffs("theory", noon)) != 0 {
		t.Errorf("signed off: %+v, still open %v", a, done.OpenSignoffs("theory", noon))
	}
}

// TestR26CourseAndInPersonCheck walks through a badge that takes a course of
// either VLE, another badge, and a check with a trainer, in both orders.
func TestR26CourseAndInPersonCheck(t *testing.T) {
	saw := GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "ada"}}
	check, course := met("ada", "mill", "check"), met("ada", "mill", "canvas")
	d := built(t, append(mill(), saw)...)
	first, _ := grow(t, d, as("tom"), check)
	if p := must(Progress(first, "ada", "mill", noon)); p.Held || p.Ready() || !slices.Equal(p.Still(), []string{"The canvas or The moodle"}) ||
		!slices.Equal(p.Done(), []string{"The saw", "The check"}) || p.SignedBy != "member:tom" {
		t.Errorf("after the check alone: %+v", p)
	}
	first, _ = grow(t, first, feed, course)
	last, _ := grow(t, d, feed, course)
	if p := must(Progress(last, "ada", "mill", noon)); p.Request.ID == "" || !p.Ready() || p.Complete() || !slices.Equal(p.Still(), []string{"The check"}) {
		t.Errorf("after the course alone: %+v", p)
	}
	last, _ = grow(t, last, as("tom"), check)
	for name, d := range map[string]*Directory{"the check first": first, "the course first": last} {
		if a := award(t, d, "ada", "mill"); a.Method != MethodSignoff || a.AwardedBy != "member:tom" {
			t.Errorf("%s: %+v", name, a)
		}
		if p := must(Progress(d, "ada", "mill", noon)); !p.Held || p.Award != award(t, d, "ada", "mill") || len(p.Still()) != 0 {
			t.Errorf("%s: %+v, still %v", name, p, p.Still())
		}
		if open := d.OpenSignoffs("mill", noon); len(open) != 0 {
			t.Errorf("%s: %v is still asked for", name, open)
		}
	}
}

// TestR15RequirementsStandApartFromTheirBadge shows R14 too: no course is
// known to a badge; a requirement names a row, which holds the VLE's text.
func TestR15RequirementsStandApartFromTheirBadge(t *testing.T) {
	d := built(t, mill()...)
	for _, id := range []ID{"c-moodle", "c-canvas"} {
		c, _ := Get[Course](d, string(id))
		if found, ok := d.CourseByExternal(c.VLE, c.External); !ok || found != c {
			t.Errorf("course %q of %s is %v", c.External, c.VLE, found)
		}
		var badges []Slug
		for _, r := range d.RequirementsFor(id) {
			badges = append(badges, r.Badge)
		}
		if want := []Slug{"mill", "plain", "theory"}; id == "c-moodle" && !slices.Equal(badges, want) {
			t.Errorf("%s is asked for by %v, want %v", id, badges, want)
		}
	}
	if c, _ := Get[Course](d, "c-moodle"); c.External != "0042" {
		t.Errorf("the text of a VLE's id became %q", c.External)
	}
}

// TestR6ABadgeSaysHowItIsEarned shows that it takes a name, has words for what
// it is and how to earn it, and that training is required where it asks for a
// course or a sign-off, however many.
func TestR6ABadgeSaysHowItIsEarned(t *testing.T) {
	d := built(t, append(mill(), Define{Badge{Slug: "n", Description: "what it is", Earn: "how to earn it"}})...)
	if b, _ := Get[Badge](d, "n"); b.Name != "n" || b.Description == "" || b.Earn == "" {
		t.Errorf("%+v", b)
	}
	for badge, want := range map[Slug]bool{"mill": true, "plain": true, "expert": false, "laser-1": false} {
		if d.TrainingRequired(badge) != want {
			t.Errorf("%s: training required %v, want %v", badge, !want, want)
		}
	}
	d, _ = grow(t, d, operator, Remove{Key: Key{EntityRequirement, "plain.moodle"}})
	if d.TrainingRequired("plain") || len(d.RequirementsOf("plain")) != 0 {
		t.Error("a requirement that was removed is asked for")
	}
}

// TestR7EveryAwardSaysWhoGaveItAndWhen goes through those who can.
func TestR7EveryAwardSaysWhoGaveItAndWhen(t *testing.T) {
	d := built(t, mill()...)
	until := noon.AddDate(1, 0, 0)
	give := GiveAward{Award{ID: "n", Badge: "laser-1", Member: "ada", Expires: until, Evidence: "saw her do it"}}
	for _, by := range []Actor{as("tom"), feed, operator, {Kind: ActorSystem, ID: "job"}} {
		after, _ := grow(t, d, by, give)
		if a := award(t, after, "ada", "laser-1"); a.AwardedBy != by.String() || a.On != noon || a.Expires != until || a.Evidence == "" {
			t.Errorf("by %s: %+v", by, a)
		}
	}
	after, _ := grow(t, d, feed, met("ada", "theory", "moodle"), met("ada", "theory", "waiver"))
	if a := award(t, after, "ada", "theory"); a.AwardedBy != "system:requirements" || a.On != noon {
		t.Errorf("by the rule: %+v", a)
	}
}

func TestR14ACourseIsNoColumnOfTheBadge(t *testing.T) {
	d := built(t, mill()...)
	before, _ := Get[Badge](d, "mill")
	d, planned := grow(t, d, operator, Define{Course{ID: "c-moodle", VLE: "moodle", External: "43"}})
	if after, _ := Get[Badge](d, "mill"); after != before || len(planned.Facts) != 1 {
		t.Errorf("another number of the course changes %v", planned.Facts)
	}
}

func TestR16ThereMayBeSeveralVLEs(t *testing.T) {
	d := built(t, append(mill(), Define{VLE{Slug: "moodle-2", Kind: VLEMoodle, BaseURL: "https://other.example.org/moodle", Label: "The other one"}},
		Define{Course{ID: "c-other", VLE: "moodle-2", External: "0042"}})...)
	if v, _ := Get[VLE](d, "moodle"); v.BaseURL != "https://moodle.example.org" {
		t.Errorf("its address is %q", v.BaseURL)
	}
	if c, ok := d.CourseByExternal("moodle-2", "0042"); !ok || c.ID != "c-other" {
		t.Errorf("0042 of the other is %v", c)
	}
}

// TestAwardsFollowFromResultsInAnyOrder is the property: whatever is recorded
// in whatever order, a badge is held exactly if of each group one step is met
// (and, for mill, it is signed off); the same results give the same badges.
func TestAwardsFollowFromResultsInAnyOrder(t *testing.T) {
	all := []RecordResult{
		met("eve", "theory", "moodle"), met("eve", "theory", "canvas"), met("eve", "theory", "waiver"),
		met("eve", "mill", "moodle"), met("eve", "mill", "canvas"), met("eve", "mill", "check"), met("eve", "plain", "moodle"),
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := built(t, mill()...)
		chosen := rapid.Permutation(all).Draw(rt, "order")[:rapid.IntRange(0, len(all)).Draw(rt, "how many")]
		saw := rapid.IntRange(-1, len(chosen)).Draw(rt, "the other badge before")
		done := map[Slug]bool{}
		for i, in := range chosen {
			if i == saw {
				d, _ = grow(t, d, operator, GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "eve"}})
			}
			d, _ = grow(t, d, operator, in)
			done[in.Result.Badge+"."+in.Result.Requirement] = true
		}
		if saw == len(chosen) {
			d, _ = grow(t, d, operator, GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "eve"}})
		}
		theory := (done["theory.moodle"] || done["theory.canvas"]) && done["theory.waiver"]
		millCourse := done["mill.moodle"] || done["mill.canvas"]
		for badge, want := range map[Slug]bool{
			"theory": theory, "expert": theory, "plain": false, "mill": millCourse && saw >= 0 && done["mill.check"],
		} {
			if held := holds(d, "eve", badge); held != want {
				rt.Fatalf("after %v (bandsaw before %d): %s held %v, want %v", chosen, saw, badge, held, want)
			}
		}
		if asked, want := len(d.OpenSignoffs("mill", noon)) > 0, millCourse && saw >= 0 && !done["mill.check"]; asked != want {
			rt.Fatalf("after %v: a sign-off is asked for: %v, want %v", chosen, asked, want)
		}
	})
}
