package claims

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
