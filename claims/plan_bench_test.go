package claims

import (
	"fmt"
	"testing"
)

// BenchmarkApply plans a file of 5,000 intents on an organisation of 20,000
// members: what an import costs before anything is written.
func BenchmarkApply(b *testing.B) {
	d := built(b)
	var crowd []Fact
	for i := range 20000 {
		name := fmt.Sprintf("crowd-%d", i)
		crowd = append(crowd, Member{ID: MemberID(name), Sub: name, Username: name, Email: name + "@example.org", EmailOK: true, State: StateActive})
	}
	d = d.With(Seq{"e", 9}, crowd...)
	var file []Intent
	for i := range 1000 {
		name := fmt.Sprintf("new-%d", i)
		file = append(file,
			AddMember{Member{ID: MemberID(name), Sub: name, Username: name, Email: name + "@example.org", EmailOK: true}},
			GiveAward{Award{ID: ID(name), Badge: "laser-1", Member: MemberID(name)}},
			Define{Location{ID: LocationID(name), Parent: "workshop", Slug: Slug(name), Inherit: true}},
			AddGrant{Grant{ID: ID(name), At: "workshop", Subject: Subject{Kind: SubjectUser, ID: name}, Right: "maintain"}},
			Define{Tag{Slug: Slug(name)}})
	}
	for b.Loop() {
		if planned, err := Plan(d, operator, noon, file...); err != nil || len(planned.Facts) != len(file) {
			b.Fatal(len(planned.Facts), err)
		}
	}
}

// BenchmarkPlanAward plans one award on the same crowd, as a page does.
func BenchmarkPlanAward(b *testing.B) {
	d := built(b)
	give := GiveAward{Award{ID: "n", Badge: "laser-1", Member: "ada"}}
	for b.Loop() {
		if _, err := Plan(d, as("tom"), noon, give); err != nil {
			b.Fatal(err)
		}
	}
}
