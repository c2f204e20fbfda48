package claims

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkPlanTree plans 20,000 locations of an application's own, as its
// client sends them, beside the locations that are there already.
func BenchmarkPlanTree(b *testing.B) {
	for _, n := range []int{10_000, 660_000} {
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) {
			d := scaled[n]().d.With(Seq{Epoch: "e", N: 9}, Core(noon)...)
			owner := Client{ID: "lms", Name: "LMS", Auth: AuthBasic, GrantTypes: []string{"client_credentials"},
				Secrets: []Secret{{SHA256: strings.Repeat("ab", 32)}}}
			planned, err := Plan(d, operator, noon, define(owner, Location{ID: "lms", Slug: "lms"}, Application{Slug: "lms", Root: "lms", Client: "lms"})...)
			if err != nil {
				b.Fatal(err)
			}
			d = d.With(Seq{Epoch: "e", N: 99}, planned.Facts...)
			var tree []Intent
			for i := range 20_000 {
				parent := LocationID("lms")
				if i >= 100 {
					parent = LocationID(fmt.Sprintf("node-%d", i%100))
				}
				id := fmt.Sprintf("node-%d", i)
				tree = append(tree, Define{Location{ID: LocationID(id), Parent: parent, Slug: Slug(id), Inherit: true}})
			}
			b.ReportAllocs()
			for b.Loop() {
				if planned, err := Plan(d, Actor{Kind: ActorClient, ID: "lms"}, noon, tree...); err != nil || len(planned.Facts) != len(tree) {
					b.Fatal(len(planned.Facts), err)
				}
			}
		})
	}
}
