package claims

import (
	"fmt"
	"time"
)

// Results of requirements.
//
//   - nobody records one of their own
//   - members record what they see: forms and sign-offs of badges they may
//     award; that a course is passed is for its VLE to say, or for who may
//     manage the badge
//   - the program itself signs nobody off
//   - a membership and another badge are seen in other facts and have none

func (in RecordResult) what() string {
	return fmt.Sprintf("record %s of %s for member %s", in.Result.Requirement, in.Result.Badge, in.Result.Member)
}

func (in Earn) what() string {
	return "give " + string(in.Badge) + " to member " + string(in.Member) + " if it is earned"
}

func (in RecordResult) plan(p *planner) ([]Fact, error) {
	r, err := p.newResult(in.Result)
	if err != nil {
		return nil, err
	}
	at := Path("/badges/" + r.Badge)
	if err := check(p.notSelf(r.Member, rightAward, at, "nobody records a result of their own"), p.mayWrite(r)); err != nil {
		return nil, err
	}
	badge, err := need[Badge](p, "badge", string(r.Badge))
	if err != nil {
		return nil, err
	}
	asked, err := need[Requirement](p, "requirement", requirementID(r.Badge, r.Requirement))
	if err != nil {
		return nil, err
	}
	if _, err := p.member(r.Member); err != nil {
		return nil, err
	}
	if err := p.checkRecorder(asked); err != nil {
		return nil, err
	}
	if r.Expires.IsZero() && asked.Kind == AskSignoff && badge.ValidFor > 0 {
		r.Expires = instant(r.At.Add(time.Duration(badge.ValidFor)))
	}
	if err := p.checkSpan("at", r.At, "expires", r.Expires); err != nil {
		return nil, err
	}
	if old, ok := Get[Result](p.d, string(r.ID)); ok {
		if old.Member == r.Member && old.Badge == r.Badge && old.Requirement == r.Requirement {
			return nil, nil
		}
		return nil, conflict("result %s is another's", r.ID)
	}
	if p.recorded(r) {
		return nil, nil
	}
	if !badge.Retired.IsZero() || !asked.Removed.IsZero() {
		return nil, conflict("%s asks for %s no more", r.Badge, r.Requirement)
	}
	facts := []Fact{r}
	more, err := p.after(facts).follows(r.Member, r.Badge, r.ID)
	return append(facts, more...), err
}

// newResult returns a result as it would be stored, if it can be one.
func (p *planner) newResult(r Result) (Result, error) {
	r = tidy(Result{ID: r.ID, Member: r.Member, Badge: r.Badge, Requirement: r.Requirement, At: r.At, Expires: r.Expires,
		Source: r.Source, Reference: r.Reference, RecordedBy: p.by.String()})
	if r.At.IsZero() {
		r.At = p.now
	}
	if r.Source == "" {
		r.Source = r.RecordedBy
	}
	return r, check(checkResultID(r.ID), checkSlug("badge", r.Badge), checkSlug("requirement", r.Requirement), p.notFuture("at", r.At),
		checkLine("source", r.Source, 200), checkLine("reference", r.Reference, 1000))
}

// checkResultID leaves room for the ids of what follows.
func checkResultID(id ID) error {
	if len(id) > 128-1-MaxSlug {
		return invalid("id", "is longer than %d characters", 128-1-MaxSlug)
	}
	return checkID("id", string(id))
}

// checkRecorder holds who may say that a requirement of a kind is met.
func (p *planner) checkRecorder(r Requirement) error {
	at := Path("/badges/" + r.Badge)
	switch r.Kind {
	case AskBadge, AskMembership:
		return invalid("requirement", "%s is met by other facts; no result of it is recorded", r.Slug)
	case AskCourse:
		if p.by.Kind == ActorMember && p.mayOn(rightManage, at) != nil {
			return &Refused{Right: rightManage, At: at, Problem: "that a course is passed is for its VLE to say, or for who may manage the badge"}
		}
	case AskSignoff:
		if p.by.Kind == ActorSystem {
			return &Refused{Right: rightAward, At: at, Problem: "a sign-off is somebody's word; the program itself gives none"}
		}
	}
	return nil
}

// recorded tells whether a result that counts says as much already.
func (p *planner) recorded(r Result) bool {
	for _, old := range p.d.ResultsOf(r.Member) {
		if old.Badge == r.Badge && old.Requirement == r.Requirement && p.lasting(old.End()) &&
			!old.At.Before(r.At) && !endsLater(r.Expires, old.Expires) {
			return true
		}
	}
	return false
}

func (in Earn) plan(p *planner) ([]Fact, error) {
	if err := check(checkResultID(in.ID), checkSlug("badge", in.Badge)); err != nil {
		return nil, err
	}
	if !p.isSelf(in.Member) {
		if err := p.mayAward(in.Badge); err != nil {
			return nil, err
		}
	}
	badge, err := need[Badge](p, "badge", string(in.Badge))
	if err != nil {
		return nil, err
	}
	m, err := p.asker(in.Member, in.Badge)
	if err != nil {
		return nil, err
	}
	if badge.Mode == BadgeManual || !badge.Retired.IsZero() || len(p.d.RequirementsOf(badge.Slug)) == 0 {
		return nil, conflict("%s does not follow from anything: somebody gives it", in.Badge)
	}
	pr := p.d.progress(m, badge, p.now)
	if err := unmet(badge.Slug, pr.Still()); err != nil {
		return nil, err
	}
	facts, err := p.follows(in.Member, in.Badge, in.ID)
	if err == nil && len(facts) == 0 && !pr.Held {
		return nil, conflict("what %s asks for was done too long ago, or before it was revoked", in.Badge)
	}
	return facts, err
}

// asker returns the member who is to have a badge: nobody who is barred or
// gone asks for one.
func (p *planner) asker(id MemberID, badge Slug) (Member, error) {
	m, err := p.member(id)
	if err == nil && (!m.BarredAt.IsZero() || m.State == StateLeft) {
		return m, &Refused{Right: rightAward, At: Path("/badges/" + badge), Problem: "they can't ask for this"}
	}
	return m, err
}
