package claims

import "fmt"

// Tags are predefined; an assignment puts one on something (R24).

func (in Assign) what() string {
	a := in.Assignment
	return fmt.Sprintf("assign %s to %s %s", a.Tag, a.Target.orMember(), a.TargetID)
}

func (in Unassign) what() string {
	return fmt.Sprintf("unassign %s from %s %s", in.Tag, in.Target.orMember(), in.TargetID)
}

// orMember returns t; a target left out is a member.
func (t Target) orMember() Target {
	if t == "" {
		return TargetMember
	}
	return t
}

func (in Assign) plan(p *planner) ([]Fact, error) {
	a := tidy(Assignment{ID: in.Assignment.ID, Tag: in.Assignment.Tag, Target: in.Assignment.Target, TargetID: in.Assignment.TargetID,
		Starts: in.Assignment.Starts, Expires: in.Assignment.Expires, Period: in.Assignment.Period, AssignedBy: p.by.String(), AssignedAt: p.now})
	a.Target = a.Target.orMember()
	if err := check(checkID("id", string(a.ID)), checkSlug("tag", a.Tag)); err != nil {
		return nil, err
	}
	if err := p.mayWrite(a); err != nil {
		return nil, err
	}
	t, err := need[Tag](p, "tag", string(a.Tag))
	if err != nil {
		return nil, err
	}
	if !takes(t, a.Target) {
		return nil, invalid("target", "%s does not go on a %s; define it with that target first", a.Tag, a.Target)
	}
	if err := check(p.checkTarget(a), p.checkSpan("starts", a.Starts, "expires", a.Expires), p.checkPeriod(a.Period, a)); err != nil {
		return nil, err
	}
	if old, ok := Get[Assignment](p.d, string(a.ID)); ok {
		if old.Tag == a.Tag && old.Target == a.Target && old.TargetID == a.TargetID {
			return nil, nil
		}
		return nil, conflict("assignment %s is another's", a.ID)
	}
	for _, old := range p.assignments(a.Tag, a.Target, a.TargetID) {
		if p.covered(old, a) {
			return nil, nil
		}
	}
	return []Fact{a}, nil
}

// checkTarget holds that what is tagged exists.
func (p *planner) checkTarget(a Assignment) error {
	var err error
	switch a.Target {
	case TargetMember:
		_, err = p.member(MemberID(a.TargetID))
	case TargetDevice:
		_, err = need[Device](p, "device", a.TargetID)
	case TargetLocation:
		_, err = need[Location](p, "location", a.TargetID)
	}
	return err
}

// assignments returns those of a tag to one target that have not ended by
// themselves, whatever period they are bound to: it may be moved.
func (p *planner) assignments(tag Slug, target Target, id string) []Assignment {
	var live []Assignment
	take := func(a Assignment) {
		if a.Tag == tag && a.Target == target && a.TargetID == id && p.lasting(a.End()) {
			live = append(live, a)
		}
	}
	if target == TargetMember {
		for _, a := range p.d.AssignmentsOf(MemberID(id)) {
			take(a)
		}
		return live
	}
	for a := range All[Assignment](p.d) {
		take(a)
	}
	return live
}

func (in Unassign) plan(p *planner) ([]Fact, error) {
	if err := checkSlug("tag", in.Tag); err != nil {
		return nil, err
	}
	if err := p.mayGive(Assignment{Tag: in.Tag}); err != nil {
		return nil, err
	}
	if _, err := need[Tag](p, "tag", string(in.Tag)); err != nil {
		return nil, err
	}
	var facts []Fact
	for _, a := range p.assignments(in.Tag, in.Target.orMember(), in.TargetID) {
		a.Removed, a.RemovedBy = p.now, p.by.String()
		facts = append(facts, tidy(a))
	}
	return facts, nil
}
