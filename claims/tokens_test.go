package claims

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"
)

var tokenAt = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

var everything = ClaimFilter{Tags: []Slug{Every}, Badges: []Slug{Every}, Types: []Slug{Every}, Member: true}

// tokenWorld is alice of the domain's example, and what tokens leave out.
func tokenWorld(extra ...Fact) *Directory {
	in := func(d time.Duration) time.Time { return tokenAt.Add(d) }
	facts := []Fact{
		Tag{Slug: "board-member", InClaims: true}, Tag{Slug: "secret"}, Tag{Slug: "old", InClaims: true}, Tag{Slug: "soon", InClaims: true},
		Badge{Slug: "laser-1", InClaims: true, ValidFor: 1}, Badge{Slug: "hidden"}, Badge{Slug: "later", InClaims: true}, Badge{Slug: "gone", InClaims: true},
		ObjectType{Slug: "body"}, ObjectType{Slug: "event"},
		Kind{Type: "body", Slug: "default"}, Kind{Type: "body", Slug: "member", Parent: "default"}, Kind{Type: "body", Slug: "board", Parent: "member"},
		Kind{Type: "event", Slug: "default"}, Kind{Type: "event", Slug: "organiser", Parent: "default"},
		Object{Slug: "wood-team", Type: "body"}, Object{Slug: "agora-2025", Type: "event"},
		Member{ID: "alice", Sub: "01JAB", Username: "alice", State: StateActive, Since: time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), PaidUntil: in(30 * aDay)},
		Assignment{ID: "t1", Tag: "board-member", Target: TargetMember, TargetID: "alice"},
		Assignment{ID: "t2", Tag: "secret", Target: TargetMember, TargetID: "alice"},
		Assignment{ID: "t3", Tag: "old", Target: TargetMember, TargetID: "alice", Expires: tokenAt},
		Assignment{ID: "t4", Tag: "soon", Target: TargetMember, TargetID: "alice", Expires: in(time.Minute)},
		Assignment{ID: "t5", Tag: "undefined", Target: TargetMember, TargetID: "alice"},
		Award{ID: "a1", Badge: "laser-1", Member: "alice", On: time.Unix(1740000000, 0), Expires: in(20 * aDay), SupersededBy: "a2"},
		Award{ID: "a2", Badge: "laser-1", Member: "alice", On: in(10 * aDay), Expires: in(25 * aDay)},
		Award{ID: "a3", Badge: "hidden", Member: "alice"},
		Award{ID: "a4", Badge: "later", Member: "alice", On: in(time.Second)},
		Award{ID: "a5", Badge: "gone", Member: "alice", Revoked: in(-time.Second)},
		Affiliation{ID: "f1", Member: "alice", Object: "wood-team", Kind: "board"},
		Affiliation{ID: "f2", Member: "alice", Object: "agora-2025", Kind: "organiser", Ends: in(40 * aDay)},
		Affiliation{ID: "f3", Member: "alice", Object: "agora-2025", Kind: "unheard-of"},
		Affiliation{ID: "f4", Member: "alice", Object: "nowhere", Kind: "member"},
	}
	return NewDirectory(Seq{}).With(Seq{"e", 10}, facts...).With(Seq{"e", 11}, extra...)
}

func mustToken(t *testing.T, d *Directory, f ClaimFilter) Token {
	t.Helper()
	tok, err := TokenClaims(d, "alice", f, tokenAt)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func TestTokenSaysWhatIsHeld(t *testing.T) {
	tok := mustToken(t, tokenWorld(), everything)
	want := Token{
		Groups: []string{"badge.laser-1", "body.wood-team.board", "body.wood-team.member", "event.agora-2025.organiser", "member.active", "tag.board-member"},
		Tags:   []Slug{"board-member"},
		Badges: []HeldBadge{{ID: "laser-1", On: 1740000000, Exp: tokenAt.Add(25 * aDay).Unix()}},
		Affiliations: []HeldKind{{Type: "body", ID: "wood-team", Kind: "board", Implies: []Slug{"member", "default"}},
			{Type: "event", ID: "agora-2025", Kind: "organiser", Implies: []Slug{"default"}}},
		Membership: &Membership{State: StateActive, Since: "2024-02-01", Until: "2025-07-01"},
		Version:    10,
		Ends:       tokenAt.Add(25 * aDay),
	}
	if !reflect.DeepEqual(tok, want) {
		t.Errorf("got  %+v\nwant %+v", tok, want)
	}
}

func TestTokenShowsLeastByDefault(t *testing.T) {
	tok := mustToken(t, tokenWorld(), ClaimFilter{})
	text, _ := json.Marshal(tok)
	if want := `{"groups":[],"tags":[],"badges":[],"affiliations":[],"authz_version":10}`; string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
	some := ClaimFilter{Tags: []Slug{"secret", "board-member"}, Objects: []Slug{"agora-2025"}}
	if got, want := mustToken(t, tokenWorld(), some).Groups, []string{"event.agora-2025.organiser", "tag.board-member"}; !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v: a tag that is not in claims is in none", got, want)
	}
}

func TestTokenOfWhoeverIsNotInGoodStandingListsNothing(t *testing.T) {
	alice, _ := Get[Member](tokenWorld(), "alice")
	for name, change := range map[string]func(*Member){
		"suspended": func(m *Member) { m.State = StateSuspended },
		"left":      func(m *Member) { m.State = StateLeft },
		"lapsed":    func(m *Member) { m.PaidUntil = tokenAt },
		"pending":   func(m *Member) { m.State = StatePending },
		"barred":    func(m *Member) { m.BarredAt, m.BarReason = tokenAt, "theft" },
	} {
		m := alice
		change(&m)
		tok := mustToken(t, tokenWorld(m), everything)
		state := map[string]State{"left": StateLeft, "pending": StatePending}[name]
		if state == "" {
			state = StateSuspended
		}
		if len(tok.Tags)+len(tok.Badges)+len(tok.Affiliations) > 0 || !slices.Equal(tok.Groups, []string{"member." + string(state)}) ||
			tok.Membership.State != state {
			t.Errorf("%s: %+v, %+v", name, tok, tok.Membership)
		}
	}
}

func TestTokenEndsWithTheMembershipItLeansOn(t *testing.T) {
	alice, _ := Get[Member](tokenWorld(), "alice")
	alice.PaidUntil, alice.GraceUntil = tokenAt.Add(2*time.Hour), tokenAt.Add(3*time.Hour)
	d := tokenWorld(alice)
	if got := mustToken(t, d, everything).Ends; !got.Equal(tokenAt.Add(2 * time.Hour)) {
		t.Errorf("with member.active listed it ends at %v, want at paid_until", got)
	}
	if got := mustToken(t, d, ClaimFilter{Tags: []Slug{Every}}).Ends; !got.Equal(tokenAt.Add(3 * time.Hour)) {
		t.Errorf("with a tag listed it ends at %v, want at the lapse", got)
	}
	alice.PaidUntil, alice.GraceUntil = tokenAt.Add(30*time.Second), time.Time{}
	if tok := mustToken(t, tokenWorld(alice), everything); len(tok.Groups) > 0 {
		t.Errorf("half a minute before the lapse it lists %v", tok.Groups)
	}
}

func TestTokenGroupsAreNeverCutSilently(t *testing.T) {
	var many []Fact
	for i := range 60 {
		slug := Slug(fmt.Sprintf("x%02d", i))
		many = append(many, Tag{Slug: slug, InClaims: true}, Assignment{ID: ID(slug), Tag: slug, Target: TargetMember, TargetID: "alice"})
	}
	d := tokenWorld(many...)
	if tok := mustToken(t, d, everything); !tok.Overage || len(tok.Groups) != 0 || tok.Groups == nil {
		t.Errorf("66 groups: overage %v, %d groups", tok.Overage, len(tok.Groups))
	}
	wide := everything
	wide.Cap = 66
	if tok := mustToken(t, d, wide); tok.Overage || len(tok.Groups) != 66 || !slices.IsSorted(tok.Groups) {
		t.Errorf("with a cap of 66: overage %v, %d groups", tok.Overage, len(tok.Groups))
	}
}

func TestTokenGroupsAreRenamed(t *testing.T) {
	f := everything
	f.Rename = map[string]string{"tag.board-member": "admins", "body.wood-team.board": "admins"}
	want := []string{"admins", "badge.laser-1", "body.wood-team.member", "event.agora-2025.organiser", "member.active"}
	if got := mustToken(t, tokenWorld(), f).Groups; !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v", got, want)
	}
}

func TestTokenVersionFollowsTheMemberAndTheRules(t *testing.T) {
	d := tokenWorld()
	version := func(d *Directory) uint64 { return mustToken(t, d, ClaimFilter{}).Version }
	d = d.With(Seq{"e", 12}, Member{ID: "bob", Sub: "b", Username: "bob", State: StateActive}, Award{ID: "b1", Badge: "laser-1", Member: "bob"})
	if v := version(d); v != 10 {
		t.Errorf("after another member's change: %d, want 10", v)
	}
	d = d.With(Seq{"e", 13}, Award{ID: "a9", Badge: "later", Member: "alice"})
	if v := version(d); v != 13 {
		t.Errorf("after her award: %d, want 13", v)
	}
	d = d.With(Seq{"e", 14}, Tag{Slug: "new"})
	if v := version(d); v != 14 {
		t.Errorf("after a rule's change: %d, want 14", v)
	}
	if _, err := TokenClaims(d, "nobody", everything, tokenAt); !errors.Is(err, ErrNotFound) {
		t.Errorf("TokenClaims of nobody: %v, want ErrNotFound", err)
	}
}

func TestTokenOfAnExtendingTypeSpellsOutBothTrees(t *testing.T) {
	d := tokenWorld(ObjectType{Slug: "group", Extends: "body"}, Kind{Type: "group", Slug: "lead", Parent: "member"},
		Object{Slug: "wg", Type: "group"}, Affiliation{ID: "f9", Member: "alice", Object: "wg", Kind: "lead"})
	want := []string{"body.wood-team.board", "body.wood-team.member", "group.wg.lead", "group.wg.member"}
	if got := mustToken(t, d, ClaimFilter{Types: []Slug{"body"}}).Groups; !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v", got, want)
	}
}
