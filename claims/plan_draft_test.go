package claims

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"
)

// TestADraftAnswersAsPicturesDo puts facts into a draft one by one, reads it
// after each, and holds it against pictures that are made anew each time.
func TestADraftAnswersAsPicturesDo(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		base := picture(facts[:len(facts)/2]...)
		draft, d, want := base.change(Seq{N: 1}), base, base
		again := append(slices.Clone(facts[len(facts)/2:]), facts...) // some of them come twice
		for i, f := range again {
			draft.put(f, 1)
			d, want = draft.pause(), want.With(Seq{N: 1}, f)
			if i%5 == 0 {
				alikeInEverything(t, d, want, a.At)
			}
		}
		alikeInEverything(t, d, want, a.At)
		alikeInEverything(t, base, picture(facts[:len(facts)/2]...), a.At) // which nobody touched
	})
}

func alikeInEverything(t *drawing, d, want *Directory, at time.Time) {
	t.Helper()
	if g, w := slices.Collect(All[Location](d)), slices.Collect(All[Location](want)); !reflect.DeepEqual(g, w) {
		t.Fatalf("locations %v, want %v", g, w)
	}
	if g, w := slices.Collect(All[Grant](d)), slices.Collect(All[Grant](want)); !reflect.DeepEqual(g, w) {
		t.Fatalf("grants %v, want %v", g, w)
	}
	if g, w := slices.Collect(All[Award](d)), slices.Collect(All[Award](want)); !reflect.DeepEqual(g, w) {
		t.Fatalf("awards %v, want %v", g, w)
	}
	if g, w := slices.Collect(All[Member](d)), slices.Collect(All[Member](want)); !reflect.DeepEqual(g, w) {
		t.Fatalf("members %v, want %v", g, w)
	}
	for _, m := range propMembers {
		for _, p := range propPlaces {
			for _, r := range propRights {
				ask := Ask{Member: m, Place: p, Right: r}
				if g, w := decideAt(t, d, ask, at), decideAt(t, want, ask, at); !reflect.DeepEqual(g, w) {
					t.Fatalf("Decide(%s, %s, %s) = %+v, want %+v", m, r, p, g, w)
				}
			}
		}
	}
}

func TestAPlanIsWhatItsIntentsComeToOneByOne(t *testing.T) {
	intents := append(organisation(), AddGrant{Grant{ID: "again", At: "workshop", Subject: must(ParseSubject("state:active")), Role: "keeper"}},
		Define{Location{ID: "laser", Parent: "space", Slug: "laser", Inherit: true}}, Bar{Member: "ada"}, Unbar{Member: "ada"})
	whole, err := Plan(core(), operator, noon, intents...)
	if err != nil {
		t.Fatal(err)
	}
	d := core()
	var facts []Fact
	for _, in := range intents {
		planned, err := Plan(d, operator, noon, in)
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, planned.Facts...)
		d = d.With(d.Seq(), planned.Facts...)
	}
	if !reflect.DeepEqual(whole.Facts, facts) {
		t.Errorf("in one plan:\n%v\none by one:\n%v", whole.Facts, facts)
	}
}

func TestAFaultOfAPlanNamesItsIntent(t *testing.T) {
	_, err := Plan(core(), operator, noon, append(organisation(), Define{Tag{Slug: "No"}}, Define{Tag{Slug: "yes"}})...)
	faulty, ok := errors.AsType[*Faulty](err)
	if !ok || faulty.Intent != len(organisation()) || faulty.What != "define tag No" || !errors.Is(err, ErrInvalid) {
		t.Errorf("%#v", err)
	}
}
