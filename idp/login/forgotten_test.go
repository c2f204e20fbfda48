package login

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

// posting has letters sent, and returns to whom.
func posting(b *bench) chan claims.MemberID {
	sent := make(chan claims.MemberID, 100)
	b.login.SendForgotten = func(_ context.Context, m claims.Member) error {
		sent <- m.ID
		return nil
	}
	ada, _ := claims.Get[claims.Member](b.dir, "m-ada")
	ada.Email = "ada@example.org"
	bar, _ := claims.Get[claims.Member](b.dir, "m-bar")
	bar.Email = "bar@example.org"
	b.dir = b.dir.With(claims.Seq{N: 2}, ada, bar, claims.Member{ID: "m-t1", Sub: "t1", Username: "twin1", Email: "twins@example.org", State: claims.StateActive},
		claims.Member{ID: "m-t2", Sub: "t2", Username: "twin2", Email: "twins@example.org", State: claims.StateActive})
	return sent
}

// settled waits until no letter is being written.
func (b *bench) settled() {
	for range forgottenAtOnce {
		b.login.forgotten <- struct{}{}
	}
	for range forgottenAtOnce {
		<-b.login.forgotten
	}
}

func TestAForgottenPasswordBringsALetterAndTellsNobody(t *testing.T) {
	for who, want := range map[string]claims.MemberID{
		"ada": "m-ada", " Ada ": "m-ada", "ADA@example.org": "m-ada", "twin1": "m-t1", "twins@example.org": "", "nobody": "", "nobody@example.org": "", "barred": "", "bar@example.org": "", "sus": "",
	} {
		b := newBench(t)
		sent := posting(b)
		w := b.post("/login/forgotten", "who", who)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "If there is such an account") || strings.Contains(w.Body.String(), strings.TrimSpace(who)) {
			t.Errorf("%q: %d\n%s", who, w.Code, w.Body)
		}
		b.settled()
		var got claims.MemberID
		if len(sent) > 0 {
			got = <-sent
		}
		if got != want || len(sent) > 0 {
			t.Errorf("%q: a letter to %q, want %q; %d more", who, got, want, len(sent))
		}
	}
}

func TestAskingForLettersIsSlowed(t *testing.T) {
	b := newBench(t)
	sent := posting(b)
	slowed := 0
	for range 12 {
		if w := b.post("/login/forgotten", "who", "ada"); w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") != "" {
			slowed++
		}
	}
	b.settled()
	if slowed == 0 || len(sent)+slowed != 12 {
		t.Errorf("of twelve, %d were slowed and %d letters sent", slowed, len(sent))
	}
	if w := b.post("/login/forgotten", "who", "twin1"); w.Code != http.StatusOK {
		t.Errorf("somebody else in the house meanwhile: %d", w.Code)
	}
	b.now = b.now.Add(time.Hour)
	if w := b.post("/login/forgotten", "who", "ada"); w.Code != http.StatusOK {
		t.Errorf("later: %d", w.Code)
	}
	for _, who := range []string{"", strings.Repeat("x", 255)} {
		if w := b.post("/login/forgotten", "who", who); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%.5q: %d", who, w.Code)
		}
	}
	b.site = "cross-site"
	if w := b.post("/login/forgotten", "who", "twin2"); w.Code != http.StatusForbidden {
		t.Errorf("from another site: %d", w.Code)
	}
}

func TestWithoutMailNobodyIsOfferedALetter(t *testing.T) {
	b := newBench(t)
	if w := b.get("/login"); strings.Contains(w.Body.String(), "/login/forgotten") || !strings.Contains(w.Body.String(), "Ask an organiser") {
		t.Error("the sign-in page offers one")
	}
	for _, code := range []int{b.get("/login/forgotten").Code, b.post("/login/forgotten", "who", "ada").Code} {
		if code != http.StatusNotFound {
			t.Errorf("%d", code)
		}
	}
	posting(b)
	if w := b.get("/login"); !strings.Contains(w.Body.String(), `href="/login/forgotten"`) {
		t.Error("with mail, the sign-in page does not offer one")
	}
}
