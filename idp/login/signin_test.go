package login

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func TestSignInGivesASessionAndGoesBack(t *testing.T) {
	b := newBench(t)
	w := b.post("/login", "username", " Ada ", "password", goodPassword, "return", wikiAsks)
	if w.Code != 303 || w.Header().Get("Location") != wikiAsks {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	s, ok := b.current()
	if !ok || s.Member != "m-ada" || !s.AuthTime.Equal(b.now) || s.ACR != 1 || !slices.Equal(s.AMR, []string{"pwd"}) || s.Address != "203.0.113.9" || s.Agent != "Firefox" {
		t.Errorf("session %+v, %v", s, ok)
	}
	set := w.Header().Get("Set-Cookie")
	for _, part := range []string{"__Host-lanyard=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(set, part) {
			t.Errorf("cookie %q lacks %s", set, part)
		}
	}
	if _, stored := b.sessions[b.cookie]; stored || s.ID == b.cookie {
		t.Error("the cookie's value itself is stored")
	}
	if len(b.audited) != 1 || b.audited[0].Actor != "member:m-ada" {
		t.Errorf("audited %+v", b.audited)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Error("the answer may be stored")
	}
}

// body returns a page without what differs by request.
func body(s string) string {
	return regexp.MustCompile(`value="[^"]*"`).ReplaceAllString(s, "")
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	var pages []string
	var codes []int
	for _, who := range []string{"ada", "nosuchuser", "nopass", "ADA", "ada\x7f", strings.Repeat("x", 300), "<script>", "barred"} {
		b := newBench(t)
		w := b.post("/login", "username", who, "password", "wrong password")
		pages, codes = append(pages, body(w.Body.String())), append(codes, w.Code)
		if len(b.asked) != 1 {
			t.Errorf("%.20q: %d password queries, want 1 whoever it is", who, len(b.asked))
		}
		if w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%.20q: a cookie for a failed sign-in", who)
		}
	}
	for i := range pages {
		if pages[i] != pages[0] || codes[i] != 401 {
			t.Errorf("answer %d differs: %d\n%s\n%s", i, codes[i], pages[i], pages[0])
		}
	}
	if !strings.Contains(pages[0], "do not go together") {
		t.Errorf("page %s", pages[0])
	}
}

func TestUnknownUsersCostAHash(t *testing.T) {
	if _, _, err := checkPassword(nobody, "x"); err != nil {
		t.Fatalf("the hash for nobody: %v", err)
	}
	c, _, hash, _ := parsePHC(nobody)
	if c != usual || len(hash) != hashLen {
		t.Errorf("the hash for nobody costs %+v, want %+v", c, usual)
	}
}

// TestEveryWrongPairTakesItsTurnAtHashing has no worker free and nobody
// allowed to wait for one: who needs no hash would not notice.
func TestEveryWrongPairTakesItsTurnAtHashing(t *testing.T) {
	for who, password := range map[string]string{"ada": "wrong password", "nosuchuser": "wrong password", "nopass": "wrong password", "barred": "wrong password", "<script>": "x", "ADA": strings.Repeat("x", maxPassword+1)} {
		b := newBench(t)
		b.login.hashers = newPool(1)
		b.login.hashers.slots <- struct{}{}
		b.login.hashers.most = 0
		if w := b.post("/login", "username", who, "password", password); w.Code != 503 || len(b.asked) != 1 {
			t.Errorf("%.20q: %d after %d queries, want 503 after one, whoever it is", who, w.Code, len(b.asked))
		}
	}
}

func TestSessionPlantedBeforeSignInIsWorthNothing(t *testing.T) {
	b := newBench(t)
	b.cookie = strings.Repeat("A", 43)
	planted := b.cookie
	b.signIn("ada")
	if b.cookie == planted {
		t.Fatal("the cookie stayed the same")
	}
	first := b.cookie
	b.signIn("ada")
	if b.cookie == first {
		t.Fatal("a second sign-in kept the cookie")
	}
	second := b.cookie
	if b.cookie = first; true {
		if _, ok := b.current(); ok {
			t.Error("the cookie from before still works")
		}
	}
	if len(b.ended) != 0 {
		t.Error("signing in again ended what the same member's applications have")
	}
	if want := hashed(first) + " to " + hashed(second); len(b.fake.handed) != 1 || b.fake.handed[0] != want {
		t.Errorf("handed over: %q, want %q, so that signing out ends what the first sign-in gave", b.fake.handed, want)
	}
	b.cookie = second
	b.signIn("sus")
	if len(b.ended) != 1 {
		t.Error("what the other member's session gave goes on")
	}
	if len(b.fake.handed) != 1 {
		t.Error("one member's grants were handed to another")
	}
}

func TestSignInReturnsOnlyHere(t *testing.T) {
	for _, back := range []string{"//evil.example", "/\\evil.example", "https://evil.example", "/\tevil", "javascript:alert(1)", ""} {
		b := newBench(t)
		if w := b.post("/login", "username", "ada", "password", goodPassword, "return", back); w.Header().Get("Location") != "/" {
			t.Errorf("return %q leads to %q", back, w.Header().Get("Location"))
		}
	}
}

func TestOtherSitesCannotSignPeopleIn(t *testing.T) {
	b := newBench(t)
	for _, site := range []string{"cross-site", "same-site"} {
		b.site = site
		if w := b.post("/login", "username", "ada", "password", goodPassword); w.Code != 403 || b.cookie != "" {
			t.Errorf("%s: %d, cookie %q", site, w.Code, b.cookie)
		}
	}
	// And without the wrapper around the router, the page looks for itself.
	b.handler = http.HandlerFunc(b.login.PostLogin)
	if w := b.post("/login", "username", "ada", "password", goodPassword); w.Code != 403 {
		t.Errorf("unwrapped: %d", w.Code)
	}
}

func TestRepeatedAndBrokenFieldsAreRefused(t *testing.T) {
	b := newBench(t)
	w := b.send("POST", "/login", map[string][]string{"username": {"ada", "eve"}, "password": {goodPassword}})
	if w.Code != 400 || !strings.Contains(w.Body.String(), "<html") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.post("/login", "username", "ada\x00", "password", goodPassword); w.Code != 400 {
		t.Errorf("NUL: %d", w.Code)
	}
}

func TestSignInPageNamesTheApplicationAndLetsItsRedirectThrough(t *testing.T) {
	b := newBench(t)
	w := b.get("/login?return=" + url.QueryEscape(wikiAsks+"&login_hint=ada"))
	if !strings.Contains(w.Body.String(), "Wiki &lt;b&gt;") || strings.Contains(w.Body.String(), "<b>") {
		t.Error("the application's name is not shown, escaped")
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https://wiki.example;") {
		t.Errorf("policy %s", csp)
	}
	if !strings.Contains(w.Body.String(), `value="ada"`) {
		t.Error("login_hint is not filled in")
	}
	b.signIn("ada")
	if w := b.get("/login?return=/admin"); w.Code != 303 || w.Header().Get("Location") != "/admin" {
		t.Errorf("signed in already: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := b.get("/login?return=" + url.QueryEscape(wikiAsks)); w.Code != 200 {
		t.Errorf("asked to prove it again: %d, want the page", w.Code)
	}
}

func TestSuspendedMembersSignInBarredOnesDoNot(t *testing.T) {
	b := newBench(t)
	b.signIn("sus")
	if _, ok := b.current(); !ok {
		t.Error("a suspended member cannot see their own page")
	}
	b = newBench(t)
	w := b.post("/login", "username", "barred", "password", goodPassword)
	if w.Code != 403 || b.cookie != "" || strings.Contains(w.Body.String(), "laser") {
		t.Errorf("barred: %d, cookie %q\n%s", w.Code, b.cookie, w.Body)
	}
}

func TestSessionEndsWithItsMemberItsTimeOrItsUse(t *testing.T) {
	for name, spoil := range map[string]func(b *bench){
		"barred":   func(b *bench) { b.edit(func(m *claims.Member) { m.BarredAt = b.now }) },
		"left":     func(b *bench) { b.edit(func(m *claims.Member) { m.State = claims.StateLeft }) },
		"erased":   func(b *bench) { b.edit(func(m *claims.Member) { m.ErasedAt = b.now }) },
		"idle":     func(b *bench) { b.now = b.now.Add(12 * time.Hour) },
		"cut":      func(b *bench) { b.cookie = b.cookie[:42] },
		"other":    func(b *bench) { b.cookie = record.Random(32) },
		"no store": func(b *bench) { b.broken = claims.ErrUnavailable },
		"absolute": func(b *bench) {
			for range 30 * 24 / 6 {
				b.now = b.now.Add(6 * time.Hour)
				b.current()
			}
		},
	} {
		b := newBench(t)
		b.signIn("ada")
		if _, ok := b.current(); !ok {
			t.Fatalf("%s: no session to begin with", name)
		}
		spoil(b)
		if _, ok := b.current(); ok {
			t.Errorf("%s: the session goes on", name)
		}
	}
}

func TestSessionDoesNotComeBackWithItsMember(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	b.edit(func(m *claims.Member) { m.BarredAt = b.now })
	b.current()
	b.edit(func(m *claims.Member) { m.BarredAt = time.Time{} })
	if _, ok := b.current(); ok {
		t.Error("barred, unbarred, and the session is back")
	}
	b.signIn("ada")
}

func (b *bench) edit(change func(*claims.Member)) {
	m, _ := claims.Get[claims.Member](b.dir, "m-ada")
	change(&m)
	b.dir = b.dir.With(claims.Seq{N: b.dir.Seq().N + 1}, m)
}

func TestSeenIsKeptToTheMinute(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	begin := b.now
	for range 3 {
		b.now = b.now.Add(20 * time.Second)
		b.current()
	}
	s, _ := b.current()
	if !s.Seen.Equal(begin.Add(time.Minute)) {
		t.Errorf("seen %v after %v", s.Seen, begin)
	}
}

func TestStoreAwayIsSaidAndCostsNoTry(t *testing.T) {
	b := newBench(t)
	b.broken = claims.ErrUnavailable
	for range 10 {
		if w := b.post("/login", "username", "ada", "password", goodPassword); w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Fatalf("%d %v", w.Code, w.Header())
		}
	}
	b.broken = nil
	b.signIn("ada")
}

func TestLongPasswordsAreNotHashed(t *testing.T) {
	b := newBench(t)
	if w := b.post("/login", "username", "ada", "password", strings.Repeat("x", maxPassword+1)); w.Code != 401 {
		t.Errorf("%d", w.Code)
	}
}

func TestPageWithoutPictureSaysSo(t *testing.T) {
	b := newBench(t)
	b.dir = nil
	if w := b.get("/login"); w.Code != 200 {
		t.Errorf("GET: %d", w.Code)
	}
	if w := b.post("/login", "username", "ada", "password", goodPassword); w.Code != 503 {
		t.Errorf("POST: %d", w.Code)
	}
	if _, err := b.login.Find(httptestRequest()); !errors.Is(err, claims.ErrUnknownCaller) {
		t.Errorf("Find: %v", err)
	}
}
