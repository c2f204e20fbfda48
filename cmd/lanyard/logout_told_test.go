package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

// hears holds that one more logout token came, and returns what it says.
func (e *ear) hears(s *suite, id map[string]any) {
	s.t.Helper()
	e.mu.Lock()
	e.heard = nil
	e.mu.Unlock()
	said := e.tokens(s, 1)[0]
	if said["sid"] != id["sid"] || said["sub"] != id["sub"] {
		s.t.Errorf("it says %v, where the ID token said %v", said, id)
	}
}

// TestAnApplicationHearsWhatItsMemberLost goes through what ends a sign-in
// elsewhere, in the whole program.
func TestAnApplicationHearsWhatItsMemberLost(t *testing.T) {
	e := newEar(t)
	s := newSuite(t, "--backchannel-logout", e.URL+"/bye", "--subject-type", "pairwise")
	s.carry(t)
	v := s.visitor()
	const scope = "openid groups offline_access"

	s.ok("award", "laser-1", "suite")
	s.ok("award", "bandsaw", "suite", "--until", s.clock().Add(time.Hour).Format(time.RFC3339))
	s.catchUp()
	_, id := v.login("scope", scope)
	if id["sub"] == nil || len(id["sid"].(string)) < 16 {
		t.Fatalf("the ID token says %v", id)
	}
	s.ok("revoke", "laser-1", "suite", "--reason", "test")
	e.hears(s, id)
	s.says("logouts --json", `"reason": "claim_lost"`)
	v.isSignedIn("who lost a badge", true)

	_, id = v.login("scope", scope)
	s.advance(time.Hour)
	s.ok("tag", "add", "something-else") // a hand's clock wakes nobody
	e.hears(s, id)

	tok, id := v.login("scope", scope)
	s.ok("member", "state", "suite", "suspended")
	e.hears(s, id)
	s.says("logouts --json", `"reason": "member_suspended"`)
	s.ok("member", "state", "suite", "active")
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tok.text("refresh_token")}}
	if r := s.call("/token", refresh); r.status != 400 || r.text("error") != "invalid_grant" {
		t.Errorf("the family lives: %d %v", r.status, r.json)
	}
	s.sendsAgain(t, e, v, scope)

	_, id = s.visitor().login("scope", scope)
	s.ok("member", "bar", "suite", "--reason", "test")
	e.hears(s, id)
	s.says("logouts --json", `"reason": "member_barred"`)
}

// sendsAgain signs out everywhere while the application does not listen.
func (s *suite) sendsAgain(t *testing.T, e *ear, v *visitor, scope string) {
	t.Helper()
	s.catchUp()
	_, id := v.login("scope", scope)
	e.mu.Lock()
	e.status = 503
	e.mu.Unlock()
	s.says("member sign-out suite", "is signed out everywhere")
	e.hears(s, id)
	v.isSignedIn("who was signed out", false)
	waitFor(t, func() bool { return strings.Contains(s.ok("logouts", "--undelivered"), "503") })
	s.says("logouts --undelivered", "rp", "suite", "signed_out", "waiting until")
	e.mu.Lock()
	e.status = 204
	e.mu.Unlock()
	s.advance(time.Minute)
	e.hears(s, id)
	waitFor(t, func() bool { return !strings.Contains(s.ok("logouts", "--undelivered"), "503") })
}

// catchUp makes the server know at once what was done at the desk.
func (s *suite) catchUp() {
	s.t.Helper()
	s.srv.store.Preview(s.t.Context(), claims.Actor{Kind: claims.ActorOperator}) // what it says of no intent is no matter
}
