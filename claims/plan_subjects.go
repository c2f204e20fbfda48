package claims

import "slices"

// checkSubject holds that a subject is well-formed, is one of the kinds that
// are taken here, and names what exists.
func (p *planner) checkSubject(field string, s Subject, taken ...SubjectKind) error {
	if parsed, err := ParseSubject(s.String()); err != nil || parsed != s {
		return invalid(field, "%q is no subject such as everyone, state:active, tag:SLUG or aff:@TYPE#KIND", s.String())
	}
	if !slices.Contains(taken, s.Kind) {
		return invalid(field, "%s is none of %s, which are taken here", s, listing(taken))
	}
	ok := true
	switch s.Kind {
	case SubjectUser:
		var m Member
		if m, ok = Get[Member](p.d, s.ID); ok && !m.ErasedAt.IsZero() {
			return invalid(field, "%s was erased; nothing new is about them", s)
		}
	case SubjectTag:
		_, ok = Get[Tag](p.d, s.ID)
	case SubjectBadge:
		_, ok = Get[Badge](p.d, s.ID)
	case SubjectClient:
		_, ok = Get[Client](p.d, s.ID)
		ok = ok || s.ID == string(clientSystem)
	case SubjectAff:
		return p.checkAff(field, s)
	}
	if !ok {
		return invalid(field, "%s: there is no %s %q; define it first", s, s.Kind, s.ID)
	}
	return nil
}

func (p *planner) checkAff(field string, s Subject) error {
	typ := s.Type
	if s.Object != "" {
		o, ok := Get[Object](p.d, string(s.Object))
		if !ok {
			return invalid(field, "%s: there is no object %q; define it first", s, s.Object)
		}
		typ = o.Type
	}
	if !p.hasKind(typ, s.AffKind) {
		return invalid(field, "%s: type %q has no kind %q; define it first", s, typ, s.AffKind)
	}
	return nil
}

// The subjects that are taken where.
var (
	grantSubjects   = []SubjectKind{SubjectEveryone, SubjectPublic, SubjectSelf, SubjectState, SubjectUser, SubjectTag, SubjectBadge, SubjectAff, SubjectClient}
	denySubjects    = []SubjectKind{SubjectUser, SubjectTag, SubjectState, SubjectClient}
	exemptSubjects  = []SubjectKind{SubjectUser, SubjectTag, SubjectBadge, SubjectState, SubjectClient, SubjectAff}
	networkSubjects = []SubjectKind{SubjectState, SubjectUser, SubjectTag, SubjectBadge, SubjectAff}
)

// checkScoped is checkSubject where an affiliation must name its object.
func (p *planner) checkScoped(field string, s Subject, taken []SubjectKind) error {
	if s.Kind == SubjectAff && s.Type != "" {
		return invalid(field, "%s: name the object, as aff:OBJECT#KIND", s)
	}
	return p.checkSubject(field, s, taken...)
}
