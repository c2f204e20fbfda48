package oauth

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong secrets one client may send from one address: ten at once,
// then one each three seconds. A client's other addresses are not held up, so
// that nobody can lock it out from outside.
const (
	wrongAtOnce = 10
	wrongEvery  = 3 * time.Second
)

// How many requests a client that proves nothing may have us store, from one
// address: behind it may be a whole house.
const (
	begunAtOnce = 60
	begunEvery  = time.Second
)

// network is what one person usually has all of: an address, or half an IPv6 one.
func network(a netip.Addr) netip.Addr {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}

// limitKept is how many pairs a limiter remembers; beyond it those that are
// quiet again are forgotten.
const limitKept = 4096

type caller struct {
	client string
	from   netip.Addr // as network has it
}

// limiter counts what each caller may do so often only. It is safe for use at
// once.
type limiter struct {
	now    func() time.Time
	atOnce int
	every  time.Duration
	mu     sync.Mutex
	seen   map[caller]*rate.Limiter // guarded by mu
}

func newLimiter(now func() time.Time, atOnce int, every time.Duration) *limiter {
	return &limiter{now: now, atOnce: atOnce, every: every, seen: map[caller]*rate.Limiter{}}
}

// wait returns how long a caller who was counted too often must wait; 0 if not.
func (l *limiter) wait(client string, from netip.Addr) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.seen[caller{client, network(from)}]
	if !ok {
		return 0
	}
	if left := bucket.TokensAt(l.now()); left < 1 {
		return time.Duration((1 - left) * float64(l.every))
	}
	return 0
}

// count notes one time.
func (l *limiter) count(client string, from netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	who := caller{client, network(from)}
	bucket, ok := l.seen[who]
	if !ok {
		l.makeRoom()
		bucket = rate.NewLimiter(rate.Every(l.every), l.atOnce)
		l.seen[who] = bucket
	}
	bucket.AllowN(l.now(), 1)
}

// take counts one time unless who must wait, and returns how to take it back.
func (l *limiter) take(who caller, now time.Time) (wait time.Duration, undo func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.seen[who]
	if !ok {
		l.makeRoom()
		bucket = rate.NewLimiter(rate.Every(l.every), l.atOnce)
		l.seen[who] = bucket
	}
	taken := bucket.ReserveN(now, 1)
	if wait = taken.DelayFrom(now); wait > 0 {
		taken.CancelAt(now)
		return wait, nil
	}
	return 0, func() { taken.CancelAt(now) }
}

// makeRoom forgets the pairs that have nothing to wait for, and any one if
// there is none. The caller holds mu.
func (l *limiter) makeRoom() {
	if len(l.seen) < limitKept {
		return
	}
	now := l.now()
	for who, bucket := range l.seen {
		if bucket.TokensAt(now) >= float64(l.atOnce) {
			delete(l.seen, who)
		}
	}
	for who := range l.seen {
		if len(l.seen) < limitKept {
			return
		}
		delete(l.seen, who)
	}
}
