package claims

import (
	"slices"
	"time"
)

// When what is known begins and ends. Decisions change with the passing of
// time at these instants and at no other.

// NextEdge returns the next instant after t at which any fact, window, lapse,
// waiver, card or pass begins or ends; false if nothing ever does again.
// Without a write no decision changes in between. It costs a look at every
// fact that has an end.
func NextEdge(d *Directory, t time.Time) (time.Time, bool) {
	var next time.Time
	add := func(from, to time.Time) {
		if from.After(t) {
			next = Earlier(next, from)
		}
		if to.After(t) {
			next = Earlier(next, to)
		}
	}
	for _, id := range d.people.keys() {
		p := d.of(id)
		p.eachSpan(add)
		for i := range p.credentials {
			add(p.credentials[i].Expires, time.Time{})
		}
		for i := range p.passes {
			add(p.passes[i].Expires, p.passes[i].Revoked)
		}
	}
	for g := range All[Grant](d) {
		add(g.Starts, g.End())
		if g.Window == nil || !endsAfter(g.End(), t) {
			continue
		}
		d.runs(g.Window, t, func(from, to time.Time) bool {
			add(from, to)
			return false
		})
	}
	for g := range All[Gate](d) {
		add(g.Removed, time.Time{})
	}
	for l := range All[Lockdown](d) {
		add(l.From, l.Lifted)
	}
	return next.UTC(), !next.IsZero()
}

// eachSpan yields when what a member has begins and ends, in no order.
func (p *person) eachSpan(add func(from, to time.Time)) {
	add(p.member.PaidUntil, p.member.GraceUntil)
	for i := range p.assignments {
		add(p.assignments[i].Starts, p.assignments[i].End())
	}
	for i := range p.awards {
		add(p.awards[i].On, p.awards[i].End())
	}
	for i := range p.affiliations {
		add(p.affiliations[i].Starts, p.affiliations[i].End())
	}
	for i := range p.waivers {
		add(p.waivers[i].Starts, p.waivers[i].End())
	}
}

// eachSpan yields when what stands on a chain begins and ends, whatever right
// it is about; windows as far as they open before last.
func (q *inquiry) eachSpan(after, last time.Time, add func(from, to time.Time)) {
	for _, n := range q.place.up() {
		for _, g := range q.d.GrantsAt(n.id) {
			add(g.Starts, g.End())
			q.d.openings(g.Window, after, last, add)
		}
		for _, g := range q.d.GatesAt(n.id) {
			add(g.Removed, time.Time{})
		}
		for _, l := range q.d.LockdownsAt(n.id) {
			add(l.From, l.Lifted)
		}
	}
	if q.about != nil {
		for _, a := range q.about.affiliations {
			add(a.Starts, a.End())
		}
	}
}

// openings yields the openings of w from after to last, some of them twice.
func (d *Directory) openings(w *Window, after, last time.Time, add func(from, to time.Time)) {
	if w == nil {
		return
	}
	for ; after.Before(last); after = after.Add(windowDays * aDay) {
		known := after.Add(windowDays * aDay) // further on, an opening's end may not be known
		d.runs(w, after, func(from, to time.Time) bool {
			if from.After(known) {
				return false
			}
			if to.After(known) {
				to = time.Time{} // it is met with again
			}
			add(from, to)
			return true
		})
	}
}

// instants is a list of those between two others, in order and each once.
type instants struct {
	after, before time.Time
	at            []time.Time
}

func (l *instants) add(from, to time.Time) {
	for _, t := range [...]time.Time{from, to} {
		if t.After(l.after) && t.Before(l.before) {
			l.at = append(l.at, t)
		}
	}
}

func (l *instants) sort() {
	slices.SortFunc(l.at, time.Time.Compare)
	l.at = slices.CompactFunc(l.at, time.Time.Equal)
}
