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
	shards []*slotShard // a hash is in the one at its share of their number
	n      int
}

// slotShard is a table with open addressing, which the slots are doubled to
// keep from filling up.
type slotShard struct {
	by *token // may change slots in place
	n  int
	at [slotsInShard]slot
}

const (
	slotsInShard = 256 // what an index of one byte reaches
	fullShard    = 240
	shardSlots   = 184 // on average, at most
)

// slot holds a number plus one, and the hash it was put under; zero: empty.
type slot struct {
	hash   uint32
	number int32
}

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
	at := &x.shards[x.shardOf(hash)].at
	for i := uint8(hash); ; i++ {
		s := &at[i]
		if s.number == 0 {
			return none, false
		}
		if s.hash == hash && meant(s.number-1) {
			return s.number - 1, true
		}
	}
}

func (x *slots) shardOf(hash uint32) int { return int(uint64(hash) * uint64(len(x.shards)) >> 32) }

// put adds a number that is not there under hash.
func (x *slots) put(by *token, hash uint32, number int32) {
	for x.n >= shardSlots*len(x.shards) || x.shards[x.shardOf(hash)].n >= fullShard {
		x.grow(by)
	}
	x.n++
	x.edit(by, hash).put(slot{hash, number + 1})
}

// drop takes away a number that was put under hash; once, if it was put twice.
func (x *slots) drop(by *token, hash uint32, number int32) {
	s := x.edit(by, hash)
	old := s.at
	s.n, s.at = 0, [slotsInShard]slot{}
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
	i := x.shardOf(hash)
	s := x.shards[i]
	if s.by != by {
		own := *s
		own.by = by
		s = &own
		x.shards[i] = s
	}
	return s
}

// grow makes a quarter more shards: to double them would leave every other
// slot empty for most of the time.
func (x *slots) grow(by *token) {
	old := x.shards
	x.by, x.shards = by, make([]*slotShard, len(old)+len(old)/4+1)
	for i := range x.shards {
		x.shards[i] = &slotShard{by: by}
	}
	for _, s := range old {
		for _, o := range s.at {
			if o.number != 0 {
				x.shards[x.shardOf(o.hash)].put(o)
			}
		}
	}
}

// put writes o into the first free slot from its own on.
func (s *slotShard) put(o slot) {
	i := uint8(o.hash)
	for s.at[i].number != 0 {
		i++
	}
	s.at[i] = o
	s.n++
}
