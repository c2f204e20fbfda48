package keys

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
)

// TestScheduleNeverLeavesATokenWithoutItsKey walks through a year hour by
// hour: at each there is one key that signs, who verifies had a day to fetch
// it, and what was signed an hour ago still verifies.
func TestScheduleNeverLeavesATokenWithoutItsKey(t *testing.T) {
	m, now := &memory{}, day
	s := started(t, m, &now)
	published := map[string]time.Time{} // kid: since when
	signed := map[string]bool{}
	var before string
	for ; now.Before(day.Add(400 * 24 * time.Hour)); now = now.Add(time.Hour) {
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for kid := range s.current().byID {
			if _, ok := published[kid]; !ok {
				published[kid] = now
			}
		}
		kid := s.current().signs["EdDSA"].ID
		if since := published[kid]; now.Sub(since) < 24*time.Hour && !since.Equal(day) {
			t.Fatalf("%v: key %s signs %v after it was published", now, kid, now.Sub(since))
		}
		signed[kid] = true
		if before != "" {
			if err := s.Verify(t.Context(), before, "JWT", &struct{}{}); err != nil {
				t.Fatalf("%v: a token of an hour ago: %v", now, err)
			}
		}
		before, _ = s.Sign(t.Context(), "EdDSA", "JWT", map[string]string{})
	}
	if len(signed) != 5 || len(m.keys) != 5*len(Algs) {
		t.Errorf("%d keys signed in 400 days, of %d; want 5 of each algorithm", len(signed), len(m.keys))
	}
	if n := len(s.current().byID); n > 2*len(Algs) {
		t.Errorf("%d keys are published", n)
	}
}

func TestAfterALongSleepTheSuccessorIsStillPublishedFirst(t *testing.T) {
	m, now := &memory{}, day
	s := started(t, m, &now)
	old := s.current().signs["ES256"].ID
	now = day.Add(200 * 24 * time.Hour)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.current().byID) != 2*len(Algs) || s.current().signs["ES256"].ID != old {
		t.Fatal("want the old key to sign on and its successor to be published")
	}
	now = now.Add(24 * time.Hour)
	if s.current().signs["ES256"].ID == old {
		t.Error("a day later the successor does not sign")
	}
}

func TestOfManyProcessesOneMakesTheSuccessor(t *testing.T) {
	m, now := &memory{}, day
	all := []*Signer{started(t, m, &now), started(t, m, &now), started(t, m, &now), started(t, m, &now)}
	now = day.Add(89 * 24 * time.Hour)
	var wg sync.WaitGroup
	for _, s := range all {
		wg.Go(func() {
			if err := s.Start(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(m.keys) != 2*len(Algs) {
		t.Errorf("%d keys, want a successor of each of %d", len(m.keys), len(Algs))
	}
	for _, s := range all[1:] {
		if !bytes.Equal(s.JWKS(), all[0].JWKS()) {
			t.Error("two processes publish different keys")
		}
	}
}

func TestRotateByCommand(t *testing.T) {
	m, now := &memory{}, day
	s := started(t, m, &now)
	now = day.Add(time.Hour)
	token, _ := s.Sign(t.Context(), "ES256", "JWT", map[string]string{})
	old := s.current().signs["ES256"].ID

	next, err := s.Rotate(t.Context(), "ES256", false)
	if err != nil || !next.From.Equal(now.Add(24*time.Hour)) || s.current().signs["ES256"].ID != old || !bytes.Contains(s.JWKS(), []byte(next.ID)) {
		t.Fatalf("Rotate = %+v, %v; want it published at once, to sign in a day", next, err)
	}
	if _, err := s.Rotate(t.Context(), "ES256", false); !errors.Is(err, claims.ErrConflict) {
		t.Errorf("while one waits: %v, want ErrConflict", err)
	}
	sooner, err := s.Rotate(t.Context(), "ES256", true)
	if err != nil || sooner.ID != next.ID || !sooner.From.Equal(now.Add(soon)) {
		t.Fatalf("at once = %+v, %v; want the one that waits, in two minutes", sooner, err)
	}
	again, err := s.Rotate(t.Context(), "ES256", true)
	if err != nil || again.ID != next.ID || !again.From.Equal(now.Add(soon)) {
		t.Errorf("at once again = %+v, %v; want nothing new", again, err)
	}
	now = now.Add(soon)
	if s.current().signs["ES256"].ID != next.ID || s.Verify(t.Context(), token, "JWT", &struct{}{}) != nil {
		t.Error("after two minutes it does not sign, or what the old one signed does not verify")
	}
	if third, err := s.Rotate(t.Context(), "ES256", true); err != nil || third.ID == next.ID || len(m.keys) != len(Algs)+2 {
		t.Errorf("at once, with none waiting = %+v, %v", third, err)
	}
	if _, err := s.Rotate(t.Context(), "HS256", true); !errors.Is(err, claims.ErrInvalid) {
		t.Errorf("an algorithm there is not: %v, want ErrInvalid", err)
	}
}

func TestOldKeyServesHintsAfterItIsGone(t *testing.T) {
	m, now := &memory{}, day
	s := started(t, m, &now)
	hint, _ := s.Sign(t.Context(), "EdDSA", "JWT", map[string]string{"sub": "ada"})
	if _, err := s.Rotate(t.Context(), "EdDSA", true); err != nil {
		t.Fatal(err)
	}
	read := func() (asToken, asHint error) {
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s.Verify(t.Context(), hint, "JWT", &struct{}{}), s.VerifyHint(t.Context(), hint, "JWT", &struct{}{})
	}
	now = day.Add(soon + s.Kept() - time.Microsecond)
	if token, hint := read(); token != nil || hint != nil {
		t.Errorf("while it is published: %v, %v", token, hint)
	}
	now = day.Add(soon + s.Kept())
	if token, hint := read(); token == nil || hint != nil {
		t.Errorf("once it is gone: %v, %v; want a hint alone", token, hint)
	}
	now = now.Add(hintsFor + time.Hour)
	if token, hint := read(); token == nil || hint == nil {
		t.Error("an ancient key still serves")
	}
}

func TestHintsAreSignedByUsToo(t *testing.T) {
	now := day
	s, other := started(t, &memory{}, &now), started(t, &memory{}, &now)
	theirs, _ := other.Sign(t.Context(), "ES256", "JWT", map[string]string{"sub": "ada"})
	access, _ := s.Sign(t.Context(), "ES256", "at+jwt", map[string]string{"sub": "ada"})
	for name, token := range map[string]string{"another's": theirs, "an access token": access, "none": ""} {
		if err := s.VerifyHint(t.Context(), token, "JWT", &struct{}{}); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}
