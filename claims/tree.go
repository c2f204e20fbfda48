package claims

import (
	"cmp"
	"slices"
	"strings"
)

// The tree of locations. Each location has a number, given in the order they
// arrive and never taken back; parents are numbers, so that a walk to the
// root costs no look-up by name, and moving a subtree writes one node.

// none is no location's number.
const none int32 = -1

// node is a location and what stands there.
type node struct {
	id     uid
	slug   Slug
	stands *standing // nil: nothing stands here
	parent int32     // none: a root
	flags  nodeFlags
}

// nodeFlags are what is to say of a location in few words.
type nodeFlags uint8

const (
	nodeStored   nodeFlags = 1 << iota // not set: something named it before its own fact arrived
	nodeStop                           // Inherit is false
	nodeOpen                           // unstored locations below may be asked about
	nodeArchived                       // it was
	nodeHangs                          // it is the child of its parent that has its slug
	nodeDetailed                       // details has the fact, which says more
)

func (n *node) is(f nodeFlags) bool { return n.flags&f != 0 }

func (n *node) set(f nodeFlags, on bool) {
	n.flags &^= f
	if on {
		n.flags |= f
	}
}

// standing is what stands at one location, each list in order of ids.
type standing struct {
	by     *token
	rights []Right
	grants []Grant
	gates  []Gate
	locks  []Lockdown
	apps   []Application // those whose root this is
	object sym           // the scope object that stands here

	queued bool                         // to be settled
	known  struct{ rights, grants int } // how many of each the forms below know

	declared []declared // these five are made from those above
	allows   []rule
	denies   []rule
	doors    []gateForm
	shut     []lockForm
}

// location puts the fact together again.
func (d *Directory) location(n *node) Location {
	id := d.placeID(n)
	if n.is(nodeDetailed) {
		l, _ := d.details.get(id)
		return *l
	}
	l := Location{ID: id, Slug: n.slug, Inherit: !n.is(nodeStop), Open: n.is(nodeOpen)}
	if n.parent != none {
		l.Parent = d.placeID(d.nodes.at(n.parent))
	}
	return l
}

// placeID returns a location's id; that of a UUID is a text made anew.
func (d *Directory) placeID(n *node) LocationID { return LocationID(d.idText(n.id)) }

// number returns the number of a location that something has named.
func (d *Directory) number(id LocationID) (int32, bool) {
	u, ok := d.uid(string(id))
	if !ok {
		return none, false
	}
	return d.numberOf(u)
}

func (d *Directory) numberOf(u uid) (int32, bool) {
	return d.places.find(u.hash(), func(i int32) bool { return d.nodes.at(i).id == u })
}

// stored returns the number of a location that is there.
func (d *Directory) stored(id LocationID) (int32, bool) {
	i, ok := d.number(id)
	return i, ok && d.nodes.at(i).is(nodeStored)
}

// placeIDs returns the ids of all locations, in order, and some that are not
// stored yet.
func (d *Directory) placeIDs() []string {
	if d.inOrder == nil {
		return nil
	}
	d.inOrder.once.Do(func() {
		keys := make([]int32, d.nodes.n)
		for i := range keys {
			keys[i] = int32(i)
		}
		slices.SortFunc(keys, func(a, b int32) int { return d.compareIDs(d.nodes.at(a).id, d.nodes.at(b).id) })
		d.inOrder.keys = keys
	})
	ids := make([]string, len(d.inOrder.keys))
	for i, n := range d.inOrder.keys {
		ids[i] = d.idText(d.nodes.at(n).id)
	}
	return ids
}

// descend walks p from its root as far as it is stored and returns the last
// location and the rest of p, which starts with a slash unless it is empty.
func (d *Directory) descend(p Path) (i int32, rest string) {
	i, rest = none, string(p)
	for rest != "" {
		part, after := rest[1:], ""
		if slash := strings.IndexByte(part, '/'); slash >= 0 {
			part, after = part[:slash], part[slash:]
		}
		next, ok := d.child(i, Slug(part))
		if !ok {
			return i, rest
		}
		i, rest = next, after
	}
	return i, rest
}

// chain is the way from a location up to its root: the location itself first.
type chain struct {
	at [MaxDepth]*node
	n  int
	// those of at where something stands, nearest first
	stands [MaxDepth]uint8
	m      int

	stop     int  // the first that does not inherit, or the root
	open     bool // something on it is
	archived bool
}

// climb fills c with the chain of location i. It returns false if the chain
// does not reach a root: a parent is missing, or it is too deep.
func (d *Directory) climb(i int32, c *chain) bool {
	var flags nodeFlags
	c.n, c.m, c.stop = 0, 0, -1
	for i != none {
		if c.n == MaxDepth {
			return false
		}
		n := d.nodes.at(i)
		if !n.is(nodeStored) {
			return false
		}
		if n.stands != nil {
			c.stands[c.m] = uint8(c.n)
			c.m++
		}
		if n.is(nodeStop) && c.stop < 0 {
			c.stop = c.n
		}
		flags |= n.flags
		c.at[c.n], i = n, n.parent
		c.n++
	}
	if c.stop < 0 {
		c.stop = c.n - 1
	}
	c.open, c.archived = flags&nodeOpen != 0, flags&nodeArchived != 0
	return c.n > 0
}

func (c *chain) up() []*node { return c.at[:c.n] }

// standing returns how far up those locations are where something stands.
func (c *chain) standing() []uint8 { return c.stands[:c.m] }

// Locate returns the stored location at p.
func (d *Directory) Locate(p Path) (Location, bool) {
	if p == "" || p[0] != '/' {
		return Location{}, false
	}
	i, rest := d.descend(p)
	if i == none || rest != "" {
		return Location{}, false
	}
	return d.location(d.nodes.at(i)), true
}

// PathOf returns where a stored location stands; the zero Path if id is none.
func (d *Directory) PathOf(id LocationID) Path {
	var c chain
	if i, ok := d.stored(id); !ok || !d.climb(i, &c) {
		return ""
	}
	var b strings.Builder
	for _, n := range slices.Backward(c.up()) {
		b.WriteByte('/')
		b.WriteString(string(n.slug))
	}
	return Path(b.String())
}

// Children returns the stored locations right under id, archived ones too, by
// slug; the roots for "".
func (d *Directory) Children(id LocationID) []Location {
	i := none
	if id != "" {
		var ok bool
		if i, ok = d.stored(id); !ok {
			return nil
		}
	}
	var found []Location
	for j := d.firstChild(i); j != none; j = d.kin.at(j).next {
		found = append(found, d.location(d.nodes.at(j)))
	}
	slices.SortFunc(found, func(a, b Location) int { return cmp.Compare(a.Slug, b.Slug) })
	return found
}

// RightAt returns the right named slug that is declared on the chain of id.
func (d *Directory) RightAt(id LocationID, slug Slug) (Right, bool) {
	var c chain
	if i, ok := d.stored(id); !ok || !d.climb(i, &c) {
		return Right{}, false
	}
	if r, _ := c.right(slug); r != nil {
		return r.Right, true
	}
	return Right{}, false
}

// right returns the right named slug that is declared on the chain and how
// far up, or nil.
func (c *chain) right(slug Slug) (*declared, int) {
	for _, up := range c.standing() {
		here := c.at[up].stands.declared
		for i := range here {
			if here[i].Slug == slug {
				return &here[i], int(up)
			}
		}
	}
	return nil, 0
}

// standsAt returns what stands at a location; nothing if it is unknown.
func (d *Directory) standsAt(id LocationID) standing {
	if i, ok := d.number(id); ok && d.nodes.at(i).stands != nil {
		return *d.nodes.at(i).stands
	}
	return standing{}
}

// GrantsAt returns the grants that stand at a location itself, ended ones
// too, by id. Callers do not change the slice, nor those of the next three.
func (d *Directory) GrantsAt(id LocationID) []Grant { return d.standsAt(id).grants }

// GatesAt returns the gates that stand at a location itself, ended ones too, by id.
func (d *Directory) GatesAt(id LocationID) []Gate { return d.standsAt(id).gates }

// LockdownsAt returns the lockdowns of a location itself, lifted ones too, by id.
func (d *Directory) LockdownsAt(id LocationID) []Lockdown { return d.standsAt(id).locks }

// RightsAt returns the rights declared at a location itself, removed ones too, by slug.
func (d *Directory) RightsAt(id LocationID) []Right { return d.standsAt(id).rights }

// ObjectPlace returns the location that names a scope object.
func (d *Directory) ObjectPlace(object Slug) (Location, bool) {
	for _, id := range d.objectPlaces.get(string(object)) {
		if i, ok := d.stored(LocationID(id)); ok {
			return d.location(d.nodes.at(i)), true
		}
	}
	return Location{}, false
}
