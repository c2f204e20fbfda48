package claims

// take adds what an intent comes to to the picture the next ones are planned
// on. Nobody but this plan sees that picture, so facts are written where they
// stand: thousands of intents cost no more than what they change.
func (p *planner) take(facts []Fact) {
	for _, f := range facts {
		if m, ok := f.(Member); ok {
			p.noteMember(m)
		}
	}
	if p.draft.Directory == nil {
		p.draft = p.d.change(p.d.Seq())
	}
	for _, f := range facts {
		p.draft.put(f, p.d.Seq().N)
	}
	p.d = p.draft.pause()
}

// pause makes a draft ready to be read, as done does, and lets more be put
// afterwards. The people that done settles are given up: a later fact copies
// them, and they are settled again. So are orders that were perhaps asked for
// meanwhile. What stands somewhere is written to where it lies.
func (b builder) pause() *Directory {
	b.settlePeriods() // which may touch more of both
	people, room := b.by.touched, b.by.room
	d := b.done()
	b.by.room = room
	for _, p := range people {
		p.by = nil
	}
	b.by.kinds = false
	for _, t := range b.facts {
		giveUp(t.sorted, b.by)
	}
	giveUp(b.inOrder, b.by)
	giveUp(b.people.inOrder, b.by)
	for _, o := range b.owned {
		giveUp(o.inOrder, b.by)
	}
	return d
}

// giveUp disowns an order that this draft made.
func giveUp[K comparable](s *sorted[K], by *token) {
	if s != nil && s.by == by {
		s.by = nil
	}
}
