package claims

// Of the locations above one, decisions read those where something differs:
// something stands there, it does not inherit, is open, archived or a root.
// They are few and in the processor's caches; the others, hundreds of
// thousands, are not. So each location has the number of the nearest that
// differs, itself perhaps, in a vector of its own of four bytes each.

// differs tells whether decisions read a location on the way up.
func (n *node) differs() bool {
	return n.stands != nil || n.parent == none || n.is(nodeStop|nodeOpen|nodeArchived)
}

// ascend fills c with those locations, of the chain of location i, that
// differ. It returns false if the chain does not reach a root, as climb does.
func (d *Directory) ascend(i int32, c *chain) bool {
	var flags nodeFlags
	c.n, c.m, c.stop = 0, 0, -1
	for i != none {
		if i = *d.above.at(i); i == none || c.n == MaxDepth {
			return false
		}
		n := d.nodes.at(i)
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
	return true
}

// disturb has what is above i and what is below it settled again.
func (b builder) disturb(i int32) {
	if n := len(b.by.disturbed); n == 0 || b.by.disturbed[n-1] != i {
		b.by.disturbed = append(b.by.disturbed, i)
	}
}

// settleAbove works out the nearest that differs of everything disturbed.
func (b builder) settleAbove() {
	disturbed := b.by.disturbed
	b.by.disturbed = nil
	if len(disturbed) > b.nodes.n/8 {
		for i := range int32(b.nodes.n) {
			*b.above.edit(b.by, i) = none
		}
		for i := b.firstRoot.number(); i != none; i = b.kin.at(i).next {
			b.settleBelow(i, none, 1)
		}
		disturbed = nil // but for those that hang nowhere
		for i := range int32(b.nodes.n) {
			if n := b.nodes.at(i); n.is(nodeStored) && !n.is(nodeHangs) {
				disturbed = append(disturbed, i)
			}
		}
	}
	for _, i := range disturbed {
		nearest, depth := b.nearestAbove(i)
		b.settleBelow(i, nearest, depth)
	}
}

// tooDeep is the depth of what does not hang from a root.
const tooDeep = MaxDepth + 1

// nearestAbove walks up from i and returns the nearest that differs above it,
// and how deep i is.
func (b builder) nearestAbove(i int32) (nearest int32, depth int) {
	nearest, depth = none, 1
	for i = b.nodes.at(i).parent; i != none; i = b.nodes.at(i).parent {
		n := b.nodes.at(i)
		if depth++; depth > MaxDepth || !n.is(nodeStored) {
			return none, tooDeep
		}
		if nearest == none && n.differs() {
			nearest = i
		}
	}
	return nearest, depth
}

// settleBelow notes the nearest that differs for i and everything below it.
func (b builder) settleBelow(i, nearest int32, depth int) {
	n := b.nodes.at(i)
	switch {
	case depth > MaxDepth || !n.is(nodeStored):
		nearest, depth = none, tooDeep
	case n.differs():
		nearest = i
	}
	if *b.above.at(i) != nearest {
		*b.above.edit(b.by, i) = nearest
	}
	for c := b.kin.at(i).first; c != none; c = b.kin.at(c).next {
		if depth == tooDeep && *b.above.at(c) == none {
			continue // nor has anything below it; and so a cycle ends
		}
		b.settleBelow(c, nearest, min(depth+1, tooDeep))
	}
}
