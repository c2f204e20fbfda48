package login

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/idp/record"
)

func TestAStepUpRaisesTheSessionAndGoesBack(t *testing.T) {
	b, p, _ := halfway(t)
	b.sessions = map[string]record.Session{}
	b.factors[len(b.factors)-1].Ended = b.now // the app, so that a password signs in
	app := b.factors[len(b.factors)-1]
	b.signIn("ada")
	before, _ := b.current()
	if w := b.get("/login/step?return=/admin"); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "/security") {
		t.Errorf("without a second factor: %d", w.Code)
	}
	app.Ended = time.Time{}
	b.factors[len(b.factors)-1] = app
	b.now = b.now.Add(time.Minute)
	if w := b.get("/login/step?return=/admin"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "more than a password") {
		t.Errorf("the page: %d", w.Code)
	}
	if w := b.post("/login/step", "code", "000000", "return", "/admin"); w.Code != http.StatusUnauthorized {
		t.Errorf("a wrong code: %d", w.Code)
	}
	w := b.post("/login/step", "code", p.code(b.now), "return", "/admin")
	s, in := b.current()
	if w.Code != 303 || w.Header().Get("Location") != "/admin" || !in || s.ACR != 2 || s.ID == before.ID || !s.AuthTime.Equal(before.AuthTime) || !slices.Equal(s.AMR, []string{"pwd", "otp", "mfa"}) {
		t.Errorf("%d to %q, and %+v", w.Code, w.Header().Get("Location"), s)
	}
	if !slices.Contains(b.handed, before.ID+" to "+s.ID) {
		t.Errorf("what the old session gave is not handed over: %v", b.handed)
	}
	if w := b.get("/login/step?return=/admin"); w.Code != 303 || w.Header().Get("Location") != "/admin" {
		t.Errorf("once more: %d", w.Code)
	}
	if w := b.get("/login/step?return=//evil.example/"); w.Code != 303 || w.Header().Get("Location") != "/" {
		t.Errorf("to somewhere else: %q", w.Header().Get("Location"))
	}
}

func TestABrowserLeftOpenChangesNothing(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	b.now = b.now.Add(recently + time.Second)
	for path, form := range map[string][]string{"/security/password": {"password", "four other random words", "again", "four other random words"}, "/security/app": nil,
		"/security/app/confirm": {"sealed", "x", "code", "000000"}, "/security/recovery": nil, "/security/passkey/begin": nil, "/security/passkey": {"answer", "{}"}, "/security/factor/remove": {"factor", "x"}} {
		if w := b.post(path, form...); w.Code != 303 || w.Header().Get("Location") != "/login?again=yes&return=%2Fsecurity" {
			t.Errorf("%s: %d to %q", path, w.Code, w.Header().Get("Location"))
		}
	}
	if w := b.get("/login?again=yes&return=%2Fsecurity"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `value="ada"`) {
		t.Errorf("the sign-in page: %d", w.Code)
	}
	if b.passwords["m-ada"].PHC != goodPHC() || len(b.factors) > 0 {
		t.Error("something was changed")
	}
}

func TestOneFactorDoesNotChangeTheOther(t *testing.T) {
	b, _, _ := halfway(t)
	s := record.Session{ID: hashed(strings.Repeat("a", tokenLen)), Member: "m-ada", AuthTime: b.now, AMR: []string{"pwd"}, ACR: 1, Seen: b.now, Expires: b.now.Add(time.Hour)}
	b.sessions[s.ID], b.cookie = s, strings.Repeat("a", tokenLen)
	if w := b.post("/security/factor/remove", "factor", b.factors[len(b.factors)-1].ID); w.Code != 303 || w.Header().Get("Location") != "/login/step?return=%2Fsecurity" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestANewPasswordEndsTheOtherSignIns(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	other := b.cookie
	b.anotherBrowser()
	b.signIn("ada")
	before, _ := b.current()
	if w := b.post("/security/password", "password", "short", "again", "short"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "too short") {
		t.Errorf("a short one: %d", w.Code)
	}
	w := b.post("/security/password", "password", "four other random words", "again", "four other random words")
	s, in := b.current()
	if w.Code != 303 || !in || s.ID == before.ID || b.sessions[hashed(other)].Ended.IsZero() {
		t.Errorf("%d; this one %+v, the other %+v", w.Code, s, b.sessions[hashed(other)])
	}
	if len(b.grants) != 1 || b.grants[0].Member != "m-ada" {
		t.Errorf("of tokens, %+v ended", b.grants)
	}
	if w := b.get(w.Header().Get("Location")); !strings.Contains(w.Body.String(), "Your password is changed") {
		t.Error("the page does not say so")
	}
	b.anotherBrowser()
	if w := b.post("/login", "username", "ada", "password", goodPassword); w.Code != http.StatusUnauthorized {
		t.Errorf("the old password: %d", w.Code)
	}
}

func TestAnAppIsKeptOnceItsCodeCameBack(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	w := b.post("/security/app")
	sealed := html.UnescapeString(sealedSecret.FindStringSubmatch(w.Body.String())[1])
	if !strings.Contains(w.Body.String(), `<path d="M`) || len(b.factors) > 0 {
		t.Error("there is no picture, or something is kept already")
	}
	w = b.post("/security/app/confirm", "sealed", sealed, "code", "000000")
	if w.Code != http.StatusUnprocessableEntity || html.UnescapeString(sealedSecret.FindStringSubmatch(w.Body.String())[1]) != sealed || len(b.factors) > 0 {
		t.Errorf("a wrong code: %d, %d kept", w.Code, len(b.factors))
	}
	foreign := strings.Replace(sealed, "m-ada", "m-sus", 1)
	if w := b.post("/security/app/confirm", "sealed", foreign, "code", "000000"); w.Code != 303 || len(b.factors) > 0 {
		t.Errorf("another's form: %d", w.Code)
	}
}

func TestAnotherPhoneTakesThePlaceOfTheFirst(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	old, codes := b.setUpApp()
	b.now = b.now.Add(time.Minute)
	next, more := b.setUpApp()
	if len(more) > 0 {
		t.Error("new recovery codes were made though there are some")
	}
	b.now = b.now.Add(time.Minute)
	b.anotherBrowser()
	b.signIn("ada")
	if w := b.post("/login/second", "code", old.code(b.now)); w.Code != http.StatusUnauthorized {
		t.Errorf("the old phone: %d", w.Code)
	}
	if w := b.post("/login/second", "code", next.code(b.now)); w.Code != 303 {
		t.Errorf("the new one: %d", w.Code)
	}
	w := b.post("/security/recovery")
	if n := len(shownCode.FindAllString(w.Body.String(), -1)); n != recoveryCodes {
		t.Errorf("%d new codes are shown", n)
	}
	b.anotherBrowser()
	b.signIn("ada")
	if w := b.post("/login/second", "code", codes[0]); w.Code != http.StatusUnauthorized {
		t.Errorf("a code of before: %d", w.Code)
	}
}

func TestWithoutAnAppThePasswordIsEnoughAgain(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	b.setUpApp()
	if w := b.post("/security/factor/remove", "factor", "another's"); w.Code != http.StatusNotFound {
		t.Errorf("what is not there: %d", w.Code)
	}
	w := b.post("/security/factor/remove", "factor", b.factors[len(b.factors)-1].ID)
	if left, _ := b.Factors(t.Context(), "m-ada"); w.Code != 303 || len(left) > 0 {
		t.Errorf("%d, and %d factors are left", w.Code, len(left))
	}
	if w := b.post("/security/recovery"); w.Code != http.StatusBadRequest {
		t.Errorf("codes for no phone: %d", w.Code)
	}
	b.anotherBrowser()
	b.signIn("ada")
	if s, in := b.current(); !in || s.ACR != 1 {
		t.Errorf("afterwards %+v", s)
	}
	for _, a := range b.audited {
		if strings.Contains(a.Action, "otpauth") {
			t.Errorf("audited: %q", a.Action)
		}
	}
}
