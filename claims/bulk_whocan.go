package claims

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Access is when one member may.
type Access struct {
	Member    MemberID   `json:"member"`
	Intervals []Interval `json:"intervals"` // inside the span, apart from one another, in order; one at least
}

// WhoCan lists the members whom Decide allows what a asks at some time from
// a.At up to to, with exactly when, in order of their ids. The Ask names no
// principal; a Device's maintenance and rule of two count if it names one.
// With no write the list is true for the whole span, which is what a door
// keeps; spans are of 366 days at most.
//
// A way out goes into no list (ErrInvalid), and what is granted to `public`
// does not count. A place that is not there, or a right that is not declared
// there, is ErrNotFound.
func WhoCan(d *Directory, a Ask, to time.Time) ([]Access, error) {
	c, reason, err := newCalendar(d, a, to)
	if err != nil {
		return nil, err
	}
	switch reason {
	case ReasonOK:
	case ReasonLocationArchived:
		return nil, nil
	default:
		return nil, fmt.Errorf("%s at %s%s%s: %s: %w", a.Right, a.Place, a.Where.id, a.Path, reason, ErrNotFound)
	}
	if c.q.right.Egress {
		return nil, invalid("right", "%s is a way out, and ways out go into no list", a.Right)
	}
	listed := *c.q.right
	listed.Public = false
	c.q.right = &listed
	var list []Access
	for p := range d.people.all() {
		if when := c.when(p); len(when) > 0 {
			list = append(list, Access{p.id, when})
		}
	}
	slices.SortFunc(list, func(a, b Access) int { return cmp.Compare(a.Member, b.Member) })
	return list, nil
}
