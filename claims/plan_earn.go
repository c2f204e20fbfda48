package claims

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// What follows by itself when members meet requirements (R1, R9, R17, R26,
// R28), and what must be met before a badge is given by hand.
//
//   - a badge of mode auto follows when of each group one step is done
//   - one of mode signoff when, besides, somebody who may award it signed the
//     member off; when that is all that lacks, a request for it is opened
//   - what follows is the same whatever the order things are recorded in
//   - what lasts for a while lasts from the last thing done
//   - after a badge was revoked nothing follows until something is done anew
//   - by hand: other badges that are asked for must be held; of a badge of
//     mode signoff everything must be done, and giving it is the sign-off
//   - an import by who may manage the badge brings history as it was

// byRequirements is the actor of awards that nobody gave: the rule did.
var byRequirements = Actor{Kind: ActorSystem, ID: "requirements"}

// Unmet is an ErrConflict: a badge asks for more first.
type Unmet struct {
	Badge Slug
	Still []string // what is left to do, in words
}

func (e *Unmet) Error() string { return string(e.Badge) + " asks for more first: " + and(e.Still) }

// Unwrap makes errors.Is(err, ErrConflict) true.
func (e *Unmet) Unwrap() error { return ErrConflict }

// and joins a list whose entries may hold an "or": "a, b or c, and d".
func and(list []string) string {
	if n := len(list) - 1; n > 0 {
		return strings.Join(list[:n], ", ") + ", and " + list[n]
	}
	return strings.Join(list, "")
}

func unmet(badge Slug, still []string) error {
	if len(still) == 0 {
		return nil
	}
	return &Unmet{badge, still}
}

// checkEarned refuses an award by hand while what it leans on is not met.
func (p *planner) checkEarned(m Member, b Badge, method AwardMethod) error {
	if len(p.d.RequirementsOf(b.Slug)) == 0 {
		return nil
	}
	pr := p.d.progress(m, b, p.now)
	switch {
	case method == MethodImport && p.mayOn(rightManage, Path("/badges/"+b.Slug)) == nil:
		return nil
	case method == MethodAuto, b.Mode == BadgeSignoff && p.by.Kind == ActorSystem:
		return unmet(b.Slug, pr.Still()) // the program itself signs nobody off
	case b.Mode == BadgeSignoff:
		return unmet(b.Slug, pr.still(true))
	}
	return unmet(b.Slug, pr.leaning())
}

// leaning names what is left of the groups that other badges are asked for in.
func (p BadgeProgress) leaning() []string {
	p.Groups = slices.DeleteFunc(slices.Clone(p.Groups), func(g ProgressGroup) bool {
		return !slices.ContainsFunc(g.Steps, func(s ProgressStep) bool { return s.Kind == AskBadge })
	})
	return p.still(true)
}

// after is the planner that sees what facts will have changed.
func (p *planner) after(facts []Fact) *planner {
	return &planner{d: p.d.With(p.d.Seq(), facts...), by: p.by, now: p.now}
}

// give returns an award and what goes with it: the earlier one gives way, an
// open request is answered, and badges that ask for this one may follow.
func (p *planner) give(a Award) ([]Fact, error) {
	facts, err := p.supersede(a)
	if err != nil {
		return nil, err
	}
	if s, ok := p.d.openSignoff(a.Member, a.Badge, p.now); ok {
		s.Outcome, s.By, s.Answered = SignoffApproved, a.AwardedBy, p.now
		facts = append(facts, tidy(s))
	}
	leaning := p.d.leaningOn(a.Badge)
	if len(leaning) == 0 {
		return facts, nil
	}
	var done []Slug
	for _, r := range leaning {
		if slices.Contains(done, r.Badge) {
			continue
		}
		done = append(done, r.Badge)
		more, err := p.after(facts).follows(a.Member, r.Badge, a.ID)
		if err != nil {
			return nil, err
		}
		facts = append(facts, more...)
	}
	return facts, nil
}

// follows returns what comes of how a member now stands with a badge: the
// badge, a request for the sign-off that is all it lacks, or nothing. source
// is the id of what brought it about, which names what is new.
func (p *planner) follows(m MemberID, badge Slug, source ID) ([]Fact, error) {
	b, ok := Get[Badge](p.d, string(badge))
	who, known := Get[Member](p.d, string(m))
	if !ok || !known || !b.Retired.IsZero() || b.Mode == BadgeManual {
		return nil, nil
	}
	pr := p.d.progress(who, b, p.now)
	if len(pr.Groups) == 0 || !pr.revoked.IsZero() && !pr.last().After(pr.revoked) {
		return nil, nil
	}
	id := source + "+" + ID(badge)
	switch {
	case pr.Complete():
		return p.reward(pr, m, id)
	case b.Mode == BadgeSignoff && pr.Ready() && pr.Request.ID == "" && pr.wanted(p.now):
		if _, used := Get[SignoffRequest](p.d, string(id)); used {
			return nil, conflict("request %s was made before", id)
		}
		return []Fact{p.newRequest(id, m, badge)}, nil
	}
	return nil, nil
}

// freshAward holds that an id which was made of another's is nobody's yet.
func (p *planner) freshAward(id ID) error {
	if _, used := Get[Award](p.d, string(id)); used {
		return conflict("award %s is another's", id)
	}
	return nil
}

// wanted tells whether the badge is not held, or not for long.
func (p BadgeProgress) wanted(at time.Time) bool {
	return !p.Held || !p.Ends.IsZero() && p.Ends.Sub(at) <= soon
}

// reward gives a badge by the rule, unless it is held for as long.
func (p *planner) reward(pr BadgeProgress, m MemberID, id ID) ([]Fact, error) {
	a := Award{ID: id, Badge: pr.Badge.Slug, Member: m, AwardedBy: byRequirements.String(), On: p.now, Method: MethodAuto}
	if pr.Badge.Mode == BadgeSignoff {
		a.AwardedBy, a.Method = pr.SignedBy, MethodSignoff
	}
	if pr.Badge.ValidFor > 0 {
		a.Expires = instant(pr.last().Add(time.Duration(pr.Badge.ValidFor)))
		if !p.lasting(a.Expires) {
			return nil, nil
		}
	}
	if err := p.freshAward(id); err != nil {
		return nil, err
	}
	facts, err := p.give(tidy(a))
	if errors.Is(err, ErrConflict) {
		return nil, nil
	}
	return facts, err
}
