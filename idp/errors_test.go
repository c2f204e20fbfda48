package idp

import (
	"strings"
	"testing"

	"lanyard/claims"
)

func TestWhoIsSignedInKeepsTheMenuWhereThereIsNothing(t *testing.T) {
	f := newFace(t)
	root, ada := f.signedIn("root"), f.signedIn("ada")
	for _, c := range []struct {
		by     *caller
		target string
		status int
		words  []string
	}{
		{root, "/nowhere", 404, []string{`href="/admin"`, "Back to your page", "Sign out"}},
		{ada, "/nowhere", 404, []string{`href="/badges"`, "Back to your page"}},
		{ada, "/admin", 403, []string{`href="/badges"`, "Back to your page"}},
		{f.stranger(), "/nowhere", 404, []string{"To the first page"}},
	} {
		w := c.by.send("GET", c.target, "")
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d", c.target, w.Code, c.status)
		}
		for _, word := range c.words {
			if !strings.Contains(w.Body.String(), word) {
				t.Errorf("%s lacks %q:\n%s", c.target, word, w.Body)
			}
		}
	}
	if html := f.stranger().send("GET", "/nowhere", "").Body.String(); strings.Contains(html, "<nav") || strings.Contains(html, "Sign out") {
		t.Errorf("a stranger is shown a menu:\n%s", html)
	}
}

func TestWhoComesFromADisabledApplicationIsToldSoAndTheLogToo(t *testing.T) {
	f := newFace(t)
	f.change(claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: "wiki"}})
	w := f.signedIn("ada").send("GET", "/authorize?client_id=wiki&response_type=code&redirect_uri=https://wiki.example/cb", "")
	for _, word := range []string{"This application is switched off", "Wiki is switched off at the moment", `href="/badges"`} {
		if w.Code != 400 || !strings.Contains(w.Body.String(), word) {
			t.Errorf("%d, without %q: %s", w.Code, word, w.Body)
		}
	}
	if log := f.logged(); !strings.Contains(log, "client wiki: disabled") {
		t.Errorf("the log says nothing of it:\n%s", log)
	}
	if w := f.stranger().send("GET", "/authorize?client_id=nobody&response_type=code", ""); !strings.Contains(w.Body.String(), "is not known") {
		t.Errorf("one that is not there: %s", w.Body)
	}
}
