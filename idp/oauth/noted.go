package oauth

import "sync"

// maxNoted is how many grants are remembered at most.
const maxNoted = 10_000

// noted remembers, by grant, what was last written down of it. Who is
// forgotten is merely written again. The zero value remembers nothing.
type noted struct {
	mu   sync.Mutex
	last map[string]string
}

func (n *noted) is(grant, text string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	last, ok := n.last[grant]
	return ok && last == text
}

func (n *noted) put(grant, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.last == nil || len(n.last) >= maxNoted {
		n.last = map[string]string{}
	}
	n.last[grant] = text
}
