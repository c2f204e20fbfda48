package claims

import "fmt"

// Who may say how a badge is come by. Whoever could make it follow from
// something trivial could give it to themselves, so it takes what giving it
// takes:
//
//   - requirements, the mode, and how long a badge that follows lasts or that
//     it is retired no more: manage and award at the badge, or manage at /badges
//   - where a course that badges ask for is taken, and the address of its VLE:
//     the same for each of these badges

// mayShape tells whether the actor may say how a badge is come by.
func (p *planner) mayShape(badge Slug) error {
	at := Path("/badges/" + badge)
	if p.mayOn(rightManage, "/badges") == nil {
		return nil
	}
	if err := p.mayOn(rightManage, at); err != nil {
		return err
	}
	if p.mayAward(badge) == nil {
		return nil
	}
	return &Refused{Right: rightAward, At: at, Problem: fmt.Sprintf("nobody gives what they may not give: who says how %s is come by needs %s at %s as well, or %s at /badges",
		badge, rightAward, at, rightManage)}
}

// mayFollow is mayShape for a badge as it will be, where it changes how the
// badge is come by.
func (p *planner) mayFollow(b Badge) error {
	old, _ := stored[Badge](p, string(b.Slug))
	if old.Mode == "" {
		old.Mode = BadgeManual
	}
	lasts := old.ValidFor != b.ValidFor || !old.Retired.IsZero() && b.Retired.IsZero()
	if old.Mode == b.Mode && (b.Mode == BadgeManual || !lasts) {
		return nil
	}
	return p.mayShape(b.Slug)
}

// mayPoint is mayShape for every badge that asks for a course which there is.
func (p *planner) mayPoint(course ID) error {
	for _, r := range p.d.RequirementsFor(course) {
		if err := p.mayShape(r.Badge); err != nil {
			return err
		}
	}
	return nil
}

// mayPointAll is mayPoint for every course of a VLE.
func (p *planner) mayPointAll(vle Slug) error {
	for c := range All[Course](p.d) {
		if c.VLE != vle {
			continue
		}
		if err := p.mayPoint(c.ID); err != nil {
			return err
		}
	}
	return nil
}
