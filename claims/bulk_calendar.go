package claims

import "time"

// Interval is [From, To). A zero To is no end.
type Interval struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"`
}

// maxSpan is the longest span that a calendar is worked out for.
const maxSpan = 366 * aDay

// calendar tells when members are allowed one right at one place, inside a
// span. What is alike for all of them is looked up once.
type calendar struct {
	q     inquiry
	to    tick
	chain []tick   // when what stands on the chain begins and ends, inside the span
	all   instants // room for those of one member beside them
}

// newCalendar readies a calendar for what an Ask without a principal is about,
// from its At up to to. A reason other than ReasonOK says why nobody is
// allowed, ever; the errors are Decide's.
func newCalendar(d *Directory, a Ask, to time.Time) (*calendar, Reason, error) {
	a.At, to = a.At.Round(0).UTC(), to.Round(0).UTC()
	c := &calendar{q: inquiry{d: d, ask: a}, to: startOf(to)}
	if err := c.q.read(); err != nil {
		return nil, "", err
	}
	if a.Member != "" || a.Who.id != "" || a.Client != "" || a.System || a.Credential != "" || a.Pass != nil {
		return nil, "", invalid("principal", "is given, and the question is about every member")
	}
	if !to.After(a.At) {
		return nil, "", invalid("to", "is not after from")
	}
	if to.Sub(a.At) > maxSpan {
		return nil, "", invalid("to", "is more than %d days after from", maxSpan/aDay)
	}
	if r := c.q.settle(); r != ReasonOK {
		return c, r, nil
	}
	edges := instants{after: c.q.at, before: c.to}
	edges.ofChain(&c.q)
	if c.q.supervisor != nil {
		edges.ofPerson(c.q.supervisor)
	}
	edges.sort()
	c.chain = edges.at
	c.all = instants{after: c.q.at, before: c.to}
	return c, ReasonOK, nil
}

// when returns the intervals inside the span in which Decide allows p, apart
// from one another and in order.
func (c *calendar) when(p *person) (list []Interval) {
	if !p.isMember() {
		return nil
	}
	q := &c.q
	supervisor := q.supervisor
	q.who, q.named = p, p
	if supervisor == p {
		q.supervisor = nil // nobody is their own second person
	}
	c.all.at = c.all.at[:0]
	c.all.ofPerson(p)
	if len(c.all.at) > 0 {
		c.all.at = append(c.all.at, c.chain...)
		c.all.sort()
		list = c.follow(c.all.at)
	} else {
		list = c.follow(c.chain)
	}
	q.who, q.named, q.supervisor = nil, nil, supervisor
	return list
}

// follow decides at the beginning of the span and at edges, but for those
// before the end of an allow.
func (c *calendar) follow(edges []tick) (list []Interval) {
	t, last := c.q.at, always
	for t < c.to {
		v := c.q.judge(t)
		next := c.to
		if v.reason == ReasonOK {
			next = min(v.bound, c.to)
			if n := len(list); n > 0 && last == t {
				list[n-1].To = next.time()
			} else {
				list = append(list, Interval{t.time(), next.time()})
			}
			last = next
		}
		for len(edges) > 0 && edges[0] <= t {
			edges = edges[1:]
		}
		if v.reason != ReasonOK && len(edges) > 0 {
			next = edges[0]
		}
		t = next
	}
	return list
}
