package claims

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Properties of the bulk forms in random organisations: each is exactly what
// Decide says, one question at a time.

func TestRightsOfAgreesWithDecide(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		d := picture(facts...)
		for _, p := range propPlaces {
			for _, m := range propMembers {
				ask := Ask{Member: m, Place: p, At: a.At, Device: a.Device, Supervisor: a.Supervisor}
				held, err := RightsOf(d, ask)
				if err != nil {
					t.Fatal(err)
				}
				var want []Held
				for _, r := range slices.Sorted(slices.Values(propRights)) {
					ask.Right = r
					if dec := decideAt(t, d, ask, a.At); dec.Allow {
						want = append(want, Held{Right: r, Until: dec.Until})
					}
				}
				if !slices.Equal(held, want) {
					t.Fatalf("RightsOf(%s at %s, %v) = %v, want %v", m, p, a.At, held, want)
				}
			}
		}
	})
}

func TestR50MenusFollowRights(t *testing.T) {
	d := workshop(Right{At: "wiki", Slug: "delete", NotPhysical: true}, Right{At: "wiki", Slug: "old", NotPhysical: true, Removed: reqAt},
		Grant{ID: "g", At: "page", Subject: everyone(), Right: "edit", Effect: Allow},
		Grant{ID: "h", At: "page", Subject: holder("laser-1"), Right: "delete", Effect: Allow, Expires: reqAt.Add(time.Hour)})
	menu := func(d *Directory, m MemberID) (items []Slug) {
		held, err := RightsOf(d, Ask{Member: m, Path: "/wiki/page", At: reqAt})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range held {
			items = append(items, h.Right)
		}
		return items
	}
	if got := menu(d, "ada"); !slices.Equal(got, []Slug{"delete", "edit"}) {
		t.Errorf("ada, who holds the badge, may %v", got)
	}
	if got := menu(d, "bob"); !slices.Equal(got, []Slug{"edit"}) {
		t.Errorf("bob may %v", got)
	}
	// with no change to any menu, a rule changes what is on it
	d = d.With(Seq{N: 1}, Grant{ID: "i", At: "wiki", Subject: Subject{Kind: SubjectUser, ID: "ada"}, Right: "edit", Effect: Deny})
	if got := menu(d, "ada"); !slices.Equal(got, []Slug{"delete"}) {
		t.Errorf("ada, who is denied to edit, may %v", got)
	}
	for _, p := range []Path{"/nowhere", "/wiki/page/unstored"} {
		if _, err := RightsOf(d, Ask{Member: "ada", Path: p, At: reqAt}); !errors.Is(err, ErrNotFound) {
			t.Errorf("RightsOf at %s: %v, want ErrNotFound", p, err)
		}
	}
}

func holdsAt(list []Interval, t time.Time) bool {
	return slices.ContainsFunc(list, func(i Interval) bool { return Live(i.From, i.To, t) })
}

func TestWhoCanAgreesWithDecide(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		d := picture(facts...)
		ask := Ask{Right: a.Right, Place: a.Place, Path: a.Path, Device: a.Device, Supervisor: a.Supervisor, At: a.At}
		to := a.At.Add(time.Duration(rapid.IntRange(1, 9*24).Draw(t.T, "span")) * time.Hour)
		list, err := WhoCan(d, ask, to)
		if dec := decideAt(t, d, Ask{Member: "m0", Right: a.Right, Place: a.Place, Path: a.Path, At: a.At}, a.At); errors.Is(err, ErrNotFound) {
			if dec.Reason != ReasonUnknownLocation && dec.Reason != ReasonRightNotDefined {
				t.Fatalf("%v, yet Decide says %s", err, dec.Reason)
			}
			return
		}
		if a.Right == "out" && errors.Is(err, ErrInvalid) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range propMembers {
			var when []Interval
			if i := slices.IndexFunc(list, func(x Access) bool { return x.Member == m }); i >= 0 {
				when = list[i].Intervals
			}
			ask.Member = m
			for _, at := range momentsOf(t, when, a.At, to) {
				if dec := decideAt(t, d, ask, at); dec.Allow != holdsAt(when, at) {
					t.Fatalf("%s at %v: %s, yet the list says %v", m, at, dec.Reason, when)
				}
			}
		}
	})
}

// momentsOf returns the instants in a span at which to hold intervals against
// Decide: around each of their ends, every half hour and some more.
func momentsOf(t *drawing, when []Interval, from, to time.Time) []time.Time {
	all := []time.Time{from, to.Add(-time.Microsecond)}
	for _, i := range when {
		for _, edge := range []time.Time{i.From, i.To} {
			all = append(all, edge.Add(-time.Microsecond), edge, edge.Add(time.Microsecond))
		}
		if !i.To.After(i.From) {
			t.Fatalf("an empty interval: %v", when)
		}
	}
	halfHours(from, func(at time.Time) bool {
		all = append(all, at)
		return at.Before(to)
	})
	for range 5 {
		all = append(all, from.Add(time.Duration(rapid.Int64Range(0, int64(to.Sub(from))-1).Draw(t.T, "moment"))))
	}
	return slices.DeleteFunc(all, func(at time.Time) bool { return at.Before(from) || !at.Before(to) })
}

func TestNothingChangesBeforeNextEdge(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		d := picture(facts...)
		next, ok := NextEdge(d, a.At)
		if !ok {
			next = a.At.Add(400 * aDay)
		}
		if !next.After(a.At) {
			t.Fatalf("the next edge after %v is %v", a.At, next)
		}
		ask := Ask{Device: a.Device, Supervisor: a.Supervisor}
		long := next.Sub(a.At)
		moments := []time.Time{a.At.Add(time.Microsecond), next.Add(-time.Microsecond), a.At.Add(long / 2),
			a.At.Add(time.Duration(rapid.Int64Range(0, int64(long)-1).Draw(t.T, "moment")))}
		for _, ask.Member = range propMembers {
			for _, ask.Place = range propPlaces {
				for _, ask.Right = range propRights {
					now := decideAt(t, d, ask, a.At)
					for _, at := range moments {
						if later := decideAt(t, d, ask, at); later.Allow != now.Allow || later.Reason != now.Reason {
							t.Fatalf("%+v: %s at %v, %s at %v, before the next edge at %v", ask, now.Reason, a.At, later.Reason, at, next)
						}
					}
				}
			}
		}
	})
}

func TestNextEdgeSeesEveryKindOfEnd(t *testing.T) {
	at, later := reqAt, reqAt.Add(time.Hour)
	for name, f := range map[string]Fact{
		"paid": Member{ID: "m", PaidUntil: at}, "grace": Member{ID: "m", PaidUntil: at.Add(-2 * time.Hour), GraceUntil: at}, "tag": Assignment{ID: "x", Target: TargetMember, TargetID: "m", Starts: at},
		"award": Award{ID: "x", Member: "m", On: at}, "award's end": Award{ID: "x", Member: "m", Expires: at}, "affiliation": Affiliation{ID: "x", Member: "m", Ends: at},
		"waiver": Waiver{ID: "x", Member: "m", Expires: at}, "card": Credential{ID: "x", Member: "m", Expires: at}, "pass": WiFiPass{ID: "x", Member: "m", Expires: at},
		"grant": Grant{ID: "x", At: "r", Starts: at}, "grant's end": Grant{ID: "x", At: "r", Expires: at}, "lockdown": Lockdown{ID: "x", At: "r", From: at},
		"opening": Grant{ID: "x", At: "r", Window: &Window{From: 720, To: 780, Zone: "UTC"}}, "closing": Grant{ID: "x", At: "r", Window: &Window{From: 660, To: 720, Zone: "UTC"}},
	} {
		d := picture(f, Grant{ID: "y", At: "r", Expires: later})
		if next, ok := NextEdge(d, at.Add(-time.Minute)); !ok || !next.Equal(at) {
			t.Errorf("%s: the next edge is %v, want %v", name, next, at)
		}
		if next, ok := NextEdge(d, at); !ok || !next.Equal(later) {
			t.Errorf("%s: the one after it is %v, want %v", name, next, later)
		}
	}
	if next, ok := NextEdge(picture(Member{ID: "m"}), at); ok {
		t.Errorf("where nothing ends the next edge is %v", next)
	}
}

func TestWhoCanLeavesOutWaysOutAndThePublic(t *testing.T) {
	d := workshop(Right{At: "space", Slug: "leave", Egress: true}, Grant{ID: "g", At: "space", Subject: everyone(), Right: "leave", Effect: Allow},
		Right{At: "wiki", Slug: "read", NotPhysical: true, Public: true, States: States},
		Grant{ID: "h", At: "wiki", Subject: Subject{Kind: SubjectPublic}, Right: "read", Effect: Allow})
	to := reqAt.Add(time.Hour)
	if _, err := WhoCan(d, Ask{Right: "leave", Place: "door", At: reqAt}, to); !errors.Is(err, ErrInvalid) {
		t.Errorf("a list of who may leave: %v, want ErrInvalid", err)
	}
	if list, err := WhoCan(d, Ask{Right: "read", Place: "page", At: reqAt}, to); err != nil || len(list) > 0 {
		t.Errorf("a list of the public: %v, %v", list, err)
	}
	for _, a := range []Ask{{Right: "unlock", Place: "nowhere", At: reqAt}, {Right: "fly", Place: "door", At: reqAt}} {
		if _, err := WhoCan(d, a, to); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s at %s: %v, want ErrNotFound", a.Right, a.Place, err)
		}
	}
	for name, span := range map[string]time.Time{"empty": reqAt, "backward": reqAt.Add(-1), "endless": reqAt.AddDate(2, 0, 0)} {
		if _, err := WhoCan(d, Ask{Right: "unlock", Place: "door", At: reqAt}, span); !errors.Is(err, ErrInvalid) {
			t.Errorf("a span that is %s: %v, want ErrInvalid", name, err)
		}
	}
	if _, err := WhoCan(d, Ask{Member: "ada", Right: "unlock", Place: "door", At: reqAt}, to); !errors.Is(err, ErrInvalid) {
		t.Errorf("with a principal: %v, want ErrInvalid", err)
	}
}
