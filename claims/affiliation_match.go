package claims

// Scoped roles: aff:OBJECT#KIND, and aff:@TYPE#KIND, which means the nearest
// object of that type, or on a page about a member, the objects they are in.

// holdsKind tells whether whoever asks is, at t, what an affiliation's subject
// means, and until when.
func (q *inquiry) holdsKind(w *whom, t tick) (end tick, ok bool) {
	if q.who == nil {
		return end, false
	}
	if q.about == nil || w.typ == 0 {
		o := q.scoped(w)
		if o == nil || w.root {
			return never, o != nil
		}
		return q.holdsIn(o, w.role, t)
	}
	end = always
	q.sharedSpans(w.typ, w.role, func(from, to tick) {
		if live(from, to, t) {
			end, ok = max(end, to), true
		}
	})
	return end, ok
}

// holdsIn tells whether whoever asks holds kind, or one that implies it, in an
// object at t, and until when.
func (q *inquiry) holdsIn(o *objectForm, kind sym, t tick) (end tick, ok bool) {
	end = always
	for i := range q.who.scopes() {
		a := &q.who.scopes()[i]
		if a.what == o.name && a.to > end && live(a.from, a.to, t) && q.d.implies(o.typ, a.kind, kind) {
			end, ok = a.to, true
		}
	}
	return end, ok
}

// scoped returns the object that an affiliation's subject is about where no
// member is; nil if there is none, or an override silences the subject there.
func (q *inquiry) scoped(w *whom) *objectForm {
	if w.typ == 0 {
		return q.d.object(w.name)
	}
	o := q.nearest(w.typ)
	if o == nil || q.d.silenced(o.name, w.role) {
		return nil
	}
	return o
}

// affSpans is spans for an affiliation.
func (q *inquiry) affSpans(w *whom, yield func(from, to tick)) {
	if q.about != nil && w.typ != 0 {
		q.sharedSpans(w.typ, w.role, yield)
		return
	}
	o := q.scoped(w)
	switch {
	case o == nil:
	case w.root:
		yield(always, never)
	default:
		q.scopesIn(o, w.role, yield)
	}
}

func (q *inquiry) scopesIn(o *objectForm, kind sym, yield func(from, to tick)) {
	for i := range q.who.scopes() {
		a := &q.who.scopes()[i]
		if a.what == o.name && q.d.implies(o.typ, a.kind, kind) {
			yield(a.from, a.to)
		}
	}
}

// nearest returns the nearest scope object on the chain whose own type is
// typ or, failing that, one that extends it; nil if there is none.
func (q *inquiry) nearest(typ sym) *objectForm {
	var heir *objectForm
	for _, up := range q.place.standing() {
		o := q.d.object(q.place.at[up].stands.object)
		if o == nil {
			continue
		}
		if o.typ == typ {
			return o
		}
		if heir == nil && q.d.extends(o.typ, typ) {
			heir = o
		}
	}
	return heir
}

// silenced tells whether an override takes type-wide grants to kind from
// their holders in an object.
func (d *Directory) silenced(object, kind sym) bool {
	o := d.word(object).override
	return o != nil && o.kind == kind
}

// sharedSpans yields, on a member's /people node, the intervals in which that
// member belongs to an object of typ and whoever asks holds kind in it.
func (q *inquiry) sharedSpans(typ, kind sym, yield func(from, to tick)) {
	for i := range q.about.scopes() {
		theirs := &q.about.scopes()[i]
		o := q.d.object(theirs.what)
		if o == nil || Slug(q.d.spelled(theirs.kind)) == RootKind || !q.d.extends(o.typ, typ) || q.d.silenced(o.name, kind) ||
			!q.d.implies(o.typ, theirs.kind, theirs.kind) { // a kind that the type has not
			continue
		}
		q.scopesIn(o, kind, func(from, to tick) {
			if from, to = max(from, theirs.from), min(to, theirs.to); from < to {
				yield(from, to)
			}
		})
	}
}
