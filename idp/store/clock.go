package store

import (
	"context"
	"fmt"
	"time"

	"lanyard/claims"
)

// A clock may be this much behind the latest time seen, and the latest time
// is noted this often.
const (
	clockSlack = time.Minute
	clockNote  = time.Minute
)

// earliest is before any clock that is right, if Config.Built says no better.
var earliest = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// clock returns the time, or ErrUnavailable when it is earlier than what this
// database has seen or than the program itself: a machine that lost its clock
// would let in whom time has shut out.
func (s *Store) clock() (time.Time, error) {
	now := s.cfg.Now()
	if now.Before(s.cfg.Built) {
		return now, fmt.Errorf("the machine's clock says %s, which is before this program was built (%s): set the clock: %w",
			now.UTC().Format(time.DateTime), s.cfg.Built.UTC().Format(time.DateTime), claims.ErrUnavailable)
	}
	us := micros(now)
	for {
		latest := s.latest.Load()
		if us >= latest {
			if s.latest.CompareAndSwap(latest, us) {
				return now, nil
			}
			continue
		}
		if us < latest-clockSlack.Microseconds() {
			return now, fmt.Errorf("the machine's clock says %s, but this database has seen %s: set the clock: %w",
				now.UTC().Format(time.DateTime), instantOf(latest).Format(time.DateTime), claims.ErrUnavailable)
		}
		return now, nil
	}
}

const setMeta = `
    insert into meta (name, value) values ($1, $2)
    on conflict (name) do update
    set    value = excluded.value`

// metaLatest is the meta row that holds the latest time seen, in microseconds.
const metaLatest = "latest"

// noteLatest writes down the latest time, if the last note is old or at once.
func (s *Store) noteLatest(ctx context.Context, atOnce bool) error {
	if _, err := s.clock(); err != nil {
		return nil // Ready says so
	}
	latest := s.latest.Load()
	if noted := s.noted.Load(); latest == noted || !atOnce && latest-noted < clockNote.Microseconds() {
		return nil
	}
	if _, err := s.batch.exec(ctx, "meta", setMeta, metaLatest, fmt.Sprint(latest)); err != nil {
		return err
	}
	s.noted.Store(latest)
	return nil
}

// AcceptClock takes the machine's clock for right although the database has
// seen a later time: for an operator who has just mended a clock that ran
// ahead. Other processes on the database must be started again.
func (s *Store) AcceptClock(ctx context.Context) error {
	now := micros(s.cfg.Now())
	if _, err := s.batch.exec(ctx, "meta", setMeta, metaLatest, fmt.Sprint(now)); err != nil {
		return fmt.Errorf("accept the clock: %w", err)
	}
	s.latest.Store(now)
	s.noted.Store(now)
	return nil
}

// ClockRight returns nil unless the machine's clock is wrong, see Ready.
func (s *Store) ClockRight() error {
	_, err := s.clock()
	return err
}
