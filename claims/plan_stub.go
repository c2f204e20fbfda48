package claims

import "time"

// Plan works out what intents, in this order, come to. It holds every rule of
// who may write what. The faults are ErrInvalid, ErrDenied, ErrNotFound and
// ErrConflict; with any of them nothing is planned.
func Plan(d *Directory, by Actor, now time.Time, intents ...Intent) (Planned, error) { panic("STUB") }

// Core returns the facts every organisation starts with: the reserved roots,
// the rights reserved to the core, the tag admin and its grants.
func Core(now time.Time) []Fact { panic("STUB") }
