package claims

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

var benchAt = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

// bigWorld is an organisation of so many members, with 3 tags, 3 badges and 2
// affiliations each, and so many locations: 100 departments of equal shares,
// 5 deep, with a grant at every 40th course.
func bigWorld(members, locations int) *Directory {
	facts := []Fact{
		ObjectType{Slug: "body"}, Kind{Type: "body", Slug: "default"},
		Kind{Type: "body", Slug: "member", Parent: "default"}, Kind{Type: "body", Slug: "board", Parent: "member"},
		Location{ID: "root", Slug: "lms"}, Right{At: "root", Slug: "view", NotPhysical: true},
		Badge{Slug: "b0", Name: "B0", Earn: "Ask", InClaims: true}, Badge{Slug: "b1", Name: "B1", InClaims: true},
		Badge{Slug: "b2", Name: "B2", InClaims: true}, Gate{ID: "gate", At: "root", Right: "view", AnyOf: []Slug{"b0", "b1"}},
	}
	for i := range 100 {
		tag, object, dep := Slug(fmt.Sprintf("t%d", i)), Slug(fmt.Sprintf("o%d", i)), LocationID(fmt.Sprintf("dep-%d", i))
		facts = append(facts, Tag{Slug: tag, InClaims: true}, Object{Slug: object, Type: "body"},
			Location{ID: dep, Parent: "root", Slug: Slug(dep), Inherit: true, Object: object},
			Grant{ID: ID("dep-" + string(dep)), At: dep, Subject: Subject{Kind: SubjectAff, Type: "body", AffKind: "board"}, Right: "view"})
	}
	for i := range locations {
		if i%20 == 0 {
			facts = append(facts, Location{ID: courseID(i), Parent: LocationID(fmt.Sprintf("dep-%d", i/20%100)), Slug: Slug(fmt.Sprintf("c%d", i)), Inherit: true})
			if i%40 == 0 {
				facts = append(facts, Grant{ID: ID(fmt.Sprintf("g%d", i)), At: courseID(i), Subject: Subject{Kind: SubjectTag, ID: fmt.Sprintf("t%d", i%100)}, Right: "view"},
					Grant{ID: ID(fmt.Sprintf("h%d", i)), At: courseID(i), Subject: Subject{Kind: SubjectState, ID: "active"}, Right: "view"})
			}
			continue
		}
		facts = append(facts, Location{ID: toolID(i), Parent: courseID(i / 20 * 20), Slug: Slug(fmt.Sprintf("tool-%d", i%20)), Inherit: true})
	}
	for i := range members {
		m := memberID(i)
		facts = append(facts, Member{ID: m, Sub: string(m), Username: fmt.Sprintf("u%d", i), Name: "Ada Example", State: StateActive})
		for j := range 3 {
			facts = append(facts, Award{ID: ID(fmt.Sprintf("a%d-%d", i, j)), Badge: Slug(fmt.Sprintf("b%d", (i+j)%3)), Member: m},
				Assignment{ID: ID(fmt.Sprintf("t%d-%d", i, j)), Tag: Slug(fmt.Sprintf("t%d", (i+j)%100)), Target: TargetMember, TargetID: string(m)})
		}
		for j := range 2 {
			facts = append(facts, Affiliation{ID: ID(fmt.Sprintf("f%d-%d", i, j)), Member: m, Object: Slug(fmt.Sprintf("o%d", (i+j)%100)), Kind: []Slug{"member", "board"}[j]})
		}
	}
	return NewDirectory(Seq{}).With(Seq{Epoch: "e", N: 1}, facts...)
}

func memberID(i int) MemberID   { return MemberID(fmt.Sprintf("01975b2e-7000-7000-8000-%012d", i)) }
func courseID(i int) LocationID { return LocationID(fmt.Sprintf("01975b2e-7000-7000-8001-%012d", i)) }
func toolID(i int) LocationID   { return LocationID(fmt.Sprintf("01975b2e-7000-7000-8002-%012d", i)) }

var sizes = []struct{ members, locations int }{{50, 200}, {20_000, 100_000}}

// benchDecide asks what ask makes for each of many members and places.
func benchDecide(b *testing.B, want bool, ask func(i int) Ask) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("%dm-%dl", size.members, size.locations), func(b *testing.B) {
			d := bigWorld(size.members, size.locations)
			asks := make([]Ask, 4096)
			for i := range asks {
				n := i * 7919
				asks[i] = ask(n % size.members)
				tool := n % size.locations / 40 * 40
				if asks[i].Path == "ids" {
					asks[i].Path, asks[i].Place = "", toolID(tool+1+n%19)
				} else {
					asks[i].Path = d.PathOf(toolID(tool + 1 + n%19))
				}
			}
			runtime.GC()
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				dec, err := Decide(d, asks[i%len(asks)])
				if err != nil || dec.Allow != want {
					b.Fatalf("Decide(%+v) = %+v, %v", asks[i%len(asks)], dec, err)
				}
				i++
			}
		})
	}
}

func BenchmarkDecideAllowByID(b *testing.B) {
	benchDecide(b, true, func(i int) Ask { return Ask{Member: memberID(i), Right: "view", Path: "ids", At: benchAt} })
}

func BenchmarkDecideAllowByPath(b *testing.B) {
	benchDecide(b, true, func(i int) Ask { return Ask{Member: memberID(i), Right: "view", At: benchAt} })
}

func BenchmarkDecideDeny(b *testing.B) {
	benchDecide(b, false, func(i int) Ask { return Ask{Client: "", Right: "view", Path: "ids", At: benchAt} })
}

func BenchmarkDenyExplained(b *testing.B) {
	file := readExamples(b)
	d := NewDirectory(Seq{}).With(Seq{}, file.Fixture.facts("f")...).With(Seq{}, memberFacts{}.facts("m")...)
	a := Ask{Member: "m", Right: "operate", Path: "/space/workshop/laser", At: benchAt}
	b.ReportAllocs()
	for b.Loop() {
		dec, err := Decide(d, a)
		if err != nil || len(Explain(d, dec)) != 3 {
			b.Fatal(dec, err)
		}
	}
}

func BenchmarkTokenClaims(b *testing.B) {
	d := bigWorld(20_000, 0)
	all := ClaimFilter{Tags: []Slug{Every}, Badges: []Slug{Every}, Types: []Slug{Every}, Member: true}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		t, err := TokenClaims(d, memberID(i*7919%20_000), all, benchAt)
		if err != nil || len(t.Groups) != 10 {
			b.Fatal(t, err)
		}
		i++
	}
}

// BenchmarkWith makes the next picture of a big organisation after one award.
func BenchmarkWith(b *testing.B) {
	d := bigWorld(20_000, 100_000)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		d = d.With(Seq{N: uint64(i)}, Award{ID: ID(fmt.Sprintf("new-%d", i)), Badge: "b0", Member: memberID(i * 7919 % 20_000)})
		i++
	}
}

// BenchmarkLoad builds the picture of 660,000 locations, as at start, and
// tells what it takes to keep it.
func BenchmarkLoad(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		d := bigWorld(21_079, 660_000)
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
		runtime.KeepAlive(d)
		b.StartTimer()
	}
}
