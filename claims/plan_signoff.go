package claims

import (
	"fmt"
	"time"
)

// Sign-offs (R26, R28; invariant 3).
//
//   - a request is open until it is answered or SignoffFor has passed; there
//     is one at a time for each member and badge
//   - it can be asked for once everything else is done
//   - whoever may award the badge answers it, and never their own

func (in RequestSignoff) what() string {
	return "ask to be signed off for " + string(in.Request.Badge) + ", member " + string(in.Request.Member)
}

func (in AnswerSignoff) what() string {
	return fmt.Sprintf("answer sign-off %s: %s", in.Request, in.Outcome)
}

func (p *planner) newRequest(id ID, m MemberID, badge Slug) SignoffRequest {
	return SignoffRequest{ID: id, Member: m, Badge: badge, Requested: p.now, Expires: instant(p.now.Add(SignoffFor))}
}

func (in RequestSignoff) plan(p *planner) ([]Fact, error) {
	s := p.newRequest(in.Request.ID, in.Request.Member, in.Request.Badge)
	if err := check(checkResultID(s.ID), checkSlug("badge", s.Badge)); err != nil {
		return nil, err
	}
	if !p.isSelf(s.Member) {
		if err := p.mayWrite(s); err != nil {
			return nil, err
		}
	}
	badge, err := need[Badge](p, "badge", string(s.Badge))
	if err != nil {
		return nil, err
	}
	m, err := p.asker(s.Member, s.Badge)
	if err != nil {
		return nil, err
	}
	pr := p.d.progress(m, badge, p.now)
	_, used := Get[SignoffRequest](p.d, string(s.ID))
	switch {
	case badge.Mode != BadgeSignoff:
		return nil, conflict("%s is not given by sign-off", s.Badge)
	case !badge.Retired.IsZero():
		return nil, conflict("%s is retired and takes no new awards", s.Badge)
	case pr.Request.ID != "":
		return nil, nil
	case used:
		return nil, conflict("request %s was made before", s.ID)
	case !pr.wanted(p.now):
		return nil, conflict("already held, and not about to end")
	}
	return []Fact{s}, unmet(s.Badge, pr.still(true))
}

func (in AnswerSignoff) plan(p *planner) ([]Fact, error) {
	if err := checkText("reason", in.Reason, 4000); err != nil {
		return nil, err
	}
	if in.Outcome != SignoffApproved && in.Outcome != SignoffRefused {
		return nil, invalid("outcome", "%q is none of approved, refused", in.Outcome)
	}
	s, err := need[SignoffRequest](p, "request", string(in.Request))
	if err != nil {
		return nil, err
	}
	at := Path("/badges/" + s.Badge)
	if err := check(p.notSelf(s.Member, rightAward, at, "nobody signs themselves off"), p.mayWrite(s)); err != nil {
		return nil, err
	}
	switch {
	case s.Outcome == in.Outcome:
		return nil, nil
	case s.Outcome != "":
		return nil, conflict("the request was %s on %s", s.Outcome, s.Answered.Format(time.DateOnly))
	case !s.Open(p.now):
		return nil, fmt.Errorf("the request was open until %s: %w", s.Expires.Format(time.DateOnly), ErrExpired)
	case in.Outcome == SignoffRefused && in.Reason == "":
		return nil, invalid("reason", "is missing: say what is still to do")
	}
	s.Outcome, s.By, s.Answered, s.Reason = in.Outcome, p.by.String(), p.now, in.Reason
	if in.Outcome == SignoffRefused {
		return []Fact{s}, nil
	}
	return p.signOff(s)
}

// signOff gives the badge that an approved request asked for.
func (p *planner) signOff(s SignoffRequest) ([]Fact, error) {
	if p.by.Kind == ActorSystem {
		return nil, &Refused{Right: rightAward, At: Path("/badges/" + s.Badge), Problem: "a sign-off is somebody's word; the program itself gives none"}
	}
	badge, err := need[Badge](p, "badge", string(s.Badge))
	if err != nil {
		return nil, err
	}
	m, err := p.member(s.Member)
	if err != nil {
		return nil, err
	}
	if !badge.Retired.IsZero() {
		return nil, conflict("%s is retired and takes no new awards", s.Badge)
	}
	if err := check(p.checkEarned(m, badge, MethodSignoff), p.freshAward(s.ID)); err != nil {
		return nil, err
	}
	a := Award{ID: s.ID, Badge: s.Badge, Member: s.Member, AwardedBy: s.By, On: p.now, Evidence: s.Reason, Method: MethodSignoff}
	if badge.ValidFor > 0 {
		a.Expires = instant(a.On.Add(time.Duration(badge.ValidFor)))
	}
	facts := []Fact{s}
	more, err := p.after(facts).give(tidy(a))
	return append(facts, more...), err
}
