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
	next := instants{after: t}
	for p := range d.people.all() {
		next.ofPerson(p)
		for i := range p.credentials {
			next.add(p.credentials[i].Expires, time.Time{})
		}
		for i := range p.passes {
			next.add(p.passes[i].Expires, p.passes[i].Revoked)
		}
		next.onlyFirst()
	}
	for g := range All[Grant](d) {
		next.add(g.Starts, g.End())
		if g.Window == nil || !endsAfter(g.End(), t) {
			continue
		}
		d.runs(g.Window, t, func(from, to time.Time) bool {
			next.add(from, to)
			return false
		})
		next.onlyFirst()
	}
	for g := range All[Gate](d) {
		next.add(g.Removed, time.Time{})
	}
	for l := range All[Lockdown](d) {
		next.add(l.From, l.Lifted)
	}
	next.onlyFirst()
	return next.before.UTC(), !next.before.IsZero()
}

// instants is a list of those after one and before another; a zero before
// sets no limit.
type instants struct {
	after, before time.Time
	at            []time.Time
}

func (l *instants) add(from, to time.Time) {
	if from.After(l.after) && (l.before.IsZero() || from.Before(l.before)) {
		l.at = append(l.at, from)
	}
	if to.After(l.after) && (l.before.IsZero() || to.Before(l.before)) {
		l.at = append(l.at, to)
	}
}

// sort puts the list in order, with each instant once.
func (l *instants) sort() {
	slices.SortFunc(l.at, time.Time.Compare)
	l.at = slices.CompactFunc(l.at, time.Time.Equal)
}

// onlyFirst makes the earliest of the list the limit of what is looked for.
func (l *instants) onlyFirst() {
	if len(l.at) > 0 {
		l.before = slices.MinFunc(l.at, time.Time.Compare)
		l.at = l.at[:0]
	}
}

// ofPerson adds when what a member has begins and ends.
func (l *instants) ofPerson(p *person) {
	l.add(p.member.PaidUntil, p.member.GraceUntil)
	for _, marks := range [...][]mark{p.badges, p.tags, p.scopes} {
		for i := range marks {
			l.add(marks[i].from, marks[i].to)
		}
	}
	for i := range p.waivers {
		l.add(p.waivers[i].Starts, p.waivers[i].End())
	}
}

// ofChain adds when what stands on the chain begins and ends, whatever right
// it is about; windows as far as there is a limit.
func (l *instants) ofChain(q *inquiry) {
	for _, n := range q.place.up() {
		for _, g := range q.d.GrantsAt(n.id) {
			l.add(g.Starts, g.End())
			l.ofWindow(q.d, g.Window)
		}
		for _, g := range q.d.GatesAt(n.id) {
			l.add(g.Removed, time.Time{})
		}
		for _, k := range q.d.LockdownsAt(n.id) {
			l.add(k.From, k.Lifted)
		}
	}
	if q.about != nil {
		for _, a := range q.about.affiliations {
			l.add(a.Starts, a.End())
		}
	}
}

// ofWindow adds the openings of w.
func (l *instants) ofWindow(d *Directory, w *Window) {
	if w == nil {
		return
	}
	for after := l.after; after.Before(l.before); after = after.Add(windowDays * aDay) {
		known := after.Add(windowDays * aDay) // further on, an opening's end may not be known
		d.runs(w, after, func(from, to time.Time) bool {
			if from.After(known) {
				return false
			}
			if to.After(known) {
				to = time.Time{} // it is met with again
			}
			l.add(from, to)
			return true
		})
	}
}
