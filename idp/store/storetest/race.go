package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
)

// Races are run by two processes on one database, half of the callers each.
var raceTests = []test{
	{"OfSixteenSpendsOneWins", spendRace},
	{"SixteenRotationsGiveOneSuccessor", rotateRace},
	{"SixteenRotationsWithoutGraceGiveOneWinner", rotateNoGrace},
	{"SixteenRotationsTwoBehindAreReplays", rotateOld},
	{"OfSixteenLinkUsesOneWins", linkRace},
	{"OfSixteenUsesOfAJTIOneWins", jtiRace},
	{"OfSixteenUsesOfAPushedRequestOneWins", pushedRace},
	{"OfSixteenWhoAllowADeviceOneDoes", allowRace},
	{"OfSixteenPollsAtOnceOneIsInTime", pollRace},
	{"OfSixteenFirstSigningKeysOneStays", firstKeyRace},
	{"OfSixteenSuccessorsOfASigningKeyOneWins", nextKeyRace},
	{"AFailingStatementDoesNotFailItsNeighbours", neighbours},
	{"ACallerWhoGivesUpIsAnsweredAtOnce", givesUp},
	{"SpendingAndEndingAtOnceLeavesOneTruth", spendOrEnd},
}

func pair(w *world) [2]*store.Store { return [2]*store.Store{w.process(), w.process()} }

// tally holds that of errs exactly one is nil and the others are of kind.
func tally(w *world, errs []error, kind error) {
	w.Helper()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, kind):
			w.Errorf("a loser got %v, want %v", err, kind)
		}
	}
	if won != 1 {
		w.Errorf("%d of %d won, want 1", won, len(errs))
	}
}

func spendRace(w *world) {
	s := pair(w)
	w.ok(s[0].CreateGrant(w.Context(), code("g")))
	tally(w, together(16, func(i int) error {
		return s[i%2].SpendGrant(w.Context(), "g", idle, noon)
	}), claims.ErrReplay)
}

func rotateRace(w *world) {
	s := pair(w)
	family(w, s[0], "g")
	for i, err := range together(16, func(i int) error {
		gen, err := s[i%2].RotateGrant(w.Context(), "g", 1, nil, idle, noon.Add(time.Duration(i)*time.Second), time.Minute)
		if err == nil && gen != 2 {
			return fmt.Errorf("generation %d, want 2", gen)
		}
		return err
	}) {
		if err != nil {
			w.Errorf("caller %d: %v", i, err)
		}
	}
	if g, _ := s[0].GrantFresh(w.Context(), "g"); g.Generation != 2 {
		w.Errorf("the row is at generation %d, want 2", g.Generation)
	}
}

func rotateNoGrace(w *world) {
	s := pair(w)
	family(w, s[0], "g")
	tally(w, together(16, func(i int) error {
		_, err := s[i%2].RotateGrant(w.Context(), "g", 1, nil, idle, noon, -1)
		return err
	}), claims.ErrReplay)
}

func rotateOld(w *world) {
	s := pair(w)
	family(w, s[0], "g")
	for from := 1; from < 3; from++ {
		_, err := s[0].RotateGrant(w.Context(), "g", from, nil, idle, noon, time.Minute)
		w.ok(err)
	}
	for i, err := range together(16, func(i int) error {
		_, err := s[i%2].RotateGrant(w.Context(), "g", 1, nil, idle, noon, time.Minute)
		return err
	}) {
		if !errors.Is(err, claims.ErrReplay) {
			w.Errorf("caller %d: %v, want ErrReplay", i, err)
		}
	}
}

func linkRace(w *world) {
	s := pair(w)
	w.ok(s[0].CreateLink(w.Context(), link("l")))
	tally(w, together(16, func(i int) error {
		_, err := s[i%2].UseLink(w.Context(), "l", noon)
		return err
	}), claims.ErrReplay)
}

func jtiRace(w *world) {
	s := pair(w)
	tally(w, together(16, func(i int) error {
		return s[i%2].UseJTI(w.Context(), "client", "jti-1", noon.Add(time.Minute))
	}), claims.ErrReplay)
}

func firstKeyRace(w *world) {
	s := pair(w)
	tally(w, together(16, func(i int) error {
		return s[i%2].AddSigningKey(w.Context(), record.SigningKey{ID: fmt.Sprint("key-", i), Use: "oidc", Alg: "ES256"})
	}), claims.ErrConflict)
}

func nextKeyRace(w *world) {
	s := pair(w)
	old := record.SigningKey{ID: "old", Use: "oidc", Alg: "ES256"}
	w.ok(s[0].AddSigningKey(w.Context(), old))
	tally(w, together(16, func(i int) error {
		next := record.SigningKey{ID: fmt.Sprint("key-", i), Use: "oidc", Alg: "ES256"}
		return s[i%2].ReplaceSigningKey(w.Context(), old, noon, noon.Add(time.Hour), next)
	}), claims.ErrConflict)
	if all, err := s[1].SigningKeys(w.Context()); err != nil || len(all) != 2 {
		w.Errorf("%d keys, %v; want the old one and one successor", len(all), err)
	}
}

func neighbours(w *world) {
	s := pair(w)
	w.ok(s[0].CreateGrant(w.Context(), code("taken")))
	for i, err := range together(64, func(i int) error {
		if i%8 == 0 {
			return s[i%2].CreateGrant(w.Context(), code("taken"))
		}
		return s[i%2].CreateGrant(w.Context(), code(fmt.Sprintf("own-%d", i)))
	}) {
		if i%8 == 0 && !errors.Is(err, claims.ErrConflict) {
			w.Errorf("the taken id: %v, want ErrConflict", err)
		}
		if i%8 != 0 && err != nil {
			w.Errorf("a neighbour: %v", err)
		}
	}
	for i := range 64 {
		if _, err := s[0].GrantFresh(w.Context(), fmt.Sprintf("own-%d", i)); i%8 != 0 && err != nil {
			w.Errorf("a neighbour that was told yes is not there: %v", err)
		}
	}
}

func givesUp(w *world) {
	s := w.process()
	gone, cancel := context.WithCancel(w.Context())
	cancel()
	if err := s.CreateGrant(gone, code("g")); !errors.Is(err, claims.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		w.Errorf("CreateGrant = %v, want ErrUnavailable and context.Canceled", err)
	}
	if err := define(gone, s, tag(1)); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("Change = %v, want ErrUnavailable", err)
	}
	if _, err := s.GrantFresh(gone, "g"); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("GrantFresh = %v, want ErrUnavailable", err)
	}
	w.ok(s.CreateGrant(w.Context(), code("g2")))
	w.ok(define(w.Context(), s, tag(1)))
}

func spendOrEnd(w *world) {
	s := pair(w)
	for n := range 8 {
		id := fmt.Sprint("g", n)
		w.ok(s[0].CreateGrant(w.Context(), code(id)))
		errs := together(2, func(i int) error {
			if i == 0 {
				return s[0].SpendGrant(w.Context(), id, idle, noon)
			}
			return s[1].EndGrant(w.Context(), id, "revoked", noon)
		})
		w.ok(errs[1])
		g, err := s[0].GrantFresh(w.Context(), id)
		w.ok(err)
		if g.Ended.IsZero() {
			w.Errorf("%s: the end was lost", id)
		}
		if spent := errs[0] == nil; spent == g.Spent.IsZero() {
			w.Errorf("%s: SpendGrant = %v, but the row says spent at %v", id, errs[0], g.Spent)
		}
	}
}
