package claims

// mayMean tells whether a subject could mean a member at some time: of
// subjects that mean everybody, or most, it says yes without a look.
func (d *Directory) mayMean(s Subject, m MemberID) bool {
	switch s.Kind {
	case SubjectUser:
		return string(m) == s.ID
	case SubjectClient:
		return false
	case SubjectTag:
		for _, a := range d.AssignmentsOf(m) {
			if string(a.Tag) == s.ID {
				return true
			}
		}
		return false
	case SubjectBadge:
		for _, a := range d.AwardsOf(m) {
			if string(a.Badge) == s.ID {
				return true
			}
		}
		return false
	case SubjectAff:
		return s.AffKind == RootKind || s.in(d.AffiliationsOf(m))
	}
	return true
}

// in tells whether one of these affiliations could make its holder s.
func (s Subject) in(held []Affiliation) bool {
	for i := range held {
		if s.Object == "" || held[i].Object == s.Object {
			return true
		}
	}
	return false
}

// subject adds the members whom a grant or deny could mean.
func (s *scope) subject(d *Directory, sub Subject) {
	switch sub.Kind {
	case SubjectUser:
		s.members[MemberID(sub.ID)] = true
	case SubjectTag, SubjectBadge, SubjectAff, SubjectClient:
		for _, m := range d.people.keys() {
			if d.mayMean(sub, m) {
				s.members[m] = true
			}
		}
	default:
		s.everybody = true
	}
}
