package claims

import "time"

// The rights that decisions lean on beside the one asked about.
const (
	rightMaintain  Slug = "maintain"
	rightSupervise Slug = "supervise"
)

// inMaintenance is step 6.
func (q *inquiry) inMaintenance(t time.Time, v *verdict) bool {
	if !q.device.Maintenance || !q.right.held() {
		return false
	}
	keeper := *q
	keeper.device, keeper.supervisor = Device{}, nil
	if !keeper.may(rightMaintain, t, v) {
		return v.no(ReasonMaintenance)
	}
	return false
}

// alone is the first half of step 13.
func (q *inquiry) alone(t time.Time, v *verdict) bool {
	if !q.device.TwoPerson || !q.right.held() {
		return false
	}
	if q.supervisor == nil {
		return v.no(ReasonSupervisor)
	}
	second := *q
	second.who, second.client, second.ends, second.ask.ACR = q.supervisor, "", time.Time{}, 0
	second.device, second.supervisor = Device{}, nil
	if !second.may(rightSupervise, t, v) {
		return v.no(ReasonSupervisor)
	}
	return false
}

// weak is the second half of step 13.
func (q *inquiry) weak(v *verdict) bool {
	return q.right.ACR > q.ask.ACR && v.no(ReasonStepUp)
}

// may asks about another right at the same place and instant, and limits v to
// the end of an allow.
func (q *inquiry) may(right Slug, t time.Time, v *verdict) bool {
	q.right, q.declared = q.place.right(right)
	if q.right == nil || q.rest != "" && !q.openBelow() {
		return false
	}
	w := q.judge(t)
	if w.reason != ReasonOK {
		return false
	}
	v.limit(q.until(w))
	return true
}

// lockedDown is step 7. Lockdowns flow past any inherit=false.
func (q *inquiry) lockedDown(t time.Time, v *verdict) bool {
	if !q.right.held() {
		return false
	}
	for _, n := range q.place.up() {
		if n.stands == nil {
			continue
		}
		for i := range n.stands.locks {
			l := &n.stands.locks[i]
			if Live(l.From, l.Lifted, t) {
				end, ok := q.exempt(l, t)
				if !ok {
					return v.no(ReasonLockdown)
				}
				v.limit(end)
			} else if l.From.After(t) && endsAfter(l.Lifted, l.From) {
				v.limit(l.From)
			}
		}
	}
	return false
}

// exempt tells whether a lockdown lets whoever asks pass at t, and until when.
func (q *inquiry) exempt(l *Lockdown, t time.Time) (end time.Time, ok bool) {
	for i := range l.Exempt {
		to, match := q.holds(&l.Exempt[i], t)
		if match && (!ok || outlasts(to, end)) {
			end = to
		}
		ok = ok || match
	}
	return end, ok
}

// denied is step 8. Denies flow past any inherit=false.
func (q *inquiry) denied(t time.Time, v *verdict) bool {
	for up, n := range q.place.up() {
		if n.stands == nil {
			continue
		}
		for i := range n.stands.grants {
			g := &n.stands.grants[i]
			if g.Effect != Deny || !endsAfter(g.End(), t) || !q.concerns(g, up) {
				continue
			}
			first := q.denies(g, t)
			if !first.IsZero() && !first.After(t) {
				v.deny = n.id
				return v.no(ReasonExplicitDeny)
			}
			v.limit(first)
		}
	}
	return false
}

// denies returns the first instant from t on at which a deny matches: its own
// interval, its subject's and its window all hold; zero if none.
func (q *inquiry) denies(g *Grant, t time.Time) (first time.Time) {
	w := g.Window
	if w != nil && q.d.zones[w.Zone] == nil {
		w = nil // a deny in a zone that nobody knows holds at all hours
	}
	q.spans(&g.Subject, t, func(from, to time.Time) {
		from = laterStart(laterStart(from, g.Starts), t)
		to = Earlier(to, g.End())
		if at, ok := q.d.opens(w, from); ok && endsAfter(to, at) {
			first = Earlier(first, at)
		}
	})
	return first
}

// concerns tells whether a grant or deny, standing so far up the chain, is
// about the right asked for. One that names a right which is not declared on
// its own chain, as after a move, is about nothing.
func (q *inquiry) concerns(g *Grant, up int) bool {
	if g.Role == "" {
		return g.Right == q.right.Slug && up <= q.declared
	}
	role, ok := q.d.roles.get(g.Role)
	if !ok {
		return false
	}
	app := q.application(up)
	if app != q.application(q.declared) || q.place.at[app].id != role.App {
		return false
	}
	named := false
	for _, r := range role.Rights {
		named = named || r == q.right.Slug
	}
	return named != role.AllBut
}

// application returns how far up the chain the root stands of the application
// that a location, itself so far up, belongs to.
func (q *inquiry) application(up int) int {
	for ; up < q.place.n-1; up++ {
		if s := q.place.at[up].stands; s != nil && len(s.apps) > 0 {
			break
		}
	}
	return up
}
