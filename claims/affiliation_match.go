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
		if o != nil && !q.d.silenced(o.Slug, s.AffKind) {
			q.heldIn(o, s.AffKind, yield)
		}
	}
}

// inObject yields the intervals in which whoever asks holds kind, or one that
// implies it, in an object. The root kind is every member's.
func (q *inquiry) inObject(object, kind Slug, yield func(from, to time.Time)) {
	if o := q.find(object); o != nil {
		q.heldIn(o, kind, yield)
	}
}

// find returns an object, or nil.
func (q *inquiry) find(object Slug) *Object {
	if q.object != nil && q.object.Slug == object {
		return q.object
	}
	o, ok := q.d.objects.get(object)
	if ok {
		q.object = o
	}
	return o
}

func (q *inquiry) heldIn(o *Object, kind Slug, yield func(from, to time.Time)) {
	if kind == RootKind {
		yield(time.Time{}, time.Time{})
		return
	}
	q.scopesIn(o, kind, yield)
}

func (q *inquiry) scopesIn(o *Object, kind Slug, yield func(from, to time.Time)) {
	for i := range q.who.scopes {
		a := &q.who.scopes[i]
		if a.what == o.Slug && q.d.implies(o.Type, a.kind, kind) {
			yield(a.from, a.to)
		}
	}
}

// nearest returns the nearest scope object on the chain whose own type is
// typ or, failing that, one that extends it; nil if there is none.
func (q *inquiry) nearest(typ Slug) *Object {
	var heir *Object
	for _, n := range q.place.up() {
		if n.more == nil || n.more.Object == "" {
			continue
		}
		o := q.find(n.more.Object)
		if o == nil {
			continue
		}
		if o.Type == typ {
			return o
		}
		if heir == nil && q.d.extends(o.Type, typ) {
			heir = o
		}
	}
	return heir
}

// override returns the kind override of an object, if one stands.
func (d *Directory) override(object Slug) (*Override, bool) {
	o, ok := d.overrides.get(object)
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
		o := q.find(theirs.Object)
		if o == nil || theirs.Kind == RootKind || !q.d.extends(o.Type, typ) || q.d.silenced(o.Slug, kind) {
			continue
		}
		if _, known := q.d.kind(o.Type, theirs.Kind); !known {
			continue
		}
		q.scopesIn(o, kind, func(from, to time.Time) {
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
