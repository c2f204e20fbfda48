package claims

// Handles: a member or a location that was looked up beforehand, for whoever
// asks many questions about one of them. A handle holds a number and the id,
// and the id is compared when it is used: one from another Directory, or from
// before a database was read anew, costs a look-up and never a wrong answer.

// Who is a member looked up beforehand. The zero Who is nobody.
type Who struct {
	id     MemberID
	uid    uid
	number int32
}

// Where is a location looked up beforehand. The zero Where is no place.
type Where struct {
	id     LocationID
	uid    uid
	number int32
}

// Who looks a member up. One who is not there is looked for again when asked
// about.
func (d *Directory) Who(m MemberID) Who {
	w := Who{id: m, number: none}
	if p, ok := d.personOf(m); ok {
		w.uid, w.number = p.uid, p.n
	}
	return w
}

// Where looks a stored location up. One that is not there is looked for again
// when asked about.
func (d *Directory) Where(id LocationID) Where {
	w := Where{id: id, number: none}
	if i, ok := d.stored(id); ok {
		w.uid, w.number = d.nodes.at(i).id, i
	}
	return w
}

// whoIs returns the person a handle is of.
func (d *Directory) whoIs(w *Who) *person {
	if uint(w.number) < uint(d.people.list.n) {
		if p := *d.people.list.at(w.number); p.uid == w.uid && (w.uid.hi != odd || p.id == w.id) {
			return p
		}
	}
	return d.of(w.id)
}

// whereIs returns the number of the stored location a handle is of.
func (d *Directory) whereIs(w *Where) (int32, bool) {
	if uint(w.number) < uint(d.nodes.n) && w.uid.hi != odd {
		if n := d.nodes.at(w.number); n.id == w.uid {
			return w.number, n.is(nodeStored)
		}
	}
	return d.stored(w.id)
}
