package storetest

import (
	"errors"

	"lanyard/claims"
	"lanyard/idp/record"
)

// A sign-out ends what its session gave, but for grants with refresh tokens,
// which are for when the member is away. A code that nobody redeemed yet is no
// such grant.
func endsOnline(w *world) {
	s := w.process()
	offline, unspent := code("offline"), code("unspent")
	offline.IdleUntil, offline.Spent = idle, noon
	unspent.IdleUntil = idle
	w.ok(s.CreateSession(w.Context(), session("s1")))
	for _, g := range []record.Grant{code("online"), offline, unspent} {
		w.ok(s.CreateGrant(w.Context(), g))
	}
	w.ok(s.EndSession(w.Context(), "s1", noon))
	for id, ended := range map[string]bool{"online": true, "offline": false, "unspent": true} {
		g, err := s.Grant(w.Context(), id)
		w.ok(err)
		if g.Ended.IsZero() == ended {
			w.Errorf("grant %s: ended %v, want %t", id, g.Ended, ended)
		}
	}
}

// Being barred ends, in one transaction with the fact, what the member has:
// letting them back in gives nothing back. Others keep theirs.
func barredLosesAll(w *world) {
	s, ctx := w.process(), w.Context()
	ada := claims.Member{ID: "ada", Sub: "sub-ada", Username: "ada", State: claims.StateActive}
	other := code("other")
	other.Member, other.Session = "bo", "s2"
	w.ok(define(ctx, s, ada))
	w.ok(s.CreateGrant(ctx, code("hers")))
	w.ok(s.CreateGrant(ctx, other))
	w.ok(s.CreateSession(ctx, record.Session{ID: "s1", Member: "ada", Created: noon, Seen: noon, Expires: idle}))
	if _, err := s.Grant(ctx, "hers"); err != nil { // so that it is in memory
		w.Fatal(err)
	}
	barred := ada
	barred.BarredAt = noon
	w.ok(define(ctx, s, barred))
	w.ok(define(ctx, s, ada))
	for id, ended := range map[string]bool{"hers": true, "other": false} {
		g, err := s.Grant(ctx, id)
		w.ok(err)
		if g.Ended.IsZero() == ended {
			w.Errorf("grant %s: ended %v, want %t", id, g.Ended, ended)
		}
	}
	if _, err := s.Session(ctx, "s1"); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("the sign-in: %v, want ErrExpired", err)
	}
}

// What a session gave belongs to the session that took its place; what another
// gave, and what has no browser, stays.
func handsOver(w *world) {
	s, ctx := w.process(), w.Context()
	other, machine := code("other"), code("machine")
	other.Session, machine.Session = "s9", ""
	for _, g := range []record.Grant{code("hers"), other, machine} {
		w.ok(s.CreateGrant(ctx, g))
	}
	w.ok(s.HandOver(ctx, "s1", "s2"))
	w.ok(s.HandOver(ctx, "", "s2"))
	for id, want := range map[string]string{"hers": "s2", "other": "s9", "machine": ""} {
		g, err := s.Grant(ctx, id)
		w.ok(err)
		if g.Session != want {
			w.Errorf("grant %s is of session %q, want %q", id, g.Session, want)
		}
	}
}
