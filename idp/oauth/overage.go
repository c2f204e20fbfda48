package oauth

import (
	"sync"

	"lanyard/claims"
	"lanyard/idp/web"
)

// crowded says, once for each client and member, that a token lists no groups
// since there are too many: an administrator has to do something, and the
// token cannot say it to one.
type crowded struct {
	mu   sync.Mutex
	said map[pair]bool // emptied when it is full
}

type pair struct {
	client claims.ClientID
	member claims.MemberID
}

// maxCrowded is how many pairs are remembered.
const maxCrowded = 10_000

func (c *crowded) first(who pair) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said[who] {
		return false
	}
	if c.said == nil || len(c.said) >= maxCrowded {
		c.said = map[pair]bool{}
	}
	c.said[who] = true
	return true
}

// sayOverage tells the log of a token whose groups were too many.
func (w *work) sayOverage() {
	if w.told.Overage && w.p.crowded.first(pair{w.client.ID, w.member.ID}) {
		w.p.Log.Error("more groups than the client's cap: the token lists none", web.KeyClient, w.client.ID, web.KeyMember, w.member.ID)
	}
}
