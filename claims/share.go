package claims

// share returns f with the words it has in common with other facts as one
// copy in memory: a slug, a member's id. Comparing such words then seldom
// reads their letters, which at scale are in no cache.
func (b builder) share(f Fact) Fact {
	switch f := f.(type) {
	case Award:
		f.ID = ID(b.by.text(string(f.ID)))
		f.Badge, f.Member = shared(b, f.Badge), b.person(f.Member).id
		f.AwardedBy = shared(b, f.AwardedBy)
		return f
	case Assignment:
		f.ID = ID(b.by.text(string(f.ID)))
		f.Tag, f.AssignedBy = shared(b, f.Tag), shared(b, f.AssignedBy)
		if f.Target == TargetMember {
			f.TargetID = string(b.person(MemberID(f.TargetID)).id)
		}
		return f
	case Affiliation:
		f.ID = ID(b.by.text(string(f.ID)))
		f.Object, f.Kind, f.GrantedBy = shared(b, f.Object), shared(b, f.Kind), shared(b, f.GrantedBy)
		f.Member = b.person(f.Member).id
		return f
	case Grant:
		f.At, f.Right, f.Role = b.nodes.at(b.place(f.At)).id, shared(b, f.Right), shared(b, f.Role)
		f.Subject, f.CreatedBy = b.shareSubject(f.Subject), shared(b, f.CreatedBy)
		return f
	case Right:
		f.At, f.Slug = b.nodes.at(b.place(f.At)).id, shared(b, f.Slug)
		return f
	case Gate:
		f.At, f.Right, f.CreatedBy = b.nodes.at(b.place(f.At)).id, shared(b, f.Right), shared(b, f.CreatedBy)
		return f
	case Member:
		f.ID, f.State, f.SetBy, f.Locale = b.person(f.ID).id, shared(b, f.State), shared(b, f.SetBy), shared(b, f.Locale)
		return f
	}
	return f
}

func (b builder) shareSubject(s Subject) Subject {
	s.Kind, s.ID = shared(b, s.Kind), shared(b, s.ID)
	s.Object, s.Type, s.AffKind = shared(b, s.Object), shared(b, s.Type), shared(b, s.AffKind)
	return s
}
