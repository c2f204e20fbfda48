package oauth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lanyard/claims"
)

func typed(code string) url.Values { return url.Values{"user_code": {code}} }

func TestACodeIsTypedAnyWayPeopleType(t *testing.T) {
	w := newWorld(t)
	code := w.begin("third", "openid email groups").text("user_code")
	for _, text := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " ") + " ", strings.ReplaceAll(code, "-", "–")} {
		r := w.onPage("ada", "user_code", text)
		for _, want := range []string{code, "The third", "Your e-mail address", "badge.laser-1", `name="decision" value="allow"`, `name="decision" value="deny"`, "ada"} {
			if r.status != 200 || !strings.Contains(r.body, want) {
				t.Errorf("typed %q: %d, no %q in %s", text, r.status, want, r.body)
			}
		}
		if strings.Contains(r.body, "<script") {
			t.Error("the page needs a script")
		}
	}
	if r := w.get(PathDevicePage, "ada", nil); r.status != 200 || !strings.Contains(r.body, `name="user_code"`) {
		t.Errorf("the empty page: %d %s", r.status, r.body)
	}
}

func TestOpeningAnAddressWithACodeStillAsks(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid") // of our own, and asked all the same
	w.consent("ada", "wiki", scopeOpenID)
	for _, q := range []url.Values{typed(begun.text("user_code")), with(typed(begun.text("user_code")), "decision", "allow", "as", "ada")} {
		if r := w.get(PathDevicePage, "ada", q); r.status != 200 || !strings.Contains(r.body, begun.text("user_code")) || !strings.Contains(r.body, "Allow") {
			t.Errorf("%v: %d %s", q, r.status, r.body)
		}
	}
	w.is("nothing came of it", w.poll("wiki", begun), 400, "authorization_pending")
	w.allow("ada", begun)
	next := w.begin("wiki", "openid")
	if r := w.onPage("ada", "user_code", next.text("user_code")); !strings.Contains(r.body, `value="allow"`) {
		t.Error("the next device was not asked about")
	}
}

func TestWhoIsNotSignedInSignsInFirst(t *testing.T) {
	w := newWorld(t)
	code := w.begin("wiki", "openid").text("user_code")
	to, v := w.get(PathDevicePage, "", typed(code)).to()
	if to != "/login" || v.Get("return") != "/device?user_code="+code {
		t.Errorf("to %s %v", to, v)
	}
	if r := w.onPage("nobody", "user_code", code, "decision", "allow"); r.status != http.StatusSeeOther {
		t.Errorf("allowed by nobody: %d", r.status)
	}
}

func TestDevicesAreAllowedFromOurOwnPageOnly(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid")
	for _, site := range []string{"cross-site", "same-site"} {
		if r := w.fromSite("ada", site, "user_code", begun.text("user_code"), "decision", "allow"); r.status != http.StatusForbidden {
			t.Errorf("%s: %d", site, r.status)
		}
	}
	if r := w.onPage("ada", "user_code", begun.text("user_code"), "as", "bob", "decision", "allow"); r.status != http.StatusForbidden {
		t.Errorf("a page of bob's, sent as ada: %d", r.status)
	}
	if r := w.onPage("ada", "user_code", begun.text("user_code"), "decision", "maybe"); r.status != http.StatusBadRequest {
		t.Errorf("neither yes nor no: %d", r.status)
	}
	w.is("nothing came of it", w.poll("wiki", begun), 400, "authorization_pending")
	r := w.get(PathDevicePage, "ada", typed(begun.text("user_code")))
	if h := r.header; h.Get("X-Frame-Options") != "DENY" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", h)
	}
}

func TestWhoMayNotLogInIsToldWhy(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid")
	for _, r := range []reply{w.get(PathDevicePage, "sue", typed(begun.text("user_code"))), w.onPage("sue", "user_code", begun.text("user_code"), "decision", "allow")} {
		if r.status != http.StatusForbidden || !strings.Contains(r.body, "You can&#39;t use The wiki now") || strings.Contains(r.body, `value="allow"`) {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	w.is("nothing came of it", w.poll("wiki", begun), 400, "authorization_pending")
	w.allow("ada", begun)
}

func TestGuessingUserCodesIsSlowedByMemberAndByAddress(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid")
	for range 2 * memberGuesses { // who types what is no code tries nothing
		if r := w.onPage("ada", "user_code", "AAAA-1111"); r.status != http.StatusNotFound {
			t.Fatalf("no code: %d", r.status)
		}
	}
	for range 2 * memberGuesses { // what is right costs nothing
		w.onPage("ada", "user_code", begun.text("user_code"))
	}
	guess := func(member string, n int) (first429 int) {
		for i := range n {
			r := w.onPage(member, "user_code", newUserCode())
			if r.status == http.StatusTooManyRequests && r.header.Get("Retry-After") != "" {
				return i
			}
			if r.status != http.StatusNotFound {
				t.Fatalf("guess %d: %d", i, r.status)
			}
		}
		return n
	}
	if n := guess("ada", memberGuesses+1); n != memberGuesses {
		t.Errorf("ada was stopped after %d guesses", n)
	}
	if r := w.onPage("ada", "user_code", begun.text("user_code"), "decision", "allow"); r.status != http.StatusTooManyRequests {
		t.Errorf("the right code among guesses: %d", r.status)
	}
	if r := w.get(PathDevicePage, "ada", typed(newUserCode())); r.status != http.StatusTooManyRequests {
		t.Errorf("by GET: %d", r.status)
	}
	if n := guess("bob", memberGuesses+1) + guess("sue", memberGuesses+1); n != 2*memberGuesses {
		t.Errorf("bob and sue were stopped after %d guesses", n)
	}
	w.do(claims.AddMember{Member: claims.Member{ID: "eve", Sub: "sub-eve", Username: "eve", State: claims.StateActive}})
	w.signIn("eve", w.clock())
	if n := guess("eve", 1); n != 0 {
		t.Errorf("a fourth member at the same address had %d guesses left", n)
	}
	w.advance(memberGuessEvery)
	w.allow("ada", begun)
}

func TestClientNamesAreTextOnTheDevicePages(t *testing.T) {
	w := newWorld(t)
	w.edit("wiki", func(c *claims.Client) { c.Name = "<script>alert(1)</script>" })
	begun := w.begin("wiki", "openid")
	r := w.onPage("ada", "user_code", begun.text("user_code"))
	done := w.onPage("ada", "user_code", begun.text("user_code"), "decision", "allow")
	bad := w.onPage("ada", "user_code", "<script>alert(1)</script>")
	if strings.Contains(r.body+done.body+bad.body, "<script>") {
		t.Error("a name or a code is markup")
	}
}
