package claims

import (
	"slices"
	"time"
)

const (
	maxEdges   = 16              // how many edges ahead a denial is looked at again
	windowDays = 15              // how many days ahead windows are followed for that
	denialAge  = 5 * time.Second // the longest a denial may be kept
	aDay       = 24 * time.Hour
)

// refuse is the answer for a refusal. A fixed one is one that no passing of
// time mends.
func (q *inquiry) refuse(v verdict, fixed bool) Decision {
	dec := q.answer(v)
	if v.deny != nil {
		dec.Deny = q.d.placeID(v.deny)
	}
	keep := q.at + tick(denialAge/time.Microsecond)
	dec.NoCache = keep.time()
	if fixed {
		return dec
	}
	switch v.reason {
	case ReasonNoGrant, ReasonMissingBadge:
		dec.Missing = q.missing()
	}
	e := edges{after: q.at}
	q.collect(&e)
	if e.n > 0 {
		dec.NoCache = min(keep, e.at[0]).time()
	}
	for _, t := range e.at[:e.n] {
		if q.judge(t).reason == ReasonOK {
			dec.RetryAt = t.time()
			break
		}
	}
	return dec
}

// edges are the next instants, in order and each once, at which a fact begins
// or ends.
type edges struct {
	after tick
	at    [maxEdges]tick
	n     int
}

// add takes in the two ends of something; past and far ones are left out.
func (e *edges) add(from, to tick) {
	e.one(from)
	e.one(to)
}

func (e *edges) one(t tick) {
	if t <= e.after || t == never || e.n == maxEdges && t >= e.at[maxEdges-1] {
		return
	}
	i, there := slices.BinarySearch(e.at[:e.n], t)
	if there {
		return
	}
	e.n = min(e.n+1, maxEdges)
	copy(e.at[i+1:e.n], e.at[i:])
	e.at[i] = t
}

// collect adds the edges of what is asked about.
func (q *inquiry) collect(e *edges) {
	e.one(q.ends)
	q.who.edges(e)
	q.supervisor.edges(e)
	if q.about != nil {
		e.marks(q.about.scopes())
	}
	for _, up := range q.place.standing() {
		s := q.place.at[up].stands
		e.rules(q.d, s.allows)
		e.rules(q.d, s.denies)
		for i := range s.doors {
			e.one(s.doors[i].until)
		}
		for i := range s.shut {
			e.add(s.shut[i].from, s.shut[i].to)
		}
	}
}

func (e *edges) marks(marks []mark) {
	for i := range marks {
		e.add(marks[i].from, marks[i].to)
	}
}

func (e *edges) rules(d *Directory, rules []rule) {
	for i := range rules {
		e.add(rules[i].from, rules[i].to)
		d.windowEdges(rules[i].window, e)
	}
}

// edges adds those of what a member has; nobody has none.
func (p *person) edges(e *edges) {
	if p == nil {
		return
	}
	e.add(p.paid, p.lapse)
	e.marks(p.tags())
	e.marks(p.badges())
	e.marks(p.scopes())
	for _, w := range p.own().waivers {
		e.add(startOf(w.Starts), endOf(w.End()))
	}
}

// windowEdges adds a window's openings, as far as they are followed.
func (d *Directory) windowEdges(w *Window, e *edges) {
	if w == nil {
		return
	}
	last := e.after + tick(windowDays*aDay/time.Microsecond)
	d.runs(w, e.after.time(), func(from, to time.Time) bool {
		opens, shuts := startOf(from), endOf(to)
		if opens > last || e.n == maxEdges && opens > e.at[maxEdges-1] {
			return false
		}
		e.one(opens)
		if shuts <= last {
			e.one(shuts)
		}
		return true
	})
}
