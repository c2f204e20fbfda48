package store

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"lanyard/idp/record"
)

// What is cached is as old as the beats since it was read, not as the clock
// says: a clock may be set.
const (
	beatEvery  = 500 * time.Millisecond
	freshBeats = 1   // read in this half second or the last: no older than one second
	awayBeats  = 600 // five minutes
	cacheMax   = 100_000
	shardCount = 64
)

// grantCache holds grants read lately, by id. A shard's version moves with
// every write to a grant in it, so that a row read before the write is not
// kept after it. The zero value is empty.
type grantCache struct {
	shards [shardCount]grantShard
}

type grantShard struct {
	mu      sync.Mutex
	version uint64
	kept    map[string]keptGrant
}

type keptGrant struct {
	grant record.Grant // its slices are never changed
	beat  int64        // when it was read
}

// seed spreads ids over shards.
var seed = maphash.MakeSeed()

func (c *grantCache) shard(id string) *grantShard {
	return &c.shards[maphash.String(seed, id)%shardCount]
}

// get returns the grant if it was read no more than beats before now.
func (c *grantCache) get(id string, now, beats int64) (record.Grant, bool) {
	s := c.shard(id)
	s.mu.Lock()
	k, ok := s.kept[id]
	s.mu.Unlock()
	if !ok || now-k.beat > beats {
		return record.Grant{}, false
	}
	return owned(k.grant), true
}

// version is to be asked before a row is read that put is to keep.
func (c *grantCache) version(id string) uint64 {
	s := c.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

// put keeps a grant read at beat now, unless its shard was written to since
// version was asked.
func (c *grantCache) put(g record.Grant, now int64, version uint64) {
	g = owned(g)
	s := c.shard(g.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version {
		return
	}
	if s.kept == nil {
		s.kept = map[string]keptGrant{}
	}
	if _, ok := s.kept[g.ID]; !ok && len(s.kept) >= cacheMax/shardCount {
		for id := range s.kept { // any one: the map's order is random
			delete(s.kept, id)
			break
		}
	}
	s.kept[g.ID] = keptGrant{g, now}
}

// drop forgets a grant that was written to.
func (c *grantCache) drop(id string) {
	s := c.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	delete(s.kept, id)
}

// dropAll forgets the grants f picks.
func (c *grantCache) dropAll(f record.GrantFilter) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		s.version++
		for id, k := range s.kept {
			g := k.grant
			if (f.Member == "" || f.Member == g.Member) && (f.Client == "" || f.Client == g.Client) && (f.Session == "" || f.Session == g.Session) {
				delete(s.kept, id)
			}
		}
		s.mu.Unlock()
	}
}

// owned returns a copy that shares nothing with g.
func owned(g record.Grant) record.Grant {
	g.Requested, g.Scopes = slices.Clone(g.Requested), slices.Clone(g.Scopes)
	g.Audience, g.AMR = slices.Clone(g.Audience), slices.Clone(g.AMR)
	return g
}
