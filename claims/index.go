package claims

import (
	"slices"
	"strings"
	"time"
)

// builder is a Directory in the making: the one place that may change what
// its token marks.
type builder struct {
	*Directory
	by *token
}

// put takes one fact in, at position n of the change log.
func (b builder) put(f Fact, n uint64) {
	switch f := f.(type) {
	case Member:
		b.putMember(f)
	case Location:
		b.putLocation(f)
	case Award:
		b.putHeld(heldAwards, f.Member, b.packAward(f))
	case Affiliation:
		b.putHeld(heldKinds, f.Member, b.packAffiliation(f))
	case Assignment:
		b.putAssignment(f)
	default:
		old, _ := b.facts[f.Key().Entity].get(f.Key().ID)
		b.index(old, f)
		b.putFact(f)
	}
	if _, note := f.(Note); note {
		return // which not even authz_version gives away
	}
	concerns := f.Concerns()
	for _, m := range concerns {
		p := b.person(m)
		p.changed = max(p.changed, n)
	}
	if len(concerns) == 0 {
		b.rulesChanged = max(b.rulesChanged, n)
	}
}

func (b builder) putFact(f Fact) {
	k := f.Key()
	b.ownFacts(k.Entity).put(b.by, k.ID, f)
}

// ownFacts returns the table of an entity, as b's own.
func (b builder) ownFacts(e Entity) *table[string, Fact] {
	t, ok := b.facts[e]
	if !ok {
		t = new(table[string, Fact])
	} else if t.by != b.by {
		t = &table[string, Fact]{shards: t.shards, n: t.n, sorted: t.sorted}
	}
	b.facts[e] = t
	return t
}

// index keeps what is found otherwise than by key. old is the fact's state
// before, or nil.
func (b builder) index(old, f Fact) {
	switch f := f.(type) {
	case Settings:
		b.settings = f
		b.membershipType, b.membershipKind = symOf(b, f.MembershipFrom.Type), symOf(b, f.MembershipFrom.Kind)
	case ObjectType, Kind:
		b.indexKind(f)
	case Tag:
		b.indexTag(f)
	case Badge:
		b.indexBadge(f)
	case Object:
		b.indexObject(f)
	case Override:
		b.indexOverride(f)
	case Role:
		b.indexRole(f)
	case Application, Right, Grant, Gate, Lockdown:
		b.indexStanding(old, f)
	case Credential:
		b.byLookup.move(b.by, field(old, lookupOf), f.Lookup, string(f.ID))
		b.indexHeld(old, f)
	case WiFiPass:
		b.byLogin.move(b.by, field(old, loginOf), f.Login, string(f.ID))
		b.indexHeld(old, f)
	case Device:
		b.byClient.move(b.by, field(old, clientOf), string(f.Client), string(f.ID))
	case Period:
		b.indexPeriod(f)
	case Waiver:
		b.indexHeld(old, f)
	case Requirement, Result, SignoffRequest, Identity:
		b.indexEarning(old, f)
	}
}

func lookupOf(c Credential) string { return c.Lookup }
func loginOf(p WiFiPass) string    { return p.Login }
func clientOf(d Device) string     { return string(d.Client) }

// field returns a field of old, which may be nil.
func field[T Fact](old Fact, of func(T) string) string {
	if v, ok := old.(T); ok {
		return of(v)
	}
	return ""
}

// kindKey names a kind without building its key.
type kindKey struct{ Type, Slug Slug }

// indexKind keeps the kind trees, which are few and small, as plain maps that
// are replaced whole.
func (b builder) indexKind(f Fact) {
	b.by.kinds = true
	switch f := f.(type) {
	case ObjectType:
		next := make(map[Slug]ObjectType, len(b.types)+1)
		for k, v := range b.types {
			next[k] = v
		}
		next[f.Slug], b.types = f, next
	case Kind:
		next := make(map[kindKey]Kind, len(b.kinds)+1)
		for k, v := range b.kinds {
			next[k] = v
		}
		next[kindKey{f.Type, f.Slug}], b.kinds = f, next
	}
}

// indexStanding keeps what stands at a location.
func (b builder) indexStanding(old, f Fact) {
	if old != nil && placeOf(old) != placeOf(f) {
		b.removeStanding(old)
	}
	s := b.stands(placeOf(f))
	switch f := f.(type) {
	case Application:
		s.apps = with(s.apps, f)
	case Right:
		s.rights = with(s.rights, f)
	case Grant:
		s.grants = with(s.grants, f)
		b.indexZone(f.Window)
	case Gate:
		s.gates = with(s.gates, f)
	case Lockdown:
		s.locks = with(s.locks, f)
	}
}

func (b builder) removeStanding(old Fact) {
	s := b.stands(placeOf(old))
	switch old := old.(type) {
	case Application:
		s.apps = without(s.apps, old)
	case Right:
		s.rights = without(s.rights, old)
	case Grant:
		s.grants = without(s.grants, old)
	case Gate:
		s.gates = without(s.gates, old)
	case Lockdown:
		s.locks = without(s.locks, old)
	}
}

func placeOf(f Fact) LocationID {
	switch f := f.(type) {
	case Application:
		return f.Root
	case Right:
		return f.At
	case Grant:
		return f.At
	case Gate:
		return f.At
	case Lockdown:
		return f.At
	}
	return ""
}

// stands returns what stands at a location, as b's own.
func (b builder) stands(id LocationID) *standing { return b.standsAt(b.place(id)) }

func (b builder) standsAt(i int32) *standing {
	n := b.nodes.edit(b.by, i)
	switch {
	case n.stands == nil:
		n.stands = &standing{by: b.by}
		b.disturb(i)
	case n.stands.by == b.by:
		return n.stands
	default:
		s := *n.stands
		s.by = b.by
		s.rights, s.grants, s.gates = slices.Clone(s.rights), slices.Clone(s.grants), slices.Clone(s.gates)
		s.locks, s.apps = slices.Clone(s.locks), slices.Clone(s.apps)
		n.stands = &s
	}
	b.by.stood = append(b.by.stood, n.stands)
	return n.stands
}

// place returns the number of a location, given now if it has none.
func (b builder) place(id LocationID) int32 {
	u := uidOf(b, id)
	if i, ok := b.numberOf(u); ok {
		return i
	}
	i := int32(b.nodes.n)
	*b.nodes.edit(b.by, i) = node{id: u, parent: none}
	*b.kin.edit(b.by, i) = kin{none, none, none}
	*b.above.edit(b.by, i) = none
	b.places.put(b.by, u.hash(), i)
	if b.inOrder == nil || b.inOrder.by != b.by {
		b.inOrder = &sorted[int32]{by: b.by}
	}
	return i
}

func (b builder) putLocation(l Location) {
	i := b.place(l.ID)
	parent := none
	if l.Parent != "" {
		parent = b.place(l.Parent)
	}
	n := b.nodes.edit(b.by, i)
	before := n.flags
	b.putObject(i, n, l)
	if !n.is(nodeStored) || n.parent != parent || n.slug != l.Slug || !n.is(nodeHangs) {
		b.unhang(i)
		if n.slug != l.Slug {
			n.slug = Slug(b.by.text(string(l.Slug)))
		}
		n.parent = parent
		n.set(nodeStored, true)
		b.hang(i)
		b.disturb(i)
	}
	n.set(nodeStop, !l.Inherit)
	n.set(nodeOpen, l.Open)
	n.set(nodeArchived, !l.Archived.IsZero())
	if (before^n.flags)&(nodeStop|nodeOpen|nodeArchived) != 0 {
		b.disturb(i)
	}
	detailed := l.Name != "" || l.Object != "" || l.External != "" || !l.Archived.IsZero()
	if detailed {
		l.Slug = n.slug
		b.details.put(b.by, l.ID, &l)
	} else if n.is(nodeDetailed) {
		b.details.drop(b.by, l.ID)
	}
	n.set(nodeDetailed, detailed)
}

// putObject keeps which scope object stands at a location.
func (b builder) putObject(i int32, n *node, l Location) {
	var old Slug
	if n.is(nodeDetailed) {
		was, _ := b.details.get(l.ID)
		old = was.Object
	}
	b.objectPlaces.move(b.by, string(old), string(l.Object), string(l.ID))
	if l.Object != "" || n.stands != nil {
		b.standsAt(i).object = symOf(b, l.Object)
	}
}

// indexZone keeps the time zones that windows are written in.
func (b builder) indexZone(w *Window) {
	if w == nil || b.zones[w.Zone] != nil {
		return
	}
	zone, err := time.LoadLocation(w.Zone)
	if err != nil || strings.EqualFold(w.Zone, "local") {
		return // holds no opening: see openings
	}
	next := make(map[string]*time.Location, len(b.zones)+1)
	for k, v := range b.zones {
		next[k] = v
	}
	next[w.Zone], b.zones = zone, next
}

// with returns s, which is in order of ids, with f in its place.
func with[T Fact](s []T, f T) []T {
	i, there := find(s, f)
	if there {
		s[i] = f
		return s
	}
	return slices.Insert(s, i, f)
}

// without returns s less f.
func without[T Fact](s []T, f T) []T {
	if i, there := find(s, f); there {
		return slices.Delete(s, i, i+1)
	}
	return s
}

func find[T Fact](s []T, f T) (int, bool) {
	id := f.Key().ID
	if n := len(s); n > 0 && s[n-1].Key().ID < id {
		return n, false // the usual case: ids rise
	}
	return slices.BinarySearchFunc(s, id, func(x T, id string) int { return strings.Compare(x.Key().ID, id) })
}

// several is an index from a text to the ids, in order, of the facts that
// have it.
type several struct{ table[string, []string] }

func (x *several) get(text string) []string {
	ids, _ := x.table.get(text)
	return ids
}

// move takes id from one text to another; an empty text is none.
func (x *several) move(by *token, from, to, id string) {
	if from == to {
		if ids := x.get(to); slices.Contains(ids, id) {
			return
		}
	} else if from != "" {
		ids := slices.DeleteFunc(slices.Clone(x.get(from)), func(s string) bool { return s == id })
		if len(ids) == 0 {
			x.drop(by, from)
		} else {
			x.put(by, from, ids)
		}
	}
	if to == "" {
		return
	}
	ids := slices.Clone(x.get(to))
	if i, there := slices.BinarySearch(ids, id); !there {
		x.put(by, to, slices.Insert(ids, i, id))
	}
}
