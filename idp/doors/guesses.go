package doors

import (
	"fmt"
	"sync"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// Guessing. Somebody with a card emulator at a reader could try numbers. Each
// device has guessesMost unknown cards in hand and gains one more every
// guessEvery; with none in hand every card is put off with ErrTooMany, known
// ones too, for an answer to those would be the guesser's prize. Door passes,
// which cannot be guessed, go on working.

const (
	guessesMost = 30
	guessEvery  = 2 * time.Second
)

// guesses counts unknown cards. The zero value is ready.
type guesses struct {
	mu    sync.Mutex
	since map[claims.DeviceID]time.Time // guarded by mu; when the device was, or will be, free of guesses
}

// debt is how long until the device has all its guesses in hand again. The
// caller holds mu.
func (g *guesses) debt(d claims.DeviceID, now time.Time) time.Duration {
	return max(0, g.since[d].Sub(now))
}

// allowed is ErrTooMany while the device has no guess in hand.
func (g *guesses) allowed(d claims.DeviceID, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	over := g.debt(d, now) - (guessesMost-1)*guessEvery
	if over <= 0 {
		return nil
	}
	return web.RetryAfter(fmt.Errorf("unknown cards at %s: %w", d, claims.ErrTooMany), over)
}

// failed takes one guess from the device.
func (g *guesses) failed(d claims.DeviceID, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.since == nil {
		g.since = make(map[claims.DeviceID]time.Time)
	}
	g.since[d] = now.Add(g.debt(d, now) + guessEvery)
}
