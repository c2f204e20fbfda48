package claims

import (
	"iter"
	"slices"
)

// crowd is everybody who has an account or was named by a fact, by number and
// by id. The zero crowd is empty.
type crowd struct {
	byID    slots
	list    vector[*person]
	inOrder *sorted[MemberID]
}

func (d *Directory) seatOf(id MemberID) (int32, bool) {
	u, ok := d.uid(string(id))
	if !ok {
		return none, false
	}
	c := &d.people
	return c.byID.find(u.hash(), func(i int32) bool { return (*c.list.at(i)).uid == u })
}

// person returns the one with that id.
func (d *Directory) personOf(id MemberID) (*person, bool) {
	i, ok := d.seatOf(id)
	if !ok {
		return nil, false
	}
	return *d.people.list.at(i), true
}

// all yields everybody, in no order that means anything.
func (c *crowd) all() iter.Seq[*person] {
	return func(yield func(*person) bool) {
		for i := range c.list.n {
			if !yield(*c.list.at(int32(i))) {
				return
			}
		}
	}
}

// keys returns their ids in order. Callers do not change the slice.
func (c *crowd) keys() []MemberID {
	if c.inOrder == nil {
		return nil
	}
	c.inOrder.once.Do(func() {
		keys := make([]MemberID, 0, c.list.n)
		for p := range c.all() {
			keys = append(keys, p.id)
		}
		slices.Sort(keys)
		c.inOrder.keys = keys
	})
	return c.inOrder.keys
}

// seat returns the number of a member, given now if they have none.
func (b builder) seat(id MemberID) int32 {
	i, ok := b.seatOf(id)
	if ok {
		return i
	}
	p := &person{by: b.by, id: MemberID(b.by.text(string(id))), uid: uidOf(b, id), state: oddState, paid: never, lapse: never}
	p.n = int32(b.people.list.n)
	b.people.byID.put(b.by, p.uid.hash(), p.n)
	*b.people.list.edit(b.by, p.n) = p
	if c := &b.people; c.inOrder == nil || c.inOrder.by != b.by {
		c.inOrder = &sorted[MemberID]{by: b.by}
	}
	return p.n
}

// mark is a badge, a tag or a kind in an object that somebody has, as
// decisions read it: short and without pointers, so that a whole list lies
// close together.
type mark struct {
	what, kind sym // kind: of an affiliation
	from, to   tick
}

// settle makes p ready to be read: the marks of what p has, and lists no
// longer than they must be.
func (b builder) settle(p *person) {
	total := 0
	for i := range p.held {
		p.held[i] = trim(p.held[i])
		total += len(p.held[i])
	}
	all := make([]mark, 0, total)
	var ends [heldSorts]int32
	for sort := range p.held {
		for i := range p.held[sort] {
			h := &p.held[sort][i]
			m := mark{what: h.what, kind: h.kind, from: h.starts, to: h.until()}
			if heldSort(sort) == heldAwards {
				m.kind, m.from, m.to = 0, h.given, b.awardEnd(p, h)
			}
			m.from, m.to = b.within(h.period, m.from, m.to)
			all = append(all, m)
		}
		ends[sort] = int32(len(all))
	}
	p.marks, p.tagsFrom, p.scopesFrom = all, ends[heldAwards], ends[heldTags]
}

// awardEnd is when an award stops counting: its own end, or the start of the
// one that supersedes it.
func (b builder) awardEnd(p *person, a *packed) tick {
	end := a.until()
	if a.rest == nil || a.rest.next == "" {
		return end
	}
	if id, ok := b.uid(string(a.rest.next)); ok {
		if next := p.find(heldAwards, id); next != nil && next.what == a.what {
			if from, _ := b.within(next.period, next.given, never); from != always {
				end = min(end, from)
			}
		}
	}
	return end
}

// trim returns s without room to grow.
func trim[T any](s []T) []T {
	if len(s) == cap(s) {
		return s
	}
	return append(make([]T, 0, len(s)), s...)
}
