package claims

// Whom a subject means, and when.

// holds tells whether w means whoever asks at t, and until when: the latest
// end among the facts that make it so.
func (q *inquiry) holds(w *whom, t tick) (end tick, ok bool) {
	switch w.kind {
	case toTag:
		return q.hasTag(w.name, t)
	case toBadge:
		return q.holdsBadge(w.name, t)
	case toAff:
		return q.holdsKind(w, t)
	case toState:
		return q.inState(w.state, t)
	}
	return never, q.alwaysIs(w)
}

// alwaysIs tells whether w means whoever asks, for subjects that do so always
// or never.
func (q *inquiry) alwaysIs(w *whom) bool {
	switch w.kind {
	case toEveryone:
		return q.who != nil
	case toPublic:
		return q.right.Public && q.right.NotPhysical && !q.system
	case toSelf:
		return q.who != nil && q.who == q.about
	case toUser:
		return q.who != nil && q.who.n == w.user
	case toClient:
		return q.machine && q.client != 0 && q.client == w.name
	}
	return false
}

// hasTag tells whether whoever asks has a tag at t, and until when.
func (q *inquiry) hasTag(tag sym, t tick) (end tick, ok bool) {
	if q.who == nil {
		return end, false
	}
	end = always
	for i := range q.who.tags() {
		if m := &q.who.tags()[i]; m.what == tag && live(m.from, m.to, t) {
			end, ok = max(end, m.to), true
		}
	}
	return end, ok
}

// holdsBadge tells whether whoever asks holds a badge at t and until when. An
// award and the one that carries on where it ends are one.
func (q *inquiry) holdsBadge(b sym, t tick) (end tick, ok bool) {
	if q.who == nil {
		return end, false
	}
	for grew := true; grew; {
		grew = false
		for i := range q.who.badges() {
			a := &q.who.badges()[i]
			if a.what != b || !live(a.from, a.to, t) {
				continue
			}
			if a.to == never {
				return never, true
			}
			end, ok, grew, t = a.to, true, true, a.to
		}
	}
	return end, ok
}

// inState tells whether the derived state of whoever asks is one that
// state:want matches at t, and until when.
func (q *inquiry) inState(want stateCode, t tick) (end tick, ok bool) {
	if q.who == nil {
		return end, false
	}
	for {
		state, next := q.d.stateFrom(q.who, t)
		if !state.is(want) {
			return t, ok
		}
		ok = true
		if next == never {
			return never, true
		}
		t = next
	}
}

// spans yields the intervals, ending after t, in which w means whoever asks.
// Intervals may overlap; those of a state begin no earlier than t.
func (q *inquiry) spans(w *whom, t tick, yield func(from, to tick)) {
	switch {
	case q.alwaysIs(w):
		yield(always, never)
		return
	case q.who == nil:
		return
	}
	switch w.kind {
	case toState:
		q.stateSpans(w.state, t, yield)
	case toTag:
		spansOf(q.who.tags(), w.name, t, yield)
	case toBadge:
		spansOf(q.who.badges(), w.name, t, yield)
	case toAff:
		q.affSpans(w, yield)
	}
}

func spansOf(marks []mark, what sym, t tick, yield func(from, to tick)) {
	for i := range marks {
		if m := &marks[i]; m.what == what && m.to > t {
			yield(m.from, m.to)
		}
	}
}

// stateSpans yields the intervals from t on in which the member's derived
// state is one that state:want matches.
func (q *inquiry) stateSpans(want stateCode, t tick, yield func(from, to tick)) {
	for {
		end, ok := q.inState(want, t)
		if ok {
			yield(t, end)
			t = end
		}
		if t == never {
			return
		}
		if _, t = q.d.stateFrom(q.who, t); t == never {
			return
		}
	}
}
