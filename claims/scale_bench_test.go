package claims

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"
)

// The figures at an organisation's full size (scale_world_test.go), and the
// curve from 10,000 to 660,000 locations.

var scaleSizes = []int{10_000, 100_000, 660_000}

// scaled holds each size of the organisation, built when first asked for.
var scaled = func() map[int]func() *scale {
	m := map[int]func() *scale{}
	for _, n := range scaleSizes {
		m[n] = sync.OnceValue(func() *scale { return scaleOf(n) })
	}
	return m
}()

const full = 660_000

// curve runs a benchmark at every size.
func curve(b *testing.B, run func(b *testing.B, s *scale)) {
	for _, n := range scaleSizes {
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) {
			s := scaled[n]()
			runtime.GC()
			b.ReportAllocs()
			run(b, s)
		})
	}
}

// decided splits the asks into those allowed and those refused.
func (s *scale) decided(b *testing.B) (allowed, refused []Ask) {
	for _, a := range s.asks(8192) {
		dec, err := Decide(s.d, a)
		if err != nil {
			b.Fatal(err)
		}
		if dec.Allow {
			allowed = append(allowed, a)
		} else {
			refused = append(refused, a)
		}
	}
	if len(allowed) < 2048 || len(refused) < 2048 {
		b.Fatalf("%d allowed, %d refused", len(allowed), len(refused))
	}
	return allowed, refused
}

// decideAll asks them one after the other, again and again.
func decideAll(b *testing.B, d *Directory, asks []Ask, want bool) {
	i := 0
	for b.Loop() {
		if dec, err := Decide(d, asks[i]); err != nil || dec.Allow != want {
			b.Fatalf("Decide(%+v) = %+v, %v", asks[i], dec, err)
		}
		if i++; i == len(asks) {
			i = 0
		}
	}
}

func BenchmarkScaleAllowByID(b *testing.B) {
	curve(b, func(b *testing.B, s *scale) {
		asks, _ := s.decided(b)
		decideAll(b, s.d, asks, true)
	})
}

// BenchmarkScaleAllowKnown asks about members and locations that were looked
// up beforehand.
func BenchmarkScaleAllowKnown(b *testing.B) {
	curve(b, func(b *testing.B, s *scale) {
		asks, _ := s.decided(b)
		for i, a := range asks {
			asks[i].Who, asks[i].Where, asks[i].Member, asks[i].Place = s.d.Who(a.Member), s.d.Where(a.Place), "", ""
		}
		decideAll(b, s.d, asks, true)
	})
}

func BenchmarkScaleAllowByPath(b *testing.B) {
	curve(b, func(b *testing.B, s *scale) {
		asks, _ := s.decided(b)
		for i := range asks {
			asks[i].Path, asks[i].Place = s.d.PathOf(asks[i].Place), ""
		}
		decideAll(b, s.d, asks, true)
	})
}

func BenchmarkScaleDenyExplained(b *testing.B) {
	curve(b, func(b *testing.B, s *scale) {
		_, asks := s.decided(b)
		i := 0
		for b.Loop() {
			dec, err := Decide(s.d, asks[i])
			if err != nil || dec.Allow || len(Explain(s.d, dec)) == 0 {
				b.Fatal(dec, err)
			}
			if i++; i == len(asks) {
				i = 0
			}
		}
	})
}

func BenchmarkScaleTokenClaims(b *testing.B) {
	s := scaled[full]()
	every := ClaimFilter{Tags: []Slug{Every}, Badges: []Slug{Every}, Types: []Slug{Every}, Member: true}
	runtime.GC()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		t, err := TokenClaims(s.d, scaleMember(i*7919%s.users), every, benchAt.Add(time.Minute))
		if err != nil || len(t.Groups) < 10 {
			b.Fatal(t, err)
		}
		i++
	}
}

// BenchmarkScaleWith makes the next picture after one award.
func BenchmarkScaleWith(b *testing.B) {
	s := scaled[full]()
	d := s.d
	runtime.GC()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		d = d.With(Seq{N: uint64(i)}, Award{ID: ID(scaleID('x', i)), Badge: "badge-1", Member: scaleMember(i * 7919 % s.users)})
		i++
	}
}

// BenchmarkScaleMove takes a department with thousands of locations below it
// from one parent to another and back; nobody waits, since readers keep the
// picture they have.
func BenchmarkScaleMove(b *testing.B) {
	s := scaled[full]()
	d := s.d
	dep, _ := Get[Location](d, string(scalePlace('a', 0)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if dep.Parent = "uni"; i%2 == 0 {
			dep.Parent = scalePlace('a', 1)
		}
		d = d.With(Seq{N: uint64(i)}, dep)
		i++
	}
}

// BenchmarkScaleLoad builds the whole organisation and tells what it takes to
// keep it, the heap at its fullest, and the time alone.
func BenchmarkScaleLoad(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(40)) // as idp/store does
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := scaleOf(full)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
		b.ReportMetric(float64(s.peak-before.HeapAlloc)/(1<<20), "peak-MiB")
		b.ReportMetric(float64(s.locations()), "locations")
		runtime.KeepAlive(s)
	}
}
