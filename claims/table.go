package claims

import (
	"slices"
	"strings"
	"sync"
)

// token marks what one With made and may still change.
type token struct {
	touched   []*person        // to settle before the picture is shown
	stood     []*standing      // likewise
	kinds     bool             // the kinds are to settle
	periods   bool             // and what is bound to periods
	disturbed []int32          // locations to settle what is above them
	texts     int              // how many were kept
	room      *strings.Builder // where they lie
}

const (
	fewTexts = 64      // a With of no more leaves them where they are
	textRoom = 1 << 14 // bytes for texts that lie together
)

// text returns s, of many texts as a copy that lies close to the others: each
// by itself takes more, and keeps whatever it was cut from.
func (k *token) text(s string) string {
	if k.texts++; k.texts <= fewTexts {
		return s
	}
	if k.room == nil || k.room.Cap()-k.room.Len() < len(s) {
		k.room = new(strings.Builder)
		k.room.Grow(max(textRoom, len(s)))
	}
	from := k.room.Len()
	k.room.WriteString(s)
	return k.room.String()[from:]
}

// shardSize is how many entries a shard holds before a table spreads them
// over twice as many shards: what copying one entry's surroundings costs.
const shardSize = 192

// table is a map of which every published state stays as it is. It is held in
// shards; a change copies the shard it falls in and the list of shards.
// The zero table, and nil, are empty.
type table[K ~string, V any] struct {
	by     *token         // may change shards in place
	shards []*shard[K, V] // none, or a power of two
	n      int
	sorted *sorted[K]
}

type shard[K ~string, V any] struct {
	by *token // may change m in place
	m  map[K]V
}

// sorted is the order of a table's keys, worked out when first asked for.
type sorted[K comparable] struct {
	by   *token // whose key made it out of date before it was published
	once sync.Once
	keys []K
}

// spread turns a key into a number whose low bits choose a shard.
func spread(s string) uint64 {
	h := uint64(len(s)) * 0x9e3779b97f4a7c15
	for len(s) >= 8 {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		h = (h ^ w) * 0x9e3779b97f4a7c15
		h ^= h >> 32
		s = s[8:]
	}
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h ^ h>>29
}

func (t *table[K, V]) get(k K) (V, bool) {
	if t == nil || len(t.shards) == 0 {
		var none V
		return none, false
	}
	v, ok := t.shards[spread(string(k))&uint64(len(t.shards)-1)].m[k]
	return v, ok
}

func (t *table[K, V]) put(by *token, k K, v V) {
	if t.n >= shardSize*len(t.shards) {
		t.grow(by)
	}
	s := t.edit(by, k)
	before := len(s.m)
	s.m[k] = v
	if len(s.m) != before {
		t.n++
		t.unsort(by)
	}
}

func (t *table[K, V]) drop(by *token, k K) {
	if _, there := t.get(k); !there {
		return
	}
	delete(t.edit(by, k).m, k)
	t.n--
	t.unsort(by)
}

// edit returns the shard of k, as by's own.
func (t *table[K, V]) edit(by *token, k K) *shard[K, V] {
	if t.by != by {
		t.by, t.shards = by, slices.Clone(t.shards)
	}
	i := spread(string(k)) & uint64(len(t.shards)-1)
	s := t.shards[i]
	if s.by != by {
		m := make(map[K]V, len(s.m)+1)
		for k, v := range s.m {
			m[k] = v
		}
		s = &shard[K, V]{by, m}
		t.shards[i] = s
	}
	return s
}

// grow doubles the shards.
func (t *table[K, V]) grow(by *token) {
	wider := make([]*shard[K, V], max(1, 2*len(t.shards)))
	for i := range wider {
		wider[i] = &shard[K, V]{by, make(map[K]V)}
	}
	for _, s := range t.shards {
		for k, v := range s.m {
			wider[spread(string(k))&uint64(len(wider)-1)].m[k] = v
		}
	}
	t.by, t.shards = by, wider
}

func (t *table[K, V]) unsort(by *token) {
	if t.sorted == nil || t.sorted.by != by {
		t.sorted = &sorted[K]{by: by}
	}
}

// keys returns the keys in order. Callers do not change the slice.
func (t *table[K, V]) keys() []K {
	if t == nil || t.sorted == nil {
		return nil
	}
	t.sorted.once.Do(func() {
		keys := make([]K, 0, t.n)
		for _, s := range t.shards {
			for k := range s.m {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		t.sorted.keys = keys
	})
	return t.sorted.keys
}

// bucket is how many entries of a vector are copied with the one that changes:
// as many nodes as fit into 8 KiB.
const bucket = 170

// vector is a list that only grows and of which every published state stays
// as it is. The zero vector is empty.
type vector[V any] struct {
	by      *token
	buckets []*chunk[V]
	n       int
}

type chunk[V any] struct {
	by *token
	v  [bucket]V
}

// at returns what stands in place i, for reading only.
func (l *vector[V]) at(i int32) *V { return &l.buckets[uint32(i)/bucket].v[uint32(i)%bucket] }

// edit returns place i, which is one that is there or the next, as by's own.
func (l *vector[V]) edit(by *token, i int32) *V {
	if l.by != by {
		l.by, l.buckets = by, slices.Clone(l.buckets)
	}
	if int(i) == l.n {
		l.n++
		if i%bucket == 0 {
			l.buckets = append(l.buckets, &chunk[V]{by: by})
		}
	}
	c := l.buckets[i/bucket]
	if c.by != by {
		c = &chunk[V]{by, c.v}
		l.buckets[i/bucket] = c
	}
	return &c.v[i%bucket]
}
