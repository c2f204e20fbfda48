package claims

import (
	"fmt"
	"slices"
)

// maySee holds that a client grants to no subject it may not see: who is then
// allowed would tell it who has the tag, the badge or the kind. The sight it
// has is its claim filter, which organisers set.
func (p *planner) maySee(s Subject, at LocationID) error {
	if p.by.Kind != ActorClient {
		return nil
	}
	c, _ := Get[Client](p.d, p.by.ID)
	if c.Filter.Shows(p.d, s) {
		return nil
	}
	return &Refused{At: p.d.PathOf(at), Problem: "the claim filter of " + p.by.ID + " does not let it see " + s.String() + ", so it grants nothing to it"}
}

// maySeeStates is maySee for the states that a right allows. That somebody's
// membership counts, whether active or in grace, every right tells that asks
// for it; which of the states it is, and all else, takes a filter that shows
// the membership.
func (p *planner) maySeeStates(r Right) error {
	if p.by.Kind != ActorClient || len(r.States) == 0 || len(r.States) == len(States) {
		return nil
	}
	if c, _ := Get[Client](p.d, p.by.ID); c.Filter.Member {
		return nil
	}
	return &Refused{At: p.d.PathOf(r.At), Problem: fmt.Sprintf("the claim filter of %s does not let it see the membership, so its rights allow %v or every state", p.by.ID, DefaultStates)}
}

// Shows tells whether whoever a filter is for may see if somebody is a
// subject, as far as that is one of a member's facts: a state, a tag, a badge
// or an affiliation. The root kind, which everybody has, is no fact;
// state:active says no more than every right does.
func (f ClaimFilter) Shows(d *Directory, s Subject) bool {
	switch s.Kind {
	case SubjectState:
		return f.Member || s.ID == string(StateActive)
	case SubjectTag:
		return seen(f.Tags, Slug(s.ID))
	case SubjectBadge:
		return seen(f.Badges, Slug(s.ID))
	case SubjectAff:
		if s.AffKind == RootKind || seen(f.Objects, s.Object) && s.Object != "" {
			return true
		}
		typ := s.Type
		if o, ok := Get[Object](d, string(s.Object)); ok {
			typ = o.Type
		}
		base := d.types[typ].Extends
		return slices.ContainsFunc(f.Types, func(t Slug) bool { return t == Every || t == typ || t == base && base != "" })
	}
	return true
}
