package claims

import "strings"

// rootPeople is the root below which each member is a location.
const rootPeople Slug = "people"

// read looks at an Ask by itself: ErrInvalid if it makes no sense.
func (q *inquiry) read() error {
	a := &q.ask
	switch {
	case a.At.IsZero():
		return invalid("at", "is required")
	case a.Right == "":
		return invalid("right", "is required")
	case a.Place == "" && a.Path == "" && a.Where.id == "":
		return invalid("location", "is required")
	case a.Place != "" && a.Path != "":
		return invalid("location", "is given twice, as %q and as %q", a.Place, a.Path)
	case a.Where.id != "" && (a.Place != "" || a.Path != ""):
		return invalid("location", "is given twice, as %q and as %q", a.Where.id, string(a.Place)+string(a.Path))
	}
	if a.Path != "" && !a.Path.valid() {
		if _, err := ParsePath(string(a.Path)); err != nil {
			return err
		}
	}
	q.at = startOf(a.At)
	if a.Device != "" {
		dev, ok := Get[Device](q.d, string(a.Device))
		if !ok || !dev.Removed.IsZero() {
			return invalid("device", "no device %q", a.Device)
		}
		q.device = &dev
	}
	return q.readPrincipal()
}

// valid tells whether ParsePath would take p.
func (p Path) valid() bool {
	if p == "" || p[0] != '/' || p[len(p)-1] == '/' {
		return false
	}
	parts, length := 0, 0
	for i := range len(p) {
		switch {
		case p[i] == '/':
			parts, length = parts+1, 0
		case !slugByte(p[i]) || length == 0 && p[i] == '-':
			return false
		default:
			length++
		}
		if length > MaxSlug || parts > MaxDepth || length == 0 && i+1 < len(p) && p[i+1] == '/' {
			return false
		}
	}
	return true
}

// findPlace takes step 1 and looks up the right for step 2.
func (q *inquiry) findPlace() Reason {
	if !q.locate() {
		q.place.n = 0
		return ReasonUnknownLocation
	}
	if q.place.archived {
		return ReasonLocationArchived
	}
	return ReasonOK
}

// locate finds the stored location used, its chain, the right on it and
// whose page it is about. It returns false if the location is unknown.
func (q *inquiry) locate() bool {
	if w := &q.ask.Where; w.id != "" {
		i, ok := q.d.whereIs(w)
		if !ok {
			return false
		}
		q.number = i
	} else if q.ask.Place != "" {
		i, ok := q.d.stored(q.ask.Place)
		if !ok {
			return false
		}
		q.number = i
	} else if q.number, q.rest = q.d.descend(q.ask.Path); q.number == none {
		return false
	}
	if !q.d.ascend(q.number, &q.place) {
		return false
	}
	q.right, q.declared = q.place.right(q.ask.Right)
	below := q.rest != ""
	if q.place.at[q.place.n-1].slug == rootPeople {
		return q.findAbout(below)
	}
	return !below || q.openBelow()
}

// openBelow tells whether what is not stored below the location may be asked
// about: something on the chain is open, and the right is no physical one.
func (q *inquiry) openBelow() bool {
	if q.right != nil && !q.right.NotPhysical {
		return false
	}
	return q.place.open
}

// findAbout finds whose page it is below /people, where a member's node is
// normally not stored. Anything else there is known only if it is stored.
func (q *inquiry) findAbout(below bool) bool {
	atRoot := q.d.nodes.at(q.number).parent == none
	switch {
	case !below && atRoot:
		return true
	case !below:
		var c chain
		if !q.d.climb(q.number, &c) {
			return false
		}
		if p := q.d.of(MemberID(c.at[c.n-2].slug)); p.known {
			q.about = p
		}
		return true
	case !atRoot || strings.IndexByte(q.rest[1:], '/') >= 0:
		return false
	}
	p := q.d.of(MemberID(q.rest[1:]))
	if !p.known || !q.openBelow() {
		return false
	}
	q.about = p
	return true
}
