package login

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func TestAnAppIsAskedForAfterThePassword(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	p, codes := b.setUpApp()
	if s, ok := b.current(); !ok || s.ACR != 2 || !slices.Equal(s.AMR, []string{"pwd", "otp", "mfa"}) {
		t.Errorf("with the app set up, the session is %+v", s)
	}
	if len(codes) != recoveryCodes {
		t.Errorf("%d recovery codes were shown, want %d", len(codes), recoveryCodes)
	}
	b.anotherBrowser()
	b.now = b.now.Add(time.Minute)
	w := b.post("/login", "username", "ada", "password", goodPassword, "return", wikiAsks)
	if _, in := b.current(); in || w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/login/second?return=") {
		t.Fatalf("after the password: signed in %v, %d to %q", in, w.Code, w.Header().Get("Location"))
	}
	if w := b.get(w.Header().Get("Location")); w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Security-Policy"), "https://wiki.example") {
		t.Errorf("the page: %d, policy %q", w.Code, w.Header().Get("Content-Security-Policy"))
	}
	w = b.post("/login/second", "code", " "+p.code(b.now)[:3]+" "+p.code(b.now)[3:], "return", wikiAsks)
	s, in := b.current()
	if w.Code != 303 || w.Header().Get("Location") != wikiAsks || !in || s.ACR != 2 || !slices.Equal(s.AMR, []string{"pwd", "otp", "mfa"}) || !s.AuthTime.Equal(b.now) {
		t.Errorf("after the code: %d to %q, %+v", w.Code, w.Header().Get("Location"), s)
	}
}

// halfway is a browser whose password was right, at the second step.
func halfway(t *testing.T) (*bench, phone, []string) {
	t.Helper()
	b := newBench(t)
	b.signIn("ada")
	p, codes := b.setUpApp()
	b.anotherBrowser()
	b.now = b.now.Add(time.Minute)
	b.signIn("ada")
	return b, p, codes
}

func TestRFC6238Section52ACodeWorksOnce(t *testing.T) {
	b, p, _ := halfway(t)
	code := p.code(b.now)
	if w := b.post("/login/second", "code", code); w.Code != 303 {
		t.Fatalf("the first time: %d", w.Code)
	}
	b.anotherBrowser()
	b.signIn("ada")
	for what, code := range map[string]string{"again": code, "the one before it": p.code(b.now.Add(-totpPeriod * time.Second)), "far ahead": p.code(b.now.Add(3 * totpPeriod * time.Second)),
		"far behind": p.code(b.now.Add(-3 * totpPeriod * time.Second)), "none": "", "letters": "abcdef"} {
		if w := b.post("/login/second", "code", code); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "not right") {
			t.Errorf("%s: %d", what, w.Code)
		}
		if _, in := b.current(); in {
			t.Fatalf("%s signed in", what)
		}
		b.now = b.now.Add(time.Second) // of one step
	}
	b.now = b.now.Add(totpPeriod * time.Second)
	if w := b.post("/login/second", "code", p.code(b.now)); w.Code != 303 && w.Code != http.StatusTooManyRequests {
		t.Errorf("the next code: %d", w.Code)
	}
}

func TestAClockThatIsSlightlyWrongWillDo(t *testing.T) {
	for _, off := range []time.Duration{-totpPeriod * time.Second, totpPeriod * time.Second} {
		b, p, _ := halfway(t)
		b.now = b.now.Add(time.Minute)
		if w := b.post("/login/second", "code", p.code(b.now.Add(off))); w.Code != 303 {
			t.Errorf("%v off: %d", off, w.Code)
		}
	}
}

func TestARecoveryCodeStandsInForThePhoneOnce(t *testing.T) {
	b, _, codes := halfway(t)
	if w := b.post("/login/second", "code", strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if s, in := b.current(); !in || s.ACR != 2 {
		t.Errorf("it gives %+v", s)
	}
	if w := b.get("/security"); !strings.Contains(w.Body.String(), "<strong>9</strong> left") {
		t.Errorf("the page does not say that nine are left:\n%s", w.Body)
	}
	b.anotherBrowser()
	b.signIn("ada")
	for _, code := range []string{codes[3], "aaaaa-aaaaa"} {
		if w := b.post("/login/second", "code", code); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", code, w.Code)
		}
	}
	for _, f := range b.factors {
		if f.Kind == record.FactorRecovery && !strings.HasPrefix(f.ID, "hash of m-ada ") {
			t.Errorf("a code is kept as it is typed: %s", f.ID)
		}
	}
}

func TestGuessingCodesIsSlowed(t *testing.T) {
	b, p, _ := halfway(t)
	var slowed int
	for range 10 {
		if w := b.post("/login/second", "code", "000000"); w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") != "" {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("ten wrong codes at once were all looked at")
	}
	if w := b.post("/login/second", "code", p.code(b.now)); w.Code != http.StatusTooManyRequests {
		t.Errorf("the right one meanwhile: %d", w.Code)
	}
	b.now = b.now.Add(pairLimit.most)
	b.signIn("ada")
	if w := b.post("/login/second", "code", p.code(b.now)); w.Code != 303 {
		t.Errorf("later: %d", w.Code)
	}
}

func TestOneOfManyWinsTheSecondStep(t *testing.T) {
	b, p, _ := halfway(t)
	code := p.code(b.now)
	var in atomic.Int32
	var all sync.WaitGroup
	for range 4 { // fewer than slow anybody down
		all.Go(func() {
			c := &bench{T: t, fake: b.fake, login: b.login, handler: b.handler, now: b.now, site: b.site, addr: b.addr, half: b.half}
			if w := c.post("/login/second", "code", code); w.Code == 303 && c.cookie != "" {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("%d of them are signed in, want 1", in.Load())
	}
}

func TestTheFirstStepAloneOpensNothing(t *testing.T) {
	for what, spoil := range map[string]func(*bench){
		"no first step": func(b *bench) { b.half = "" },
		"a made-up one": func(b *bench) { b.half = strings.Repeat("x", tokenLen) },
		"too late":      func(b *bench) { b.now = b.now.Add(secondLife) },
		"another password": func(b *bench) {
			b.passwords["m-ada"] = record.Password{Member: "m-ada", PHC: goodPHC(), Changed: b.now.Add(time.Second)}
		},
		"barred meanwhile": func(b *bench) {
			m, _ := claims.Get[claims.Member](b.dir, "m-ada")
			m.BarredAt = b.now
			b.dir = b.dir.With(claims.Seq{N: b.dir.Seq().N + 1}, m)
		},
	} {
		b, p, _ := halfway(t)
		spoil(b)
		if w := b.post("/login/second", "code", p.code(b.now), "return", "/x"); w.Code != 303 || w.Header().Get("Location") != "/login?return=%2Fx" {
			t.Errorf("%s: %d to %q", what, w.Code, w.Header().Get("Location"))
		}
		if _, in := b.current(); in {
			t.Errorf("%s: signed in", what)
		}
	}
	b, _, _ := halfway(t)
	for _, path := range []string{"/security", "/login/step"} {
		if w := b.get(path); w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/login?") {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	b.site = "cross-site"
	if w := b.post("/login/second", "code", "000000"); w.Code != http.StatusForbidden {
		t.Errorf("from another site: %d", w.Code)
	}
}
