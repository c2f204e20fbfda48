package claims

import (
	"slices"
	"time"
)

// earning is how what badges are earned with is found otherwise than by key.
// Decisions look at none of it; denials and pages do.
type earning struct {
	asked      several // requirements by their badge
	leaning    several // requirements by the badge they ask for
	results    several // by member
	requests   several // by member
	unanswered several // requests by badge
	wishes     several // what members asked for, by member
	identities several // by member
	users      several // identities by VLE and what it calls them
}

// indexEarning keeps the facts of earning; old is the state before, or nil.
func (b builder) indexEarning(old, f Fact) {
	id := f.Key().ID
	switch f := f.(type) {
	case Requirement:
		b.earning.asked.move(b.by, field(old, askedBy), askedBy(f), id)
		b.earning.leaning.move(b.by, field(old, leansOn), leansOn(f), id)
	case Result:
		b.earning.results.move(b.by, field(old, resultOf), resultOf(f), id)
	case SignoffRequest:
		b.earning.requests.move(b.by, field(old, requestOf), requestOf(f), id)
		b.earning.unanswered.move(b.by, field(old, waitsFor), waitsFor(f), id)
	case Request:
		b.earning.wishes.move(b.by, field(old, wishOf), wishOf(f), id)
	case Identity:
		b.earning.identities.move(b.by, field(old, identityOf), identityOf(f), id)
		b.earning.users.move(b.by, field(old, userOf), userOf(f), id)
	}
}

func askedBy(r Requirement) string      { return string(r.Badge) }
func leansOn(r Requirement) string      { return string(r.Needs) }
func resultOf(r Result) string          { return string(r.Member) }
func requestOf(s SignoffRequest) string { return string(s.Member) }
func wishOf(r Request) string           { return string(r.Member) }
func identityOf(i Identity) string      { return string(i.Member) }
func userOf(i Identity) string          { return userKey(i.VLE, i.External) }

// userKey names a user of a VLE; slugs hold no slash.
func userKey(vle Slug, external string) string { return string(vle) + "/" + external }

// waitsFor is the badge that a request not yet answered is for.
func waitsFor(s SignoffRequest) string {
	if s.Outcome != "" {
		return ""
	}
	return string(s.Badge)
}

// gather returns the facts with these ids that keep keeps, in their order.
func gather[T Fact](d *Directory, ids []string, keep func(T) bool) []T {
	var list []T
	for _, id := range ids {
		if f, ok := Get[T](d, id); ok && keep(f) {
			list = append(list, f)
		}
	}
	return list
}

// RequirementsOf returns what a badge asks for now, in the order members go
// through it.
func (d *Directory) RequirementsOf(badge Slug) []Requirement {
	list := gather(d, d.earning.asked.get(string(badge)), func(r Requirement) bool { return r.Removed.IsZero() })
	slices.SortStableFunc(list, func(a, b Requirement) int {
		return slices.Index(RequirementKinds, a.Kind) - slices.Index(RequirementKinds, b.Kind)
	})
	return list
}

// leaningOn returns the requirements that ask for a badge.
func (d *Directory) leaningOn(badge Slug) []Requirement {
	return gather(d, d.earning.leaning.get(string(badge)), func(r Requirement) bool { return r.Removed.IsZero() })
}

// RequirementsFor returns the requirements that a course meets, of whatever
// badges.
func (d *Directory) RequirementsFor(course ID) []Requirement {
	var list []Requirement
	for r := range All[Requirement](d) {
		if r.Course == course && r.Removed.IsZero() {
			list = append(list, r)
		}
	}
	return list
}

// TrainingRequired tells whether a badge asks for a course or a sign-off (R6).
func (d *Directory) TrainingRequired(badge Slug) bool {
	return slices.ContainsFunc(d.RequirementsOf(badge), func(r Requirement) bool { return r.Kind == AskCourse || r.Kind == AskSignoff })
}

// ResultsOf returns a member's results, ended ones too, by id.
func (d *Directory) ResultsOf(m MemberID) []Result {
	return gather(d, d.earning.results.get(string(m)), func(Result) bool { return true })
}

// SignoffsOf returns a member's requests for sign-offs, answered ones too, by id.
func (d *Directory) SignoffsOf(m MemberID) []SignoffRequest {
	return gather(d, d.earning.requests.get(string(m)), func(SignoffRequest) bool { return true })
}

// OpenSignoffs returns the requests for a sign-off of a badge that wait for an
// answer at an instant, by id.
func (d *Directory) OpenSignoffs(badge Slug, at time.Time) []SignoffRequest {
	return gather(d, d.earning.unanswered.get(string(badge)), func(s SignoffRequest) bool { return s.Open(at) })
}

// openSignoff returns the request of a member for a badge that waits for an
// answer.
func (d *Directory) openSignoff(m MemberID, badge Slug, at time.Time) (SignoffRequest, bool) {
	for _, s := range d.SignoffsOf(m) {
		if s.Badge == badge && s.Open(at) {
			return s, true
		}
	}
	return SignoffRequest{}, false
}

// IdentitiesOf returns who a member is in each VLE, by VLE.
func (d *Directory) IdentitiesOf(m MemberID) []Identity {
	return gather(d, d.earning.identities.get(string(m)), func(i Identity) bool { return i.Removed.IsZero() })
}

// IdentityByUser returns the member whom a VLE calls external.
func (d *Directory) IdentityByUser(vle Slug, external string) (Identity, bool) {
	for _, i := range gather(d, d.earning.users.get(userKey(vle, external)), func(i Identity) bool { return i.Removed.IsZero() }) {
		return i, true
	}
	return Identity{}, false
}

// CourseByExternal returns the course that a VLE knows as external.
func (d *Directory) CourseByExternal(vle Slug, external string) (Course, bool) {
	for c := range All[Course](d) {
		if c.VLE == vle && c.External == external && c.Removed.IsZero() {
			return c, true
		}
	}
	return Course{}, false
}
