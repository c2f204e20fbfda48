package claims

import "slices"

// maySee holds that a client grants to no subject it may not see: who is then
// allowed would tell it who has the tag, the badge or the kind. The sight it
// has is its claim filter, which organisers set.
func (p *planner) maySee(s Subject) error {
	if p.by.Kind != ActorClient {
		return nil
	}
	c, _ := Get[Client](p.d, p.by.ID)
	if c.Filter.Shows(p.d, s) {
		return nil
	}
	return &Refused{Problem: "the claim filter of " + p.by.ID + " does not let it see " + s.String() + ", so it grants nothing to it"}
}

// Shows tells whether whoever a filter is for may see if somebody is a
// subject, as far as that is one of a member's facts: a tag, a badge or an
// affiliation. The root kind, which everybody has, is no fact.
func (f ClaimFilter) Shows(d *Directory, s Subject) bool {
	switch s.Kind {
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
