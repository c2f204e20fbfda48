package login

import (
	"container/list"
	"net/netip"
	"sync"
	"time"
)

// A brake slows down whoever guesses. Each attempt counts as wrong until it
// is known to be right, so that many at once do not slip through, in three
// places: the account from one address, the address, the account from
// anywhere. The last is loose and short, since it also slows the member.
//
// Whoever signed in from an address before is slowed by their own tries there
// alone: behind one address may be a whole house, of whom one guesses.
type brake struct {
	mu      sync.Mutex
	entries map[string]*list.Element // of *strikes; guarded by mu
	recent  *list.List               // guarded by mu; newest first
}

// strikes is what is remembered of one place.
type strikes struct {
	key   string
	count int
	last  time.Time
	until time.Time // no attempt before this
	known bool      // the member signed in here
	faded time.Time // until when fading was counted
}

// limit says how fast a place slows down.
type limit struct {
	free int           // wrong attempts that cost nothing
	most time.Duration // the longest wait
	fade time.Duration // in which one wrong attempt is forgiven; 0: they are forgotten together
}

var (
	pairLimit    = limit{5, 5 * time.Minute, 0}
	addressLimit = limit{30, 5 * time.Minute, 2 * time.Minute} // a house makes slips all day
	accountLimit = limit{60, 30 * time.Second, 0}
)

const (
	remembered = 20_000           // places
	forgotten  = 30 * time.Minute // after the last strike
)

func newBrake() *brake {
	return &brake{entries: map[string]*list.Element{}, recent: list.New()}
}

// places names the three places of an attempt. Half an IPv6 address is what
// one person usually has all of.
func places(account string, addr netip.Addr) (pair, address, anywhere string) {
	where := addr.String()
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			where = p.String()
		}
	}
	if len(account) > 63 {
		account = "\x00long" // no username is; they share one place
	}
	return "p " + account + " " + where, "a " + where, "u " + account
}

// begin counts an attempt, or returns how long to wait before the next.
func (b *brake) begin(account string, addr netip.Addr, now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	pair, address, anywhere := places(account, addr)
	p, a, u := b.get(pair, now), b.get(address, now), b.get(anywhere, now)
	for _, s := range []*strikes{p, a, u} {
		if s != p && p.known {
			continue
		}
		wait = max(wait, s.until.Sub(now))
	}
	if wait > 0 {
		return wait
	}
	p.strike(pairLimit, now)
	a.strike(addressLimit, now)
	u.strike(accountLimit, now)
	return 0
}

// undo takes an attempt back that was never judged.
func (b *brake) undo(account string, addr netip.Addr, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	pair, address, anywhere := places(account, addr)
	for _, key := range []string{pair, address, anywhere} {
		b.get(key, now).pardon()
	}
}

// right tells that an attempt was right.
func (b *brake) right(account string, addr netip.Addr, now time.Time) {
	b.undo(account, addr, now)
	b.mu.Lock()
	defer b.mu.Unlock()
	pair, _, _ := places(account, addr)
	s := b.get(pair, now)
	s.count, s.until, s.known = 0, time.Time{}, true
}

func (s *strikes) strike(l limit, now time.Time) {
	if s.count == 0 || l.fade == 0 {
		s.faded = now
	} else if n := now.Sub(s.faded) / l.fade; n > 0 {
		s.count, s.faded = max(0, s.count-int(n)), s.faded.Add(n*l.fade)
	}
	s.count, s.last = s.count+1, now
	if over := s.count - l.free; over > 0 {
		s.until = now.Add(min(l.most, time.Second<<min(over-1, 20)))
	}
}

func (s *strikes) pardon() {
	s.count, s.until = max(0, s.count-1), time.Time{}
}

// get returns the place named key, a fresh one if nothing is remembered of
// it. Callers hold mu.
func (b *brake) get(key string, now time.Time) *strikes {
	if e, ok := b.entries[key]; ok {
		b.recent.MoveToFront(e)
		s := e.Value.(*strikes)
		if now.Sub(s.last) > forgotten {
			s.count, s.until = 0, time.Time{}
		}
		return s
	}
	s := &strikes{key: key, last: now}
	b.entries[key] = b.recent.PushFront(s)
	if b.recent.Len() > remembered {
		oldest := b.recent.Back()
		b.recent.Remove(oldest)
		delete(b.entries, oldest.Value.(*strikes).key)
	}
	return s
}
