package login

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lanyard/idp/record"
	"lanyard/templates"
)

func TestAPasskeyIsAddedAndListed(t *testing.T) {
	b, d := newBench(t), newDevice()
	b.signIn("ada")
	o := b.askedAt("/security/passkey/begin").PublicKey
	if o.RP.ID != "id.example.org" || o.RP.Name != "Makerspace Delft" || o.User.Name != "ada" || o.Selection.ResidentKey != "required" || o.Attestation != "none" || len(o.Exclude) > 0 {
		t.Errorf("the browser is asked for %+v", o)
	}
	if codes := b.addPasskey(d, " kitchen\x1b phone\n "); len(codes) != recoveryCodes {
		t.Errorf("%d recovery codes are shown, want %d", len(codes), recoveryCodes)
	}
	if s, in := b.current(); !in || s.ACR != 2 || !slices.Equal(s.AMR, []string{"pwd", "hwk", "user", "mfa"}) {
		t.Errorf("with the passkey added, the session is %+v", s)
	}
	kept := b.factors[0]
	if kept.ID != passkeyID(d.id) || kept.Name != "kitchen phone" || kept.Member != "m-ada" || strings.Contains(kept.Data, "clientDataJSON") {
		t.Errorf("kept is %+v", kept)
	}
	if o := b.askedAt("/security/passkey/begin").PublicKey; len(o.Exclude) != 1 || o.Exclude[0].ID != kept.ID {
		t.Errorf("a second one may be where the first is: %+v", o.Exclude)
	}
	if codes := b.addPasskey(newDevice(), ""); len(codes) > 0 {
		t.Error("recovery codes were made anew, though there are some")
	}
	page := b.get("/security?done=passkey").Body.String()
	for _, want := range []string{"kitchen phone", "A browser", "ready to sign in with", "<strong>10</strong> left"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
	if w := b.post("/security/factor/remove", "factor", kept.ID); w.Code != 303 {
		t.Errorf("remove it: %d", w.Code)
	}
	if page := b.get("/security").Body.String(); strings.Contains(page, "kitchen phone") || !strings.Contains(page, "Recovery codes") {
		t.Errorf("afterwards:\n%s", page)
	}
}

func TestAPasskeySignsInWithoutAUsername(t *testing.T) {
	for _, c := range []struct {
		knows, synced bool
		acr           int
		amr           []string
	}{
		{true, false, 2, []string{"hwk", "user", "mfa"}},
		{true, true, 2, []string{"swk", "user", "mfa"}},
		{false, false, 1, []string{"hwk", "user"}},
	} {
		b, d := newBench(t), newDevice()
		d.knows, d.synced = c.knows, c.synced
		withPasskey(b, d)
		b.now = b.now.Add(time.Hour)
		if o := b.askedAt("/login/passkey/begin").PublicKey; o.RPID != "id.example.org" || len(o.Allow) > 0 || o.Verification != "preferred" {
			t.Errorf("the browser is asked for %+v", o)
		}
		w := b.shows(d)
		s, in := b.current()
		if w.Code != 303 || w.Header().Get("Location") != "/badges" || !in || s.Member != "m-ada" || s.ACR != c.acr || !slices.Equal(s.AMR, c.amr) || !s.AuthTime.Equal(b.now) {
			t.Errorf("knows %v, synced %v: %d to %q, %+v", c.knows, c.synced, w.Code, w.Header().Get("Location"), s)
		}
		if f, _ := b.Factor(t.Context(), passkeyID(d.id)); !f.Used.Equal(b.now) {
			t.Errorf("used at %v", f.Used)
		}
	}
}

func TestAPasskeyIsTheSecondStep(t *testing.T) {
	b, d := newBench(t), newDevice()
	d.knows = false
	withPasskey(b, d)
	w := b.post("/login", "username", "ada", "password", goodPassword, "return", wikiAsks)
	page := b.get(w.Header().Get("Location"))
	if text := page.Body.String(); !strings.Contains(text, `data-begin="/login/second/passkey/begin"`) || strings.Contains(text, "your app shows") {
		t.Errorf("the page: %s", text)
	}
	o := b.askedAt("/login/second/passkey/begin")
	if len(o.PublicKey.Allow) != 1 || o.PublicKey.Allow[0].ID != passkeyID(d.id) {
		t.Errorf("the browser is asked for %+v", o)
	}
	w = b.post("/login/second", "code", "", "answer", d.uses(o), "return", wikiAsks)
	s, in := b.current()
	if w.Code != 303 || w.Header().Get("Location") != wikiAsks || !in || s.ACR != 2 || !slices.Equal(s.AMR, []string{"pwd", "hwk", "user", "mfa"}) {
		t.Errorf("%d to %q, %+v", w.Code, w.Header().Get("Location"), s)
	}
}

// TestAPasskeyAloneCountsOnce has a key without a PIN: whoever finds it is not
// let on by showing it twice.
func TestAPasskeyAloneCountsOnce(t *testing.T) {
	b, d := newBench(t), newDevice()
	d.knows = false
	withPasskey(b, d)
	b.shows(d)
	if w := b.get("/security"); w.Code != 303 || w.Header().Get("Location") != "/login/step?return=%2Fsecurity" {
		t.Errorf("with one factor of two: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := b.get("/login/step?return=/security"); !strings.Contains(w.Body.String(), "/login?again=yes&amp;return=%2Fsecurity") {
		t.Errorf("the page does not lead to the password:\n%s", w.Body)
	}
	o := b.askedAt("/login/step/passkey/begin")
	if o.PublicKey.Verification != "required" {
		t.Errorf("the browser is asked for %+v", o)
	}
	if w := b.post("/login/step", "answer", d.uses(o), "return", "/security"); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "not accepted") {
		t.Errorf("the same again: %d %s", w.Code, w.Body)
	}
	d.knows = true
	w := b.post("/login/step", "answer", d.uses(b.askedAt("/login/step/passkey/begin")), "return", "/security")
	if s, _ := b.current(); w.Code != 303 || s.ACR != 2 || !slices.Equal(s.AMR, []string{"hwk", "user", "mfa"}) {
		t.Errorf("with its PIN: %d, %+v", w.Code, s)
	}
}

func TestAPasskeyRaisesASessionByPassword(t *testing.T) {
	b, d := newBench(t), newDevice()
	b.signIn("ada")
	cookie := b.cookie
	before, _ := b.current()
	b.addPasskey(d, "")
	b.cookie = cookie // as on another device, which signed in before there was one
	before.Ended = time.Time{}
	b.sessions[before.ID] = before
	d.knows = false
	w := b.post("/login/step", "answer", d.uses(b.askedAt("/login/step/passkey/begin")), "return", "/admin")
	if s, _ := b.current(); w.Code != 303 || w.Header().Get("Location") != "/admin" || s.ACR != 2 || s.ID == before.ID || !s.AuthTime.Equal(before.AuthTime) {
		t.Errorf("%d to %q, %+v", w.Code, w.Header().Get("Location"), s)
	}
}

func TestWithoutScriptsARecoveryCodeStandsInForThePasskey(t *testing.T) {
	b := newBench(t)
	codes := withPasskey(b, newDevice())
	b.signIn("ada")
	if _, in := b.current(); in {
		t.Fatal("the password alone signs in")
	}
	if w := b.get("/login/second"); !strings.Contains(w.Body.String(), "One of your recovery codes") {
		t.Errorf("the page: %s", w.Body)
	}
	if w := b.post("/login/second", "code", codes[0]); w.Code != 303 {
		t.Errorf("with a code: %d", w.Code)
	}
	if s, in := b.current(); !in || s.ACR != 2 {
		t.Errorf("it gives %+v", s)
	}
}

func TestOneAnswerOfAPasskeySignsInOnce(t *testing.T) {
	b, d := newBench(t), newDevice()
	withPasskey(b, d)
	answer := d.uses(b.askedAt("/login/passkey/begin"))
	question := b.question
	var in atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			c := &bench{T: t, fake: b.fake, login: b.login, handler: b.handler, now: b.now, site: b.site, addr: b.addr, question: question}
			if w := c.post("/login/passkey", "answer", answer); w.Code == 303 && c.cookie != "" {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("%d of them are signed in, want 1", in.Load())
	}
	b.question = question
	if w := b.post("/login/passkey", "answer", answer); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "sent already") {
		t.Errorf("later: %d", w.Code)
	}
}

func TestOnlyPagesThatAskForPasskeysRunScripts(t *testing.T) {
	b, d := newBench(t), newDevice()
	policies := func(path string) bool {
		w := b.get(path)
		runs := strings.Contains(w.Header().Get("Content-Security-Policy"), "script-src 'self'; connect-src 'self'")
		if has := strings.Contains(w.Body.String(), `<script type="module" src="`+templates.Passkey+`">`); has != runs {
			t.Errorf("%s: it has the script: %v, and may run it: %v", path, has, runs)
		}
		return runs
	}
	if !policies("/login") {
		t.Error("the sign-in page asks for no passkey")
	}
	b.signIn("ada")
	b.setUpApp()
	b.anotherBrowser()
	b.now = b.now.Add(time.Minute)
	b.signIn("ada")
	if policies("/login/second") {
		t.Error("somebody with an app alone is asked for a passkey")
	}
	b = newBench(t)
	withPasskey(b, d)
	b.signIn("ada")
	if !policies("/login/second") || policies("/logout") {
		t.Error("somebody with a passkey is not asked for it, or is as they sign out")
	}
	b.shows(d)
	if !policies("/security") {
		t.Error("none can be added")
	}
	b.login.party = newParty("http://127.0.0.1:8080")
	if b.anotherBrowser(); policies("/login") {
		t.Error("an address asks for passkeys")
	}
}

func TestThereAreNoPasskeysAtAnAddress(t *testing.T) {
	for issuer, want := range map[string]bool{"http://127.0.0.1:8080": false, "http://[::1]:8080": false, "http://localhost:8080": true, "https://id.example.org": true, "": false} {
		if got := newParty(issuer) != nil; got != want {
			t.Errorf("%q: %v, want %v", issuer, got, want)
		}
	}
	b := newBench(t)
	b.login.party = nil
	b.signIn("ada")
	if text := b.get("/security").Body.String(); strings.Contains(text, "Add a passkey") || !strings.Contains(text, "bare address") {
		t.Errorf("the page: %s", text)
	}
	for path, want := range map[string]int{"/login/passkey/begin": 404, "/security/passkey/begin": 404, "/login/step/passkey/begin": 404, "/login/passkey": 401, "/security/passkey": 422} {
		if w := b.post(path, "answer", "{}"); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if slices.ContainsFunc(b.factors, func(f record.Factor) bool { return f.Kind == record.FactorPasskey }) {
		t.Error("one was kept")
	}
}

func TestWhatABrowserHoldsBetweenStepsIsGuarded(t *testing.T) {
	b := newBench(t)
	withPasskey(b, newDevice())
	for path, want := range map[string]struct {
		name string
		life time.Duration
	}{"/login": {secondCookie, secondLife}, "/login/passkey/begin": {passkeyCookie, passkeyLife}} {
		cookies := b.post(path, "username", "ada", "password", goodPassword).Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%s gives %d cookies", path, len(cookies))
		}
		k := cookies[0]
		if k.Name != "__Host-"+want.name || k.MaxAge != int(want.life/time.Second) || !k.HttpOnly || !k.Secure || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" {
			t.Errorf("%s gives %s", path, k.Raw)
		}
		if strings.Contains(k.Value, "m-ada") || len(k.Value) > 3000 {
			t.Errorf("%s gives %d bytes: %s", path, len(k.Value), k.Value)
		}
	}
}
