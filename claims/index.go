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
	case Right:
		b.byRight.move(b.by, field(old, slugOf), string(f.Slug), f.Key().ID)
		b.indexStanding(old, f)
	case Application, Grant, Gate, Lockdown:
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
	case Alias:
		b.indexAlias(old, f)
	case Waiver:
		b.indexHeld(old, f)
	case Requirement, Result, SignoffRequest, Identity, Request:
		b.indexEarning(old, f)
	}
}

func lookupOf(c Credential) string { return c.Lookup }
func loginOf(p WiFiPass) string    { return p.Login }
func clientOf(d Device) string     { return string(d.Client) }
func slugOf(r Right) string        { return string(r.Slug) }

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
