package claims

import (
	"hash/maphash"
	"slices"
)

// slots finds numbers by the hash of what they stand for. It holds no keys:
// whoever looks tells by the number whether it is the one meant. Every
// published state stays as it is; a change copies the shard it falls in and
// the list of shards. The zero slots is empty.
type slots struct {
	by     *token       // may change shards in place
	shards []*slotShard // none, or a power of two
	n      int
}

// slotShard is a table with open addressing, never more than three quarters
// full; its length is a power of two.
type slotShard struct {
	by *token // may change slots in place
	n  int
	at []slot
}

// slot holds a number plus one, and the hash it was put under; zero: empty.
type slot struct {
	hash   uint32
	number int32
}

const leastSlots = 8

var seed = maphash.MakeSeed()

// hashOf is where a text is put and looked for.
func hashOf(s string) uint32 {
	h := maphash.String(seed, s)
	return uint32(h ^ h>>32)
}

// hashBelow is where a child's slug is put and looked for.
func hashBelow(parent int32, slug Slug) uint32 {
	h := (maphash.String(seed, string(slug)) ^ uint64(uint32(parent))*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd
	return uint32(h >> 32)
}

// find returns the number put under hash that is the one meant.
func (x *slots) find(hash uint32, meant func(int32) bool) (int32, bool) {
	if len(x.shards) == 0 {
		return none, false
	}
	at := x.shards[hash&uint32(len(x.shards)-1)].at
	mask := uint32(len(at) - 1)
	for i := hash >> 20; ; i++ {
		s := &at[i&mask]
		if s.number == 0 {
			return none, false
		}
		if s.hash == hash && meant(s.number-1) {
			return s.number - 1, true
		}
	}
}

// put adds a number that is not there under hash.
func (x *slots) put(by *token, hash uint32, number int32) {
	if x.n >= shardSize*len(x.shards) {
		x.grow(by)
	}
	x.n++
	x.edit(by, hash).put(slot{hash, number + 1})
}

// drop takes away a number that was put under hash; once, if it was put twice.
func (x *slots) drop(by *token, hash uint32, number int32) {
	s := x.edit(by, hash)
	old := s.at
	s.n, s.at = 0, make([]slot, len(old))
	dropped := false
	for _, o := range old {
		switch {
		case o.number == 0:
		case !dropped && o == slot{hash, number + 1}:
			dropped = true
			x.n--
		default:
			s.put(o)
		}
	}
}

// edit returns the shard of hash, as by's own.
func (x *slots) edit(by *token, hash uint32) *slotShard {
	if x.by != by {
		x.by, x.shards = by, slices.Clone(x.shards)
	}
	i := hash & uint32(len(x.shards)-1)
	s := x.shards[i]
	if s.by != by {
		s = &slotShard{by, s.n, slices.Clone(s.at)}
		x.shards[i] = s
	}
	return s
}

// grow doubles the shards.
func (x *slots) grow(by *token) {
	wider := make([]*slotShard, max(1, 2*len(x.shards)))
	for i := range wider {
		wider[i] = &slotShard{by: by, at: make([]slot, leastSlots)}
	}
	for _, s := range x.shards {
		for _, o := range s.at {
			if o.number != 0 {
				wider[o.hash&uint32(len(wider)-1)].put(o)
			}
		}
	}
	x.by, x.shards = by, wider
}

func (s *slotShard) put(o slot) {
	if s.n++; s.n*4 > len(s.at)*3 {
		old := s.at
		s.at = make([]slot, 2*len(old))
		for _, o := range old {
			if o.number != 0 {
				s.place(o)
			}
		}
	}
	s.place(o)
}

// place writes o into the first free slot from its own on.
func (s *slotShard) place(o slot) {
	mask := uint32(len(s.at) - 1)
	i := o.hash >> 20
	for s.at[i&mask].number != 0 {
		i++
	}
	s.at[i&mask] = o
}
