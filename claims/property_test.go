package claims

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Properties of Decide in random small organisations (drawn in
// property_draw_test.go). All that begins or ends does so on a whole hour
// within three days of the night in which the clocks of Amsterdam go forward,
// so looking at every half hour misses nothing.

func property(t *testing.T, check func(*drawing, []Fact, Ask)) {
	rapid.Check(t, func(rt *rapid.T) {
		d := &drawing{T: rt}
		facts := d.organisation()
		check(d, facts, d.ask())
	})
}

func picture(facts ...Fact) *Directory { return NewDirectory(Seq{}).With(Seq{N: 1}, facts...) }

func decideAt(t *drawing, d *Directory, a Ask, at time.Time) Decision {
	a.At = at
	dec, err := Decide(d, a)
	if err != nil {
		t.Fatal(err)
	}
	return dec
}

// halfHours yields the instants to look at after start, for six days.
func halfHours(start time.Time, yield func(time.Time) bool) {
	for i := 1; i <= 6*48; i++ {
		if !yield(start.Add(time.Duration(i) * 30 * time.Minute)) {
			return
		}
	}
}

func TestAllowHoldsUntilUntil(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		d := picture(facts...)
		dec := decideAt(t, d, a, a.At)
		if !dec.Allow {
			return
		}
		if !dec.Until.IsZero() && !dec.Until.After(a.At) {
			t.Fatalf("Until %v is not after %v", dec.Until, a.At)
		}
		halfHours(a.At, func(at time.Time) bool {
			if !endsAfter(dec.Until, at) {
				return false
			}
			if later := decideAt(t, d, a, at); !later.Allow {
				t.Fatalf("allowed at %v until %v, yet at %v: %v", a.At, dec.Until, at, later.Reason)
			}
			return true
		})
		if n := followed(d, a, dec.Until); n < 4 && !dec.Until.IsZero() && decideAt(t, d, a, dec.Until).Allow {
			t.Fatalf("allowed at %v until %v, which is still allowed, though Until was followed %d times only", a.At, dec.Until, n)
		}
	})
}

// followed counts over how many instants an allow was followed up to its Until.
func followed(d *Directory, a Ask, until time.Time) int {
	q := inquiry{d: d, ask: a}
	if q.read() != nil || q.settle() != ReasonOK {
		return 0
	}
	v, n := q.judge(q.at), 0
	for ; v.bound < endOf(until); n++ {
		v = q.judge(v.bound)
	}
	return n
}

func TestRetryAtIsTheFirstAllow(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		d := picture(facts...)
		dec := decideAt(t, d, a, a.At)
		if dec.Allow {
			return
		}
		if !dec.NoCache.After(a.At) || dec.NoCache.After(a.At.Add(denialAge)) {
			t.Fatalf("a denial at %v may be kept until %v", a.At, dec.NoCache)
		}
		if !dec.RetryAt.IsZero() && !decideAt(t, d, a, dec.RetryAt).Allow {
			t.Fatalf("refused at %v, and again at retry_at %v", a.At, dec.RetryAt)
		}
		looked := edgesOf(d, a)
		halfHours(a.At, func(at time.Time) bool {
			if !endsAfter(dec.RetryAt, at) || looked.n == maxEdges && startOf(at) > looked.at[maxEdges-1] {
				return false
			}
			if decideAt(t, d, a, at).Allow {
				t.Fatalf("%v at %v with retry_at %v, yet allowed at %v", dec.Reason, a.At, dec.RetryAt, at)
			}
			return true
		})
	})
}

// edgesOf returns the edges a denial of a would look at.
func edgesOf(d *Directory, a Ask) edges {
	q := inquiry{d: d, ask: a}
	e := edges{after: startOf(a.At)}
	if q.read() == nil && q.settle() == ReasonOK {
		q.collect(&e)
	}
	return e
}

// outlasts tells whether end a is later than end b, where zero means never.
func outlasts(a, b time.Time) bool { return endOf(a) > endOf(b) }

func TestABadgeNeverTakesAnAllow(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		before := decideAt(t, picture(facts...), a, a.At)
		after := decideAt(t, picture(append(facts, t.award("m0"))...), a, a.At)
		if before.Allow && (!after.Allow || outlasts(before.Until, after.Until)) {
			t.Fatalf("allow until %v; with one more badge %v %v until %v", before.Until, after.Allow, after.Reason, after.Until)
		}
	})
}

func TestAnAllowGrantNeverTakesAnAllow(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		before := decideAt(t, picture(facts...), a, a.At)
		after := decideAt(t, picture(append(facts, t.grant())...), a, a.At)
		if before.Allow && (!after.Allow || outlasts(before.Until, after.Until)) {
			t.Fatalf("allow until %v; with one more grant %v %v until %v", before.Until, after.Allow, after.Reason, after.Until)
		}
	})
}

func TestADenyOrAGateNeverGivesAnAllow(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		before := decideAt(t, picture(facts...), a, a.At)
		var more Fact = t.deny()
		if t.chance(2) {
			more = t.gate()
		}
		after := decideAt(t, picture(append(facts, more)...), a, a.At)
		if after.Allow && !before.Allow {
			t.Fatalf("%v; with %+v allowed", before.Reason, more)
		}
	})
}

// TestIncrementalEqualsRebuilt puts facts in one by one, changed on the way
// and in any order, and compares with the outcome put in at once.
func TestIncrementalEqualsRebuilt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := &drawing{T: rt}
		facts := rapid.Permutation(draw.organisation()).Draw(rt, "order")
		d := NewDirectory(Seq{})
		for i, f := range facts {
			d = d.With(Seq{N: uint64(i)}, draw.before(f))
		}
		for i, f := range facts {
			d = d.With(Seq{N: uint64(i)}, f)
		}
		samePicture(draw, d, picture(facts...))
	})
}

// before draws a fact as it may have been: about somebody else, or elsewhere.
func (t *drawing) before(f Fact) Fact {
	switch f := f.(type) {
	case Grant:
		f.At = pick(t, propPlaces...)
		return f
	case Gate:
		f.At = pick(t, propPlaces...)
		return f
	case Lockdown:
		f.At = pick(t, propPlaces...)
		return f
	case Right:
		f.Egress, f.NotPhysical = !f.Egress, !f.NotPhysical
		return f
	case Location:
		f.Slug, f.Parent = "elsewhere"+Slug(f.ID), pick[LocationID](t, "", "r")
		return f
	case Override:
		f.Kind = "lead"
		return f
	case Kind:
		f.Parent = pick[Slug](t, "", "default", "board")
		return f
	case Object:
		f.Type = pick[Slug](t, "body", "team")
		return f
	case Period:
		f.Starts = f.Starts.Add(-time.Hour)
		return f
	}
	return t.lifeBefore(f)
}

// lifeBefore is before for what members are and have.
func (t *drawing) lifeBefore(f Fact) Fact {
	switch f := f.(type) {
	case Member:
		f.Username, f.Sub, f.State = "was-"+f.Username, "was-"+f.Sub, StateGuest
		return f
	case Award:
		f.Member = pick(t, propMembers...)
		return f
	case Assignment:
		f.TargetID = string(pick(t, propMembers...))
		return f
	case Affiliation:
		f.Member, f.Object, f.Kind = pick(t, propMembers...), pick[Slug](t, "o0", "o1"), "member"
		return f
	case Waiver:
		f.Member = pick(t, propMembers...)
		return f
	case Credential:
		f.Member, f.Status = pick(t, propMembers...), CredentialLost
		return f
	}
	return f
}

func samePicture(t *drawing, a, b *Directory) {
	alike := func(what string, x, y any) {
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("%s: one by one %+v, at once %+v", what, x, y)
		}
	}
	alike("locations", slices.Collect(All[Location](a)), slices.Collect(All[Location](b)))
	alike("grants", slices.Collect(All[Grant](a)), slices.Collect(All[Grant](b)))
	alike("awards", slices.Collect(All[Award](a)), slices.Collect(All[Award](b)))
	alike("members", slices.Collect(All[Member](a)), slices.Collect(All[Member](b)))
	alike("roots", a.Children(""), b.Children(""))
	for _, p := range propPlaces {
		alike("path", a.PathOf(p), b.PathOf(p))
		alike("children", a.Children(p), b.Children(p))
		alike("grants at", len(a.GrantsAt(p)), len(b.GrantsAt(p)))
		for i, g := range a.GrantsAt(p) {
			alike("grant", g, b.GrantsAt(p)[i])
		}
	}
	for _, m := range propMembers {
		alike("awards of", len(a.AwardsOf(m)), len(b.AwardsOf(m)))
		_, was := a.UsernameTaken("was-" + string(m))
		alike("old name", was, false)
		for _, p := range propPlaces {
			for _, r := range propRights {
				ask := Ask{Member: m, Right: r, Place: p, At: springNight, Device: "d"}
				alike("decision", decideAt(t, a, ask, springNight), decideAt(t, b, ask, springNight))
			}
		}
	}
}
