package claims

import "slices"

func (in Define) what() string {
	if in.Fact == nil {
		return "define nothing"
	}
	return "define " + in.Fact.Key().words()
}

func (in Define) plan(p *planner) ([]Fact, error) {
	switch f := in.Fact.(type) {
	case Settings:
		return p.defineSettings(f)
	case Tag:
		return withNewGroups(p, f, p.defineTag)
	case Badge:
		return withNewGroups(p, f, p.defineBadge)
	case ObjectType:
		return p.defineType(f)
	case Kind:
		return withNewGroups(p, f, p.defineKind)
	case Object:
		return withNewGroups(p, f, p.defineObject)
	case Override:
		return p.defineOverride(f)
	case Application:
		return p.defineApplication(f)
	case Location:
		return p.defineLocation(f)
	case Right:
		return p.defineRight(f)
	case Role:
		return p.defineRole(f)
	case Client:
		return p.defineClient(f)
	case Device:
		return p.defineDevice(f)
	case AccessPoint:
		return p.defineAccessPoint(f)
	case Alias:
		return p.defineAlias(f)
	case Network:
		return p.defineNetwork(f)
	}
	return p.defineWay(in.Fact)
}

// defineWay is plan for what members come by things with, and for when these
// count.
func (p *planner) defineWay(f Fact) ([]Fact, error) {
	switch f := f.(type) {
	case Requirement:
		return p.defineRequirement(f)
	case VLE:
		return p.defineVLE(f)
	case Course:
		return p.defineCourse(f)
	case Opening:
		return p.defineOpening(f)
	case Period:
		return p.definePeriod(f)
	}
	return nil, invalid("fact", "%T is no definition: members, awards, grants and the like have intents of their own", f)
}

func (p *planner) defineSettings(s Settings) ([]Fact, error) {
	if err := check(checkText("name", s.Name, 200), p.mayWrite(s)); err != nil {
		return nil, err
	}
	if from := s.MembershipFrom; from != (MembershipFrom{}) {
		if from.Type == "" || from.Kind == "" {
			return nil, invalid("membership_from", "takes both a type and a kind, or neither for billing")
		}
		if !p.hasKind(from.Type, from.Kind) {
			return nil, invalid("membership_from", "there is no kind %q in type %q; define it first", from.Kind, from.Type)
		}
	}
	return changed(p, s), nil
}

func (p *planner) defineTag(t Tag) ([]Fact, error) {
	t = tidy(t)
	err := check(checkSlug("slug", t.Slug), checkText("label", t.Label, 200), checkText("description", t.Description, 4000))
	if err != nil {
		return nil, err
	}
	for _, target := range t.Targets {
		if target != TargetMember && target != TargetDevice && target != TargetLocation {
			return nil, invalid("targets", "%q: a tag goes on a member, a device or a location", target)
		}
	}
	t.Targets = set(t.Targets)
	if slices.Equal(t.Targets, []Target{TargetMember}) {
		t.Targets = nil
	}
	if err := check(p.mayWrite(t), p.checkTargets(t)); err != nil {
		return nil, err
	}
	return changed(p, t), nil
}

// checkTargets refuses to narrow a tag while it is on what it could no longer be on.
func (p *planner) checkTargets(t Tag) error {
	old, ok := stored[Tag](p, string(t.Slug))
	if !ok || slices.Equal(old.Targets, t.Targets) {
		return nil
	}
	for a := range All[Assignment](p.d) {
		if a.Tag == t.Slug && p.lasting(a.End()) && !takes(t, a.Target) {
			return conflict("%s is still on %s %s; take it off first", t.Slug, a.Target, a.TargetID)
		}
	}
	return nil
}

// takes tells whether a tag goes on such a target.
func takes(t Tag, target Target) bool {
	if len(t.Targets) == 0 {
		return target == TargetMember
	}
	return slices.Contains(t.Targets, target)
}

func (p *planner) defineBadge(b Badge) ([]Fact, error) {
	b = tidy(b)
	if b.Name == "" {
		b.Name = string(b.Slug)
	}
	if b.Mode == "" {
		b.Mode = BadgeManual
	}
	err := check(checkSlug("slug", b.Slug), checkText("name", b.Name, 200), checkText("description", b.Description, 4000),
		checkText("earn", b.Earn, 4000), checkPage("earn_url", b.EarnURL), p.notFuture("retired", b.Retired))
	if err != nil {
		return nil, err
	}
	if b.Mode != BadgeManual && b.Mode != BadgeAuto && b.Mode != BadgeSignoff {
		return nil, invalid("mode", "%q: a badge is given manual, auto or signoff", b.Mode)
	}
	if b.ValidFor < 0 {
		return nil, invalid("valid_for", "is negative; leave it out for a badge that does not end")
	}
	if err := check(p.mayWrite(b), p.mayFollow(b)); err != nil {
		return nil, err
	}
	return changed(p, b), nil
}
