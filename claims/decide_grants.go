package claims

import "time"

// choice is the allow grant that counts: the one that lasts longest, and of
// those that last alike the nearest.
type choice struct {
	end   time.Time // zero: never
	badge Slug      // of its subject, if that is a badge
}

// notGranted is steps 10 and 11.
func (q *inquiry) notGranted(t time.Time, v *verdict) bool {
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
func (q *inquiry) grant(t time.Time) (best choice, ok bool) {
	for up, n := range q.place.up() {
		if n.stands != nil {
			q.bestAt(n, up, t, &best, &ok)
		}
		if o := n.object(); o != "" {
			q.byOverride(o, up, t, &best, &ok)
		}
		if n.stop || ok && best.end.IsZero() {
			break
		}
	}
	return best, ok
}

// bestAt considers the grants of one node.
func (q *inquiry) bestAt(n *node, up int, t time.Time, best *choice, ok *bool) {
	for i := range n.stands.grants {
		g := &n.stands.grants[i]
		if g.Effect == Deny || g.Role == "" && !q.concerns(g, up) || !Live(g.Starts, g.End(), t) {
			continue
		}
		end, match := q.holds(&g.Subject, t)
		if !match || g.Role != "" && !q.concerns(g, up) { // a role takes longer to look at
			continue
		}
		shut, open := q.d.open(g.Window, t)
		if !open {
			continue
		}
		end = Earlier(Earlier(end, shut), g.End())
		best.consider(end, &g.Subject, ok)
	}
}

func (c *choice) consider(end time.Time, s *Subject, ok *bool) {
	if *ok && !outlasts(end, c.end) {
		return
	}
	*ok, c.end, c.badge = true, end, ""
	if s.Kind == SubjectBadge {
		c.badge = Slug(s.ID)
	}
}

// byOverride considers the kind override of the object that stands at a node:
// a grant there of exactly its rights.
func (q *inquiry) byOverride(object Slug, up int, t time.Time, best *choice, ok *bool) {
	o, stands := q.d.override(object)
	if !stands || up > q.declared {
		return
	}
	for _, r := range o.Rights {
		if r != q.right.Slug {
			continue
		}
		s := Subject{Kind: SubjectAff, Object: object, AffKind: o.Kind}
		if end, match := q.holds(&s, t); match {
			best.consider(end, &s, ok)
		}
	}
}
