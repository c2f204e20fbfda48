package claims

import (
	"iter"
	"maps"
	"time"
)

// Directory is one immutable picture of the organisation. Everybody may read
// one at once; With makes the next without disturbing this one.
//
// Facts are found by key in tables, beside which the ways that decisions look
// are kept: what each member has (people.go), what stands at each location
// and how locations hang together (tree.go), kinds, names, cards.
type Directory struct {
	seq          Seq
	rulesChanged uint64 // where in the log a fact that concerns no single member last changed
	settings     Settings

	facts  map[Entity]*table[string, Fact] // all but members, locations and what is owned; replaced by With
	people crowd
	owned  [heldSorts]owners
	names  table[string, nameOwner] // usernames and former ones, lower case
	bySub  table[string, MemberID]

	words lexicon

	places       slots // by id
	nodes        vector[node]
	above        vector[int32]                // see ascend
	inOrder      *sorted[int32]               // the order of their ids
	details      table[LocationID, *Location] // those that say more than their node does
	below        slots                        // children by parent and slug
	kin          vector[kin]
	firstRoot    rootNumber
	objectPlaces several // locations by scope object

	types map[Slug]ObjectType // replaced, never changed
	kinds map[kindKey]Kind    // replaced, never changed
	// for each kind that objects of a type know, those it implies, itself
	// first; replaced, never changed
	lineage        map[kindSym]lineage
	current        []Slug // periods; replaced, never changed
	membershipType sym    // as the settings say; 0: billing
	membershipKind sym
	zones          map[string]*time.Location // those of windows; replaced, never changed

	byLookup several // credentials by keyed hash
	byLogin  several // passes by login name
	byClient several // devices by client
	byRight  several // declarations by the right's name
	called   several // aliases by what they call or called members, as lookAlike has it
	earning  earning
}

// NewDirectory returns the empty picture at seq.
func NewDirectory(seq Seq) *Directory {
	return &Directory{seq: seq, facts: map[Entity]*table[string, Fact]{}}
}

// With returns the picture after these facts, at seq. It costs what changes,
// not what is there. The facts may come in any order; of two with one key the
// later holds.
func (d *Directory) With(seq Seq, facts ...Fact) *Directory {
	b := d.change(seq)
	for _, f := range facts {
		b.put(f, seq.N)
	}
	return b.done()
}

// Replay returns the picture after these changes, in their order, at seq. It
// is With for a reader of the change log: authz_version then names each
// change's own place in the log, the same in every replica.
func (d *Directory) Replay(seq Seq, changes ...Change) *Directory {
	b := d.change(seq)
	for _, c := range changes {
		b.put(c.Fact, c.N)
	}
	return b.done()
}

// Load returns the picture of facts at seq: of each key the one state that
// counts, in any order, each with its place in the change log. It is what a
// Replay of them comes to, without the pictures in between: for reading tables.
func Load(seq Seq, facts iter.Seq[Change]) *Directory {
	b := NewDirectory(seq).change(seq)
	for c := range facts {
		b.put(c.Fact, c.N)
	}
	return b.done()
}

func (d *Directory) change(seq Seq) builder {
	next := *d
	next.seq = seq
	next.facts = maps.Clone(d.facts)
	return builder{&next, new(token)}
}

// done returns the picture, to be changed no more.
func (b builder) done() *Directory {
	b.settlePeriods()
	for _, p := range b.by.touched {
		b.settle(p)
	}
	for _, s := range b.by.stood {
		b.settleStanding(s)
	}
	b.settleAbove()
	if b.by.kinds {
		b.settleKinds()
	}
	b.by.touched, b.by.stood, b.by.room = nil, nil, nil
	return b.Directory
}

// Seq is the last change in this picture.
func (d *Directory) Seq() Seq { return d.seq }

// Settings returns the organisation's settings.
func (d *Directory) Settings() Settings { return d.settings }

// Get returns the fact of type T named id (Key.ID).
func Get[T Fact](d *Directory, id string) (T, bool) {
	var f T
	switch p := any(&f).(type) {
	case *Member:
		who, ok := d.personOf(MemberID(id))
		if !ok || !who.known {
			return f, false
		}
		*p = d.unpackMember(who.id, &who.member)
		return f, true
	case *Location:
		i, ok := d.stored(LocationID(id))
		if ok {
			*p = d.location(d.nodes.at(i))
		}
		return f, ok
	case *Award:
		a, ok := heldBy(d, heldAwards, id, d.unpackAward)
		*p = a
		return f, ok
	case *Affiliation:
		a, ok := heldBy(d, heldKinds, id, d.unpackAffiliation)
		*p = a
		return f, ok
	case *Assignment:
		if a, ok := heldBy(d, heldTags, id, d.unpackAssignment); ok {
			*p = a
			return f, true
		}
	}
	v, _ := d.facts[f.Key().Entity].get(id)
	f, ok := v.(T)
	return f, ok
}

// All returns every fact of type T, ended ones too, in the order of their ids.
func All[T Fact](d *Directory) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, id := range ids[T](d) {
			if f, ok := Get[T](d, id); ok && !yield(f) {
				return
			}
		}
	}
}

// ids lists the keys of T, in order, and some that are no fact yet.
func ids[T Fact](d *Directory) []string {
	var f T
	switch any(f).(type) {
	case Member:
		return texts(d.people.keys())
	case Location:
		return d.placeIDs()
	case Award:
		return d.heldTexts(heldAwards)
	case Affiliation:
		return d.heldTexts(heldKinds)
	case Assignment:
		return d.assignmentIDs()
	}
	return d.facts[f.Key().Entity].keys()
}

func texts[K ~string](keys []K) []string {
	s := make([]string, len(keys))
	for i, k := range keys {
		s[i] = string(k)
	}
	return s
}

// rightsNamed returns the live declarations of a right, wherever they stand.
func (d *Directory) rightsNamed(slug Slug) iter.Seq[Right] {
	return func(yield func(Right) bool) {
		for _, id := range d.byRight.get(string(slug)) {
			if r, ok := Get[Right](d, id); ok && r.Removed.IsZero() && !yield(r) {
				return
			}
		}
	}
}

// KindsAbove returns kind and the kinds it implies in objects of type typ,
// nearest first, ending with RootKind; none if typ has no such kind.
func (d *Directory) KindsAbove(typ, kind Slug) []Slug {
	var up []Slug
	for k, ok := d.kind(typ, kind); ok && len(up) < maxKinds; k, ok = d.kind(typ, k.Parent) {
		if up == nil {
			up = make([]Slug, 0, 4)
		}
		up = append(up, k.Slug)
	}
	return up
}

// maxKinds bounds walks up a kind tree, maxExtends those along extended types.
const (
	maxKinds   = 32
	maxExtends = 8
)

// kind returns a kind as objects of type typ know it: the type's own, or one
// of the type it extends.
func (d *Directory) kind(typ, slug Slug) (Kind, bool) {
	for range maxExtends {
		if k, ok := d.kinds[kindKey{typ, slug}]; ok {
			return k, true
		}
		if typ = d.types[typ].Extends; typ == "" {
			break
		}
	}
	return Kind{}, false
}
