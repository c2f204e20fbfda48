package radius

import (
	"context"
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"
	"time"

	"lanyard/claims"
)

// Rejects held back. Whoever fails more than failures times within
// failureSpan at one access point waits rejectDelay for each further refusal;
// a login that succeeds never waits. A duplicate that arrives meanwhile is
// dropped, as for any request in the works.

const (
	failures     = 5
	failureSpan  = time.Minute
	failureLimit = 8192 // how many (access point, login) are watched
	rejectDelay  = time.Second
	lateLimit    = 1024 // how many replies are held back; more go out at once
)

// failureKey names a login at an access point. The login is hashed under a
// key of this process: people type passwords where names belong.
type failureKey struct {
	point claims.ID
	login uint64
}

// tally counts failures. All methods may be called at once.
type tally struct {
	seed maphash.Seed
	mu   sync.Mutex
	of   map[failureKey]streak // guarded by mu
}

// streak is the failures since an instant.
type streak struct {
	since time.Time
	n     int
}

func newTally() *tally {
	return &tally{seed: maphash.MakeSeed(), of: make(map[failureKey]streak)}
}

// fail counts a failure and tells whether its answer shall wait.
func (t *tally) fail(p claims.ID, login string, now time.Time) bool {
	key := failureKey{p, maphash.String(t.seed, strings.ToLower(login))} // as it is looked up
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.of[key]
	if !ok && len(t.of) >= failureLimit {
		t.makeRoom(now)
	}
	if age := now.Sub(s.since); age >= failureSpan || age < 0 {
		s = streak{since: now}
	}
	s.n++
	t.of[key] = s
	return s.n > failures
}

// makeRoom drops what is over and, if that is little, arbitrary ones until an
// eighth is free, so that it is not called for every failure. The caller holds mu.
func (t *tally) makeRoom(now time.Time) {
	for k, s := range t.of {
		if now.Sub(s.since) >= failureSpan {
			delete(t.of, k)
		}
	}
	for k := range t.of {
		if len(t.of) <= failureLimit-failureLimit/8 {
			break
		}
		delete(t.of, k)
	}
}

// late is a reply held back.
type late struct {
	reply []byte
	to    netip.AddrPort
	key   requestKey
	from  time.Time // when it was ready
}

// sendLate sends held back replies when they are due, until queue is closed;
// once ctx is over, at once. All wait equally long, so a queue in order of
// arrival is in order of time.
func (s *Server) sendLate(ctx context.Context, c conn, queue <-chan late) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for l := range queue {
		if wait := rejectDelay - s.cfg.Now().Sub(l.from); wait > 0 {
			timer.Reset(min(wait, rejectDelay))
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}
		s.replies.finish(l.key, l.reply)
		s.send(c, l.reply, l.to)
	}
}
