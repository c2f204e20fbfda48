package portal

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"lanyard/claims"
)

// trainers adds tom, who may give and revoke saw and nothing else, because he
// holds the badge trainer.
func trainers(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.operate(
		claims.Define{Fact: claims.Badge{Slug: "trainer", Name: "Saw <script>alert(1)</script>", Description: "<b>x</b>", Earn: "<i>y</i>", Mode: claims.BadgeManual}},
		claims.Define{Fact: claims.Location{ID: "badge-saw", Parent: "core-badges", Slug: "saw", Inherit: true}},
		claims.AddGrant{Grant: claims.Grant{ID: "g-saw", At: "badge-saw", Right: "award", Effect: claims.Allow, Subject: claims.Subject{Kind: claims.SubjectBadge, ID: "trainer"}}},
		claims.AddMember{Member: claims.Member{ID: "m-tom", Sub: "s9", Username: "tom", State: claims.StateActive}},
		claims.GiveAward{Award: claims.Award{ID: "a9", Badge: "trainer", Member: "m-tom", Method: claims.MethodManual}},
	)
	b.as("m-tom")
	return b
}

// operate changes facts as the operator does.
func (b *bench) operate(intents ...claims.Intent) {
	b.Helper()
	if _, err := b.Change(b.Context(), claims.Actor{Kind: claims.ActorOperator}, "", intents...); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) holds(m claims.MemberID, badge claims.Slug) bool {
	held, _ := claims.Holds(b.dir, m, claims.Subject{Kind: claims.SubjectBadge, ID: string(badge)}, b.now)
	return held
}

func TestTrainerGivesAndRevokesTheirBadge(t *testing.T) {
	b := trainers(t)
	if w := b.post("/badges/saw/award", "member", "eve", "until", "2026-12-31"); w.Code != 303 || w.Header().Get("Location") != "/badges/saw?done=awarded" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	held, end := claims.Holds(b.dir, "m-eve", claims.Subject{Kind: claims.SubjectBadge, ID: "saw"}, b.now)
	if !held || end.Format("2006-01-02 15:04") != "2027-01-01 00:00" {
		t.Errorf("eve holds saw: %v until %v, want to the end of the day", held, end)
	}
	for _, a := range b.dir.AwardsOf("m-eve") {
		if a.AwardedBy != "member:m-tom" {
			t.Errorf("awarded by %s", a.AwardedBy)
		}
	}
	page := b.get("/badges/saw?done=awarded").Body.String()
	if !strings.Contains(page, "Given. It counts") || !strings.Contains(page, "<code>eve</code>") {
		t.Errorf("%s", page)
	}
	if w := b.post("/badges/saw/revoke", "member", "eve", "reason", "left it running"); w.Code != 303 || b.holds("m-eve", "saw") {
		t.Errorf("revoke: %d, held %v", w.Code, b.holds("m-eve", "saw"))
	}
	if w := b.post("/badges/saw/award", "member", " EVE "); w.Code != 303 || !b.holds("m-eve", "saw") {
		t.Errorf("a name in other letters: %d", w.Code)
	}
}

func TestR43WhoMayGiveABadgeIsAskedWhenTheFormArrives(t *testing.T) {
	b := trainers(t)
	count := len(b.dir.AwardsOf("m-eve")) + len(b.dir.AwardsOf("m-ada")) + len(b.dir.AwardsOf("m-tom"))
	for name, c := range map[string]struct {
		as    claims.MemberID
		badge string
		to    string
	}{
		"a member who is no trainer":     {"m-eve", "saw", "ada"},
		"oneself, being no trainer":      {"m-eve", "saw", "eve"},
		"a suspended member":             {"m-sus", "saw", "eve"},
		"a trainer, another badge":       {"m-tom", "laser-1", "eve"},
		"a trainer, the trainers' badge": {"m-tom", "trainer", "eve"},
		"a trainer, themself":            {"m-tom", "saw", "tom"},
		"a badge that is not there":      {"m-tom", "nosuch", "eve"},
		"a path for a badge":             {"m-tom", "saw%2F..%2Flaser-1", "eve"},
	} {
		b.as(c.as)
		for _, form := range [][]string{{"/award", "member", c.to}, {"/revoke", "member", c.to, "reason", "x"}} {
			if c.to == "tom" && form[0] == "/revoke" {
				continue // giving up one's own badge harms nobody
			}
			if w := b.post("/badges/"+c.badge+form[0], form[1:]...); w.Code != 403 {
				t.Errorf("%s %s: %d, want 403", name, form[0], w.Code)
			}
		}
	}
	if now := len(b.dir.AwardsOf("m-eve")) + len(b.dir.AwardsOf("m-ada")) + len(b.dir.AwardsOf("m-tom")); now != count || !b.holds("m-ada", "saw") {
		t.Errorf("%d awards before, %d after; ada still holds hers: %v", count, now, b.holds("m-ada", "saw"))
	}
}

func TestTrainerWhoIsSuspendedGivesNothing(t *testing.T) {
	b := trainers(t)
	b.operate(claims.SetState{Member: "m-tom", State: claims.StateSuspended, By: "admin"})
	if w := b.post("/badges/saw/award", "member", "eve"); w.Code != 403 || b.holds("m-eve", "saw") {
		t.Errorf("%d, held %v", w.Code, b.holds("m-eve", "saw"))
	}
}

func TestWhoHoldsABadgeIsForItsTrainersOnly(t *testing.T) {
	b := trainers(t)
	if page := b.get("/badges/saw").Body.String(); !strings.Contains(page, "<code>ada</code>") {
		t.Error("the trainer does not see who holds it")
	}
	for _, ask := range []struct {
		as    claims.MemberID
		badge string
	}{{"m-eve", "saw"}, {"m-sus", "saw"}, {"m-tom", "laser-1"}} {
		b.as(ask.as)
		if page := b.get("/badges/" + ask.badge).Body.String(); strings.Contains(page, "<code>") || strings.Contains(page, "/award") {
			t.Errorf("%s sees holders or the form of %s", ask.as, ask.badge)
		}
	}
}

func TestBadgeFormSaysWhatIsWrong(t *testing.T) {
	b := trainers(t)
	for name, c := range map[string]struct {
		path string
		form []string
		want string
	}{
		"unknown member":    {"/award", []string{"member", "nobody"}, "nobody here has this username"},
		"no member":         {"/award", []string{"member", ""}, "nobody here has this username"},
		"no date":           {"/award", []string{"member", "eve", "until", "tomorrow"}, "write a day as"},
		"an impossible day": {"/award", []string{"member", "eve", "until", "2027-02-30"}, "write a day as"},
		"the last day":      {"/award", []string{"member", "eve", "until", "9999-12-31"}, "write a day as"},
		"a day gone by":     {"/award", []string{"member", "eve", "until", "2020-01-01"}, "Until: "},
		"no reason":         {"/revoke", []string{"member", "ada", "reason", " "}, "say why"},
		"a long reason":     {"/revoke", []string{"member", "ada", "reason", strings.Repeat("x", 4001)}, "reason"},
	} {
		w := b.post("/badges/saw"+c.path, c.form...)
		if w.Code != 400 || !strings.Contains(html.UnescapeString(w.Body.String()), c.want) {
			t.Errorf("%s: %d, want %q in\n%s", name, w.Code, c.want, w.Body)
		}
	}
	if w := b.post("/badges/saw/award", "member", "ada", "until", "2026-05-05"); w.Code != 409 {
		t.Errorf("for less long than they have it: %d", w.Code)
	}
	if b.holds("m-eve", "saw") || !b.holds("m-ada", "saw") {
		t.Error("a form that was wrong changed something")
	}
}

func TestBadgeTextsStayText(t *testing.T) {
	b := trainers(t)
	b.post("/badges/saw/revoke", "member", "ada", "reason", `"><script>alert(1)</script>`)
	b.post("/badges/saw/award", "member", "ada")
	for _, page := range []string{
		b.get("/badges").Body.String(), b.get("/badges/saw").Body.String(), b.get("/badges/trainer").Body.String(),
		b.get("/badges/saw?done=%3Cscript%3E").Body.String(), b.get("/badges/%3Cscript%3E").Body.String(),
		b.post("/badges/saw/award", "member", `"><script>alert(1)</script>`, "until", `"><script>`).Body.String(),
		b.post("/badges/%3Cscript%3E/award", "member", "eve").Body.String(),
	} {
		for _, bad := range []string{"<script>", "<b>", "<i>"} {
			if strings.Contains(page, bad) {
				t.Errorf("a text became markup (%s):\n%s", bad, page)
			}
		}
	}
	if w := b.get("/badges/nosuch"); w.Code != 404 {
		t.Errorf("a badge that is not there: %d", w.Code)
	}
}

func TestOtherSitesCannotGiveBadges(t *testing.T) {
	b := trainers(t)
	b.site = "cross-site"
	for _, path := range []string{"/award", "/revoke"} {
		if w := b.post("/badges/saw"+path, "member", "ada", "reason", "x"); w.Code != 403 || !strings.Contains(w.Body.String(), "another site") {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	b.site = "same-origin"
	b.findErr = fmt.Errorf("no cookie: %w", claims.ErrUnknownCaller)
	if w := b.post("/badges/saw/award", "member", "eve"); w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/login") {
		t.Errorf("not signed in: %d", w.Code)
	}
	if b.holds("m-eve", "saw") || !b.holds("m-ada", "saw") {
		t.Error("something was changed")
	}
}
