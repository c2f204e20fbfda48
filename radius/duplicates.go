package radius

import (
	"net/netip"
	"sync"
	"time"
)

// Duplicate requests (RFC 5080, section 2.2.2).
//
//   - the same source address, port, Identifier and Request
//     Authenticator is the same request: answered byte for byte as
//     before, without being decided again
//   - while the first is still being worked on, the others are dropped
//   - another authenticator under the same Identifier is a new request
//   - answers are kept for 30 s, and no more of them than keepReplies:
//     the oldest go first

const (
	keepReply   = 30 * time.Second
	keepReplies = 16384 // about 5 MB when full of usual replies
)

// requestKey tells two requests apart.
type requestKey struct {
	from          netip.AddrPort
	id            byte
	authenticator [16]byte
}

// duplicates remembers replies. All methods may be called at once.
type duplicates struct {
	mu    sync.Mutex
	at    map[requestKey]int // guarded by mu; index into slots
	slots []slot             // guarded by mu; a ring in the order of arrival, once it is full
	next  int                // guarded by mu; the oldest, when full
	limit int                // 0: keepReplies
}

// slot is one remembered request.
type slot struct {
	key   requestKey
	since time.Time
	done  bool
	reply []byte // its memory is used again by the slot's next request
}

// seen is what is known of a request.
type seen int

const (
	seenNever    seen = iota // now it is in the works: finish or forget it
	seenWorking              // drop it
	seenAnswered             // send the same again
)

// begin looks key up and, if it is new, marks it as in the works. A known
// answer is appended to out[:0].
func (d *duplicates) begin(key requestKey, now time.Time, out []byte) (seen, []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i, ok := d.at[key]; ok {
		s := &d.slots[i]
		age := now.Sub(s.since)
		switch {
		case age >= keepReply || age < 0: // too old, or the clock was set
		case s.done:
			return seenAnswered, append(out[:0], s.reply...)
		default:
			return seenWorking, nil
		}
		s.since, s.done = now, false
		return seenNever, nil
	}
	d.remember(key, now)
	return seenNever, nil
}

// remember takes the next slot for key. The caller holds mu.
func (d *duplicates) remember(key requestKey, now time.Time) {
	if d.limit == 0 {
		d.limit = keepReplies
	}
	if d.at == nil {
		d.at = make(map[requestKey]int)
	}
	i := len(d.slots)
	if i < d.limit {
		d.slots = append(d.slots, slot{})
	} else {
		i = d.next
		d.next = (d.next + 1) % d.limit
		if old := d.slots[i].key; d.at[old] == i {
			delete(d.at, old)
		}
	}
	d.slots[i] = slot{key: key, since: now, reply: d.slots[i].reply[:0]}
	d.at[key] = i
}

// finish keeps the reply to key.
func (d *duplicates) finish(key requestKey, reply []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i, ok := d.at[key]; ok {
		s := &d.slots[i]
		s.done, s.reply = true, append(s.reply[:0], reply...)
	}
}

// forget gives key up: no answer was possible, so a retransmission is tried anew.
func (d *duplicates) forget(key requestKey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i, ok := d.at[key]; ok {
		d.slots[i].key = requestKey{}
		delete(d.at, key)
	}
}
