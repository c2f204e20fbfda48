package doors

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func answered(t *testing.T, w *httptest.ResponseRecorder) answer {
	t.Helper()
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s, want an answer (%v)", w.Code, w.Body, err)
	}
	return a
}

func TestR10DeviceWithoutGateAsksNoBadge(t *testing.T) {
	s := newSpace(t)
	if a := answered(t, s.ask("front-door", cred(adaCard))); a.Decision != 1 || a.Reason != claims.ReasonOK {
		t.Errorf("a member without badges at a door without gates: %+v", a)
	}
}

func TestR11RefusalSaysWhichBadgeIsMissing(t *testing.T) {
	s := newSpace(t)
	a := answered(t, s.ask("laser-box", cred(adaCard)))
	if a.Decision != 0 || a.Reason != claims.ReasonMissingBadge || !strings.Contains(a.Text, "Laser 1") || a.Hint != 1 {
		t.Errorf("without the badge: %+v, want Laser 1 named and the hint that she can mend it", a)
	}
	want := record.Event{At: noon, Front: "door", Device: "d-laser", Member: "ada", Right: "operate", Location: "laser", Reason: claims.ReasonMissingBadge}
	if len(s.events) != 1 || s.events[0] != want {
		t.Errorf("events %+v, want %+v", s.events, want)
	}
}

func TestR12SwipeWithTheBadgeOpensUntilItEnds(t *testing.T) {
	s := newSpace(t)
	ends := noon.Add(90 * time.Minute)
	s.change(claims.Award{ID: "aw1", Badge: "laser-1", Member: "ada", On: noon.Add(-time.Hour), Expires: ends})
	if a := answered(t, s.ask("laser-box", cred(adaCard))); a.Decision != 1 || a.Until != ends.Unix() {
		t.Errorf("with the badge: %+v, want open until %d", a, ends.Unix())
	}
	if len(s.events) != 1 || !s.events[0].Allow {
		t.Errorf("events %+v", s.events)
	}
	s.now = ends
	if a := answered(t, s.ask("laser-box", cred(adaCard))); a.Decision != 0 || a.Reason != claims.ReasonMissingBadge {
		t.Errorf("when it has ended: %+v", a)
	}
}

func TestR45RevokedBadgeClosesTheDeviceAtOnce(t *testing.T) {
	s := newSpace(t)
	s.change(claims.Award{ID: "aw1", Badge: "laser-1", Member: "ada", On: noon.Add(-time.Hour)})
	if a := answered(t, s.ask("laser-box", cred(adaCard))); a.Decision != 1 || a.Until != 0 {
		t.Errorf("with the badge: %+v, want open without end", a)
	}
	s.change(claims.Award{ID: "aw1", Badge: "laser-1", Member: "ada", On: noon.Add(-time.Hour), Revoked: noon, RevokeReason: "x"})
	if a := answered(t, s.ask("laser-box", cred(adaCard))); a.Decision != 0 {
		t.Errorf("after it was revoked: %+v", a)
	}
}

func TestR20SuspendedMemberStaysOutside(t *testing.T) {
	s := newSpace(t)
	if a := answered(t, s.ask("front-door", cred(benCard))); a.Decision != 0 || a.Reason != "member_suspended" {
		t.Errorf("suspended: %+v", a)
	}
}

func TestUnknownAndLostCardsAreRefused(t *testing.T) {
	for uid, want := range map[string]claims.Reason{"ffffffff": claims.ReasonUnknownCredential, lostCard: "credential_lost"} {
		s := newSpace(t)
		if a := answered(t, s.ask("front-door", cred(uid))); a.Decision != 0 || a.Reason != want {
			t.Errorf("card %s: %+v, want %s", uid, a, want)
		}
		if len(s.events) != 1 || s.events[0].Reason != want {
			t.Errorf("card %s: events %+v", uid, s.events)
		}
	}
}

func TestDeviceMustProveWhoItIs(t *testing.T) {
	s := newSpace(t)
	for name, c := range map[string]struct {
		client claims.ClientID
		secret string
		status int
	}{
		"another device's secret": {"front-door", "secret of laser-box", 401},
		"no secret":               {"front-door", "", 401},
		"unknown client":          {"nobody", "secret of nobody", 401},
		"disabled client":         {"disabled-door", "secret of disabled-door", 401},
		"a public client":         {"public-door", "secret of public-door", 401},
		"client of no device":     {"wiki", "secret of wiki", 403},
		"removed device":          {"gone-door", "secret of gone-door", 403},
	} {
		w := s.askWith(c.client, c.secret, cred(adaCard))
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.status, w.Body)
		}
		if ways := w.Header().Values("WWW-Authenticate"); c.status == 401 && len(ways) != 3 {
			t.Errorf("%s: WWW-Authenticate %q, want Basic, Bearer and DPoP", name, ways)
		}
		if body := w.Body.String(); c.status == 401 && (!strings.Contains(body, "id or its secret is wrong") || strings.Contains(body, "Sign in")) {
			t.Errorf("%s: a program is told %s", name, body)
		}
	}
	if len(s.events) != 0 {
		t.Errorf("events of callers unknown: %+v", s.events)
	}
}

func TestWrongMethodIsRefused(t *testing.T) {
	s := newSpace(t)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/device/v1/decide?cred=uid:04a1b2c3", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
}

func TestDoorPassOpensOnce(t *testing.T) {
	s := newSpace(t)
	s.passes["p1"] = "ada"
	if a := answered(t, s.ask("front-door", `{"cred":"pass:p1"}`)); a.Decision != 1 {
		t.Errorf("first: %+v", a)
	}
	if a := answered(t, s.ask("front-door", `{"cred":"pass:p1"}`)); a.Decision != 0 || a.Reason != "credential_spent" {
		t.Errorf("again: %+v", a)
	}
	for err, want := range map[error]claims.Reason{claims.ErrNotFound: claims.ReasonUnknownCredential, claims.ErrDenied: claims.ReasonUnknownCredential, claims.ErrExpired: "credential_expired"} {
		s.passFail = fmt.Errorf("pass: %w", err)
		if a := answered(t, s.ask("front-door", `{"cred":"pass:p2"}`)); a.Decision != 0 || a.Reason != want {
			t.Errorf("%v: %+v, want %s", err, a, want)
		}
	}
	s.passFail = claims.ErrUnavailable
	if w := s.ask("front-door", `{"cred":"pass:p2"}`); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("with the database away: %d", w.Code)
	}
	if len(s.events) != 5 {
		t.Errorf("%d events, want one for each answer", len(s.events))
	}
}

func TestBadRequestsGetAProblemNotAnAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"nothing":          {"", 400},
		"no object":        {`["uid:04a1b2c3"]`, 400},
		"cut off":          {`{"cred":"uid:04a1b2c3"`, 400},
		"something after":  {`{"cred":"uid:04a1b2c3"}{}`, 400},
		"twice":            {`{"cred":"uid:04a1b2c3","cred":"uid:04a1b2c4"}`, 400},
		"another spelling": {`{"Cred":"uid:04a1b2c3"}`, 400},
		"a nested one":     {`{"cred":{"uid":"04a1b2c3"}}`, 400},
		"null":             {`{"cred":null}`, 400},
		"no card":          {`{"cred":"open sesame"}`, 400},
		"a PIN":            {`{"cred":"pin:123456"}`, 400},
		"a negative time":  {`{"cred":"uid:04a1b2c3","at":-1}`, 400},
		"a fraction":       {`{"cred":"uid:04a1b2c3","at":1.5}`, 400},
		"a huge time":      {`{"cred":"uid:04a1b2c3","at":99999999999999999999}`, 400},
		"too long a card":  {`{"cred":"` + strings.Repeat("0", maxCred+1) + `"}`, 400},
		"too long a nonce": {`{"cred":"uid:04a1b2c3","nonce":"` + strings.Repeat("0", maxNonce+1) + `"}`, 400},
		"too long a body":  {`{"cred":"uid:04a1b2c3"` + strings.Repeat(" ", MaxBody) + `}`, 413},
	} {
		s := newSpace(t)
		if w := s.ask("front-door", c.body); w.Code != c.status {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, c.status)
		}
		if len(s.events) != 0 {
			t.Errorf("%s: recorded %+v", name, s.events)
		}
	}
}

func TestABodyThatIsNotCalledJSONIsToldSo(t *testing.T) {
	s := newSpace(t)
	for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain", ""} { // the first is what curl -d sends by itself
		r := httptest.NewRequest(http.MethodPost, "/device/v1/decide", strings.NewReader(cred(adaCard)))
		r.Header.Set("Content-Type", kind)
		r.SetBasicAuth("front-door", "secret of front-door")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "content-type: must be application/json") {
			t.Errorf("%q: %d %s", kind, w.Code, w.Body)
		}
	}
}

func TestNoAnswerWhileThePictureIsNotWhole(t *testing.T) {
	s := newSpace(t)
	s.ready = fmt.Errorf("no picture yet: %w", claims.ErrUnavailable)
	if w := s.ask("front-door", cred(adaCard)); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q; want 503 with one", w.Code, w.Header().Get("Retry-After"))
	}
}

func TestDoorOpensAlsoWhenItsLogCannotBeWritten(t *testing.T) {
	s := newSpace(t)
	s.eventFail = errDatabase
	if a := answered(t, s.ask("front-door", cred(adaCard))); a.Decision != 1 {
		t.Errorf("%+v", a)
	}
	if !strings.Contains(s.log.String(), "door event not recorded") {
		t.Errorf("the log does not say so:\n%s", s.log.String())
	}
}

func TestGuessingCardsIsLimitedPerDevice(t *testing.T) {
	s := newSpace(t)
	s.passes["p1"] = "ada"
	guess := func(i int) string { return cred(fmt.Sprintf("ee%06x", i)) }
	for i := range guessesMost {
		if w := s.ask("front-door", guess(i)); w.Code != http.StatusOK {
			t.Fatalf("guess %d: %d", i, w.Code)
		}
	}
	w := s.ask("front-door", guess(99))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "2" {
		t.Errorf("guess %d: %d, Retry-After %q; want 429 and 2", guessesMost+1, w.Code, w.Header().Get("Retry-After"))
	}
	if w := s.ask("front-door", cred(adaCard)); w.Code != http.StatusTooManyRequests {
		t.Errorf("a known card meanwhile: %d, want it put off as well", w.Code)
	}
	if a := answered(t, s.ask("front-door", `{"cred":"pass:p1"}`)); a.Decision != 1 {
		t.Errorf("a door pass meanwhile: %+v", a)
	}
	answered(t, s.ask("laser-box", guess(1))) // another device is not concerned
	s.now = noon.Add(guessEvery)
	if a := answered(t, s.ask("front-door", cred(adaCard))); a.Decision != 1 {
		t.Errorf("two seconds later: %+v", a)
	}
	answered(t, s.ask("front-door", guess(100)))
	if w := s.ask("front-door", guess(101)); w.Code != http.StatusTooManyRequests {
		t.Errorf("a second guess in two seconds: %d", w.Code)
	}
	s.now = noon.Add(time.Hour)
	for i := range guessesMost {
		answered(t, s.ask("front-door", guess(i)))
	}
}

func TestNoCardIsFoundByWhatStandsForAnUnknownOne(t *testing.T) {
	for _, id := range []claims.ID{"none", "unknown", "-", "0"} {
		s := newSpace(t)
		s.change(claims.Credential{ID: id, Member: "ada", Kind: "uid", Lookup: s.ring.CardLookup("uid:0badcafe"), Status: claims.CredentialActive})
		if a := answered(t, s.ask("front-door", cred("deadbeef"))); a.Decision != 0 || a.Reason != claims.ReasonUnknownCredential {
			t.Errorf("an unknown card, while a card has the id %q: %+v", id, a)
		}
	}
	bind := claims.BindCredential{Credential: claims.Credential{ID: noCredential, Member: "ada", Kind: "uid", Lookup: "l", Sealed: "s"}}
	if _, err := claims.Plan(newSpace(t).directory, claims.Actor{Kind: claims.ActorOperator}, noon, bind); !errors.Is(err, claims.ErrInvalid) {
		t.Errorf("a card with the id %q: %v, want ErrInvalid", noCredential, err)
	}
}

func TestCardNumbersAndPassesAreKeptNowhere(t *testing.T) {
	s := newSpace(t)
	s.passes["verysecretpass"] = "ada"
	var answers strings.Builder
	for _, body := range []string{cred(adaCard), cred("deadbeef"), cred(lostCard), `{"cred":"deadbeefzz"}`, `{"cred":"deadbeef"`, `{"cred":"pass:verysecretpass"}`, `{"cred":"pass:verysecretpass"}`, `{"deadbeef":1}`} {
		answers.WriteString(s.ask("front-door", body).Body.String())
	}
	for _, secret := range []string{adaCard, "deadbeef", lostCard, "verysecretpass"} {
		if strings.Contains(s.log.String(), secret) || strings.Contains(answers.String(), secret) || strings.Contains(fmt.Sprint(s.events), secret) {
			t.Errorf("%q is in the log, an answer or an event:\n%s\n%s", secret, s.log.String(), answers.String())
		}
	}
}

func TestLongestAnswerFits(t *testing.T) {
	s := newSpace(t)
	s.change(claims.Member{ID: "ada", Sub: "ada", Username: "ada", Name: strings.Repeat("☕<\"\x01", 40), GivenName: strings.Repeat("𝔸\"<&", 40), State: claims.StateActive, PaidUntil: noon.Add(time.Hour)})
	s.change(claims.Badge{Slug: "laser-1", Name: strings.Repeat("\\☕<\"", 30)})
	for _, client := range []claims.ClientID{"front-door", "laser-box"} {
		s.ask(client, fmt.Sprintf(`{"cred":"uid:%s","nonce":%q}`, adaCard, strings.Repeat("n", maxNonce))) // ask checks length and schema
	}
}

func FuzzReadRequest(f *testing.F) {
	f.Add(`{"cred":"uid:04a1b2c3","at":1748779200,"nonce":"x"}`)
	f.Add(`{"cred":"pass:abc"}`)
	f.Add(`{"cred":"\u0000","at":1e3}`)
	f.Add(`{"":{}}`)
	f.Fuzz(func(t *testing.T, body string) {
		if _, err := parseRequest([]byte(body)); err == nil {
			if err := conforms("decide-request", []byte(body)); err != nil {
				t.Errorf("read %q, which its schema refuses: %v", body, err)
			}
		}
	})
}
