package claims

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestNothingChangesBetweenEdges walks from edge to edge of random
// organisations: up to each nothing changes, and whose decisions or claims
// change there is among those the Due of it concerns.
func TestNothingChangesBetweenEdges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := &drawing{T: rt}
		d := picture(append(draw.organisation(), Tag{Slug: "t0", InClaims: true}, Badge{Slug: "b0", InClaims: true})...)
		at := draw.ask().At
		for range 8 {
			edge, ok := NextEdge(d, at)
			if !ok || edge.Sub(at) > 9*aDay {
				return
			}
			if !edge.After(at) {
				t.Fatalf("the next edge after %v is %v", at, edge)
			}
			before := answersAt(draw, d, at)
			if just := answersAt(draw, d, edge.Add(-time.Microsecond)); !reflect.DeepEqual(just.decisions, before.decisions) {
				t.Fatalf("a decision changed between %v and %v, where no edge is", at, edge)
			}
			due := DueAt(d, at, edge)
			if len(due) == 0 || !due[0].At.Equal(edge) {
				t.Fatalf("at the edge %v %+v is due", edge, due)
			}
			before.expect(draw, answersAt(draw, d, edge), due)
			at = edge
		}
	})
}

// answers are all decisions and claims there are at one instant, and whom
// each is about.
type answers struct {
	decisions map[Ask]Reason
	tokens    map[MemberID]Token
}

func answersAt(t *drawing, d *Directory, at time.Time) answers {
	all := answers{map[Ask]Reason{}, map[MemberID]Token{}}
	for _, m := range propMembers {
		tok, err := TokenClaims(d, m, everything, at)
		if err != nil {
			t.Fatal(err)
		}
		tok.Ends = time.Time{}
		all.tokens[m] = tok
		for _, right := range propRights {
			asks := []Ask{{Path: "/people/m0"}, {Path: "/people/m1"}, {Place: "r11", Device: "d", Supervisor: "m2"}}
			for _, place := range propPlaces {
				asks = append(asks, Ask{Place: place})
			}
			for _, a := range asks {
				a.Member, a.Right = m, right
				all.decisions[a] = decideAt(t, d, a, at).Reason
			}
		}
	}
	a := Ask{Credential: "card", Right: "out", Place: "r"}
	all.decisions[a] = decideAt(t, d, a, at).Reason
	return all
}

// expect holds that whoever is answered otherwise later is concerned by due.
func (all answers) expect(t *drawing, later answers, due []Due) {
	var concerned []MemberID
	for _, u := range due {
		if u.Part == DueRules {
			return
		}
		concerned = append(concerned, u.Members...)
	}
	for a, was := range all.decisions {
		about := []MemberID{a.Member, a.Supervisor}
		if a.Path != "" {
			about = append(about, MemberID(a.Path.Base()))
		}
		if a.Credential != "" {
			about = append(about, "m0")
		}
		in := slices.ContainsFunc(about, func(m MemberID) bool { return slices.Contains(concerned, m) })
		if is := later.decisions[a]; is != was && !in {
			t.Fatalf("%+v: %s, then %s, and due concerns %v", a, was, is, concerned)
		}
	}
	for m, was := range all.tokens {
		if is := later.tokens[m]; !reflect.DeepEqual(is, was) && !slices.Contains(concerned, m) {
			t.Fatalf("%s's claims were %+v, then %+v, and due concerns %v", m, was, is, concerned)
		}
	}
}

// TestEdgeAfterFindsWhatAFactBrought holds that an edge follows from the
// picture before and the facts that came since.
func TestEdgeAfterFindsWhatAFactBrought(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := &drawing{T: rt}
		d := picture(draw.organisation()...)
		at := draw.ask().At
		next, _ := NextEdge(d, at)
		for range 4 {
			var f Fact
			switch rapid.IntRange(0, 4).Draw(rt, "fact") {
			case 0:
				f = draw.grant()
			case 1:
				f = draw.award("m1")
			case 2:
				f = Credential{ID: "card", Member: "m0", Status: CredentialActive, Expires: draw.hour()}
			case 3:
				f = Lockdown{ID: draw.id(), At: "r", From: draw.hour()}
			default:
				f = draw.member("m3")[0]
			}
			d = d.With(Seq{}, f)
			if edge, ok := EdgeAfter(d, f, at); ok {
				next = Earlier(next, edge)
			}
			edge, _ := NextEdge(d, at)
			if edge.IsZero() != next.IsZero() || !edge.Equal(next) && next.After(edge) {
				t.Fatalf("after %+v the next edge is %v, followed it is %v", f, edge, next)
			}
		}
	})
}

var (
	clockwork = Actor{Kind: ActorSystem, ID: "time"}
	morning   = time.Date(2025, 6, 1, 9, 0, 0, 0, time.UTC)
)

// tell plans a Tell at an instant and returns the picture after it.
func tell(t *testing.T, d *Directory, in Tell, at time.Time) (*Directory, []Fact) {
	t.Helper()
	p, err := Plan(d, clockwork, at, in)
	if err != nil {
		t.Fatal(err)
	}
	return d.With(Seq{N: d.Seq().N + 1}, p.Facts...), p.Facts
}

func TestTimeIsToldOnceInOrder(t *testing.T) {
	hour := func(n int) time.Time { return morning.Add(time.Duration(n) * time.Hour) }
	d := workshop(Award{ID: "ada-laser", Badge: "laser-1", Member: "ada", Expires: hour(1)}, Award{ID: "bob-laser", Badge: "laser-1", Member: "bob", Expires: hour(3)},
		Grant{ID: "g", At: "door", Subject: everyone(), Right: "unlock", Effect: Allow, Expires: hour(5)})
	for _, step := range []struct {
		why  string
		in   Tell
		at   time.Time
		want []Fact
	}{
		{"the first time nothing is told of the past", Tell{}, hour(0), []Fact{Due{Part: DueRules, At: hour(0)}}},
		{"nothing has ended", Tell{}, hour(1).Add(-time.Microsecond), nil},
		{"not before the instant, but at it", Tell{}, hour(1), []Fact{Due{Part: DueMembers, At: hour(1), Members: []MemberID{"ada"}}}},
		{"once", Tell{}, hour(1), nil},
		{"a clock a little behind tells nothing", Tell{}, hour(1).Add(-time.Minute), nil},
		{"what was told by its writer is not told again", Tell{From: hour(4)}, hour(4), nil},
		{"all that was missed is told at once", Tell{From: hour(2)}, hour(6), []Fact{
			Due{Part: DueMembers, At: hour(5), Members: []MemberID{"bob"}}, Due{Part: DueRules, At: hour(5)}}},
		{"a clock that ran ahead and was set back concerns everybody", Tell{}, hour(2), []Fact{
			Due{Part: DueMembers, At: hour(2)}, Due{Part: DueRules, At: hour(2)}}},
		{"and what comes again is told again", Tell{}, hour(3), []Fact{Due{Part: DueMembers, At: hour(3), Members: []MemberID{"bob"}}}},
	} {
		var got []Fact
		if d, got = tell(t, d, step.in, step.at); !reflect.DeepEqual(got, step.want) {
			t.Fatalf("%s: at %v %+v is told, want %+v", step.why, step.at, got, step.want)
		}
	}
}

func TestOnlyTheProgramTellsTheTime(t *testing.T) {
	d := workshop()
	for _, by := range []Actor{{Kind: ActorMember, ID: "ada"}, {Kind: ActorClient, ID: "c"}, {Kind: ActorDevice, ID: "d"}} {
		if _, err := Plan(d, by, morning, Tell{}); !errors.Is(err, ErrDenied) {
			t.Errorf("%v: %v, want ErrDenied", by, err)
		}
	}
}

func TestDueMovesTheVersionOfThoseConcerned(t *testing.T) {
	d := workshop(Award{ID: "ada-laser", Badge: "laser-1", Member: "ada", Expires: morning})
	version := func(m MemberID) uint64 {
		tok, err := TokenClaims(d, m, ClaimFilter{}, morning)
		if err != nil {
			t.Fatal(err)
		}
		return tok.Version
	}
	d = d.With(Seq{N: 7}, Due{Part: DueMembers, At: morning, Members: []MemberID{"ada"}})
	if a, b := version("ada"), version("bob"); a != 7 || b >= 7 {
		t.Errorf("ada's version is %d and bob's %d, want 7 and an older one", a, b)
	}
	if d = d.With(Seq{N: 9}, Due{Part: DueRules, At: morning}); version("bob") != 9 {
		t.Errorf("after an edge of a rule bob's version is %d, want 9", version("bob"))
	}
}

func TestAnEndOfVeryManyIsToldToEverybody(t *testing.T) {
	var facts []Fact
	for i := range maxDue + 1 {
		id := MemberID("m" + string(rune('a'+i%26)) + time.Duration(i).String())
		facts = append(facts, Member{ID: id, Sub: string(id), Username: string(id), State: StateActive, PaidUntil: morning})
	}
	want := []Due{{Part: DueRules, At: morning}}
	if got := DueAt(picture(facts...), morning.Add(-aDay), morning); !reflect.DeepEqual(got, want) {
		t.Errorf("DueAt = %+v, want %+v", got, want)
	}
	if got := DueAt(picture(facts[1:]...), morning.Add(-aDay), morning); len(got) != 1 || len(got[0].Members) != maxDue {
		t.Errorf("of %d members DueAt = %d parts", maxDue, len(got))
	}
}

func BenchmarkScaleDueAt(b *testing.B) {
	d := scaled[full]().d
	for b.Loop() {
		DueAt(d, benchAt, benchAt.Add(time.Second))
	}
}
