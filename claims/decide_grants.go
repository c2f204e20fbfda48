package claims

// choice is the allow grant that counts: the one that lasts longest, and of
// those that last alike the nearest.
type choice struct {
	end   tick
	badge sym // of its subject, if that is a badge
}

// notGranted is steps 10 and 11.
func (q *inquiry) notGranted(t tick, v *verdict) bool {
	c, ok := q.grant(t)
	if !ok {
		return v.no(ReasonNoGrant)
	}
	v.badge = c.badge
	v.limit(c.end)
	return false
}

// grant looks for an allow grant from the location up to the first node that
// does not inherit, that node included.
func (q *inquiry) grant(t tick) (best choice, ok bool) {
	for _, up := range q.place.standing() {
		if int(up) > q.place.stop || ok && best.end == never {
			break
		}
		s := q.place.at[up].stands
		q.bestAt(s, int(up), t, &best, &ok)
		if s.object != 0 {
			q.byOverride(s.object, int(up), t, &best, &ok)
		}
	}
	return best, ok
}

// bestAt considers the grants of one node.
func (q *inquiry) bestAt(s *standing, up int, t tick, best *choice, ok *bool) {
	for i := range s.allows {
		g := &s.allows[i]
		if g.duty == 0 && !q.concerns(g, up) || !live(g.from, g.to, t) {
			continue
		}
		end, match := q.holds(&g.whom, t)
		if !match || g.duty != 0 && !q.concerns(g, up) { // a role takes longer to look at
			continue
		}
		if g.window != nil {
			shut, open := q.open(g.window, t)
			if !open {
				continue
			}
			end = min(end, shut)
		}
		best.consider(min(end, g.to), &g.whom, ok)
	}
}

func (c *choice) consider(end tick, w *whom, ok *bool) {
	if *ok && end <= c.end {
		return
	}
	*ok, c.end, c.badge = true, end, 0
	if w.kind == toBadge {
		c.badge = w.name
	}
}

// byOverride considers the kind override of the object that stands at a node:
// a grant there of exactly its rights.
func (q *inquiry) byOverride(object sym, up int, t tick, best *choice, ok *bool) {
	o := q.d.word(object).override
	if o == nil || up > q.declared {
		return
	}
	for _, r := range o.rights {
		if r != q.right.name {
			continue
		}
		w := whom{kind: toAff, name: object, role: o.kind, root: q.d.word(o.kind).text == string(RootKind)}
		if end, match := q.holds(&w, t); match {
			best.consider(end, &w, ok)
		}
	}
}
