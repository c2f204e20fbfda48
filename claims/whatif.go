package claims

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Shift is what one member would lose and gain of one right at one place.
type Shift struct {
	Place  LocationID `json:"place"`
	Right  Slug       `json:"right"`
	Member MemberID   `json:"member"`
	Lost   []Interval `json:"lost,omitempty"`
	Gained []Interval `json:"gained,omitempty"`
}

// Outlook is what would become of a plan.
type Outlook struct {
	Shifts []Shift `json:"shifts"` // in order of places (parents first), rights, members; none: nobody's access changes
	Cut    bool    `json:"cut"`    // there was more to compare than is compared at once: Shifts may lack some
}

// maxCompared is how many times (a member, a right, a place) are compared.
const maxCompared = 500_000

// WhatIf tells who would lose and gain what between p.At and to, were p
// applied: p is what Plan makes of intents on d, else ErrConflict. Each
// line is the difference between the intervals in which Decide allows the
// member now and those in which it would, so somebody whose hours only begin
// tomorrow is told of as well.
//
// Looked at are the members, rights and places that the facts of p concern.
// Of places those where something stands (a rule, a device, an object), or
// that p is about: one that inherits and has nothing of its own is as the
// nearest of those above it. Pages of members are looked at if something
// stands there. Decisions with a card are as those without.
func WhatIf(d *Directory, p Planned, to time.Time) (Outlook, error) {
	if p.On != d.Seq() {
		return Outlook{}, fmt.Errorf("what if %s: it was planned on another picture: %w", p.What, ErrConflict)
	}
	if len(p.Facts) == 0 {
		return Outlook{}, nil
	}
	c := comparison{before: d, after: d.With(d.Seq(), p.Facts...), at: p.At, to: to}
	s := c.scope(p.Facts)
	for _, place := range s.places(&c) {
		for _, right := range s.rights(&c, place) {
			if done, err := c.compare(place, right, s.people(&c)); err != nil || !done {
				c.out.Cut = true
				return c.out, err
			}
		}
	}
	return c.out, nil
}

// comparison is a WhatIf under way.
type comparison struct {
	before, after *Directory
	at, to        time.Time
	compared      int
	out           Outlook
}

// compare adds what members lose and gain of one right at one place. It
// returns false if that is more than is compared at once.
func (c *comparison) compare(place LocationID, right Slug, who []MemberID) (done bool, err error) {
	then, err := c.calendar(c.before, place, right)
	if err != nil {
		return false, err
	}
	now, err := c.calendar(c.after, place, right)
	if err != nil || then == nil && now == nil {
		return true, err
	}
	for _, m := range who {
		if c.compared++; c.compared > maxCompared {
			return false, nil
		}
		var had, has []Interval
		if then != nil {
			had = then.when(c.before.of(m))
		}
		if now != nil {
			has = now.when(c.after.of(m))
		}
		if !slices.Equal(had, has) {
			c.out.Shifts = append(c.out.Shifts, Shift{place, right, m, less(had, has), less(has, had)})
		}
	}
	return true, nil
}

// calendar is nil if nobody is allowed there, ever.
func (c *comparison) calendar(d *Directory, place LocationID, right Slug) (*calendar, error) {
	if _, stored := d.stored(place); !stored {
		return nil, nil
	}
	cal, reason, err := newCalendar(d, Ask{Place: place, Right: right, At: c.at}, c.to)
	if err != nil || reason != ReasonOK {
		return nil, err
	}
	if sure := *cal.q.right; sure.ACR > 0 {
		sure.ACR = 0 // as if they signed in as strongly as it takes
		cal.q.right = &sure
	}
	return cal, nil
}

// less returns what of a is not in b, both in order.
func less(a, b []Interval) (left []Interval) {
	for _, x := range a {
		for _, y := range b {
			if !y.To.After(x.From) || !y.From.Before(x.To) {
				continue
			}
			if y.From.After(x.From) {
				left = append(left, Interval{x.From, y.From})
			}
			x.From = y.To
			if !x.From.Before(x.To) {
				break
			}
		}
		if x.From.Before(x.To) {
			left = append(left, x)
		}
	}
	return left
}

// people lists the members concerned, in order of their ids.
func (s *scope) people(c *comparison) []MemberID {
	if s.everybody {
		return c.after.people.keys()
	}
	return inOrder(s.members)
}

// rights lists those of a place that are concerned.
func (s *scope) rights(c *comparison, place LocationID) []Slug {
	found := map[Slug]bool{}
	for _, d := range []*Directory{c.before, c.after} {
		for _, up := range d.line(place) {
			for _, r := range d.RightsAt(up) {
				if r.Removed.IsZero() && (s.anyRight || s.named[r.Slug]) || s.declared[r.Key()] {
					found[r.Slug] = true
				}
			}
		}
	}
	return inOrder(found)
}

func inOrder[K cmp.Ordered](set map[K]bool) []K {
	keys := make([]K, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
