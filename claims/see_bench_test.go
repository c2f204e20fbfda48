package claims

import (
	"fmt"
	"testing"
)

// crowded is an organisation of as many members as the seed's, in bodies of
// 500, each with a board; with a badge, a tag and an affiliation each.
func crowded(b *testing.B) *Directory {
	b.Helper()
	facts := []Fact{
		ObjectType{Slug: "body"}, Kind{Type: "body", Slug: "default"}, Kind{Type: "body", Slug: "member", Parent: "default"},
		Kind{Type: "body", Slug: "board", Parent: "member"}, Badge{Slug: "safety"}, Tag{Slug: "day"},
		Grant{ID: "view", At: "core-people", Subject: must(ParseSubject("aff:@body#board")), Right: "view", Effect: Allow},
	}
	for i := range scaleMembers {
		id, body, kind := MemberID(fmt.Sprintf("m%05d", i)), Slug(fmt.Sprintf("body-%d", i/500)), Slug("member")
		if i%500 == 0 {
			kind = "board"
			facts = append(facts, Object{Slug: body, Type: "body"})
		}
		facts = append(facts, Member{ID: id, Sub: string(id), Username: string(id), Name: "Somebody " + string(id), State: StateActive},
			Affiliation{ID: ID("f" + id), Member: id, Object: body, Kind: kind}, Award{ID: ID("a" + id), Badge: "safety", Member: id},
			Assignment{ID: ID("t" + id), Tag: "day", Target: TargetMember, TargetID: string(id)})
	}
	facts = append(facts, Assignment{ID: "admin", Tag: TagAdmin, Target: TargetMember, TargetID: "m00001"})
	return core().With(Seq{"e", 2}, facts...)
}

func BenchmarkSeeMembers(b *testing.B) {
	d := crowded(b)
	for name, c := range map[string]struct {
		by   MemberID
		want int
	}{"administrator": {"m00001", scaleMembers}, "board": {"m00500", 500}, "member": {"m00501", 1}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				n := 0
				for range See(d, as(c.by), noon).Members() {
					n++
				}
				if n != c.want {
					b.Fatalf("%s sees %d, want %d", c.by, n, c.want)
				}
			}
		})
	}
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			if list, n := See(d, as("m00001"), noon).Find("m1", 5); n != 10_000 || len(list) != 5 {
				b.Fatalf("found %d", n)
			}
		}
	})
	b.Run("menu", func(b *testing.B) {
		for b.Loop() {
			if See(d, as("m00501"), noon).SeesOthers() {
				b.Fatal("a member sees others")
			}
		}
	})
}
