package claims

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func year(slug Slug, from, to int, current bool) Period {
	return Period{Slug: slug, Kind: PeriodYear, Starts: noon.AddDate(0, 0, from), Ends: noon.AddDate(0, 0, to), Current: current}
}

func TestR63TheCurrentYearIsSaidAndNotReadOffTheCalendar(t *testing.T) {
	past, next := year("last", -800, -400, true), year("next", 400, 800, false)
	d := built(t, Define{past}, Define{next}, Define{Period{Slug: "spring", Kind: PeriodTerm, Starts: noon, Ends: day(9), Current: true}})
	if p, ok := d.CurrentPeriod(PeriodYear); !ok || p.Slug != "last" {
		t.Errorf("the current year is %v, %v; want the one that was said to be, long over as it is", p, ok)
	}
	next.Current = true
	planned, err := Plan(d, operator, noon, Define{next})
	if err != nil {
		t.Fatal(err)
	}
	d = d.With(Seq{"e", 99}, planned.Facts...)
	tok, err := TokenClaims(d, "ada", ClaimFilter{Member: true}, noon)
	if err != nil || !slices.Equal(tok.Membership.Periods, []Slug{"next", "spring"}) {
		t.Errorf("the membership claim lists %v, %v; want the year that is current now and the term, and not the last year", tok.Membership, err)
	}
	if _, ok := d.CurrentPeriod(PeriodSeason); ok {
		t.Error("there is a current season, and none was defined")
	}
}

func TestWhatAPeriodMayNotBe(t *testing.T) {
	d := built(t, Define{year("y", -10, 10, false)}, Define{year("over", -20, -10, false)})
	bound := func(p Slug) Award { return Award{ID: "n", Badge: "laser-1", Member: "ada", Period: p} }
	for name, c := range map[string]struct {
		in    Intent
		kind  error
		words string
	}{
		"a kind of its own": {Define{Period{Slug: "n", Kind: "week", Starts: noon, Ends: day(9)}}, ErrInvalid, "kind"},
		"no end":            {Define{Period{Slug: "n", Kind: PeriodYear, Starts: noon}}, ErrInvalid, "starts"},
		"no start":          {Define{Period{Slug: "n", Kind: PeriodYear, Ends: noon}}, ErrInvalid, "starts"},
		"backward":          {Define{year("n", 1, -1, false)}, ErrInvalid, "ends"},
		"removed":           {Remove{Key: Key{EntityPeriod, "y"}}, ErrInvalid, "set its end"},
		"award in none":     {GiveAward{bound("nowhere")}, ErrInvalid, "period: there is no period"},
		"award after it":    {GiveAward{bound("over")}, ErrInvalid, "period: over ended"},
		"award beside it":   {GiveAward{Award{ID: "n", Badge: "laser-1", Member: "ada", Period: "y", On: noon.AddDate(0, 0, 20)}}, ErrInvalid, "nothing in common"},
		"tag after it":      {Assign{Assignment{ID: "n", Tag: "day-member", TargetID: "ada", Period: "over"}}, ErrInvalid, "period"},
		"role after it":     {Affiliate{Affiliation{ID: "n", Member: "ada", Object: "delft", Kind: "member", Period: "over"}}, ErrInvalid, "period"},
		"grant after it":    {AddGrant{Grant{ID: "n", At: "space", Subject: everyone(), Right: "unlock", Period: "over"}}, ErrInvalid, "period"},
	} {
		planned, err := Plan(d, operator, noon, c.in)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.words) || len(planned.Facts) > 0 {
			t.Errorf("%s: %v, %v; want %v with %q", name, planned.Facts, err, c.kind, c.words)
		}
	}
	if _, err := Plan(d, as("ada"), noon, Define{year("n", 0, 9, false)}); !errors.Is(err, ErrDenied) {
		t.Errorf("a member defines a period: %v, want ErrDenied", err)
	}
}

func TestAnAwardInALaterPeriodRenews(t *testing.T) {
	first := Award{ID: "first", Badge: "laser-1", Member: "ada", Period: "this"}
	d := built(t, Define{year("this", -10, 10, true)}, Define{year("that", 10, 30, false)}, GiveAward{first})
	if _, err := Plan(d, operator, noon, GiveAward{Award{ID: "again", Badge: "laser-1", Member: "ada", Period: "this"}}); !errors.Is(err, ErrConflict) {
		t.Errorf("the same badge in the same period: %v, want ErrConflict", err)
	}
	planned, err := Plan(d, operator, noon, GiveAward{Award{ID: "next", Badge: "laser-1", Member: "ada", Period: "that"}})
	if err != nil {
		t.Fatal(err)
	}
	d = d.With(Seq{"e", 99}, planned.Facts...)
	held, until := Holds(d, "ada", holder("laser-1"), noon)
	if !held || !until.Equal(noon.AddDate(0, 0, 30)) {
		t.Errorf("ada holds the badge %v until %v; want to the end of the later period: the two are one", held, until)
	}
	moved := year("that", 11, 30, false)
	if held, until = Holds(d.With(Seq{"e", 100}, moved), "ada", holder("laser-1"), noon); !held || !until.Equal(noon.AddDate(0, 0, 10)) {
		t.Errorf("with a day between the periods ada holds it %v until %v; want to the end of the first", held, until)
	}
}
