package claims

import "time"

// StateAt returns the member's derived state at an instant (step 5 of
// Decide): the stored one, unless that is active and the membership has run
// out or is in its days of grace.
func (d *Directory) StateAt(m Member, at time.Time) State {
	s, _ := d.stateFrom(&m, d.of(m.ID).affiliations, at)
	return s
}

// stateFrom returns the derived state at an instant and when the next one
// follows; zero: never.
func (d *Directory) stateFrom(m *Member, held []Affiliation, at time.Time) (State, time.Time) {
	switch {
	case m.State != StateActive:
		return m.State, time.Time{}
	case d.settings.MembershipFrom.Type != "":
		return d.stateByAffiliation(held, at)
	case m.PaidUntil.IsZero():
		return StateActive, time.Time{}
	case at.Before(m.PaidUntil):
		return StateActive, m.PaidUntil
	case at.Before(lapse(m)):
		return StateGrace, lapse(m)
	}
	return StateSuspended, time.Time{}
}

// lapse is the later of paid_until and grace_until; never if paid_until is
// empty.
func lapse(m *Member) time.Time {
	if m.PaidUntil.IsZero() || !m.GraceUntil.After(m.PaidUntil) {
		return m.PaidUntil
	}
	return m.GraceUntil
}

// stateByAffiliation derives the state from what is held, for organisations
// whose membership is an affiliation.
func (d *Directory) stateByAffiliation(held []Affiliation, at time.Time) (State, time.Time) {
	state, next := StateSuspended, time.Time{}
	for i := range held {
		a := &held[i]
		if !d.makesMember(a) {
			continue
		}
		switch {
		case !Live(a.Starts, a.End(), at):
			if state == StateSuspended && a.Starts.After(at) && endsAfter(a.End(), a.Starts) {
				next = Earlier(next, a.Starts)
			}
		case state == StateSuspended:
			state, next = StateActive, a.End()
		default:
			next = Later(next, a.End())
		}
	}
	return state, next
}

// endsAfter tells whether an end, zero for never, comes after t.
func endsAfter(end, t time.Time) bool { return end.IsZero() || end.After(t) }

// makesMember tells whether an affiliation, while live, makes its holder an
// active member.
func (d *Directory) makesMember(a *Affiliation) bool {
	from := d.settings.MembershipFrom
	o, ok := d.objects.get(a.Object)
	return ok && d.extends(o.Type, from.Type) && d.implies(o.Type, a.Kind, from.Kind)
}

// extends tells whether typ is want or extends it.
func (d *Directory) extends(typ, want Slug) bool {
	for range maxExtends {
		if typ == want || typ == "" {
			return typ == want
		}
		typ = d.types[typ].Extends
	}
	return false
}

// implies tells whether holding kind held in an object of type typ is holding
// kind want there too.
func (d *Directory) implies(typ, held, want Slug) bool {
	for range maxKinds {
		k, ok := d.kind(typ, held)
		if !ok || k.Slug == want {
			return ok
		}
		held = k.Parent
	}
	return false
}
