package apps

import (
	"fmt"

	"lanyard/claims"
)

// checkRoom holds that no place gets more grants than decisions there should
// have to look through.
func (b *builder) checkRoom() error {
	more := map[claims.LocationID]int{}
	for _, in := range b.draft.Intents {
		switch in := in.(type) {
		case claims.AddGrant:
			more[in.Grant.At]++
		case claims.Remove:
			if g, ok := claims.Get[claims.Grant](b.d, in.Key.ID); ok && in.Key == g.Key() {
				more[g.At]--
			}
		}
	}
	for _, g := range b.grants {
		id := b.places[g.at]
		if g.at == b.root {
			id = b.o.App.Root
		}
		n := more[id]
		if n <= 0 {
			continue
		}
		for _, have := range b.d.GrantsAt(id) {
			if !b.over(have) {
				n++
			}
		}
		if n > maxAtOnePlace {
			return at(g.key, &claims.Invalid{Problem: fmt.Sprintf("%s would have %d grants; a place takes %d: grant to a tag that its members have", g.at, n, maxAtOnePlace)})
		}
		delete(more, id)
	}
	return nil
}
