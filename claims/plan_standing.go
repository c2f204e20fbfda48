package claims

import "time"

// State, payment and bar: all take manage at /people.

// owned returns the member a plan is about to change, if the actor may.
func (p *planner) owned(id MemberID) (Member, error) {
	if err := p.mayOn(rightManage, "/people"); err != nil {
		return Member{}, err
	}
	return p.member(id)
}

func (in SetState) plan(p *planner) ([]Fact, error) {
	by := in.By
	if by == "" {
		by = "admin"
	}
	if err := check(checkState(in.State), checkSetBy(by)); err != nil {
		return nil, err
	}
	m, err := p.owned(in.Member)
	if err != nil {
		return nil, err
	}
	if m.State == in.State {
		return nil, nil
	}
	if m.State == StateSuspended && by == "billing" {
		return nil, &Refused{Right: rightManage, At: "/people", Problem: "billing does not lift a suspension; it writes paid_until"}
	}
	m.State, m.SetBy = in.State, by
	return []Fact{m}, nil
}

func (in SetPaid) plan(p *planner) ([]Fact, error) {
	if in.PaidUntil.IsZero() && !in.GraceUntil.IsZero() {
		return nil, invalid("grace_until", "means nothing without paid_until")
	}
	m, err := p.owned(in.Member)
	if err != nil {
		return nil, err
	}
	m.PaidUntil, m.GraceUntil = in.PaidUntil, in.GraceUntil
	return changed(p, m), nil
}

func (in Bar) plan(p *planner) ([]Fact, error) {
	if err := checkText("reason", in.Reason, 4000); err != nil {
		return nil, err
	}
	m, err := p.owned(in.Member)
	if err != nil || !m.BarredAt.IsZero() {
		return nil, err
	}
	m.BarredAt, m.BarredBy, m.BarReason = p.now, p.by.String(), in.Reason
	return []Fact{m}, nil
}

func (in Unbar) plan(p *planner) ([]Fact, error) {
	if err := p.notSelf(in.Member, rightManage, "/people", "nobody lifts their own bar"); err != nil {
		return nil, err
	}
	m, err := p.owned(in.Member)
	if err != nil || m.BarredAt.IsZero() {
		return nil, err
	}
	m.BarredAt, m.BarredBy, m.BarReason = time.Time{}, "", ""
	return []Fact{m}, nil
}
