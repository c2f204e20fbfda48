package claims

import (
	"testing"
	"time"
)

// The bulk forms at an organisation's full size.

func BenchmarkScaleWhoCan(b *testing.B) {
	s := scaled[full]()
	for name, span := range map[string]time.Duration{"now": time.Microsecond, "week": 7 * aDay} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				list, err := WhoCan(s.d, Ask{Right: "view", Place: scalePlace('f', 0), At: benchAt.Add(time.Minute)}, benchAt.Add(time.Minute+span))
				if err != nil || len(list) == 0 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
}

func BenchmarkScaleRightsOf(b *testing.B) {
	s := scaled[full]()
	ask := s.asks(1)[0]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := RightsOf(s.d, ask); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScaleNextEdge(b *testing.B) {
	s := scaled[full]()
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := NextEdge(s.d, benchAt); !ok {
			b.Fatal("nothing ever ends")
		}
	}
}

func BenchmarkScaleWhatIf(b *testing.B) {
	s := scaled[full]()
	at := benchAt.Add(time.Minute)
	award := s.d.AwardsOf(scaleMember(1))[0]
	award.Revoked = at
	var grant Grant
	for g := range All[Grant](s.d) {
		if g.Subject.Kind == SubjectTag && g.Effect == Allow {
			grant = g
			grant.Removed = at
			break
		}
	}
	for name, f := range map[string]Fact{"revoke": award, "remove-grant": grant} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				out, err := WhatIf(s.d, Planned{On: s.d.Seq(), At: at, Facts: []Fact{f}}, at.Add(7*aDay))
				if err != nil || out.Cut {
					b.Fatal(out.Cut, err)
				}
			}
		})
	}
}
