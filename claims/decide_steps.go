package claims

// The rights that decisions lean on beside the one asked about.
const (
	rightMaintain  Slug = "maintain"
	rightSupervise Slug = "supervise"
)

// inMaintenance is step 6.
func (q *inquiry) inMaintenance(t tick, v *verdict) bool {
	if q.device == nil || !q.device.Maintenance || !q.right.held() {
		return false
	}
	keeper := *q
	keeper.device, keeper.supervisor = nil, nil
	if !keeper.may(rightMaintain, t, v) {
		return v.no(ReasonMaintenance)
	}
	return false
}

// alone is the first half of step 13.
func (q *inquiry) alone(t tick, v *verdict) bool {
	if q.device == nil || !q.device.TwoPerson || !q.right.held() {
		return false
	}
	if q.supervisor == nil {
		return v.no(ReasonSupervisor)
	}
	second := *q
	second.who, second.machine, second.system, second.client = q.supervisor, false, false, 0
	second.ends, second.ask.ACR = never, 0
	second.device, second.supervisor = nil, nil
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
func (q *inquiry) may(right Slug, t tick, v *verdict) bool {
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
func (q *inquiry) lockedDown(t tick, v *verdict) bool {
	if !q.right.held() {
		return false
	}
	for _, up := range q.place.standing() {
		shut := q.place.at[up].stands.shut
		for i := range shut {
			l := &shut[i]
			if live(l.from, l.to, t) {
				end, ok := q.exempt(l, t)
				if !ok {
					return v.no(ReasonLockdown)
				}
				v.limit(end)
			} else if l.from > t && l.to > l.from {
				v.limit(l.from)
			}
		}
	}
	return false
}

// exempt tells whether a lockdown lets whoever asks pass at t, and until when.
func (q *inquiry) exempt(l *lockForm, t tick) (end tick, ok bool) {
	for i := range l.exempt {
		to, match := q.holds(&l.exempt[i], t)
		if match && (!ok || to > end) {
			end = to
		}
		ok = ok || match
	}
	return end, ok
}

// denied is step 8. Denies flow past any inherit=false.
func (q *inquiry) denied(t tick, v *verdict) bool {
	for _, up := range q.place.standing() {
		n := q.place.at[up]
		for i := range n.stands.denies {
			g := &n.stands.denies[i]
			if g.to <= t || !q.concerns(g, int(up)) {
				continue
			}
			first, ever := q.denies(g, t)
			if ever && first <= t {
				v.deny = n
				return v.no(ReasonExplicitDeny)
			}
			if ever {
				v.limit(first)
			}
		}
	}
	return false
}

// denies returns the first instant from t on at which a deny matches: its own
// interval, its subject's and its window all hold; false if there is none.
func (q *inquiry) denies(g *rule, t tick) (first tick, ever bool) {
	w := g.window
	if w != nil && q.d.zones[w.Zone] == nil {
		w = nil // a deny in a zone that nobody knows holds at all hours
	}
	q.spans(&g.whom, t, func(from, to tick) {
		from = max(from, g.from, t)
		to = min(to, g.to)
		if at, ok := q.opens(w, from); ok && at < to && (!ever || at < first) {
			first, ever = at, true
		}
	})
	return first, ever
}

// concerns tells whether a grant or deny, standing so far up the chain, is
// about the right asked for. One that names a right which is not declared on
// its own chain, as after a move, is about nothing.
func (q *inquiry) concerns(g *rule, up int) bool {
	if g.duty == 0 {
		return g.right == q.right.name && up <= q.declared
	}
	role := q.d.word(g.duty).role
	if role == nil {
		return false
	}
	app := q.application(up)
	if app != q.application(q.declared) || q.place.at[app] != q.d.nodes.at(role.app) {
		return false
	}
	named := false
	for _, r := range role.rights {
		named = named || r == q.right.name
	}
	return named != role.allBut
}

// application returns how far up the chain the root stands of the application
// that a location, itself so far up, belongs to.
func (q *inquiry) application(up int) int {
	for _, at := range q.place.standing() {
		if int(at) >= up && len(q.place.at[at].stands.apps) > 0 {
			return int(at)
		}
	}
	return q.place.n - 1
}
