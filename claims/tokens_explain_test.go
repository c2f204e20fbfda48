package claims

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestGroupsLeftOutAreExplained(t *testing.T) {
	f := ClaimFilter{Tags: []Slug{"board-member", "secret", "old", "soon", "undefined"}, Badges: []Slug{"later", "gone"}, Types: []Slug{"body"},
		Rename: map[string]string{"tag.board-member": "board"}}
	list, err := ExplainGroups(tokenWorld(), "alice", f, tokenAt)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, g := range list {
		got[g.Source] = string(g.Cause)
		if g.Cause == "" {
			got[g.Source] = "told as " + g.Group
		}
	}
	want := map[string]string{
		"tag.board-member": "told as board", "body.wood-team.board": "told as body.wood-team.board", "body.wood-team.member": "told as body.wood-team.member",
		"tag.secret": "not_in_claims", "tag.old": "expired", "tag.soon": "ends_soon", "tag.undefined": "undefined",
		"badge.laser-1": "filter", "badge.hidden": "not_in_claims", "badge.later": "not_begun", "badge.gone": "expired",
		"event.agora-2025.organiser": "filter", "event.agora-2025.unheard-of": "undefined", "member.active": "filter",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if _, err := ExplainGroups(tokenWorld(), "nobody", f, tokenAt); !errors.Is(err, ErrNotFound) {
		t.Errorf("of nobody: %v, want ErrNotFound", err)
	}
}

func TestGroupsOfWhoIsShutOutAndGroupsOverTheCapAreExplained(t *testing.T) {
	alice, _ := Get[Member](tokenWorld(), "alice")
	few := everything
	few.Cap = 2
	barred := alice
	barred.BarredAt = tokenAt
	lapsing := alice
	lapsing.PaidUntil = tokenAt.Add(time.Minute)
	for name, c := range map[string]struct {
		m     Member
		f     ClaimFilter
		cause Cause
	}{"barred": {barred, everything, CauseStanding}, "about to lapse": {lapsing, everything, CauseStanding}, "over the cap": {alice, few, CauseCap}} {
		list, err := ExplainGroups(tokenWorld(c.m), "alice", c.f, tokenAt)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(list, func(g GroupTold) bool { return g.Source == "tag.board-member" })
		if i < 0 || list[i].Cause != c.cause {
			t.Errorf("%s: %+v, want %s for the tag", name, list, c.cause)
		}
	}
}

// TestWhatIsExplainedAsToldIsTold compares explanations with tokens in random
// organisations.
func TestWhatIsExplainedAsToldIsTold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := &drawing{T: rt}
		d := picture(append(draw.organisation(), Tag{Slug: "t0", InClaims: true}, Badge{Slug: "b0", InClaims: true}, Badge{Slug: "b1", InClaims: true}, Tag{Slug: "t1"})...)
		f := ClaimFilter{Member: draw.chance(2), Cap: rapid.IntRange(0, 6).Draw(rt, "cap")}
		f.Tags, f.Badges = pick(draw, nil, []Slug{Every}, []Slug{"t0"}), pick(draw, nil, []Slug{Every}, []Slug{"b0"})
		f.Types, f.Objects = pick(draw, nil, []Slug{Every}, []Slug{"body"}, []Slug{"team"}), pick(draw, nil, []Slug{"o1"})
		if draw.chance(2) {
			f.Names = &GroupNames{Tag: template("{name}"), Affiliation: template("{object}/{kind}")}
			f.Rename = map[string]string{"badge.b0": "t0", "body.o0.board": "board"}
		}
		at := draw.ask().At.Add(-pick(draw, 0, 30*time.Second, time.Minute, 2*time.Minute))
		for _, m := range propMembers {
			tok, err := TokenClaims(d, m, f, at)
			list, xerr := ExplainGroups(d, m, f, at)
			if err != nil || xerr != nil {
				rt.Fatal(err, xerr)
			}
			told := []string{}
			for _, g := range list {
				if g.Cause == "" || g.Cause == CauseCap {
					told = append(told, g.Group)
				}
				if g.Cause == CauseCap && !tok.Overage || g.Cause == "" && tok.Overage {
					rt.Fatalf("%+v with overage %v", g, tok.Overage)
				}
			}
			slices.Sort(told)
			if told = slices.Compact(told); tok.Overage && len(told) <= f.Cap || !tok.Overage && !slices.Equal(told, tok.Groups) {
				rt.Fatalf("%s at %v: groups %v, overage %v, explained as %+v", m, at, tok.Groups, tok.Overage, list)
			}
		}
	})
}

// TestTokenIsAsTheModelShowsIt holds the domain's example, but for the periods
// of membership and the seconds of alice's badge.
func TestTokenIsAsTheModelShowsIt(t *testing.T) {
	tok := mustToken(t, tokenWorld(), everything)
	tok.Affiliations = tok.Affiliations[:1] // the example leaves out the event's
	tok.Version = 4711
	text, err := json.Marshal(tok)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{"groups":["badge.laser-1","body.wood-team.board","body.wood-team.member","event.agora-2025.organiser","member.active","tag.board-member"],`+
		`"tags":["board-member"],"badges":[{"id":"laser-1","on":1740000000,"exp":%d}],`+
		`"affiliations":[{"type":"body","id":"wood-team","kind":"board","implies":["member","default"]}],`+
		`"membership":{"state":"active","since":"2024-02-01","until":"2025-07-01"},"authz_version":4711}`, tokenAt.Add(25*aDay).Unix())
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}
