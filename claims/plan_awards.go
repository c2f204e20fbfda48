package claims

import (
	"slices"
	"time"
)

// Awards (R7, R8, R17; invariants 1 and 3).
//
//   - at most one live award per member and badge: one that ends no later than
//     the live one is refused, a later one supersedes it from its own start
//   - a retired badge takes no new awards
//   - nobody gives one to themselves
//   - what a badge asks for comes first (plan_earn.go)

func (in GiveAward) what() string {
	return "award " + string(in.Award.Badge) + " to member " + string(in.Award.Member)
}

func (in RevokeAward) what() string {
	return "revoke " + string(in.Badge) + " from member " + string(in.Member)
}

func (in GiveAward) plan(p *planner) ([]Fact, error) {
	a, err := p.newAward(in.Award)
	if err != nil {
		return nil, err
	}
	if err := p.mayWrite(a); err != nil {
		return nil, err
	}
	badge, err := need[Badge](p, "badge", string(a.Badge))
	if err != nil {
		return nil, err
	}
	m, err := p.member(a.Member)
	if err != nil {
		return nil, err
	}
	if old, ok := Get[Award](p.d, string(a.ID)); ok {
		if old.Badge == a.Badge && old.Member == a.Member {
			return nil, nil
		}
		return nil, conflict("award %s is another's", a.ID)
	}
	if !badge.Retired.IsZero() {
		return nil, conflict("%s is retired and takes no new awards", a.Badge)
	}
	if a.Expires.IsZero() && badge.ValidFor > 0 {
		a.Expires = instant(a.On.Add(time.Duration(badge.ValidFor)))
	}
	if err := p.checkEarned(m, badge, a.Method); err != nil {
		return nil, err
	}
	return p.give(a)
}

// newAward returns an award as it would be stored, if it can be one.
func (p *planner) newAward(a Award) (Award, error) {
	a = tidy(Award{ID: a.ID, Badge: a.Badge, Member: a.Member, On: a.On, Expires: a.Expires, Period: a.Period,
		Evidence: a.Evidence, Method: a.Method, AwardedBy: p.by.String()})
	if err := check(checkID("id", string(a.ID)), checkSlug("badge", a.Badge), checkText("evidence", a.Evidence, 4000)); err != nil {
		return a, err
	}
	if a.Method == "" {
		a.Method = MethodManual
		if p.by.Kind == ActorSystem {
			a.Method = MethodAuto
		}
	}
	if !slices.Contains([]AwardMethod{MethodManual, MethodAuto, MethodSignoff, MethodFob, MethodImport}, a.Method) {
		return a, invalid("method", "%q is none of manual, auto, signoff, fob, import", a.Method)
	}
	if a.Method == MethodAuto && p.by.Kind == ActorMember || a.Method == MethodFob && p.by.Kind != ActorDevice {
		return a, invalid("method", "%s is not how a %s awards", a.Method, p.by.Kind)
	}
	if a.On.IsZero() {
		a.On = p.now
	}
	return a, p.notSelf(a.Member, rightAward, Path("/badges/"+a.Badge), "nobody awards a badge to themselves")
}

// supersede returns the award, and the live one as it gives way to it; so do
// those that would count again if their period were moved.
func (p *planner) supersede(a Award) ([]Fact, error) {
	if !a.Expires.IsZero() && !a.Expires.After(a.On) {
		return nil, invalid("expires", "%s is not after the award's start", a.Expires.Format(time.RFC3339))
	}
	if !p.lasting(a.Expires) && a.Method != MethodImport {
		return nil, invalid("expires", "%s has passed; only an import brings awards that have ended", a.Expires.Format(time.RFC3339))
	}
	if a.Method != MethodImport {
		if err := p.checkPeriod(a.Period, a); err != nil {
			return nil, err
		}
	}
	_, end := p.d.Span(a)
	facts := []Fact{a}
	for _, old := range p.d.AwardsOf(a.Member) {
		if old.Badge != a.Badge || old.SupersededBy != "" || !p.lasting(old.End()) {
			continue
		}
		switch _, until := p.d.Span(old); {
		case endsLater(end, until):
			old.SupersededBy = a.ID
			facts = append(facts, tidy(old))
		case until.IsZero():
			return nil, conflict("already held, without an end")
		case p.lasting(until):
			return nil, conflict("already held until %s", until.UTC().Format(time.RFC3339))
		}
	}
	return facts, nil
}

func (in RevokeAward) plan(p *planner) ([]Fact, error) {
	if err := check(checkSlug("badge", in.Badge), checkText("reason", in.Reason, 4000)); err != nil {
		return nil, err
	}
	if err := p.mayAward(in.Badge); err != nil {
		return nil, err
	}
	if _, err := need[Badge](p, "badge", string(in.Badge)); err != nil {
		return nil, err
	}
	if _, err := need[Member](p, "member", string(in.Member)); err != nil {
		return nil, err
	}
	var facts []Fact
	for _, a := range p.d.AwardsOf(in.Member) {
		if a.Badge == in.Badge && p.counts(a) {
			facts = append(facts, p.revoked(a, in.Reason))
		}
	}
	return facts, nil
}

// counts tells whether an award gives the badge now or may yet: it has not
// ended by itself, and none that supersedes it began for good. A period may be
// moved, and with it the end of what is bound to it, and its start, up to
// which the award counts that was renewed.
func (p *planner) counts(a Award) bool {
	if !p.lasting(a.End()) {
		return false
	}
	next, ok := Get[Award](p.d, string(a.SupersededBy))
	return !ok || next.Period != "" || next.On.After(p.now)
}

func (p *planner) revoked(a Award, reason string) Award {
	a.Revoked, a.RevokedBy, a.RevokeReason = p.now, p.by.String(), reason
	return tidy(a)
}
