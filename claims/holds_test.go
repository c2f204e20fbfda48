package claims

import (
	"testing"
	"time"
)

func TestHoldsTellsWhetherAndUntilWhen(t *testing.T) {
	noon := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	in := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	d := NewDirectory(Seq{Epoch: "e"}).With(Seq{Epoch: "e", N: 1},
		ObjectType{Slug: "body"}, Kind{Type: "body", Slug: RootKind}, Kind{Type: "body", Slug: "member", Parent: RootKind},
		Kind{Type: "body", Slug: "board", Parent: "member"}, Object{Slug: "delft", Type: "body"},
		Tag{Slug: "trainer"}, Badge{Slug: "laser-1"},
		Member{ID: "ada", Username: "ada", State: StateActive, PaidUntil: in(10), GraceUntil: in(12)},
		Assignment{ID: "a1", Tag: "trainer", Target: TargetMember, TargetID: "ada", Starts: in(-1), Expires: in(3)},
		Assignment{ID: "a2", Tag: "trainer", Target: TargetDevice, TargetID: "ada", Expires: in(30)},
		Award{ID: "b1", Badge: "laser-1", Member: "ada", On: in(-2), Expires: in(2)},
		Award{ID: "b2", Badge: "laser-1", Member: "ada", On: in(-1), Revoked: in(-1)},
		Affiliation{ID: "f1", Member: "ada", Object: "delft", Kind: "board", Ends: in(5)},
	)
	for _, c := range []struct {
		s     Subject
		at    time.Time
		ok    bool
		until time.Time
	}{
		{Subject{Kind: SubjectTag, ID: "trainer"}, noon, true, in(3)},
		{Subject{Kind: SubjectTag, ID: "trainer"}, in(3), false, time.Time{}},
		{Subject{Kind: SubjectTag, ID: "other"}, noon, false, time.Time{}},
		{Subject{Kind: SubjectBadge, ID: "laser-1"}, noon, true, in(2)},
		{Subject{Kind: SubjectBadge, ID: "laser-1"}, in(2), false, time.Time{}},
		{Subject{Kind: SubjectAff, Object: "delft", AffKind: "member"}, noon, true, in(5)},
		{Subject{Kind: SubjectAff, Object: "delft", AffKind: "board"}, in(5), false, time.Time{}},
		{Subject{Kind: SubjectAff, Object: "delft", AffKind: RootKind}, in(6), true, time.Time{}},
		{Subject{Kind: SubjectAff, Type: "body", AffKind: "member"}, noon, false, time.Time{}},
		{Subject{Kind: SubjectState, ID: "active"}, noon, true, in(12)},
		{Subject{Kind: SubjectState, ID: "grace"}, in(11), true, in(12)},
		{Subject{Kind: SubjectState, ID: "active"}, in(12), false, time.Time{}},
		{Subject{Kind: SubjectUser, ID: "ada"}, noon, true, time.Time{}},
		{Subject{Kind: SubjectUser, ID: "ben"}, noon, false, time.Time{}},
		{Subject{Kind: SubjectEveryone}, noon, true, time.Time{}},
		{Subject{Kind: SubjectPublic}, noon, false, time.Time{}},
	} {
		if ok, until := Holds(d, "ada", c.s, c.at); ok != c.ok || !until.Equal(c.until) {
			t.Errorf("Holds(ada, %v, %v) = %v, %v; want %v, %v", c.s, c.at, ok, until, c.ok, c.until)
		}
	}
	if ok, _ := Holds(d, "nobody", Subject{Kind: SubjectEveryone}, noon); ok {
		t.Error("somebody unknown is everyone")
	}
}
