package storetest

import (
	"errors"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// registering is a token that registers two clients until an hour after noon.
func registering(id, name string) record.RegistrationToken {
	return record.RegistrationToken{ID: id, Name: name, Owner: "member:ada", By: "operator:root", Created: noon, Expires: noon.Add(time.Hour), Uses: 2}
}

func registrationToken(w *world) {
	s, ctx := w.process(), w.Context()
	a, b := registering("a", "wikis"), registering("b", "forges")
	w.ok(s.CreateRegistrationToken(ctx, a))
	w.ok(s.CreateRegistrationToken(ctx, b))
	if err := s.CreateRegistrationToken(ctx, registering("c", "wikis")); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("a second one called wikis: %v, want ErrConflict", err)
	}
	compare(w, []record.RegistrationToken{b, a})(s.RegistrationTokens(ctx))
	for a.Used = 1; a.Used <= a.Uses; a.Used++ {
		w.ok(s.UseRegistrationToken(ctx, "a", noon))
		compare(w, a)(w.process().RegistrationToken(ctx, "a"))
	}
	for id, at := range map[string]time.Time{"a": noon, "b": b.Expires, "none": noon} {
		if err := s.UseRegistrationToken(ctx, id, at); !errors.Is(err, claims.ErrExpired) {
			w.Errorf("%s is used at %v: %v, want ErrExpired", id, at, err)
		}
	}
	compare(w, b)(s.RegistrationToken(ctx, "b"))
	if _, err := s.RegistrationToken(ctx, "none"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("a token that is none: %v, want ErrNotFound", err)
	}
}

func registrationTokenRevoked(w *world) {
	s, ctx := w.process(), w.Context()
	a := registering("a", "wikis")
	w.ok(s.CreateRegistrationToken(ctx, a))
	a.Revoked = noon.Add(time.Minute)
	w.ok(s.RevokeRegistrationToken(ctx, "wikis", a.Revoked))
	compare(w, a)(s.RegistrationToken(ctx, "a"))
	if err := s.UseRegistrationToken(ctx, "a", noon); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("used after it was revoked: %v, want ErrExpired", err)
	}
	for _, name := range []string{"wikis", "none"} {
		if err := s.RevokeRegistrationToken(ctx, name, noon); !errors.Is(err, claims.ErrNotFound) {
			w.Errorf("revoke %s: %v, want ErrNotFound", name, err)
		}
	}
}

func registrationTokenRace(w *world) {
	s := pair(w)
	w.ok(s[0].CreateRegistrationToken(w.Context(), registering("a", "wikis")))
	used := 0
	for _, err := range together(16, func(i int) error { return s[i%2].UseRegistrationToken(w.Context(), "a", noon) }) {
		if err == nil {
			used++
		} else if !errors.Is(err, claims.ErrExpired) {
			w.Errorf("a loser got %v, want ErrExpired", err)
		}
	}
	if used != 2 {
		w.Errorf("it was used %d times, want 2", used)
	}
}

func registrationTokenSwept(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateRegistrationToken(ctx, registering("a", "wikis")))
	end := noon.Add(time.Hour + 30*24*time.Hour)
	_, err := s.Sweep(ctx, end, 10)
	w.ok(err)
	_, err = s.RegistrationToken(ctx, "a")
	w.ok(err)
	_, err = s.Sweep(ctx, end.Add(time.Second), 10)
	w.ok(err)
	if _, err := s.RegistrationToken(ctx, "a"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("a month after its end: %v, want ErrNotFound", err)
	}
}
