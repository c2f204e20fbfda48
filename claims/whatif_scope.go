package claims

import (
	"cmp"
	"slices"
)

// scope is whom and what facts concern, and rather more than too little.
type scope struct {
	everybody bool
	members   map[MemberID]bool // if not everybody

	everywhere bool
	below      map[LocationID]bool // if not everywhere: these and what is below them

	anyRight bool
	named    map[Slug]bool // if not any
	declared map[Key]bool  // rights that are themselves changed
}

// scope reads off the facts of a plan what they concern.
func (c *comparison) scope(facts []Fact) scope {
	s := scope{members: map[MemberID]bool{}, below: map[LocationID]bool{}, named: map[Slug]bool{}, declared: map[Key]bool{}}
	for _, f := range facts {
		s.take(c, f)
		if old := c.old(f); old != nil {
			s.take(c, old)
		}
	}
	return s
}

// old is a fact as it was before; nil if it was not there, or if where it
// stands cannot have changed.
func (c *comparison) old(f Fact) Fact {
	switch f := f.(type) {
	case Grant:
		return was[Grant](c, f)
	case Gate:
		return was[Gate](c, f)
	case Role:
		return was[Role](c, f)
	case Override:
		return was[Override](c, f)
	}
	return nil
}

func was[T Fact](c *comparison, f Fact) Fact {
	if old, ok := Get[T](c.before, f.Key().ID); ok {
		return old
	}
	return nil
}

func (s *scope) take(c *comparison, f Fact) {
	if members := f.Concerns(); len(members) > 0 {
		for _, m := range members {
			s.members[m] = true
		}
		switch f.(type) {
		case Credential, WiFiPass, Profile, Note, Request, Alias:
		default:
			s.everywhere, s.anyRight = true, true
		}
		return
	}
	switch f := f.(type) {
	case Tag, Badge, Opening, Client, Device, AccessPoint, Network, Assignment:
		return // no decision of a member leans on them
	case Grant:
		s.below[f.At] = true
		s.name(c, f.Right, f.Role)
		s.subject(c.after, f.Subject)
		return
	case Gate:
		s.below[f.At] = true
		s.name(c, f.Right, "")
	case Right:
		s.below[f.At], s.declared[f.Key()] = true, true
	case Lockdown:
		s.below[f.At], s.anyRight = true, true
	case Location:
		s.below[f.ID], s.anyRight = true, true
	case Application:
		s.below[f.Root], s.anyRight = true, true
	case Role:
		for _, d := range []*Directory{c.before, c.after} {
			for g := range All[Grant](d) {
				if g.Role == f.Slug {
					s.below[g.At] = true
				}
			}
		}
		s.anyRight = true
	default: // kinds, types, objects, overrides, settings
		s.everywhere, s.anyRight = true, true
	}
	s.everybody = true
}

// name adds the right that a rule is about, or those of its role; a rule that
// names neither is about any.
func (s *scope) name(c *comparison, right, role Slug) {
	if right != "" {
		s.named[right] = true
		return
	}
	for _, d := range []*Directory{c.before, c.after} {
		r, ok := Get[Role](d, string(role))
		if !ok || r.AllBut {
			s.anyRight = true
		}
		for _, right := range r.Rights {
			s.named[right] = true
		}
	}
}

// places lists the locations to compare at, by their paths.
func (s *scope) places(c *comparison) []LocationID {
	found := map[LocationID]bool{}
	for id := range s.below {
		found[id] = true
	}
	for _, d := range []*Directory{c.before, c.after} {
		standsSomewhere(d, found)
	}
	type placed struct {
		id   LocationID
		path Path
	}
	var list []placed
	for id := range found {
		if !s.everywhere && !s.covers(c.before, id) && !s.covers(c.after, id) {
			continue
		}
		path := c.after.PathOf(id)
		if path == "" {
			path = c.before.PathOf(id)
		}
		list = append(list, placed{id, path})
	}
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.id, b.id))
	})
	ids := make([]LocationID, len(list))
	for i, p := range list {
		ids[i] = p.id
	}
	return ids
}

// covers tells whether id is one of s.below, or below one.
func (s *scope) covers(d *Directory, id LocationID) bool {
	for _, up := range d.line(id) {
		if s.below[up] {
			return true
		}
	}
	return false
}

// line lists a location and those above it; none if it is not stored.
func (d *Directory) line(id LocationID) []LocationID {
	var c chain
	if i, ok := d.stored(id); !ok || !d.climb(i, &c) {
		return nil
	}
	ids := make([]LocationID, c.n)
	for i, n := range c.up() {
		ids[i] = d.placeID(n)
	}
	return ids
}

// standsSomewhere adds the locations at which something of their own stands.
func standsSomewhere(d *Directory, found map[LocationID]bool) {
	for g := range All[Grant](d) {
		found[g.At] = true
	}
	for g := range All[Gate](d) {
		found[g.At] = true
	}
	for l := range All[Lockdown](d) {
		found[l.At] = true
	}
	for r := range All[Right](d) {
		found[r.At] = true
	}
	for v := range All[Device](d) {
		found[v.Location] = true
	}
	for o := range All[Object](d) {
		if l, ok := d.ObjectPlace(o.Slug); ok {
			found[l.ID] = true
		}
	}
	delete(found, "") // where something stands that names no place
}
