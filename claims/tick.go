package claims

import "time"

// tick is an instant as decisions compare it: microseconds since 1970, which
// is what facts hold. A start of a fact that is left out is always, an end
// never, so that live is two comparisons of numbers.
type tick int64

const (
	always tick = -1 << 63
	never  tick = 1<<63 - 1
)

// startOf and endOf read the start and the end of a fact.
func startOf(t time.Time) tick {
	if t.IsZero() {
		return always
	}
	return tick(t.UnixMicro())
}

func endOf(t time.Time) tick {
	if t.IsZero() {
		return never
	}
	return tick(t.UnixMicro())
}

// time returns t in UTC; the zero time for always and never.
func (t tick) time() time.Time {
	if t == always || t == never {
		return time.Time{}
	}
	return time.UnixMicro(int64(t)).UTC()
}

// live tells whether t lies in [from, to).
func live(from, to, t tick) bool { return from <= t && t < to }
