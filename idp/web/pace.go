package web

import (
	"fmt"
	"sync"
	"time"

	"lanyard/claims"
)

// Pace holds each caller to Most calls at once and one more every Every. The
// zero Pace but for these is ready to use, by many at once. It remembers
// everybody who ever called, so callers must be known ones.
type Pace struct {
	Most  int
	Every time.Duration

	mu    sync.Mutex
	since map[string]time.Time // guarded by mu; when a caller has all its calls in hand again
}

// Take uses up one call of a caller's, or is ErrTooMany.
func (p *Pace) Take(caller string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since == nil {
		p.since = make(map[string]time.Time)
	}
	debt := max(0, p.since[caller].Sub(now))
	if over := debt - time.Duration(p.Most-1)*p.Every; over > 0 {
		return RetryAfter(fmt.Errorf("%.20s calls too often: %w", caller, claims.ErrTooMany), over)
	}
	p.since[caller] = now.Add(debt + p.Every)
	return nil
}
