package store

import (
	"fmt"
	"testing"

	"lanyard/idp/record"
)

func TestTheCacheIsBounded(t *testing.T) {
	var c grantCache
	for i := range 2 * cacheMax {
		id := fmt.Sprint(i)
		c.put(record.Grant{ID: id}, 0, c.version(id))
	}
	n := 0
	for i := range c.shards {
		n += len(c.shards[i].kept)
	}
	if n > cacheMax || n < cacheMax/2 {
		t.Errorf("%d grants are kept, want up to %d", n, cacheMax)
	}
}

func TestWhatIsCachedAgesByBeats(t *testing.T) {
	var c grantCache
	c.put(record.Grant{ID: "g"}, 10, c.version("g"))
	for beat, want := range map[int64]bool{10: true, 11: true, 12: false} {
		if _, ok := c.get("g", beat, freshBeats); ok != want {
			t.Errorf("read at beat 10, asked at %d: %v, want %v", beat, ok, want)
		}
	}
	if _, ok := c.get("g", 10+awayBeats, awayBeats); !ok {
		t.Error("five minutes later it is not there for when the database is away")
	}
}

func TestARowReadBeforeAWriteIsNotKeptAfterIt(t *testing.T) {
	for name, write := range map[string]func(*grantCache){
		"drop":    func(c *grantCache) { c.drop("g") },
		"dropAll": func(c *grantCache) { c.dropAll(record.GrantFilter{Member: "somebody else"}) },
	} {
		var c grantCache
		version := c.version("g")
		write(&c)
		c.put(record.Grant{ID: "g"}, 0, version)
		if _, ok := c.get("g", 0, freshBeats); ok {
			t.Errorf("%s: what was read before the write is kept", name)
		}
	}
}
