package claims

import "fmt"

// What organisers close, in an application's tree too, the application does
// not get around: it neither takes a place out from under what closes it, nor
// calls a right something that is closed no longer.

// mayUnclose asks of a program that a right which lockdowns and unnamed gates
// bear on goes on being one.
func (p *planner) mayUnclose(r Right) error {
	old, ok := Get[Right](p.d, r.Key().ID)
	if !ok || !p.byProgram() || old.NotPhysical || old.Egress || !r.NotPhysical && !r.Egress {
		return nil
	}
	for l := range All[Lockdown](p.d) {
		if p.lasting(l.Lifted) && p.onLine(l.At, r.At) {
			return p.closed(rightLockdown, l.At, "a lockdown", fmt.Sprintf("%s is closed with it, and stays a physical right", r.Slug))
		}
	}
	for g := range All[Gate](p.d) {
		if g.Right == "" && p.lasting(g.Removed) && p.onLine(g.At, r.At) {
			return p.closed(rightGrant, g.At, "a gate", fmt.Sprintf("%s asks for it, and stays a physical right", r.Slug))
		}
	}
	return nil
}

// mayLeave asks of a program that what closes a place goes on closing it
// after a move from one parent to another.
func (p *planner) mayLeave(from, to LocationID) error {
	if !p.byProgram() || from == to {
		return nil
	}
	for _, up := range p.chain(from) {
		if p.onChain(up.ID, to) {
			return nil
		}
		for _, l := range p.d.LockdownsAt(up.ID) {
			if p.lasting(l.Lifted) {
				return p.closed(rightLockdown, up.ID, "a lockdown", "no application moves a place out from under it")
			}
		}
		for _, g := range p.d.GatesAt(up.ID) {
			if p.lasting(g.Removed) {
				return p.closed(rightGrant, up.ID, "a gate", "no application moves a place out from under it")
			}
		}
		for _, g := range p.d.GrantsAt(up.ID) {
			if g.Effect == Deny && p.lasting(g.End()) && g.CreatedBy != p.by.String() {
				return p.closed(rightGrant, up.ID, "a deny", "no application moves a place out from under it")
			}
		}
	}
	return nil
}

func (p *planner) closed(right Slug, at LocationID, what, problem string) error {
	path := p.d.PathOf(at)
	return &Refused{Right: right, At: path, Problem: fmt.Sprintf("%s stands at %s: %s", what, path, problem)}
}

// onLine tells whether one of two places is the other or above it.
func (p *planner) onLine(a, b LocationID) bool { return p.onChain(a, b) || p.onChain(b, a) }
