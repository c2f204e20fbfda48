package store

import (
	"fmt"
	"sync"
	"time"

	"lanyard/claims"
)

// staleAfter is how long the database may be silent before Ready says so. The
// picture is kept and goes on being right about everything but what others
// wrote since.
const staleAfter = 5 * time.Second

// Health is how the store is.
type Health struct {
	Engine string     // "sqlite:var/lanyard.db", "postgres at db:5432/lanyard"
	Seq    claims.Seq // the last change in the picture
	Heard  time.Time  // when the picture was last known to be whole
	Stale  bool       // the database has been silent for more than 5 seconds
	Err    string     // what was last wrong; empty: nothing
}

// health follows whether the database answers.
type health struct {
	mu     sync.Mutex
	heard  time.Time
	stale  bool
	closed bool
	err    error
	timer  *time.Timer // makes stale true
}

// ok notes that the picture is whole at now.
func (h *health) ok(now time.Time) (mended bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	mended = h.err != nil
	h.heard, h.stale, h.err = now, false, nil
	switch {
	case h.closed:
	case h.timer == nil:
		h.timer = time.AfterFunc(staleAfter, h.silent)
	default:
		h.timer.Reset(staleAfter)
	}
	return mended
}

// failed notes an error and tells whether it is the first in a row.
func (h *health) failed(err error) (first bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first = h.err == nil
	h.err = err
	return first
}

func (h *health) silent() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stale = true
}

func (h *health) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	if h.timer != nil {
		h.timer.Stop()
	}
}

// Health tells how the store is, for operators; Ready is the short answer.
func (s *Store) Health() Health {
	h := &s.health
	h.mu.Lock()
	defer h.mu.Unlock()
	out := Health{Engine: s.eng.name, Seq: s.Directory().Seq(), Heard: h.heard, Stale: h.stale}
	if h.err != nil {
		out.Err = cause(h.err)
	}
	return out
}

// Ready returns nil when the picture is whole and fresh and the clock is
// right; else ErrUnavailable in a sentence.
func (s *Store) Ready() error {
	if _, err := s.clock(); err != nil {
		return err
	}
	h := &s.health
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return errClosed
	case h.stale && h.err != nil:
		return fmt.Errorf("the database has not answered since %s (%s): %w", h.heard.UTC().Format(time.DateTime), cause(h.err), claims.ErrUnavailable)
	case h.stale:
		return fmt.Errorf("the database has not answered since %s: %w", h.heard.UTC().Format(time.DateTime), claims.ErrUnavailable)
	}
	return nil
}

// Age is how long ago the picture was last known to be whole. Fronts that may
// go on without the database for a while ask it.
func (s *Store) Age() time.Duration {
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	return s.cfg.Now().Sub(s.health.heard)
}

// ReadyWithin is Ready for a front that may go on deciding from memory while
// the database is away: nil as long as the picture was known to be whole less
// than limit ago and the clock is right.
func (s *Store) ReadyWithin(limit time.Duration) error {
	if _, err := s.clock(); err != nil {
		return err
	}
	if s.Health().Stale && s.Age() < limit {
		return nil
	}
	return s.Ready()
}
