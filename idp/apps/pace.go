package apps

import (
	"fmt"
	"sync"
	"time"

	"lanyard/claims"
)

// How often a client may call what costs more than an answer: writes, and
// lists of many. Wrong secrets are counted where clients are authenticated.
const (
	writesMost = 30
	writeEvery = time.Second
	listsMost  = 60
	listEvery  = 250 * time.Millisecond
)

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
