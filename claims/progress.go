package claims

import (
	"slices"
	"time"
)

// BadgeProgress is how far a member is on the way to a badge.
type BadgeProgress struct {
	Badge    Badge
	Held     bool
	Ends     time.Time // of what is held; zero: no end
	Award    Award     // that counts now; its zero value: none does
	Groups   []ProgressGroup
	Request  SignoffRequest // the one that waits for an answer; its zero value: none does
	SignedBy string         // the actor who signed the member off beforehand; empty: nobody has

	revoked time.Time // when the badge was last taken from the member
}

// ProgressGroup is what a badge asks for in one place: any one step is enough.
type ProgressGroup struct {
	Group Slug // empty: one step, by itself
	Steps []ProgressStep
}

// ProgressStep is one requirement, and how the member stands with it.
type ProgressStep struct {
	Requirement
	Met   bool
	At    time.Time // since when; of a membership still too short, from when on it is long enough
	Until time.Time // how long it counts for a new award; zero: for good
	By    string    // the actor who recorded it; empty: it follows from other facts
	From  string    // the Source of the result
}

// Progress returns how far a member is on the way to a badge at an instant.
// ErrNotFound: there is no such badge, or no such member.
func Progress(d *Directory, m MemberID, badge Slug, at time.Time) (BadgeProgress, error) {
	p := planner{d: d, now: at}
	b, err := need[Badge](&p, "badge", string(badge))
	if err != nil {
		return BadgeProgress{}, err
	}
	who, err := need[Member](&p, "member", string(m))
	if err != nil {
		return BadgeProgress{}, err
	}
	return d.progress(who, b, at), nil
}

func (d *Directory) progress(m Member, b Badge, at time.Time) BadgeProgress {
	p := BadgeProgress{Badge: b, revoked: d.lastRevoked(m.ID, b.Slug)}
	p.Held, p.Ends = Holds(d, m.ID, Subject{Kind: SubjectBadge, ID: string(b.Slug)}, at)
	p.Award = d.counting(m.ID, b.Slug, at)
	p.Request, _ = d.openSignoff(m.ID, b.Slug, at)
	results := d.ResultsOf(m.ID)
	for _, r := range d.RequirementsOf(b.Slug) {
		step := d.step(m, r, results, p.revoked, at)
		if r.Kind == AskSignoff && step.Met {
			p.SignedBy = step.By
		}
		p.put(step)
	}
	return p
}

// counting returns the award by which a member holds a badge at an instant.
func (d *Directory) counting(m MemberID, badge Slug, at time.Time) Award {
	var last Award
	for _, a := range d.AwardsOf(m) {
		if a.Badge == badge && d.LiveAt(a, at) && !a.On.Before(last.On) {
			last = a
		}
	}
	return last
}

// put adds a step to its group.
func (p *BadgeProgress) put(s ProgressStep) {
	i := slices.IndexFunc(p.Groups, func(g ProgressGroup) bool { return g.Group != "" && g.Group == s.Group })
	if i < 0 {
		p.Groups = append(p.Groups, ProgressGroup{Group: s.Group})
		i = len(p.Groups) - 1
	}
	p.Groups[i].Steps = append(p.Groups[i].Steps, s)
}

// lastRevoked returns when a badge was last taken from a member.
func (d *Directory) lastRevoked(m MemberID, badge Slug) time.Time {
	var last time.Time
	for _, a := range d.AwardsOf(m) {
		if a.Badge == badge && a.Revoked.After(last) {
			last = a.Revoked
		}
	}
	return last
}

// step tells how a member stands with a requirement.
func (d *Directory) step(m Member, r Requirement, results []Result, revoked, at time.Time) ProgressStep {
	s := ProgressStep{Requirement: r}
	switch r.Kind {
	case AskMembership:
		if !m.Since.IsZero() {
			s.At = m.Since.Add(time.Duration(r.Age))
			s.Met = !at.Before(s.At)
		}
	case AskBadge:
		s.Met, s.Until = Holds(d, m.ID, Subject{Kind: SubjectBadge, ID: string(r.Needs)}, at)
		s.At = d.counting(m.ID, r.Needs, at).On
	default:
		s.fromResults(results, revoked, at)
	}
	return s
}

// fromResults finds the result that meets a requirement: of those that count,
// the latest. A sign-off from before the badge was revoked is none.
func (s *ProgressStep) fromResults(results []Result, revoked, at time.Time) {
	for _, x := range results {
		if x.Badge != s.Badge || x.Requirement != s.Slug || !Live(x.At, x.End(), at) {
			continue
		}
		if s.Kind == AskSignoff && !revoked.IsZero() && !x.At.After(revoked) {
			continue
		}
		if !s.Met || x.At.After(s.At) || x.At.Equal(s.At) && endsLater(x.Expires, s.Until) {
			s.Met, s.At, s.Until, s.By, s.From = true, x.At, x.Expires, x.RecordedBy, x.Source
		}
	}
}

// Met tells whether one of the steps is done.
func (g ProgressGroup) Met() bool { return g.met(false) }

// met is Met; if signed, a sign-off is on its way and counts as done.
func (g ProgressGroup) met(signed bool) bool {
	return slices.ContainsFunc(g.Steps, func(s ProgressStep) bool { return s.Met || signed && s.Kind == AskSignoff })
}

// Complete tells whether everything the badge asks for is done: of each
// group one step and, if it is given by sign-off, that.
func (p BadgeProgress) Complete() bool {
	return p.met(false) && (p.Badge.Mode != BadgeSignoff || p.SignedBy != "")
}

// Ready tells whether all that lacks, if anything, is a sign-off.
func (p BadgeProgress) Ready() bool { return p.met(true) }

func (p BadgeProgress) met(signed bool) bool {
	return !slices.ContainsFunc(p.Groups, func(g ProgressGroup) bool { return !g.met(signed) })
}

// last returns when the latest of the steps that are done was done.
func (p BadgeProgress) last() time.Time {
	var last time.Time
	for _, g := range p.Groups {
		for _, s := range g.Steps {
			if s.Met && s.At.After(last) {
				last = s.At
			}
		}
	}
	return last
}

// SignedOff tells whether the award that counts was itself the sign-off that a
// step asks for, so that no result of it was recorded.
func (p BadgeProgress) SignedOff(s ProgressStep) bool {
	return !s.Met && s.Kind == AskSignoff && p.Award.ID != "" && p.Award.Method != MethodAuto
}

// aSignoff is what a badge given by sign-off asks for, unless a requirement
// has a name for it.
const aSignoff = "a trainer's sign-off"

// Done names the steps that are done.
func (p BadgeProgress) Done() []string {
	var names []string
	for _, g := range p.Groups {
		for _, s := range g.Steps {
			if s.Met {
				names = append(names, s.Name)
			}
		}
	}
	return names
}

// Still names what is left to do, alternatives as one: "the Moodle course or
// the Canvas course".
func (p BadgeProgress) Still() []string { return p.still(false) }

// Lacking names what is left to do beside the sign-off.
func (p BadgeProgress) Lacking() []string { return p.still(true) }

func (p BadgeProgress) still(signed bool) []string {
	var left []string
	named := false
	for _, g := range p.Groups {
		if g.met(signed) {
			continue
		}
		text := ""
		for i, s := range g.Steps {
			if i > 0 {
				text += " or "
			}
			text += s.Name
			named = named || s.Kind == AskSignoff
		}
		left = append(left, text)
	}
	if p.Badge.Mode == BadgeSignoff && p.SignedBy == "" && !signed && !named {
		left = append(left, aSignoff)
	}
	return left
}
