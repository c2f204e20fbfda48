package keys

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Schedule says how signing keys follow one another. A zero field takes the
// default that its comment names.
type Schedule struct {
	Signs time.Duration // a key signs this long; 90 days
	Ahead time.Duration // its successor is published this long before it signs; 1 day
	After time.Duration // it stays published this long after it signed, for what it signed to die; 1 day
}

// Learn is how often a process calls Start, so that it knows what keys others
// made; soon is when all of them do.
const (
	Learn = time.Minute
	soon  = 2 * Learn
)

// hintsFor is how long a key that is gone still tells whom an old ID token was
// made for. It gives nobody anything.
const hintsFor = 180 * 24 * time.Hour

func (s Schedule) orDefaults() Schedule {
	const day = 24 * time.Hour
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{{&s.Signs, 90 * day}, {&s.Ahead, day}, {&s.After, day}} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return s
}

// Kept is how long what is signed can be verified at least; nothing that is
// signed should live longer.
func (s *Signer) Kept() time.Duration { return s.Schedule.orDefaults().After }

// Start loads the keys, makes the ones that are missing and the successors
// that are due. It is called again every Learn, to follow the schedule and to
// know what other processes made; of many that make a successor, one wins.
func (s *Signer) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.load(ctx)
	if err != nil {
		return err
	}
	now, wrote := s.Now(), false
	for _, alg := range Algs {
		did, err := s.advance(ctx, all, alg, now)
		if err != nil {
			return err
		}
		wrote = wrote || did
	}
	if wrote { // by us, or by whoever was faster
		if all, err = s.load(ctx); err != nil {
			return err
		}
	}
	return s.render(all, now)
}

// advance does what the schedule asks of one algorithm's keys, and tells
// whether something was written.
func (s *Signer) advance(ctx context.Context, all []key, alg string, now time.Time) (bool, error) {
	plan := s.Schedule.orDefaults()
	last, ok := newest(all, alg)
	var err error
	switch {
	case !ok:
		var k key
		if k, err = s.newKey(alg, now, now); err == nil {
			err = s.Store.AddSigningKey(ctx, k.SigningKey)
		}
	case !now.Before(last.From.Add(plan.Signs - plan.Ahead)):
		_, err = s.succeed(ctx, last, now, claims.Later(last.From.Add(plan.Signs), now.Add(plan.Ahead)))
	default:
		return false, nil
	}
	if err != nil && !errors.Is(err, claims.ErrConflict) {
		return false, fmt.Errorf("follow the schedule of %s signing keys: %w", alg, err)
	}
	return true, nil
}

// succeed makes the key that signs from an instant on, in place of last.
func (s *Signer) succeed(ctx context.Context, last key, now, from time.Time) (record.SigningKey, error) {
	next, err := s.newKey(last.Alg, now, from)
	if err != nil {
		return record.SigningKey{}, err
	}
	err = s.Store.ReplaceSigningKey(ctx, last.SigningKey, from, from.Add(s.Schedule.orDefaults().After), next.SigningKey)
	return next.SigningKey, err
}

// Rotate replaces an algorithm's key ahead of the schedule and returns the
// key that follows. It signs after Schedule.Ahead or, atOnce, as soon as every
// process knows it, in two minutes; who verifies by a copy of the key set that
// is older than that has to fetch it again. ErrConflict: without atOnce, if a
// successor is waiting already; else if another process rotates, too.
func (s *Signer) Rotate(ctx context.Context, alg string, atOnce bool) (record.SigningKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.load(ctx)
	if err != nil {
		return record.SigningKey{}, err
	}
	now := s.Now()
	last, ok := newest(all, alg)
	if !ok {
		return record.SigningKey{}, fmt.Errorf("rotate: no key for algorithm %q: %w", alg, claims.ErrInvalid)
	}
	plan := s.Schedule.orDefaults()
	from := now.Add(plan.Ahead)
	if atOnce {
		from = now.Add(soon)
	}
	next := last.SigningKey
	switch {
	case !last.From.After(now):
		next, err = s.succeed(ctx, last, now, from)
	case !atOnce:
		err = fmt.Errorf("key %s waits already, to sign from %s on: %w", last.ID, last.From.Format(time.DateTime), claims.ErrConflict)
	case last.From.After(from): // the one that waits begins sooner
		signs, _ := signing(all, alg, now)
		next.From = from
		err = s.Store.ReplaceSigningKey(ctx, signs.SigningKey, from, from.Add(plan.After), next)
	}
	if err != nil {
		return record.SigningKey{}, fmt.Errorf("rotate the %s signing key: %w", alg, err)
	}
	if all, err = s.load(ctx); err != nil {
		return record.SigningKey{}, err
	}
	return next, s.render(all, now)
}

// newest returns the one key of an algorithm that nobody has told when to
// retire: it signs, or waits to.
func newest(all []key, alg string) (key, bool) {
	for _, k := range all {
		if k.Alg == alg && k.Retired.IsZero() {
			return k, true
		}
	}
	return key{}, false
}
