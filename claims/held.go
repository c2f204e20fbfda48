package claims

import (
	"slices"
	"sort"
	"strings"
)

// Awards, affiliations and the tags put on members are by far the most facts
// there are. They are kept once, with the member who has them, and found by
// id through an index of members.

// owners finds the member who has a fact of one entity.
type owners struct {
	byID    slots // numbers of members
	inOrder *sorted[string]
}

// owned are the entities kept so.
type owned struct{ awards, assignments, affiliations owners }

func awardsOf(p *person) []Award             { return p.awards }
func assignmentsOf(p *person) []Assignment   { return p.assignments }
func affiliationsOf(p *person) []Affiliation { return p.affiliations }

func awardID(a *Award) ID             { return a.ID }
func assignmentID(a *Assignment) ID   { return a.ID }
func affiliationID(a *Affiliation) ID { return a.ID }

// ownedFact returns the fact with that id, or nil.
func ownedFact[T Fact](d *Directory, o *owners, of func(*person) []T, idOf func(*T) ID, id string) *T {
	var found *T
	o.byID.find(hashOf(id), func(i int32) bool {
		list := of(*d.people.list.at(i))
		j, ok := sort.Find(len(list), func(j int) int { return strings.Compare(id, string(idOf(&list[j]))) })
		if ok {
			found = &list[j]
		}
		return ok
	})
	return found
}

func (d *Directory) award(id string) *Award {
	return ownedFact(d, &d.owned.awards, awardsOf, awardID, id)
}

func (d *Directory) assignment(id string) *Assignment {
	return ownedFact(d, &d.owned.assignments, assignmentsOf, assignmentID, id)
}

func (d *Directory) affiliation(id string) *Affiliation {
	return ownedFact(d, &d.owned.affiliations, affiliationsOf, affiliationID, id)
}

// ownedIDs returns the ids of what everybody has, in order, and others.
func ownedIDs[T Fact](d *Directory, o *owners, of func(*person) []T, idOf func(*T) ID, others []string) []string {
	if o.inOrder == nil {
		return others
	}
	o.inOrder.once.Do(func() {
		keys := make([]string, 0, o.byID.n+len(others))
		for p := range d.people.all() {
			list := of(p)
			for i := range list {
				keys = append(keys, string(idOf(&list[i])))
			}
		}
		keys = append(keys, others...)
		slices.Sort(keys)
		o.inOrder.keys = keys
	})
	return o.inOrder.keys
}

// of returns the index of a fact's entity, or nil.
func (o *owned) of(f Fact) *owners {
	switch f.(type) {
	case Award:
		return &o.awards
	case Assignment:
		return &o.assignments
	case Affiliation:
		return &o.affiliations
	}
	return nil
}

// before returns the state of a fact before this one, or nil.
func (d *Directory) before(f Fact) Fact {
	key := f.Key()
	switch f.(type) {
	case Award:
		if a := d.award(key.ID); a != nil {
			return *a
		}
		return nil
	case Affiliation:
		if a := d.affiliation(key.ID); a != nil {
			return *a
		}
		return nil
	case Assignment:
		if a := d.assignment(key.ID); a != nil {
			return *a
		}
	}
	old, _ := d.facts[key.Entity].get(key.ID)
	return old
}

// keep files f, which the member it concerns has by now, or which is in a
// table of facts if it concerns none; old is its state before, or nil.
func (b builder) keep(old, f Fact) {
	index, id := b.owned.of(f), f.Key().ID
	if index == nil {
		b.putFact(f)
		return
	}
	was, is := none, b.owner(f)
	if old != nil {
		was = b.owner(old)
	}
	if is == none {
		b.putFact(f)
	}
	if old != nil && was == is {
		return
	}
	switch {
	case was != none:
		index.byID.drop(b.by, hashOf(id), was)
	case old != nil:
		b.ownFacts(f.Key().Entity).drop(b.by, id)
	}
	if is != none {
		index.byID.put(b.by, hashOf(id), is)
	}
	if index.inOrder == nil || index.inOrder.by != b.by {
		index.inOrder = &sorted[string]{by: b.by}
	}
}

// owner returns the number of the member whom a fact concerns, or none.
func (b builder) owner(f Fact) int32 {
	for _, m := range f.Concerns() {
		i, _ := b.people.number(m)
		return i
	}
	return none
}
