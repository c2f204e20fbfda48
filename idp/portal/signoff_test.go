package portal

import (
	"html"
	"strings"
	"testing"

	"lanyard/claims"
)

// mill adds a badge that takes a course in Moodle or Canvas, the badge saw and
// a check; tom may give it, and so may uma. ada holds saw.
func mill(t *testing.T) *bench {
	t.Helper()
	b := trainers(t)
	b.operate(
		claims.Define{Fact: claims.VLE{Slug: "moodle", Kind: claims.VLEMoodle, Label: "Our Moodle", BaseURL: "https://moodle.example.org"}},
		claims.Define{Fact: claims.VLE{Slug: "canvas", Kind: claims.VLECanvas, BaseURL: "https://canvas.example.org"}},
		claims.Define{Fact: claims.Course{ID: "c1", VLE: "moodle", External: "42"}}, claims.Define{Fact: claims.Course{ID: "c2", VLE: "canvas", External: "m1"}},
		claims.Define{Fact: claims.Badge{Slug: "mill", Name: "CNC mill", Mode: claims.BadgeSignoff}},
		claims.Define{Fact: claims.Requirement{Badge: "mill", Slug: "moodle", Name: "Moodle course", Kind: claims.AskCourse, Course: "c1", Group: "course"}},
		claims.Define{Fact: claims.Requirement{Badge: "mill", Slug: "canvas", Name: "Canvas course", Kind: claims.AskCourse, Course: "c2", Group: "course"}},
		claims.Define{Fact: claims.Requirement{Badge: "mill", Slug: "saw", Name: "Bandsaw", Kind: claims.AskBadge, Needs: "saw"}},
		claims.Define{Fact: claims.Requirement{Badge: "mill", Slug: "cube", Name: "A cube <i>milled</i>", Kind: claims.AskSignoff}},
		claims.Define{Fact: claims.Location{ID: "badge-mill", Parent: "core-badges", Slug: "mill", Inherit: true}},
		claims.AddMember{Member: claims.Member{ID: "m-uma", Sub: "s10", Username: "uma", State: claims.StateActive}},
	)
	for _, who := range []string{"m-tom", "m-uma"} {
		b.operate(claims.AddGrant{Grant: claims.Grant{ID: claims.ID("g-mill-" + who), At: "badge-mill", Right: "award", Effect: claims.Allow,
			Subject: claims.Subject{Kind: claims.SubjectUser, ID: who}}})
	}
	b.as("m-ada")
	return b
}

func passed(m claims.MemberID) claims.Intent {
	return claims.RecordResult{Result: claims.Result{ID: claims.ID("r-" + m), Member: m, Badge: "mill", Requirement: "canvas", Source: "canvas"}}
}

func TestMemberSeesWhatABadgeAsksForAndAsksForTheSignoff(t *testing.T) {
	b := mill(t)
	page := b.get("/badges/mill").Body.String()
	for _, want := range []string{"Moodle course", "Our Moodle", `href="https://canvas.example.org"`, "Bandsaw", "A cube &lt;i&gt;milled&lt;/i&gt;", ">done<"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "/signoff") || strings.Contains(page, "Waiting for your") {
		t.Error("a sign-off can be asked for before the course, or the member sees who waits")
	}
	if w := b.post("/badges/mill/signoff"); w.Code != 409 || !strings.Contains(w.Body.String(), "You still need: Canvas course or Moodle course.") {
		t.Errorf("asked all the same: %d %s", w.Code, w.Body)
	}
	if list := b.get("/badges").Body.String(); !strings.Contains(list, "1 of 3 done") {
		t.Error("the list does not say how far ada is")
	}
	b.operate(claims.Define{Fact: claims.Badge{Slug: "mill", Name: "CNC mill"}}, passed("m-ada"), claims.Define{Fact: claims.Badge{Slug: "mill", Name: "CNC mill", Mode: claims.BadgeSignoff}})
	if page := b.get("/badges/mill").Body.String(); !strings.Contains(page, "Ask to be signed off") {
		t.Error("there is no button to ask with")
	}
	if w := b.post("/badges/mill/signoff"); w.Code != 303 || w.Header().Get("Location") != "/badges/mill?done=asked" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if page := b.get("/badges/mill?done=asked").Body.String(); !strings.Contains(page, "sign-off asked for") || strings.Contains(page, "Ask to be signed off") {
		t.Error("the page does not say that it is asked for")
	}
	if open := b.dir.OpenSignoffs("mill", b.now); len(open) != 1 || open[0].Member != "m-ada" {
		t.Errorf("open: %v", open)
	}
	if w := b.post("/badges/nosuch/signoff"); w.Code != 404 {
		t.Errorf("for a badge that is not there: %d", w.Code)
	}
}

func TestTrainersAnswerWhoWaits(t *testing.T) {
	for outcome, c := range map[string]struct {
		reason string
		held   bool
		says   string
	}{
		"approved": {"milled a cube", true, "yours"}, "refused": {"the cube has <b>five</b> sides", false, "Not signed off yet: the cube has <b>five</b> sides"},
	} {
		b := mill(t)
		b.operate(passed("m-ada"))
		b.as("m-tom")
		for _, path := range []string{"/badges", "/badges/mill"} {
			if page := b.get(path).Body.String(); !strings.Contains(page, "<code>ada</code>") || !strings.Contains(page, "Done: Bandsaw, Canvas course.") || !strings.Contains(page, `class="count">1<`) {
				t.Errorf("%s does not say that ada waits:\n%s", path, page)
			}
		}
		id := string(b.dir.OpenSignoffs("mill", b.now)[0].ID)
		if w := b.post("/badges/mill/answer", "request", id, "outcome", outcome, "reason", " "+c.reason+" "); w.Code != 303 || w.Header().Get("Location") != "/badges/mill?done=answered" {
			t.Errorf("%s: %d %s", outcome, w.Code, w.Body)
		}
		s, _ := claims.Get[claims.SignoffRequest](b.dir, id)
		if b.holds("m-ada", "mill") != c.held || s.By != "member:m-tom" || s.Reason != c.reason {
			t.Errorf("%s: held %v, %+v", outcome, b.holds("m-ada", "mill"), s)
		}
		if w := b.post("/badges/mill/answer", "request", id, "outcome", "approved", "reason", "x"); !c.held && w.Code != 409 {
			t.Errorf("answered a second time: %d", w.Code)
		}
		b.as("m-ada")
		if page := html.UnescapeString(b.get("/badges/mill").Body.String()); !strings.Contains(page, c.says) {
			t.Errorf("%s: ada's page lacks %q", outcome, c.says)
		}
	}
}

func TestR43WhoMaySignOffIsAskedWhenTheFormArrives(t *testing.T) {
	b := mill(t)
	b.operate(passed("m-ada"), claims.GiveAward{Award: claims.Award{ID: "saw-tom", Badge: "saw", Member: "m-tom"}}, passed("m-tom"))
	b.operate(claims.AddMember{Member: claims.Member{ID: "m-vic", Sub: "s11", Username: "vic", State: claims.StateActive}},
		claims.AddGrant{Grant: claims.Grant{ID: "g-vic", At: "badge-saw", Right: "award", Effect: claims.Allow, Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-vic"}}})
	open := b.dir.OpenSignoffs("mill", b.now)
	if len(open) != 2 {
		t.Fatalf("open: %v", open)
	}
	of := map[claims.MemberID]string{open[0].Member: string(open[0].ID), open[1].Member: string(open[1].ID)}
	answer := func(badge, id, outcome string) int {
		return b.post("/badges/"+badge+"/answer", "request", id, "outcome", outcome, "reason", "x").Code
	}
	for name, c := range map[string]struct {
		as        claims.MemberID
		badge, id string
		want      int
	}{
		"a member who is no trainer": {"m-eve", "mill", of["m-ada"], 403}, "for oneself": {"m-ada", "mill", of["m-ada"], 403},
		"a trainer, for themself": {"m-tom", "mill", of["m-tom"], 403}, "by way of another badge": {"m-vic", "saw", of["m-ada"], 403},
		"no such request": {"m-tom", "mill", "x", 404}, "a suspended member": {"m-sus", "mill", of["m-ada"], 403},
	} {
		b.as(c.as)
		for _, outcome := range []string{"approved", "refused"} {
			if got := answer(c.badge, c.id, outcome); got != c.want {
				t.Errorf("%s, %s: %d, want %d", name, outcome, got, c.want)
			}
		}
	}
	if b.holds("m-ada", "mill") || b.holds("m-tom", "mill") || len(b.dir.OpenSignoffs("mill", b.now)) != 2 {
		t.Error("a refused form changed something")
	}
	b.as("m-tom")
	if page := b.get("/badges/mill").Body.String(); strings.Contains(page, of["m-tom"]) || !strings.Contains(page, of["m-ada"]) {
		t.Error("tom is offered his own request, or not ada's")
	}
	b.as("m-eve")
	if page := b.get("/badges/mill").Body.String() + b.get("/badges").Body.String(); strings.Contains(page, "<code>") || strings.Contains(page, of["m-ada"]) {
		t.Error("eve sees who waits")
	}
	b.as("m-uma")
	if answer("mill", of["m-tom"], "approved") != 303 || !b.holds("m-tom", "mill") {
		t.Error("another trainer cannot sign tom off")
	}
	if w := b.post("/badges/mill/answer", "request", of["m-ada"], "outcome", "refused", "reason", " "); w.Code != 400 || !strings.Contains(html.UnescapeString(w.Body.String()), "say what is still to do") {
		t.Errorf("refused without a word: %d", w.Code)
	}
	if w := b.post("/badges/mill/answer", "request", of["m-ada"], "outcome", "perhaps", "reason", "x"); w.Code != 400 {
		t.Errorf("neither yes nor no: %d", w.Code)
	}
	b.site = "cross-site"
	for _, path := range []string{"/answer", "/signoff", "/earn", "/result"} {
		if w := b.post("/badges/mill"+path, "request", of["m-ada"], "outcome", "approved"); w.Code != 403 || !strings.Contains(w.Body.String(), "another site") {
			t.Errorf("from another site, %s: %d", path, w.Code)
		}
	}
}

func TestTrainersRecordWhatTheySaw(t *testing.T) {
	b := mill(t)
	b.as("m-tom")
	if w := b.post("/badges/mill/result", "member", "ada", "requirement", "cube", "reference", "book, page 3"); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	r := b.dir.ResultsOf("m-ada")
	if len(r) != 1 || r[0].RecordedBy != "member:m-tom" || r[0].Reference != "book, page 3" || b.holds("m-ada", "mill") {
		t.Errorf("%+v", r)
	}
	for _, form := range [][]string{{"member", "ada", "requirement", "moodle"}, {"member", "tom", "requirement", "cube"}} {
		if w := b.post("/badges/mill/result", form...); w.Code != 403 {
			t.Errorf("%v: %d, want 403", form, w.Code)
		}
	}
	for _, form := range [][]string{{"member", "nobody", "requirement", "cube"}, {"member", "ada", "requirement", "saw"}} {
		if w := b.post("/badges/mill/result", form...); w.Code != 400 {
			t.Errorf("%v: %d, want 400", form, w.Code)
		}
	}
	b.operate(passed("m-ada"))
	if !b.holds("m-ada", "mill") {
		t.Error("the check and then the course do not give the badge")
	}
}

func TestGivingByHandSaysWhatIsMissingAndKeepsTheEvidence(t *testing.T) {
	b := mill(t)
	b.as("m-tom")
	w := b.post("/badges/mill/award", "member", "ada", "evidence", "saw her")
	if page := html.UnescapeString(w.Body.String()); w.Code != 409 || !strings.Contains(page, "They still need: Canvas course or Moodle course.") || !strings.Contains(page, `value="saw her"`) {
		t.Errorf("%d %s", w.Code, page)
	}
	b.operate(passed("m-ada"))
	if w := b.post("/badges/mill/award", "member", "ada", "evidence", " saw her "); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, a := range b.dir.AwardsOf("m-ada") {
		if a.Badge == "mill" && a.Evidence != "saw her" {
			t.Errorf("%+v", a)
		}
	}
	if len(b.dir.OpenSignoffs("mill", b.now)) != 0 {
		t.Error("giving it by hand leaves the request open")
	}
}

func TestWhatTimeBringsIsTaken(t *testing.T) {
	b := mill(t)
	b.operate(claims.Define{Fact: claims.Badge{Slug: "veteran", Name: "Veteran", Mode: claims.BadgeAuto}},
		claims.Define{Fact: claims.Requirement{Badge: "veteran", Slug: "year", Name: "A year with us", Kind: claims.AskMembership, Age: claims.Duration(365 * 24 * 3600e9)}})
	if w := b.post("/badges/veteran/earn"); w.Code != 409 || !strings.Contains(w.Body.String(), "You still need: A year with us.") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	m, _ := claims.Get[claims.Member](b.dir, "m-ada")
	m.Since = b.now.AddDate(-2, 0, 0)
	b.dir = b.dir.With(claims.Seq{N: b.dir.Seq().N + 1}, m)
	if page := b.get("/badges/veteran").Body.String(); !strings.Contains(page, "Take Veteran") {
		t.Error("there is no button to take it with")
	}
	if w := b.post("/badges/veteran/earn"); w.Code != 303 || !b.holds("m-ada", "veteran") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHomeSaysWhatOfABadgeIsDone(t *testing.T) {
	b := mill(t)
	b.operate(claims.AddGate{Gate: claims.Gate{ID: "gate2", At: "door", AnyOf: []claims.Slug{"mill"}}})
	page := html.UnescapeString(b.get("/").Body.String())
	for _, want := range []string{"Done: Bandsaw.", "Still: Canvas course or Moodle course, A cube <i>milled</i>.", `href="/badges/mill"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
