package claims

import "time"

// Whom a subject means, as the intervals in which it means whoever asks. A
// match, its end and the next beginning are all read off these intervals.

// holds tells whether s means whoever asks at t, and until when: the latest
// end among the facts that make it so; zero: for ever.
func (q *inquiry) holds(s *Subject, t time.Time) (end time.Time, ok bool) {
	switch {
	case s.Kind == SubjectBadge:
		return q.holdsBadge(Slug(s.ID), t)
	case s.Kind == SubjectTag:
		return q.hasTag(Slug(s.ID), t)
	}
	q.spans(s, t, func(from, to time.Time) {
		if !Live(from, to, t) {
			return
		}
		if !ok || outlasts(to, end) {
			end = to
		}
		ok = true
	})
	return end, ok
}

// hasTag tells whether whoever asks has a tag at t, and until when.
func (q *inquiry) hasTag(tag Slug, t time.Time) (end time.Time, ok bool) {
	if q.who == nil {
		return end, false
	}
	for i := range q.who.tags {
		if m := &q.who.tags[i]; m.what == tag && Live(m.from, m.to, t) {
			if !ok || outlasts(m.to, end) {
				end = m.to
			}
			ok = true
		}
	}
	return end, ok
}

// spans yields the intervals, ending after t, in which s means whoever asks.
// Intervals may overlap; those of a state begin no earlier than t.
func (q *inquiry) spans(s *Subject, t time.Time, yield func(from, to time.Time)) {
	always := false
	switch s.Kind {
	case SubjectPublic:
		always = q.right.Public && q.right.NotPhysical && q.client != clientSystem
	case SubjectClient:
		always = q.client != "" && string(q.client) == s.ID
	case SubjectEveryone:
		always = q.who != nil
	case SubjectSelf:
		always = q.who != nil && q.who == q.about
	case SubjectUser:
		always = q.who != nil && string(q.who.member.ID) == s.ID
	default:
		if q.who != nil {
			q.heldSpans(s, t, yield)
		}
	}
	if always {
		yield(time.Time{}, time.Time{})
	}
}

// heldSpans is spans for what a member is or has.
func (q *inquiry) heldSpans(s *Subject, t time.Time, yield func(from, to time.Time)) {
	switch s.Kind {
	case SubjectState:
		q.stateSpans(State(s.ID), t, yield)
	case SubjectTag:
		for i := range q.who.tags {
			if a := &q.who.tags[i]; string(a.what) == s.ID && endsAfter(a.to, t) {
				yield(a.from, a.to)
			}
		}
	case SubjectBadge:
		for i := range q.who.badges {
			if a := &q.who.badges[i]; string(a.what) == s.ID && endsAfter(a.to, t) {
				yield(a.from, a.to)
			}
		}
	case SubjectAff:
		q.affSpans(s, yield)
	}
}

// stateSpans yields the intervals from t on in which the member's derived
// state is one that state:want matches.
func (q *inquiry) stateSpans(want State, t time.Time, yield func(from, to time.Time)) {
	var since time.Time
	for {
		state, next := q.d.stateFrom(&q.who.member, q.who.affiliations, t)
		match := state == want || want == StateActive && state == StateGrace
		switch {
		case match && since.IsZero():
			since = t
		case !match && !since.IsZero():
			yield(since, t)
			since = time.Time{}
		}
		if next.IsZero() {
			if !since.IsZero() {
				yield(since, next)
			}
			return
		}
		t = next
	}
}

// awardEnd is when an award stops counting: its own end, or the start of the
// one that supersedes it.
func (p *person) awardEnd(a *Award) time.Time {
	end := a.End()
	if a.SupersededBy == "" {
		return end
	}
	for i := range p.awards {
		if next := &p.awards[i]; next.ID == a.SupersededBy && next.Badge == a.Badge {
			return Earlier(end, next.On)
		}
	}
	return end
}

// holdsBadge tells whether whoever asks holds a badge at t and until when. An
// award and the one that carries on where it ends are one.
func (q *inquiry) holdsBadge(b Slug, t time.Time) (end time.Time, ok bool) {
	if q.who == nil {
		return end, false
	}
	for grew := true; grew; {
		grew = false
		for i := range q.who.badges {
			a := &q.who.badges[i]
			if a.what != b || !Live(a.from, a.to, t) {
				continue
			}
			if a.to.IsZero() {
				return a.to, true
			}
			end, ok, grew, t = a.to, true, true, a.to
		}
	}
	return end, ok
}

// outlasts tells whether end a is later than end b, where zero means never.
func outlasts(a, b time.Time) bool {
	return !b.IsZero() && (a.IsZero() || a.After(b))
}
