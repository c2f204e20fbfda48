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

func (c *crowd) number(id MemberID) (int32, bool) {
	return c.byID.find(hashOf(string(id)), func(i int32) bool { return (*c.list.at(i)).id == id })
}

func (c *crowd) get(id MemberID) (*person, bool) {
	i, ok := c.number(id)
	if !ok {
		return nil, false
	}
	return *c.list.at(i), true
}

// put takes in p, or p as it is now, and returns their number.
func (c *crowd) put(by *token, p *person) int32 {
	i, ok := c.number(p.id)
	if !ok {
		i = int32(c.list.n)
		c.byID.put(by, hashOf(string(p.id)), i)
		if c.inOrder == nil || c.inOrder.by != by {
			c.inOrder = &sorted[MemberID]{by: by}
		}
	}
	p.n = i
	*c.list.edit(by, i) = p
	return i
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
	i, ok := b.people.number(id)
	if !ok {
		i = b.people.put(b.by, &person{by: b.by, id: id, state: oddState, paid: never, lapse: never})
	}
	return i
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
	p.awards, p.assignments, p.affiliations = trim(p.awards), trim(p.assignments), trim(p.affiliations)
	all := make([]mark, 0, len(p.awards)+len(p.assignments)+len(p.affiliations))
	for i := range p.awards {
		a := &p.awards[i]
		all = append(all, mark{what: symOf(b, a.Badge), from: startOf(a.On), to: p.awardEnd(a)})
	}
	for i := range p.assignments {
		a := &p.assignments[i]
		all = append(all, mark{what: symOf(b, a.Tag), from: startOf(a.Starts), to: endOf(a.End())})
	}
	for i := range p.affiliations {
		a := &p.affiliations[i]
		all = append(all, mark{symOf(b, a.Object), symOf(b, a.Kind), startOf(a.Starts), endOf(a.End())})
	}
	n, m := len(p.awards), len(p.awards)+len(p.assignments)
	p.badges, p.tags, p.scopes = all[:n:n], all[n:m:m], all[m:]
}

// awardEnd is when an award stops counting: its own end, or the start of the
// one that supersedes it.
func (p *person) awardEnd(a *Award) tick {
	end := endOf(a.End())
	if a.SupersededBy == "" {
		return end
	}
	for i := range p.awards {
		if next := &p.awards[i]; next.ID == a.SupersededBy && next.Badge == a.Badge {
			return min(end, endOf(next.On))
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
