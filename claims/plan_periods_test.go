package claims

import "testing"

// moved returns the picture after a period's dates were set anew.
func moved(t *testing.T, d *Directory, to Period) *Directory {
	t.Helper()
	d, _ = grow(t, d, operator, Define{to})
	return d
}

// TestWhatIsTakenAwayStaysAwayWhenItsPeriodIsMoved takes things away while the
// period they are bound to is over, and then lets it last longer.
func TestWhatIsTakenAwayStaysAwayWhenItsPeriodIsMoved(t *testing.T) {
	d := built(t, Define{year("y", -20, 20, false)},
		GiveAward{Award{ID: "a", Badge: "laser-1", Member: "ada", Period: "y"}},
		Assign{Assignment{ID: "b", Tag: "day-member", TargetID: "ada", Period: "y"}},
		Affiliate{Affiliation{ID: "c", Member: "ada", Object: "delft", Kind: "member", Period: "y"}})
	over := moved(t, d, year("y", -20, -10, false))
	role := Subject{Kind: SubjectAff, Object: "delft", AffKind: "member"}
	for thing, take := range map[Subject]Intent{
		holder("laser-1"):                    RevokeAward{Badge: "laser-1", Member: "ada"},
		{Kind: SubjectTag, ID: "day-member"}: Unassign{Tag: "day-member", TargetID: "ada"},
		role:                                 EndAffiliation{Member: "ada", Object: "delft", Kind: "member"},
	} {
		if held, _ := Holds(moved(t, over, year("y", -20, 30, false)), "ada", thing, noon); !held {
			t.Errorf("%s is not held again once its period lasts longer; the test shows nothing", thing)
		}
		gone, planned := grow(t, over, operator, take)
		if len(planned.Facts) != 1 {
			t.Errorf("taking %s away after its period plans %v, want its end", thing, planned.Facts)
		}
		if held, _ := Holds(moved(t, gone, year("y", -20, 30, false)), "ada", thing, noon); held {
			t.Errorf("%s was taken away, and is back with its period", thing)
		}
	}
	refused(t, over, operator, ErrConflict, "", "still on member ada", Define{Tag{Slug: "day-member", Targets: []Target{TargetDevice}}})
}

func TestARenewedAwardIsRevokedWithWhatRenewedIt(t *testing.T) {
	first := Award{ID: "first", Badge: "laser-1", Member: "ada", Expires: day(90)}
	d := built(t, Define{year("this", -10, 200, true)}, GiveAward{first}, GiveAward{Award{ID: "next", Badge: "laser-1", Member: "ada", Period: "this", Expires: day(150)}})
	for name, take := range map[string]Intent{
		"revoked": RevokeAward{Badge: "laser-1", Member: "ada"},
		"removed": Remove{Key: Award{ID: "next"}.Key()},
	} {
		gone, planned := grow(t, d, operator, take)
		if len(planned.Facts) != 2 {
			t.Errorf("%s: planned %v; want the award and the one it renewed", name, planned.Facts)
		}
		if held, _ := Holds(moved(t, gone, year("this", 10, 200, true)), "ada", holder("laser-1"), noon); held {
			t.Errorf("%s: the award that was renewed counts again once the period begins later", name)
		}
	}
	ahead := built(t, Define{year("that", 10, 200, false)}, GiveAward{first}, GiveAward{Award{ID: "next", Badge: "laser-1", Member: "ada", Period: "that"}})
	left, _ := grow(t, ahead, operator, Remove{Key: Award{ID: "next"}.Key()})
	if held, _ := Holds(left, "ada", holder("laser-1"), noon); !held {
		t.Error("removing the award to come took the one that counts now")
	}
}

func TestAPeriodMovedMakesNoSecondLiveAward(t *testing.T) {
	d := built(t, Define{year("y", -20, 20, false)}, GiveAward{Award{ID: "old", Badge: "laser-maint", Member: "ada", Period: "y"}})
	d, _ = grow(t, moved(t, d, year("y", -20, -10, false)), operator, GiveAward{Award{ID: "new", Badge: "laser-maint", Member: "ada", Expires: day(5)}})
	d = moved(t, d, year("y", -20, 30, false))
	live := 0
	for _, a := range d.AwardsOf("ada") {
		if d.LiveAt(a, noon) {
			live++
		}
	}
	if live != 1 {
		t.Errorf("%d awards of one badge are live: %v", live, d.AwardsOf("ada"))
	}
}
