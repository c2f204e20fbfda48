package claims

import "time"

// Scoped roles: aff:OBJECT#KIND, and aff:@TYPE#KIND, which means the nearest
// object of that type, or on a page about a member, the objects they are in.

// affSpans is spans for an affiliation.
func (q *inquiry) affSpans(s *Subject, yield func(from, to time.Time)) {
	switch {
	case s.Type == "":
		q.inObject(s.Object, s.AffKind, yield)
	case q.about != nil:
		q.sharedSpans(s.Type, s.AffKind, yield)
	default:
		o := q.nearest(s.Type)
		if o != "" && !q.d.silenced(o, s.AffKind) {
			q.inObject(o, s.AffKind, yield)
		}
	}
}

// inObject yields the intervals in which whoever asks holds kind, or one that
// implies it, in an object. The root kind is every member's.
func (q *inquiry) inObject(object, kind Slug, yield func(from, to time.Time)) {
	o, ok := Get[Object](q.d, string(object))
	if !ok {
		return
	}
	if kind == RootKind {
		yield(time.Time{}, time.Time{})
		return
	}
	q.heldIn(&o, kind, yield)
}

func (q *inquiry) heldIn(o *Object, kind Slug, yield func(from, to time.Time)) {
	for i := range q.who.scopes {
		a := &q.who.scopes[i]
		if a.what == o.Slug && q.d.implies(o.Type, a.kind, kind) {
			yield(a.from, a.to)
		}
	}
}

// nearest returns the nearest scope object on the chain whose own type is
// typ or, failing that, one that extends it; empty if there is none.
func (q *inquiry) nearest(typ Slug) Slug {
	var heir Slug
	for _, n := range q.place.up() {
		if n.more == nil || n.more.Object == "" {
			continue
		}
		o, ok := Get[Object](q.d, string(n.more.Object))
		if !ok {
			continue
		}
		if o.Type == typ {
			return o.Slug
		}
		if heir == "" && q.d.extends(o.Type, typ) {
			heir = o.Slug
		}
	}
	return heir
}

// override returns the kind override of an object, if one stands.
func (d *Directory) override(object Slug) (Override, bool) {
	o, ok := Get[Override](d, string(object))
	return o, ok && o.Removed.IsZero()
}

// silenced tells whether an override takes type-wide grants to kind from
// their holders in an object.
func (d *Directory) silenced(object, kind Slug) bool {
	o, ok := d.override(object)
	return ok && o.Kind == kind
}

// sharedSpans yields, on a member's /people node, the intervals in which that
// member belongs to an object of typ and whoever asks holds kind in it.
func (q *inquiry) sharedSpans(typ, kind Slug, yield func(from, to time.Time)) {
	for i := range q.about.affiliations {
		theirs := &q.about.affiliations[i]
		o, ok := Get[Object](q.d, string(theirs.Object))
		if !ok || theirs.Kind == RootKind || !q.d.extends(o.Type, typ) || q.d.silenced(o.Slug, kind) {
			continue
		}
		if _, known := q.d.kind(o.Type, theirs.Kind); !known {
			continue
		}
		q.heldIn(&o, kind, func(from, to time.Time) {
			from, to = laterStart(from, theirs.Starts), Earlier(to, theirs.End())
			if to.IsZero() || from.Before(to) {
				yield(from, to)
			}
		})
	}
}

// laterStart returns the later of two starts, where zero means always.
func laterStart(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
