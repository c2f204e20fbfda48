package claims

import (
	"cmp"
	"slices"
)

// What members have and there is much of is kept once, packed, with the
// member, and found by id through an index of members.

// sort of what is kept so.
type heldSort int

const (
	heldAwards heldSort = iota
	heldTags
	heldKinds
	heldSorts // how many there are
)

// owners finds the member who has a fact of one sort.
type owners struct {
	byID    slots // numbers of members, by the ids of what they have
	inOrder *sorted[uid]
}

// findHeld returns the fact of a sort with that id, and who has it; nil if
// there is none.
func (d *Directory) findHeld(sort heldSort, id uid) (owner *person, found *packed) {
	d.owned[sort].byID.find(id.hash(), func(i int32) bool {
		owner = *d.people.list.at(i)
		found = owner.find(sort, id)
		return found != nil
	})
	return owner, found
}

func (p *person) find(sort heldSort, id uid) *packed {
	for i := range p.held[sort] {
		if p.held[sort][i].id == id {
			return &p.held[sort][i]
		}
	}
	return nil
}

// heldBy returns the fact of a sort with that id.
func heldBy[T any](d *Directory, sort heldSort, id string, unpack func(MemberID, *packed) T) (f T, ok bool) {
	u, ok := d.uid(id)
	if !ok {
		return f, false
	}
	owner, found := d.findHeld(sort, u)
	if found == nil {
		return f, false
	}
	return unpack(owner.id, found), true
}

// listHeld returns what a member has of a sort.
func listHeld[T any](p *person, sort heldSort, unpack func(MemberID, *packed) T) []T {
	if len(p.held[sort]) == 0 {
		return nil
	}
	list := make([]T, len(p.held[sort]))
	for i := range list {
		list[i] = unpack(p.id, &p.held[sort][i])
	}
	return list
}

// heldIDs returns the ids of everything of a sort, in order.
func (d *Directory) heldIDs(sort heldSort) []uid {
	o := &d.owned[sort]
	if o.inOrder == nil {
		return nil
	}
	o.inOrder.once.Do(func() {
		keys := make([]uid, 0, o.byID.n)
		for p := range d.people.all() {
			for i := range p.held[sort] {
				keys = append(keys, p.held[sort][i].id)
			}
		}
		slices.SortFunc(keys, d.compareIDs)
		o.inOrder.keys = keys
	})
	return o.inOrder.keys
}

func (d *Directory) heldTexts(sort heldSort) []string {
	keys := d.heldIDs(sort)
	ids := make([]string, len(keys))
	for i, u := range keys {
		ids[i] = d.idText(u)
	}
	return ids
}

// putHeld files f with the member who has it, and takes it from whoever had it.
func (b builder) putHeld(sort heldSort, m MemberID, f packed) {
	was, is := none, b.seat(m)
	if owner, found := b.findHeld(sort, f.id); found != nil {
		was = owner.n
	}
	if was != is {
		b.dropHeld(sort, f.id)
		b.owned[sort].byID.put(b.by, f.id.hash(), is)
		b.unsortHeld(sort)
	}
	p := b.person(m)
	list := p.held[sort]
	if n := len(list); n == 0 || b.compareIDs(list[n-1].id, f.id) < 0 {
		p.held[sort] = append(list, f) // the usual case: ids rise
		return
	}
	i, there := slices.BinarySearchFunc(list, f.id, func(x packed, id uid) int { return b.compareIDs(x.id, id) })
	if there {
		list[i] = f
		return
	}
	p.held[sort] = slices.Insert(list, i, f)
}

// dropHeld takes a fact from whoever has it, if somebody does.
func (b builder) dropHeld(sort heldSort, id uid) {
	owner, found := b.findHeld(sort, id)
	if found == nil {
		return
	}
	p := b.person(owner.id)
	p.held[sort] = slices.DeleteFunc(p.held[sort], func(x packed) bool { return x.id == id })
	b.owned[sort].byID.drop(b.by, id.hash(), owner.n)
	b.unsortHeld(sort)
}

func (b builder) unsortHeld(sort heldSort) {
	if o := &b.owned[sort]; o.inOrder == nil || o.inOrder.by != b.by {
		o.inOrder = &sorted[uid]{by: b.by}
	}
}

// putAssignment files a tag put on something: with the member, or in a table.
func (b builder) putAssignment(a Assignment) {
	if a.Target == TargetMember {
		b.ownFacts(EntityAssignment).drop(b.by, string(a.ID))
		b.putHeld(heldTags, MemberID(a.TargetID), b.packAssignment(a))
		return
	}
	b.dropHeld(heldTags, uidOf(b, a.ID))
	b.putFact(a)
}

// assignmentIDs returns the ids of all assignments, in order.
func (d *Directory) assignmentIDs() []string {
	ids := append(d.heldTexts(heldTags), d.facts[EntityAssignment].keys()...)
	slices.SortFunc(ids, cmp.Compare[string])
	return ids
}
