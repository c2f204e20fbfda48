package claims

import "slices"

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
		n := len(s.rights)
		if s.rights = with(s.rights, f); !addedLast(s.rights, n, f) {
			s.known.rights = 0
		}
	case Grant:
		n := len(s.grants)
		if s.grants = with(s.grants, f); !addedLast(s.grants, n, f) {
			s.known.grants = 0
		}
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
		s.rights, s.known.rights = without(s.rights, old), 0
	case Grant:
		s.grants, s.known.grants = without(s.grants, old), 0
	case Gate:
		s.gates = without(s.gates, old)
	case Lockdown:
		s.locks = without(s.locks, old)
	}
}

// addedLast tells whether f came behind the n facts that were there.
func addedLast[T Fact](list []T, n int, f T) bool {
	return len(list) == n+1 && list[n].Key() == f.Key()
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
	default:
		s := *n.stands
		s.by, s.queued = b.by, false
		s.rights, s.grants, s.gates = slices.Clone(s.rights), slices.Clone(s.grants), slices.Clone(s.gates)
		s.locks, s.apps = slices.Clone(s.locks), slices.Clone(s.apps)
		s.declared, s.allows, s.denies = slices.Clip(s.declared), slices.Clip(s.allows), slices.Clip(s.denies)
		n.stands = &s
	}
	if !n.stands.queued {
		n.stands.queued = true
		b.by.stood = append(b.by.stood, n.stands)
	}
	return n.stands
}
