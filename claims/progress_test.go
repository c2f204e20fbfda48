package claims

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestProgressSaysWhoWhenAndHowLong(t *testing.T) {
	until := noon.AddDate(0, 3, 0)
	done := met("eve", "mill", "moodle")
	done.Result.Expires = until
	d := built(t, append(mill(), done, GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "eve", Expires: until}})...)
	p, err := Progress(d, "eve", "mill", noon)
	if err != nil || len(p.Groups) != 3 || p.Groups[1].Group != "course" || len(p.Groups[1].Steps) != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	saw, course := p.Groups[0].Steps[0], p.Groups[1].Steps[1]
	if !saw.Met || saw.At != noon || saw.Until != until || saw.By != "" {
		t.Errorf("the badge: %+v", saw)
	}
	if course.Slug != "moodle" || !course.Met || course.Until != until || course.By != "operator:root" || p.Groups[1].Steps[0].Met || !p.Groups[1].Met() {
		t.Errorf("the course: %+v", p.Groups[1])
	}
	if !p.Ready() || p.Complete() || p.Groups[2].Met() || p.Request.Member != "eve" {
		t.Errorf("all but the sign-off is done, and it is asked for: %+v", p)
	}
	if p := must(Progress(d, "eve", "mill", until)); !slices.Equal(p.Still(), []string{"The saw", "The canvas or The moodle", "The check"}) {
		t.Errorf("when both have ended, still %v", p.Still())
	}
	if p := must(Progress(d, "eve", "expert", noon)); !p.Groups[0].Steps[0].Met || p.Groups[0].Steps[0].Kind != AskMembership {
		t.Errorf("a membership of a year: %+v", p.Groups[0])
	}
	for _, ask := range [][2]string{{"x", "mill"}, {"eve", "x"}} {
		if _, err := Progress(d, MemberID(ask[0]), Slug(ask[1]), noon); !errors.Is(err, ErrNotFound) {
			t.Errorf("of %v: %v, want ErrNotFound", ask, err)
		}
	}
}

// TestEarningIsTheSameInWhateverOrderFactsArrive builds the picture fact by
// fact, from either end, with a state of each that was before.
func TestEarningIsTheSameInWhateverOrderFactsArrive(t *testing.T) {
	d := ready(t, asks("q", "ada"), LinkIdentity{Identity{VLE: "moodle", Member: "ada", External: "7"}})
	all := facts(d)
	keys := slices.SortedFunc(maps.Keys(all), func(a, b Key) int { return strings.Compare(string(a.Entity)+a.ID, string(b.Entity)+b.ID) })
	before := []Fact{Identity{VLE: "moodle", Member: "ada", External: "6"}, SignoffRequest{ID: "q", Member: "bo", Badge: "plain"},
		Requirement{Badge: "mill", Slug: "saw", Kind: AskBadge, Needs: "laser-1"}, Result{ID: "r-ada-mill-moodle", Member: "bo", Badge: "plain"}}
	want := must(Progress(d, "ada", "mill", noon))
	for range 2 {
		slices.Reverse(keys)
		next := NewDirectory(Seq{}).With(Seq{}, before...)
		for _, k := range keys {
			next = next.With(Seq{}, all[k])
		}
		got := must(Progress(next, "ada", "mill", noon))
		if !reflect.DeepEqual(got, want) || len(next.ResultsOf("bo")) != 0 || len(next.OpenSignoffs("plain", noon)) != 0 || len(next.leaningOn("laser-1")) != 0 {
			t.Errorf("progress %+v, want %+v", got, want)
		}
		if _, still := next.IdentityByUser("moodle", "6"); still || len(next.OpenSignoffs("mill", noon)) != 1 {
			t.Error("what an earlier state said is found still, or the open request is not")
		}
	}
}

// TestR11ADenialSaysWhatIsDoneAndWhatIsLeft shows what the member reads, and
// that a device is told no more than before.
func TestR11ADenialSaysWhatIsDoneAndWhatIsLeft(t *testing.T) {
	d := built(t, append(mill(), AddGate{Gate{ID: "g", At: "workshop", Right: "operate", AnyOf: []Slug{"mill"}}},
		AddGate{Gate{ID: "h", At: "door", Right: "unlock", AnyOf: []Slug{"theory", "laser-1"}}},
		AddGrant{Grant{ID: "u", At: "door", Subject: must(ParseSubject("state:active")), Right: "unlock"}},
		met("ada", "mill", "canvas"), met("ada", "theory", "waiver"))...)
	explain := func(right Slug, at LocationID) (string, Decision) {
		dec := must(Decide(d, Ask{Member: "ada", Right: right, Place: at, At: noon}))
		return strings.Join(Explain(d, dec), "\n"), dec
	}
	text, dec := explain("operate", "workshop")
	if want := "You still need: Mill. How: Learn to mill. Done: The canvas; still: The saw, The check."; !strings.Contains(text, want) {
		t.Errorf("%q lacks %q", text, want)
	}
	if short := ShortText(d, dec); short != "Need Mill" {
		t.Errorf("a device shows %q", short)
	}
	text, _ = explain("unlock", "door")
	if want := "You still need: theory or Laser 1. theory: done: The waiver; still: The canvas or The moodle."; !strings.Contains(text, want) {
		t.Errorf("%q lacks %q", text, want)
	}
	d, _ = grow(t, d, operator, GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "ada"}}, RequestSignoff{SignoffRequest{ID: "q", Member: "ada", Badge: "mill"}})
	if text, _ = explain("operate", "workshop"); !strings.Contains(text, "still: The check; a sign-off is asked for.") {
		t.Errorf("%q does not say that it is asked for", text)
	}
	if text, dec := explain("operate", "workshop"); strings.Contains(text, "eve") || len(dec.Missing) != 1 {
		t.Errorf("%q", text)
	}
}

func TestASignoffWithoutANameIsATrainers(t *testing.T) {
	d := built(t, append(mill(), Define{Badge{Slug: "bare", Mode: BadgeSignoff}})...)
	if p := must(Progress(d, "ada", "bare", noon)); !slices.Equal(p.Still(), []string{"a trainer's sign-off"}) || p.Complete() || !p.Ready() {
		t.Errorf("%+v, still %v", p, p.Still())
	}
}
