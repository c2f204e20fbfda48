package claims

import (
	"slices"
	"time"
)

// gateShut is steps 9 and 12. Gates concern members only.
func (q *inquiry) gateShut(t time.Time, v *verdict) bool {
	if q.who == nil {
		return false
	}
	for up, n := range q.place.up() {
		if n.stands == nil {
			continue
		}
		for i := range n.stands.gates {
			g := &n.stands.gates[i]
			if !q.guards(g, up, t) {
				continue
			}
			_, end, met := q.meets(g, t)
			if !met {
				return v.no(ReasonMissingBadge)
			}
			v.limit(end)
		}
	}
	return false
}

// guards tells whether a gate, standing so far up the chain, is before the
// right asked for. Gates flow past any inherit=false.
func (q *inquiry) guards(g *Gate, up int, t time.Time) bool {
	if !endsAfter(g.Removed, t) {
		return false
	}
	if g.Right == "" {
		return q.right.held()
	}
	return g.Right == q.right.Slug && up <= q.declared
}

// meets tells whether the member has a badge that opens a gate, or a waiver,
// and until when: the latest of their ends. badge is the one that lasts
// longest, empty if the waiver does.
func (q *inquiry) meets(g *Gate, t time.Time) (badge Slug, end time.Time, ok bool) {
	for _, b := range g.AnyOf {
		if to, held := q.holdsBadge(b, t); held && (!ok || outlasts(to, end)) {
			badge, end, ok = b, to, true
		}
	}
	for i := range q.who.waivers {
		w := &q.who.waivers[i]
		if w.Gate == g.ID && Live(w.Starts, w.End(), t) && (!ok || outlasts(w.End(), end)) {
			badge, end, ok = "", w.End(), true
		}
	}
	return badge, end, ok
}

// missing lists the gates that are not met at the Ask's instant, from the top
// of the chain down, which is the order to earn them in.
func (q *inquiry) missing() []Missing {
	if q.who == nil {
		return nil
	}
	var list []Missing
	for up, n := range slices.Backward(q.place.up()) {
		if n.stands == nil {
			continue
		}
		for i := range n.stands.gates {
			g := &n.stands.gates[i]
			if !q.guards(g, up, q.ask.At) {
				continue
			}
			if _, _, met := q.meets(g, q.ask.At); !met {
				list = append(list, Missing{Gate: g.ID, At: n.id, AnyOf: q.d.inWords(g.AnyOf)})
			}
		}
	}
	return list
}

func (d *Directory) inWords(badges []Slug) []MissingBadge {
	list := make([]MissingBadge, len(badges))
	for i, slug := range badges {
		b, _ := Get[Badge](d, string(slug))
		list[i] = MissingBadge{Slug: slug, Name: b.Name, Earn: b.Earn, EarnURL: b.EarnURL}
		if b.Name == "" {
			list[i].Name = string(slug)
		}
	}
	return list
}

// soon is how far ahead the end of a badge is warned of.
const soon = 30 * 24 * time.Hour

// warnings lists the held badges that an answer leaned on and that end soon:
// for each gate that is met the badge that lasts longest, and the one the
// grant is for.
func (q *inquiry) warnings(v verdict) []Warning {
	if q.who == nil || q.right == nil {
		return nil
	}
	if v.reason == ReasonOK && (v.bound.IsZero() || v.bound.Sub(q.ask.At) > soon) {
		return nil // no badge leaned on ends before the answer does
	}
	var list []Warning
	if v.badge != "" {
		list = q.warn(list, v.badge)
	}
	for up, n := range q.place.up() {
		if n.stands == nil {
			continue
		}
		for i := range n.stands.gates {
			if g := &n.stands.gates[i]; q.guards(g, up, q.ask.At) {
				if badge, _, met := q.meets(g, q.ask.At); met && badge != "" {
					list = q.warn(list, badge)
				}
			}
		}
	}
	return list
}

func (q *inquiry) warn(list []Warning, badge Slug) []Warning {
	end, ok := q.holdsBadge(badge, q.ask.At)
	if !ok || end.IsZero() || end.Sub(q.ask.At) > soon {
		return list
	}
	for _, w := range list {
		if w.Badge == badge {
			return list
		}
	}
	return append(list, Warning{Badge: badge, Ends: end.UTC()})
}
