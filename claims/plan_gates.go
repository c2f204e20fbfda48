package claims

import (
	"fmt"
	"slices"
)

// Gates, waivers, lockdowns.
//
//   - a gate names badges that exist, at least one of which can still be
//     earned, and never a way out or a public right
//   - a waiver ends, and nobody waives a gate for themselves
//   - a lockdown's exempt are users, tags, badges, states, clients, aff:OBJECT#KIND

func (in AddGate) what() string {
	right := in.Gate.Right
	if right == "" {
		right = "every physical right"
	}
	return fmt.Sprintf("gate %s at %s by %v", right, in.Gate.At, in.Gate.AnyOf)
}

func (in Waive) what() string {
	return fmt.Sprintf("waive gate %s for member %s", in.Waiver.Gate, in.Waiver.Member)
}

func (in Lock) what() string { return "lock down " + string(in.Lockdown.At) }
func (in Lift) what() string { return "lift lockdown " + string(in.Lockdown) }

func (in AddGate) plan(p *planner) ([]Fact, error) {
	g := tidy(in.Gate)
	g.CreatedBy = p.by.String()
	if err := check(checkID("id", string(g.ID)), checkText("reason", g.Reason, 4000)); err != nil {
		return nil, err
	}
	if !g.Removed.IsZero() {
		return nil, invalid("removed", "a new gate has not ended; remove one by its id")
	}
	if _, err := need[Location](p, "location", string(g.At)); err != nil {
		return nil, err
	}
	if err := p.mayWrite(g); err != nil {
		return nil, err
	}
	for _, old := range p.d.GatesAt(g.At) {
		if old.Removed.IsZero() && old.Right == g.Right && slices.Equal(old.AnyOf, g.AnyOf) {
			return nil, nil
		}
	}
	if _, ok := Get[Gate](p.d, string(g.ID)); ok {
		return nil, conflict("gate %s is another's", g.ID)
	}
	if _, err := p.standing(g.At); err != nil {
		return nil, err
	}
	return []Fact{g}, check(p.checkGated(g), p.checkAnyOf(g.AnyOf))
}

func (p *planner) checkGated(g Gate) error {
	if g.Right == "" {
		return nil
	}
	r, err := p.rightHere("right", g.At, g.Right)
	switch {
	case err != nil:
		return err
	case r.Egress:
		return invalid("right", "%s is a way out, and no gate holds people in", g.Right)
	case r.Public:
		return invalid("right", "%s is public, and no gate may name it", g.Right)
	}
	return nil
}

func (p *planner) checkAnyOf(anyOf []Slug) error {
	if len(anyOf) == 0 {
		return invalid("any_of", "is empty: name the badges of which one is enough")
	}
	earnable := false
	for i, slug := range anyOf {
		b, ok := Get[Badge](p.d, string(slug))
		if !ok {
			return invalid("any_of", "there is no badge %q; define it first", slug)
		}
		if slices.Contains(anyOf[:i], slug) {
			return invalid("any_of", "names %s twice", slug)
		}
		earnable = earnable || b.Retired.IsZero()
	}
	if !earnable {
		return conflict("every badge of the gate is retired, so nobody could earn one")
	}
	return nil
}

func (in Waive) plan(p *planner) ([]Fact, error) {
	w := tidy(Waiver{ID: in.Waiver.ID, Gate: in.Waiver.Gate, Member: in.Waiver.Member, Reason: in.Waiver.Reason,
		Starts: in.Waiver.Starts, Expires: in.Waiver.Expires, By: p.by.String()})
	if err := check(checkID("id", string(w.ID)), checkText("reason", w.Reason, 4000)); err != nil {
		return nil, err
	}
	gate, err := need[Gate](p, "gate", string(w.Gate))
	if err != nil {
		return nil, err
	}
	at := p.d.PathOf(gate.At)
	if err := check(p.notSelf(w.Member, rightGrant, at, "nobody waives a gate for themselves"), p.mayWrite(w)); err != nil {
		return nil, err
	}
	if w.Expires.IsZero() {
		return nil, invalid("expires", "is missing: a waiver always ends")
	}
	if err := p.checkSpan("starts", w.Starts, "expires", w.Expires); err != nil {
		return nil, err
	}
	if _, err := p.member(w.Member); err != nil {
		return nil, err
	}
	for _, old := range p.d.WaiversOf(w.Member) {
		if old.Gate == w.Gate && covers(old.Starts, old.End(), w.Starts, w.Expires, p.now) {
			return nil, nil
		}
	}
	if _, ok := Get[Waiver](p.d, string(w.ID)); ok {
		return nil, conflict("waiver %s is another's", w.ID)
	}
	if !gate.Removed.IsZero() {
		return nil, conflict("gate %s was removed, so there is nothing to waive", w.Gate)
	}
	return []Fact{w}, nil
}

func (in Lock) plan(p *planner) ([]Fact, error) {
	l := tidy(Lockdown{ID: in.Lockdown.ID, At: in.Lockdown.At, Reason: in.Lockdown.Reason, Exempt: in.Lockdown.Exempt,
		By: p.by.String(), From: p.now})
	if err := check(checkID("id", string(l.ID)), checkText("reason", l.Reason, 4000), p.notFuture("from", in.Lockdown.From)); err != nil {
		return nil, err
	}
	if _, err := need[Location](p, "location", string(l.At)); err != nil {
		return nil, err
	}
	if err := p.mayWrite(l); err != nil {
		return nil, err
	}
	for _, s := range l.Exempt {
		if err := p.checkScoped("exempt", s, exemptSubjects); err != nil {
			return nil, err
		}
	}
	for _, old := range p.d.LockdownsAt(l.At) {
		if old.Lifted.IsZero() && slices.Equal(old.Exempt, l.Exempt) {
			return nil, nil
		}
	}
	if _, ok := Get[Lockdown](p.d, string(l.ID)); ok {
		return nil, conflict("lockdown %s is another's", l.ID)
	}
	return []Fact{l}, nil
}

func (in Lift) plan(p *planner) ([]Fact, error) {
	l, err := need[Lockdown](p, "lockdown", string(in.Lockdown))
	if err != nil {
		return nil, err
	}
	if err := p.mayWrite(l); err != nil || !l.Lifted.IsZero() {
		return nil, err
	}
	l.Lifted = p.now
	return []Fact{l}, nil
}
