package claims

import "time"

// PeriodKind is the sort of a period.
type PeriodKind string

// The sorts of period there are.
const (
	PeriodYear   PeriodKind = "year"
	PeriodTerm   PeriodKind = "term"
	PeriodSeason PeriodKind = "season"
)

// Period is a year, term or season of the organisation. Awards, tags put on
// members, affiliations and grants may be bound to one: they then start at the
// later of both starts and end at the earlier of both ends. Which is the
// current one of its kind is said here, and not read off a calendar (R63).
type Period struct {
	Slug    Slug       `json:"slug"`
	Label   string     `json:"label,omitempty"`
	Kind    PeriodKind `json:"kind"`
	Starts  time.Time  `json:"starts"`
	Ends    time.Time  `json:"ends"`
	Current bool       `json:"current,omitempty"` // at most one of each kind is; tokens list them
}

// Key implements Fact.
func (p Period) Key() Key { return Key{EntityPeriod, string(p.Slug)} }

// Concerns implements Fact.
func (p Period) Concerns() []MemberID { return nil }

// CurrentPeriod returns the current period of a kind.
func (d *Directory) CurrentPeriod(kind PeriodKind) (Period, bool) {
	for _, slug := range d.current {
		if p, ok := Get[Period](d, string(slug)); ok && p.Kind == kind {
			return p, true
		}
	}
	return Period{}, false
}

// Span returns when an award, an assignment, an affiliation, a grant or a
// waiver counts by itself: from its start, or always, up to its end by plan or
// removal, or never; within its period, if it is bound to one. A superseded
// award gives way where its successor starts.
func (d *Directory) Span(f Fact) (start, end time.Time) {
	switch f := f.(type) {
	case Award:
		start, end = d.inPeriod(f.Period, f.On, f.End())
		if next, ok := Get[Award](d, string(f.SupersededBy)); ok && next.Badge == f.Badge && next.Member == f.Member {
			from, _ := d.inPeriod(next.Period, next.On, time.Time{})
			end = Earlier(end, from)
		}
		return start, end
	case Assignment:
		return d.inPeriod(f.Period, f.Starts, f.End())
	case Affiliation:
		return d.inPeriod(f.Period, f.Starts, f.End())
	case Grant:
		return d.inPeriod(f.Period, f.Starts, f.End())
	case Waiver:
		return f.Starts, f.End()
	}
	return start, end
}

// inPeriod cuts an interval to a period; one that is not there leaves nothing.
func (d *Directory) inPeriod(period Slug, start, end time.Time) (time.Time, time.Time) {
	if period == "" {
		return start, end
	}
	p, ok := Get[Period](d, string(period))
	if !ok {
		return time.Unix(0, 0).UTC(), time.Unix(0, 0).UTC()
	}
	if p.Starts.After(start) {
		start = p.Starts
	}
	return start, Earlier(end, p.Ends)
}

// LiveAt tells whether such a fact counts at an instant.
func (d *Directory) LiveAt(f Fact, at time.Time) bool {
	start, end := d.Span(f)
	return Live(start, end, at)
}

// periodForm is a period as decisions read it.
type periodForm struct{ from, to tick }

// within cuts an interval to a period; 0 is none.
func (d *Directory) within(period sym, from, to tick) (tick, tick) {
	if period == 0 {
		return from, to
	}
	form := d.word(period).period
	if form == nil {
		return never, never
	}
	return max(from, form.from), min(to, form.to)
}

func (b builder) indexPeriod(p Period) {
	name := symOf(b, p.Slug)
	if name == 0 {
		return
	}
	b.editWord(name).period = &periodForm{startOf(p.Starts), endOf(p.Ends)}
	b.by.periods = true
}

// settlePeriods has everything that is bound to a period settled again if one
// has changed, and lists those that are current.
func (b builder) settlePeriods() {
	if !b.by.periods {
		return
	}
	b.by.periods = false
	for p := range b.people.all() {
		if p.bound() {
			b.person(p.id)
		}
	}
	for i := range int32(b.nodes.n) {
		if s := b.nodes.at(i).stands; s != nil && s.bound() {
			b.standsAt(i).known.grants = 0
		}
	}
	b.current = nil
	for p := range All[Period](b.Directory) {
		if p.Current {
			b.current = append(b.current, p.Slug)
		}
	}
}

// bound tells whether something p has is bound to a period.
func (p *person) bound() bool {
	for sort := range p.held {
		for i := range p.held[sort] {
			if p.held[sort][i].period != 0 {
				return true
			}
		}
	}
	return false
}

// bound tells whether a grant that stands there is bound to a period.
func (s *standing) bound() bool {
	for i := range s.grants {
		if s.grants[i].Period != "" {
			return true
		}
	}
	return false
}
