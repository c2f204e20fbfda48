package portal

import (
	"strings"
	"testing"

	"lanyard/claims"
)

// opens opens what can be asked for.
func (b *bench) opens(things ...string) {
	b.Helper()
	var list []claims.Intent
	for _, text := range things {
		thing, err := claims.ParseSubject(text)
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, claims.Define{Fact: claims.Opening{Thing: thing, Text: "Say why you need it"}})
	}
	if _, err := b.Change(b.Context(), claims.Actor{Kind: claims.ActorOperator}, "", list...); err != nil {
		b.Fatal(err)
	}
}

func TestAMemberAsksAndATrainerAnswers(t *testing.T) {
	b := newBench(t)
	b.opens("badge:saw", "tag:key-holder")
	b.as("m-eve")
	html := b.get("/requests").Body.String()
	if !strings.Contains(html, `value="badge:saw"`) || !strings.Contains(html, "Say why you need it") || strings.Contains(html, "For you to answer") {
		t.Fatalf("what eve may ask for:\n%s", html)
	}
	if w := b.post("/requests", "thing", "badge:saw", "text", "to cut <shelves>\nand a table"); w.Code != 303 || w.Header().Get("Location") != "/requests?done=asked" {
		t.Fatalf("asking: %d to %q\n%s", w.Code, w.Header().Get("Location"), w.Body)
	}
	html = b.get("/requests").Body.String()
	if !strings.Contains(html, "to cut &lt;shelves&gt;\nand a table") || !strings.Contains(html, ">open<") || strings.Contains(html, `value="badge:saw"`) {
		t.Errorf("having asked:\n%s", html)
	}
	if w := b.post("/requests", "thing", "badge:saw"); w.Code != 409 || !strings.Contains(w.Body.String(), "What you asked for") {
		t.Errorf("asking twice: %d", w.Code)
	}
	id := b.oneRequest("m-eve")
	grant := claims.Grant{ID: "trainer", At: "core-badges", Right: "award", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-ada"}}
	if _, err := b.Change(b.Context(), claims.Actor{Kind: claims.ActorOperator}, "", claims.AddGrant{Grant: grant}); err != nil {
		t.Fatal(err)
	}
	b.as("m-ada")
	html = b.get("/requests").Body.String()
	if !strings.Contains(html, "For you to answer") || !strings.Contains(html, "to cut &lt;shelves&gt;") || !strings.Contains(html, "<code>eve</code>") || strings.Count(html, `class="count">1<`) != 1 {
		t.Fatalf("the trainer's queue:\n%s", html)
	}
	if w := b.post("/requests/answer", "request", id, "outcome", "approved", "answer", "come on Monday"); w.Code != 303 || w.Header().Get("Location") != "/requests?done=approved" {
		t.Fatalf("approving: %d\n%s", w.Code, w.Body)
	}
	b.as("m-eve")
	if html := b.get("/requests").Body.String(); !strings.Contains(html, "come on Monday") || !strings.Contains(html, ">approved<") {
		t.Errorf("the answer:\n%s", html)
	}
	if held, _ := claims.Holds(b.dir, "m-eve", claims.Subject{Kind: claims.SubjectBadge, ID: "saw"}, b.now); !held {
		t.Error("eve was not given the badge")
	}
}

// oneRequest is the only request of a member.
func (b *bench) oneRequest(m claims.MemberID) string {
	b.Helper()
	list := b.dir.RequestsOf(m)
	if len(list) != 1 {
		b.Fatalf("%s has %d requests", m, len(list))
	}
	return string(list[0].ID)
}

func TestR43NobodyAnswersARequestByItsIdWhoMayNotGive(t *testing.T) {
	b := newBench(t)
	b.opens("badge:saw")
	b.as("m-eve")
	b.post("/requests", "thing", "badge:saw", "text", "a private matter")
	id := b.oneRequest("m-eve")
	for _, m := range []claims.MemberID{"m-eve", "m-ada"} {
		b.as(m)
		for _, outcome := range []string{"approved", "refused"} {
			w, missing := b.post("/requests/answer", "request", id, "outcome", outcome), b.post("/requests/answer", "request", "ghost", "outcome", outcome)
			if w.Code != 404 || missing.Code != 404 {
				t.Errorf("%s answers %s: %d; one that is not there: %d", m, outcome, w.Code, missing.Code)
			}
		}
	}
	if w := b.post("/requests/withdraw", "request", id); w.Code != 404 || strings.Contains(w.Body.String(), "private matter") {
		t.Errorf("ada withdraws eve's: %d", w.Code)
	}
	b.site = "cross-site"
	if w := b.post("/requests", "thing", "badge:saw"); w.Code != 403 {
		t.Errorf("from another site: %d", w.Code)
	}
	b.site = "same-origin"
	b.as("m-eve")
	if w := b.post("/requests/withdraw", "request", id); w.Code != 303 {
		t.Errorf("eve withdraws her own: %d", w.Code)
	}
	if w := b.post("/requests", "thing", "nonsense"); w.Code != 400 {
		t.Errorf("asking for nonsense: %d", w.Code)
	}
}

func TestWhoAsksTooOftenIsToldToWait(t *testing.T) {
	b := newBench(t)
	b.opens("badge:saw")
	b.as("m-eve")
	for range 100 {
		w := b.post("/requests", "thing", "badge:saw")
		if w.Code == 429 {
			if w.Header().Get("Retry-After") != "86400" || !strings.Contains(w.Body.String(), "ask again later") {
				t.Errorf("too often: Retry-After %q\n%s", w.Header().Get("Retry-After"), w.Body)
			}
			return
		}
		if w.Code != 303 {
			t.Fatalf("asking for the %dth time: %d\n%s", len(b.dir.RequestsOf("m-eve")), w.Code, w.Body)
		}
		for _, r := range b.dir.RequestsOf("m-eve") {
			if r.Open(b.now) {
				b.post("/requests/withdraw", "request", string(r.ID))
			}
		}
	}
	t.Error("eve asks as often as she likes")
}
