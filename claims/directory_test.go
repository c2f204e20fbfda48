package claims

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestWithLeavesTheOldPictureAlone(t *testing.T) {
	old := NewDirectory(Seq{"e", 1}).With(Seq{"e", 2},
		Location{ID: "l1", Slug: "space"},
		Location{ID: "l2", Parent: "l1", Slug: "door", Inherit: true},
		Member{ID: "m", Sub: "s", Username: "Ada", State: StateActive},
		Award{ID: "a1", Badge: "laser-1", Member: "m"},
		Grant{ID: "g1", At: "l2", Subject: Subject{Kind: SubjectEveryone}, Right: "unlock", Effect: Allow})
	next := old.With(Seq{"e", 3},
		Location{ID: "l2", Slug: "gate"},
		Member{ID: "m", Sub: "s", Username: "ada.l", Former: []string{"ada"}, State: StateActive},
		Award{ID: "a1", Badge: "laser-1", Member: "m", Revoked: day(1)},
		Award{ID: "a0", Badge: "laser-2", Member: "m"},
		Grant{ID: "g1", At: "l1", Subject: Subject{Kind: SubjectEveryone}, Right: "unlock", Effect: Allow})

	if p, q := old.PathOf("l2"), next.PathOf("l2"); p != "/space/door" || q != "/gate" {
		t.Errorf("PathOf(l2) = %q, then %q; want /space/door, then /gate", p, q)
	}
	if _, ok := next.Locate("/space/door"); ok {
		t.Error("a moved location is still found at its old path")
	}
	if n, m := len(old.AwardsOf("m")), len(next.AwardsOf("m")); n != 1 || m != 2 {
		t.Errorf("awards: %d, then %d; want 1, then 2", n, m)
	}
	if !old.AwardsOf("m")[0].Revoked.IsZero() || next.AwardsOf("m")[0].ID != "a0" || next.AwardsOf("m")[1].Revoked.IsZero() {
		t.Errorf("awards: %v, then %v", old.AwardsOf("m"), next.AwardsOf("m"))
	}
	if len(old.GrantsAt("l2")) != 1 || len(next.GrantsAt("l2")) != 0 || len(next.GrantsAt("l1")) != 1 {
		t.Error("a grant that moved stands where it stood")
	}
	if m, ok := old.MemberByUsername("ADA"); !ok || m.ID != "m" {
		t.Error("a username is not found in another case")
	}
	if _, ok := next.MemberByUsername("ada"); ok {
		t.Error("a former username still signs in")
	}
	if id, ok := next.UsernameTaken("Ada"); !ok || id != "m" {
		t.Error("a former username is free")
	}
}

func TestFactsMayArriveInAnyOrder(t *testing.T) {
	d := NewDirectory(Seq{}).With(Seq{},
		Gate{ID: "gate", At: "l2"},
		Location{ID: "l2", Parent: "l1", Slug: "door"})
	if d.PathOf("l2") != "" {
		t.Error("a location whose parent is unknown has a path")
	}
	if _, ok := Get[Location](d, "l1"); ok {
		t.Error("a location that is only named exists")
	}
	if n := len(slices.Collect(All[Location](d))); n != 1 {
		t.Errorf("%d locations, want 1", n)
	}
	d = d.With(Seq{}, Location{ID: "l1", Slug: "space"})
	if l, ok := d.Locate("/space/door"); !ok || l.ID != "l2" || len(d.GatesAt("l2")) != 1 {
		t.Error("the location is not put together")
	}
}

func TestAllIsInOrderOfIds(t *testing.T) {
	d := NewDirectory(Seq{})
	var want []string
	for i := range 3000 {
		id := fmt.Sprintf("t%04d", (i*7919)%3000)
		want = append(want, id)
		d = d.With(Seq{N: uint64(i)}, Tag{Slug: Slug(id)})
	}
	slices.Sort(want)
	var got []string
	for x := range All[Tag](d) {
		got = append(got, string(x.Slug))
	}
	if !slices.Equal(got, want) {
		t.Errorf("All gave %d tags, not the %d in order", len(got), len(want))
	}
}

func TestOneOfSeveralCardsWithOneTextIsTheLiveOne(t *testing.T) {
	d := NewDirectory(Seq{}).With(Seq{},
		Credential{ID: "c1", Member: "m", Lookup: "x", Status: CredentialActive},
		Credential{ID: "c2", Member: "n", Lookup: "x", Status: CredentialLost})
	if c, _ := d.CredentialByLookup("x"); c.ID != "c1" {
		t.Errorf("found %q, want c1", c.ID)
	}
	if _, ok := d.CredentialByLookup(""); ok {
		t.Error("no text found a card")
	}
}

func TestKindsAboveReachTheExtendedType(t *testing.T) {
	d := NewDirectory(Seq{}).With(Seq{},
		ObjectType{Slug: "body"}, ObjectType{Slug: "group", Extends: "body"},
		Kind{Type: "body", Slug: "default"}, Kind{Type: "body", Slug: "member", Parent: "default"},
		Kind{Type: "group", Slug: "lead", Parent: "member"})
	if got := d.KindsAbove("group", "lead"); !slices.Equal(got, []Slug{"lead", "member", "default"}) {
		t.Errorf("KindsAbove(group, lead) = %v", got)
	}
	if got := d.KindsAbove("body", "lead"); got != nil {
		t.Errorf("KindsAbove(body, lead) = %v, want none", got)
	}
}

func day(n int) time.Time { return time.Date(2025, 6, n, 0, 0, 0, 0, time.UTC) }
