package claims

import (
	"slices"
	"time"
)

// gateShut is steps 9 and 12. Gates concern members only.
func (q *inquiry) gateShut(t tick, v *verdict) bool {
	if q.who == nil {
		return false
	}
	for _, up := range q.place.standing() {
		s := q.place.at[up].stands
		for i := range s.doors {
			if !q.guards(&s.doors[i], int(up), t) {
				continue
			}
			_, end, met := q.meets(s, i, t)
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
func (q *inquiry) guards(g *gateForm, up int, t tick) bool {
	if t >= g.until {
		return false
	}
	if g.right == 0 {
		return q.right.held()
	}
	return g.right == q.right.name && up <= q.declared
}

// meets tells whether the member has a badge that opens the i-th gate of a
// place, or a waiver, and until when: the latest of their ends. badge is the
// one that lasts longest, 0 if the waiver does.
func (q *inquiry) meets(s *standing, i int, t tick) (badge sym, end tick, ok bool) {
	for _, b := range s.doors[i].anyOf {
		if to, held := q.holdsBadge(b, t); held && (!ok || to > end) {
			badge, end, ok = b, to, true
		}
	}
	waivers := q.who.own().waivers
	for j := range waivers {
		w := &waivers[j]
		if w.Gate != s.gates[i].ID {
			continue
		}
		if to := endOf(w.End()); live(startOf(w.Starts), to, t) && (!ok || to > end) {
			badge, end, ok = 0, to, true
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
	for _, up := range slices.Backward(q.place.standing()) {
		n := q.place.at[up]
		for i := range n.stands.doors {
			if !q.guards(&n.stands.doors[i], int(up), q.at) {
				continue
			}
			if _, _, met := q.meets(n.stands, i, q.at); !met {
				g := &n.stands.gates[i]
				list = append(list, Missing{Gate: g.ID, At: q.d.placeID(n), AnyOf: q.toEarn(g.AnyOf)})
			}
		}
	}
	return list
}

// noMore is how to earn a badge that is retired.
const noMore = "It is given to nobody any more."

func (d *Directory) inWords(badges []Slug) []MissingBadge {
	list := make([]MissingBadge, len(badges))
	for i, slug := range badges {
		b, _ := Get[Badge](d, string(slug))
		list[i] = MissingBadge{Slug: slug, Name: b.Name, Earn: b.Earn, EarnURL: b.EarnURL}
		if b.Name == "" {
			list[i].Name = string(slug)
		}
		if !b.Retired.IsZero() {
			list[i].Earn, list[i].EarnURL = noMore, ""
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
	last := q.at + tick(soon/time.Microsecond)
	if v.reason == ReasonOK && v.bound > last {
		return nil // no badge leaned on ends before the answer does
	}
	var list []Warning
	if v.badge != 0 {
		list = q.warn(list, v.badge, last)
	}
	for _, up := range q.place.standing() {
		s := q.place.at[up].stands
		for i := range s.doors {
			if q.guards(&s.doors[i], int(up), q.at) {
				if badge, _, met := q.meets(s, i, q.at); met && badge != 0 {
					list = q.warn(list, badge, last)
				}
			}
		}
	}
	return list
}

func (q *inquiry) warn(list []Warning, badge sym, last tick) []Warning {
	end, ok := q.holdsBadge(badge, q.at)
	if !ok || end > last {
		return list
	}
	slug := Slug(q.d.spelled(badge))
	for _, w := range list {
		if w.Badge == slug {
			return list
		}
	}
	return append(list, Warning{Badge: slug, Ends: end.time()})
}
