package apps

import (
	"fmt"
	"sync"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// How often a client may call what costs more than an answer: writes, and
// lists of many. Wrong secrets are counted where clients are authenticated.
const (
	writesMost = 30
	writeEvery = time.Second
	listsMost  = 60
	listEvery  = 250 * time.Millisecond
)

// pace holds each client to so many calls at once and one more every so often.
type pace struct {
	most  int
	every time.Duration

	mu    sync.Mutex
	since map[claims.ClientID]time.Time // guarded by mu; when the client has all its calls in hand again
}

// take uses up one call of a client's, or is ErrTooMany.
func (p *pace) take(c claims.ClientID, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since == nil {
		p.since = make(map[claims.ClientID]time.Time)
	}
	debt := max(0, p.since[c].Sub(now))
	if over := debt - time.Duration(p.most-1)*p.every; over > 0 {
		return web.RetryAfter(fmt.Errorf("client %s calls too often: %w", c, claims.ErrTooMany), over)
	}
	p.since[c] = now.Add(debt + p.every)
	return nil
}

// waiting counts who waits for changes.
type waiting struct {
	mu sync.Mutex
	n  map[claims.ClientID]int // guarded by mu
}

// waitingMost is how many calls of one client may wait at once.
const waitingMost = 8

// begin is ErrTooMany when a client waits too often already; call end after it.
func (w *waiting) begin(c claims.ClientID) (end func(), err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n[c] >= waitingMost {
		return nil, fmt.Errorf("client %s waits %d times already: %w", c, waitingMost, claims.ErrTooMany)
	}
	if w.n == nil {
		w.n = make(map[claims.ClientID]int)
	}
	w.n[c]++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.n[c]--; w.n[c] == 0 {
			delete(w.n, c)
		}
	}, nil
}
