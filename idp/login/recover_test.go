package login

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

func TestAWayBackInEndsWhatWasLost(t *testing.T) {
	const next = "four wild words here"
	for keep, ended := range map[string]int{"": 1, "keep": 0} {
		b := newBench(t)
		b.dir = b.dir.With(claims.Seq{N: 2}, claims.WiFiPass{ID: "phone", Member: "m-ada", Login: "ada.phone", Verifier: "v"}, claims.WiFiPass{ID: "old", Member: "m-ada", Login: "ada.old", Verifier: "v", Revoked: b.now})
		b.signIn("ada")
		p, codes := b.setUpApp()
		stolen := b.cookie
		b.anotherBrowser()
		path := b.link(PurposeRecover, "m-ada")
		if w := b.get(path); w.Code != 200 || !strings.Contains(w.Body.String(), "<strong>ada</strong>") || !strings.Contains(w.Body.String(), "Keep my WiFi passes") {
			t.Fatalf("the page: %d\n%s", w.Code, w.Body)
		}
		if w := b.post(path, "password", "short", "again", "short"); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("a short password: %d", w.Code)
		}
		w := b.post(path, "password", next, "again", next, "passes", keep)
		if w.Code != 303 || w.Header().Get("Location") != "/login?done=recover" {
			t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
		}
		if w := b.get(w.Header().Get("Location")); !strings.Contains(w.Body.String(), "set up your phone anew") {
			t.Error("the sign-in page does not say what comes next")
		}
		if left, _ := b.Factors(t.Context(), "m-ada"); len(left) > 0 {
			t.Errorf("%d factors are left", len(left))
		}
		b.cookie = stolen
		if _, in := b.current(); in {
			t.Error("the lost phone is still signed in")
		}
		revoked := 0
		for _, intents := range b.changes {
			for _, in := range intents {
				if r, ok := in.(claims.RevokePass); ok && r.Pass == "phone" {
					revoked++
				}
			}
		}
		if revoked != ended || len(b.grants) != 1 {
			t.Errorf("%q: %d WiFi passes ended, want %d; of tokens %+v", keep, revoked, ended, b.grants)
		}
		b.anotherBrowser()
		if w := b.post("/login", "username", "ada", "password", next); w.Code != 303 || w.Header().Get("Location") != "/" {
			t.Errorf("with the new password: %d to %q", w.Code, w.Header().Get("Location"))
		}
		for _, code := range []string{codes[0], p.code(b.now)} {
			if w := b.post("/login/second", "code", code); w.Code != 303 || w.Header().Get("Location") != "/login?return=%2F" {
				t.Errorf("an old code: %d", w.Code)
			}
		}
		if w := b.get(path); w.Code != http.StatusConflict {
			t.Errorf("the link once more: %d", w.Code)
		}
	}
}

func TestAWayBackInIsShortAndForOneThing(t *testing.T) {
	b := newBench(t)
	late, link := NewLink(PurposeRecover, "m-ada", b.now.Add(-RecoverLife), RecoverLife)
	b.links[link.ID] = link
	password, recover := b.link(PurposePassword, "m-ada"), b.link(PurposeRecover, "m-ada")
	barred := b.link(PurposeRecover, "m-bar")
	for path, want := range map[string]int{
		late: http.StatusGone, barred: http.StatusNotFound,
		strings.Replace(password, "/password/", "/recover/", 1): http.StatusNotFound, strings.Replace(recover, "/recover/", "/password/", 1): http.StatusNotFound,
	} {
		for _, code := range []int{b.get(path).Code, b.post(path, "password", "four wild words here", "again", "four wild words here").Code} {
			if code != want {
				t.Errorf("%.12s…: %d, want %d", path, code, want)
			}
		}
	}
	b.now = b.now.Add(time.Minute)
	b.signIn("ada")
	if w := b.post("/security/password", "password", "four other random words", "again", "four other random words"); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	if w := b.get(recover); w.Code != http.StatusGone {
		t.Errorf("after she changed her password herself: %d", w.Code)
	}
}
