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
	next := instants{after: startOf(t), before: never}
	for p := range d.people.all() {
		next.ofHolder(p)
		next.onlyFirst()
	}
	for i := range d.nodes.n {
		if s := d.nodes.at(int32(i)).stands; s != nil {
			next.ofStanding(d, s)
		}
	}
	return next.before.time(), next.before != never
}

// ofStanding adds the next instants of what stands at one location, and keeps
// the earliest.
func (l *instants) ofStanding(d *Directory, s *standing) {
	for _, rules := range [...][]rule{s.allows, s.denies} {
		for i := range rules {
			g := &rules[i]
			l.add(g.from, g.to)
			if g.window == nil || g.to <= l.after {
				continue
			}
			d.runs(g.window, l.after.time(), func(from, to time.Time) bool {
				l.add(startOf(from), endOf(to))
				return false
			})
		}
	}
	for i := range s.doors {
		l.add(s.doors[i].until, never)
	}
	for i := range s.shut {
		l.add(s.shut[i].from, s.shut[i].to)
	}
	l.onlyFirst()
}

// instants is a list of those after one and before another.
type instants struct {
	after, before tick
	at            []tick
}

func (l *instants) add(from, to tick) {
	if from > l.after && from < l.before {
		l.at = append(l.at, from)
	}
	if to > l.after && to < l.before {
		l.at = append(l.at, to)
	}
}

// sort puts the list in order, with each instant once.
func (l *instants) sort() {
	slices.Sort(l.at)
	l.at = slices.Compact(l.at)
}

// onlyFirst makes the earliest of the list the limit of what is looked for.
func (l *instants) onlyFirst() {
	if len(l.at) > 0 {
		l.before = slices.Min(l.at)
		l.at = l.at[:0]
	}
}

// ofPerson adds when what a member has begins and ends.
func (l *instants) ofPerson(p *person) {
	l.add(p.paid, p.lapse)
	for _, marks := range [...][]mark{p.badges(), p.tags(), p.scopes()} {
		for i := range marks {
			l.add(marks[i].from, marks[i].to)
		}
	}
	for _, w := range p.own().waivers {
		l.add(startOf(w.Starts), endOf(w.End()))
	}
}

// ofHolder is ofPerson with the cards and passes a member has.
func (l *instants) ofHolder(p *person) {
	l.ofPerson(p)
	for _, c := range p.own().credentials {
		l.add(endOf(c.Expires), never)
	}
	for _, w := range p.own().passes {
		l.add(endOf(w.Expires), endOf(w.Revoked))
	}
}

// ofChain adds when what stands on the chain begins and ends, whatever right
// it is about; windows as far as there is a limit.
func (l *instants) ofChain(q *inquiry) {
	for _, up := range q.place.standing() {
		l.ofRules(q.d, q.place.at[up].stands)
	}
	if q.about != nil {
		for _, m := range q.about.scopes() {
			l.add(m.from, m.to)
		}
	}
}

// ofRules adds when what stands at one location begins and ends; windows as
// far as there is a limit.
func (l *instants) ofRules(d *Directory, s *standing) {
	for _, rules := range [...][]rule{s.allows, s.denies} {
		for i := range rules {
			l.add(rules[i].from, rules[i].to)
			l.ofWindow(d, rules[i].window)
		}
	}
	for i := range s.doors {
		l.add(s.doors[i].until, never)
	}
	for i := range s.shut {
		l.add(s.shut[i].from, s.shut[i].to)
	}
}

// ofWindow adds the openings of w.
func (l *instants) ofWindow(d *Directory, w *Window) {
	if w == nil {
		return
	}
	const step = tick(windowDays * aDay / time.Microsecond)
	for after := l.after; after < l.before; after += step {
		known := after + step // further on, an opening's end may not be known
		d.runs(w, after.time(), func(from, to time.Time) bool {
			opens, shuts := startOf(from), endOf(to)
			if opens > known || opens >= l.before {
				return false
			}
			if shuts > known {
				shuts = never // it is met with again
			}
			l.add(opens, shuts)
			return true
		})
	}
}
