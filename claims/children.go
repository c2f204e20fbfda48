package claims

// What hangs under a location: found by slug in one index of all of them, and
// listed along links from one child to the next.

// kin links a location to its children and to those beside it, by number.
type kin struct{ first, next, before int32 }

// child returns the stored location named slug right under i, or the root of
// that name if i is none.
func (d *Directory) child(i int32, slug Slug) (int32, bool) {
	return d.below.find(hashBelow(i, slug), func(j int32) bool {
		n := d.nodes.at(j)
		return n.parent == i && n.slug == slug
	})
}

// firstChild returns the first child of a location, or the first root.
func (d *Directory) firstChild(i int32) int32 {
	if i == none {
		return d.firstRoot.number()
	}
	return d.kin.at(i).first
}

// rootNumber is the number of a root plus one, so that the zero Directory has none.
type rootNumber int32

func (r rootNumber) number() int32 { return int32(r) - 1 }

func (b builder) setFirstChild(i, first int32) {
	if i == none {
		b.firstRoot = rootNumber(first + 1)
		return
	}
	b.kin.edit(b.by, i).first = first
}

// hang puts i, which hangs nowhere, under its parent, in the place of a
// sibling that has its slug.
func (b builder) hang(i int32) {
	n := b.nodes.at(i)
	if j, ok := b.child(n.parent, n.slug); ok {
		b.unhang(j)
	}
	b.below.put(b.by, hashBelow(n.parent, n.slug), i)
	k := b.kin.edit(b.by, i)
	k.before, k.next = none, b.firstChild(n.parent)
	if k.next != none {
		b.kin.edit(b.by, k.next).before = i
	}
	b.setFirstChild(n.parent, i)
	b.nodes.edit(b.by, i).set(nodeHangs, true)
}

// unhang takes i away from where it hangs, if it does.
func (b builder) unhang(i int32) {
	n := b.nodes.edit(b.by, i)
	if !n.is(nodeHangs) {
		return
	}
	n.set(nodeHangs, false)
	b.below.drop(b.by, hashBelow(n.parent, n.slug), i)
	k := *b.kin.at(i)
	if k.before == none {
		b.setFirstChild(n.parent, k.next)
	} else {
		b.kin.edit(b.by, k.before).next = k.next
	}
	if k.next != none {
		b.kin.edit(b.by, k.next).before = k.before
	}
}
