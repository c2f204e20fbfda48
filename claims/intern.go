package claims

// share returns f with the words it has in common with other facts as one
// copy in memory: a slug, a member's id. Comparing such words then seldom
// reads their letters, which at scale are in no cache.
func (b builder) share(f Fact) Fact {
	switch f := f.(type) {
	case Award:
		f.ID = ID(b.by.text(string(f.ID)))
		f.Badge, f.Member = word(b, f.Badge), b.person(f.Member).id
		f.AwardedBy = word(b, f.AwardedBy)
		return f
	case Assignment:
		f.ID = ID(b.by.text(string(f.ID)))
		f.Tag, f.AssignedBy = word(b, f.Tag), word(b, f.AssignedBy)
		if f.Target == TargetMember {
			f.TargetID = string(b.person(MemberID(f.TargetID)).id)
		}
		return f
	case Affiliation:
		f.ID = ID(b.by.text(string(f.ID)))
		f.Object, f.Kind, f.GrantedBy = word(b, f.Object), word(b, f.Kind), word(b, f.GrantedBy)
		f.Member = b.person(f.Member).id
		return f
	case Grant:
		f.At, f.Right, f.Role = b.nodes.at(b.place(f.At)).id, word(b, f.Right), word(b, f.Role)
		f.Subject, f.CreatedBy = b.shareSubject(f.Subject), word(b, f.CreatedBy)
		return f
	case Right:
		f.At, f.Slug = b.nodes.at(b.place(f.At)).id, word(b, f.Slug)
		return f
	case Gate:
		f.At, f.Right, f.CreatedBy = b.nodes.at(b.place(f.At)).id, word(b, f.Right), word(b, f.CreatedBy)
		return f
	case Member:
		f.ID, f.State, f.SetBy, f.Locale = b.person(f.ID).id, word(b, f.State), word(b, f.SetBy), word(b, f.Locale)
		return f
	}
	return f
}

func (b builder) shareSubject(s Subject) Subject {
	s.Kind, s.ID = word(b, s.Kind), word(b, s.ID)
	s.Object, s.Type, s.AffKind = word(b, s.Object), word(b, s.Type), word(b, s.AffKind)
	return s
}

// word returns the one copy of s that facts share.
func word[S ~string](b builder, s S) S {
	if s == "" {
		return ""
	}
	w, ok := b.words.get(string(s))
	if !ok {
		w = string(s)
		b.words.put(b.by, w, w)
	}
	return S(w)
}
