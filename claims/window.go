package claims

import "time"

// Weekly openings as instants. An opening belongs to the day it opens in its
// zone; two that meet or overlap are one. A local time that doesn't exist
// counts as the first instant after the gap; one that exists twice counts as
// its first for the beginning and its second for the end.

// horizon is how far ahead openings are followed, in days: past the two weeks
// that one can last when a change of the clock swallows its only weekly gap.
const horizon = 23

// runs yields the openings of w that end after t, in order and in UTC, with
// those that meet as one; a zero end is never. No window is one opening
// without end; one in a zone that nobody knows has none.
func (d *Directory) runs(w *Window, t time.Time, yield func(start, end time.Time) bool) {
	if w == nil {
		yield(time.Time{}, time.Time{})
		return
	}
	zone := d.zones[w.Zone]
	if zone == nil {
		return
	}
	y, m, day := t.In(zone).Date()
	midnight := time.Date(y, m, day-2, 0, 0, 0, 0, time.UTC)
	var start, end time.Time
	for range horizon + 2 {
		from, to, opens := w.opening(zone, midnight)
		midnight = midnight.Add(24 * time.Hour)
		switch {
		case !opens:
		case !start.IsZero() && !from.After(end):
			if to.After(end) {
				end = to
			}
		default:
			if end.After(t) && !yield(start, end) {
				return
			}
			start, end = from, to
		}
	}
	switch {
	case !end.After(t):
	case start.After(t):
		yield(start, end)
	default: // open all along: the whole week
		yield(start, time.Time{})
	}
}

// opening returns the opening of one day, given as that day's midnight on the
// local clock as if the zone were UTC.
func (w *Window) opening(zone *time.Location, midnight time.Time) (from, to time.Time, ok bool) {
	if !w.on(midnight.Weekday()) {
		return from, to, false
	}
	closes := w.To
	if w.To <= w.From {
		closes += minutesADay
	}
	from = local(zone, midnight.Add(time.Duration(w.From)*time.Minute), false)
	to = local(zone, midnight.Add(time.Duration(closes)*time.Minute), true)
	return from, to, to.After(from)
}

func (w *Window) on(day time.Weekday) bool {
	for _, d := range w.Days {
		if d == day {
			return true
		}
	}
	return len(w.Days) == 0
}

// local returns the instant at which the clock of zone shows what clock shows
// in UTC; of two such instants the first, or the second if asked; if there is
// none, the first instant after the gap.
func local(zone *time.Location, clock time.Time, second bool) time.Time {
	_, before := clock.Add(-24 * time.Hour).In(zone).Zone()
	_, after := clock.Add(24 * time.Hour).In(zone).Zone()
	early := clock.Add(-time.Duration(before) * time.Second)
	if before == after {
		return early
	}
	late := clock.Add(-time.Duration(after) * time.Second)
	_, atEarly := early.In(zone).Zone()
	_, atLate := late.In(zone).Zone()
	switch {
	case atEarly == before && (atLate != after || !second):
		return early
	case atLate == after:
		return late
	}
	change, _ := early.In(zone).ZoneBounds()
	return change.UTC()
}

// memo is what was last found of a window, so that the many who ask at one
// instant about one place look at its calendar once.
type memo struct {
	w        *Window
	from, to tick // what was found holds for instants in [from, to)
	opens    tick // the next opening from there on, or the one that is on
	shuts    tick
	ever     bool // there is one
}

// look finds the opening of w that is on at t, or else the next one.
func (q *inquiry) look(w *Window, t tick) *memo {
	m := &q.opening
	if m.w == w && live(m.from, m.to, t) {
		return m
	}
	*m = memo{w: w, from: t, to: t + 1, opens: never, shuts: never}
	q.d.runs(w, t.time(), func(from, to time.Time) bool {
		m.opens, m.shuts, m.ever = startOf(from), endOf(to), true
		if m.to = m.opens; m.opens <= t {
			m.to = m.shuts
		}
		return false
	})
	return m
}

// open returns until when w is open, if it is at t.
func (q *inquiry) open(w *Window, t tick) (end tick, ok bool) {
	m := q.look(w, t)
	return m.shuts, m.ever && m.opens <= t
}

// opens returns the first instant from t on at which w is open, as far as
// openings are followed. No window is always open.
func (q *inquiry) opens(w *Window, t tick) (first tick, ok bool) {
	if w == nil {
		return t, true
	}
	m := q.look(w, t)
	return max(m.opens, t), m.ever
}
