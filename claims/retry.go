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
	dec.Deny = v.deny
	dec.NoCache = q.ask.At.Add(denialAge).UTC()
	if fixed {
		return dec
	}
	switch v.reason {
	case ReasonNoGrant, ReasonMissingBadge:
		dec.Missing = q.missing()
	}
	e := edges{after: q.ask.At}
	q.collect(&e)
	if e.n > 0 {
		dec.NoCache = Earlier(dec.NoCache, e.at[0]).UTC()
	}
	for _, t := range e.at[:e.n] {
		if q.judge(t).reason == ReasonOK {
			dec.RetryAt = t.UTC()
			break
		}
	}
	return dec
}

// edges are the next instants, in order and each once, at which a fact begins
// or ends.
type edges struct {
	after time.Time
	at    [maxEdges]time.Time
	n     int
}

// add takes in instants; zero, past and far ones are left out.
func (e *edges) add(instants ...time.Time) {
	for _, t := range instants {
		if !t.After(e.after) {
			continue
		}
		i, there := slices.BinarySearchFunc(e.at[:e.n], t, time.Time.Compare)
		if there || i == maxEdges {
			continue
		}
		e.n = min(e.n+1, maxEdges)
		copy(e.at[i+1:e.n], e.at[i:])
		e.at[i] = t
	}
}

// collect adds the edges of what is asked about.
func (q *inquiry) collect(e *edges) {
	e.add(q.ends)
	q.who.edges(e)
	q.supervisor.edges(e)
	if q.about != nil {
		for i := range q.about.affiliations {
			e.add(q.about.affiliations[i].Starts, q.about.affiliations[i].End())
		}
	}
	for _, n := range q.place.up() {
		if n.stands == nil {
			continue
		}
		for i := range n.stands.grants {
			g := &n.stands.grants[i]
			e.add(g.Starts, g.End())
			q.d.windowEdges(g.Window, e)
		}
		for i := range n.stands.locks {
			e.add(n.stands.locks[i].From, n.stands.locks[i].Lifted)
		}
	}
}

// edges adds those of what a member has; nobody has none.
func (p *person) edges(e *edges) {
	if p == nil {
		return
	}
	e.add(p.member.PaidUntil, p.member.GraceUntil)
	for i := range p.assignments {
		e.add(p.assignments[i].Starts, p.assignments[i].End())
	}
	for i := range p.awards {
		e.add(p.awards[i].On, p.awards[i].End())
	}
	for i := range p.affiliations {
		e.add(p.affiliations[i].Starts, p.affiliations[i].End())
	}
	for i := range p.waivers {
		e.add(p.waivers[i].Starts, p.waivers[i].End())
	}
}

// windowEdges adds a window's openings, as far as they are followed.
func (d *Directory) windowEdges(w *Window, e *edges) {
	if w == nil {
		return
	}
	last := e.after.Add(windowDays * aDay)
	d.runs(w, e.after, func(from, to time.Time) bool {
		if from.After(last) || e.n == maxEdges && from.After(e.at[maxEdges-1]) {
			return false
		}
		e.add(from)
		if !to.After(last) {
			e.add(to)
		}
		return true
	})
}
