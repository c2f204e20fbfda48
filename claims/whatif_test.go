package claims

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// TestWhatIfIsTheDifference changes one fact of a random organisation and
// holds the outlook against Decide before and after, for everybody, every few
// hours and around each end.
func TestWhatIfIsTheDifference(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		d := picture(facts...)
		p := Planned{On: d.Seq(), At: a.At, Facts: []Fact{t.changed(facts, a.At)}}
		after, to := d.With(d.Seq(), p.Facts...), a.At.Add(2*aDay)
		out, err := WhatIf(d, p, to)
		if err != nil || out.Cut {
			t.Fatal(err, out.Cut)
		}
		c := comparison{before: d, after: after}
		s := c.scope(p.Facts)
		listed := map[LocationID]bool{}
		standsSomewhere(d, listed)
		standsSomewhere(after, listed)
		for id := range s.below {
			listed[id] = true
		}
		for place := range listed {
			for _, right := range propRights {
				for _, m := range propMembers {
					var shift Shift
					if i := slices.IndexFunc(out.Shifts, func(x Shift) bool { return x.Place == place && x.Right == right && x.Member == m }); i >= 0 {
						shift = out.Shifts[i]
					}
					moments := []time.Time{a.At}
					for _, i := range slices.Concat(shift.Lost, shift.Gained) {
						moments = append(moments, i.From, i.From.Add(-1), i.To, i.To.Add(-1))
					}
					for at := a.At.Add(30 * time.Minute); at.Before(to); at = at.Add(5 * time.Hour) {
						moments = append(moments, at)
					}
					for _, at := range moments {
						if at.Before(a.At) || !at.Before(to) {
							continue
						}
						ask := Ask{Member: m, Right: right, Place: place}
						had, has := decideAt(t, d, ask, at).Allow, decideAt(t, after, ask, at).Allow
						if lost, gained := holdsAt(shift.Lost, at), holdsAt(shift.Gained, at); lost != (had && !has) || gained != (has && !had) {
							t.Fatalf("%+v: %s %s at %s, %v: allowed %v, then %v; the outlook says %+v", p.Facts[0], m, right, place, at, had, has, shift)
						}
					}
				}
			}
		}
	})
}

// changed draws a fact of these and ends it, or changes it otherwise.
func (t *drawing) changed(facts []Fact, now time.Time) Fact {
	var may []Fact
	for _, f := range facts {
		switch f := f.(type) {
		case Grant:
			f.Removed = now
			may = append(may, f)
		case Gate:
			f.Removed = now
			may = append(may, f)
		case Location:
			f.Inherit = !f.Inherit
			may = append(may, f)
		case Award:
			f.Revoked = now
			may = append(may, f)
		case Affiliation:
			f.Removed = now
			may = append(may, f)
		case Lockdown:
			f.Lifted = now
			may = append(may, f)
		case Override:
			f.Removed = now
			may = append(may, f)
		case Member:
			f.BarredAt = now
			may = append(may, f)
		case Right:
			f.States = States
			may = append(may, f)
		}
	}
	return pick(t, append(may, t.grant(), t.deny(), t.gate(), t.award("m1"))...)
}

func TestWhatIfSaysWhoLosesWhat(t *testing.T) {
	d := workshop(Grant{ID: "g", At: "space", Subject: everyone(), Right: "unlock", Effect: Allow},
		Gate{ID: "gate", At: "door", Right: "unlock", AnyOf: []Slug{"laser-1"}})
	boss, to := Actor{Kind: ActorOperator, ID: "op"}, reqAt.Add(time.Hour)
	whole := []Interval{{reqAt, to}}
	look := func(i Intent) []Shift {
		t.Helper()
		p, err := Plan(d, boss, reqAt, i)
		if err != nil {
			t.Fatal(err)
		}
		out, err := WhatIf(d, p, to)
		if err != nil || out.Cut {
			t.Fatal(err, out.Cut)
		}
		return out.Shifts
	}
	same := func(what string, got []Shift, want ...Shift) {
		t.Helper()
		if !slices.EqualFunc(got, want, func(a, b Shift) bool {
			return a.Place == b.Place && a.Right == b.Right && a.Member == b.Member && slices.Equal(a.Lost, b.Lost) && slices.Equal(a.Gained, b.Gained)
		}) {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	same("without the grant", look(Remove{Key: Key{EntityGrant, "g"}}), Shift{Place: "space", Right: "unlock", Member: "ada", Lost: whole},
		Shift{Place: "space", Right: "unlock", Member: "bob", Lost: whole}, Shift{Place: "door", Right: "unlock", Member: "ada", Lost: whole})
	same("without the gate", look(Remove{Key: Key{EntityGate, "gate"}}), Shift{Place: "door", Right: "unlock", Member: "bob", Gained: whole})
	same("without ada's badge", look(RevokeAward{Badge: "laser-1", Member: "ada", Reason: "lent it"}), Shift{Place: "door", Right: "unlock", Member: "ada", Lost: whole})
	same("with the badge retired", look(Remove{Key: Key{EntityBadge, "laser-1"}}))
	stop, _ := Get[Location](d, "door")
	stop.Inherit = false
	same("with a stop at the door", look(Define{Fact: stop}), Shift{Place: "door", Right: "unlock", Member: "ada", Lost: whole})
	same("with nothing changed", look(AddGate{Gate: Gate{ID: "again", At: "door", Right: "unlock", AnyOf: []Slug{"laser-1"}}}))
	stale := Planned{On: Seq{N: 99}, At: reqAt, Facts: []Fact{stop}}
	if _, err := WhatIf(d, stale, to); !errors.Is(err, ErrConflict) {
		t.Errorf("a plan made on another picture: %v, want ErrConflict", err)
	}
}
