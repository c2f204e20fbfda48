package claims

import "strings"

// Reading names by templates, and telling whether two can make one name.

// ownTemplates are the sources' own names.
var ownTemplates = [...]NameTemplate{
	fromTag:         {{Text: "tag."}, {Field: FieldName}},
	fromBadge:       {{Text: "badge."}, {Field: FieldName}},
	fromAffiliation: {{Field: FieldType}, {Text: "."}, {Field: FieldObject}, {Text: "."}, {Field: FieldKind}},
	fromMember:      {{Text: "member."}, {Field: FieldState}},
}

// spelled returns the template by which sources of a kind are named.
func (n *GroupNames) spelled(from sourceKind) NameTemplate {
	if t := n.template(from); len(t) > 0 {
		return t
	}
	return ownTemplates[from]
}

// read takes a name apart as one that a source of a kind could have.
func (n *GroupNames) read(from sourceKind, name string) (source, bool) {
	s := source{from: from}
	t := n.spelled(from)
	for i, p := range t {
		if p.Text != "" {
			rest, ok := strings.CutPrefix(name, p.Text)
			if !ok {
				return s, false
			}
			name = rest
			continue
		}
		end := len(name)
		if i+1 < len(t) { // up to the next text, which no slug can hold, or to the last one
			if end = strings.Index(name, t[i+1].Text); i+2 == len(t) {
				end = strings.LastIndex(name, t[i+1].Text)
			}
		}
		if end < 0 {
			return s, false
		}
		slug, err := ParseSlug(name[:end])
		if err != nil {
			return s, false
		}
		s.set(p.Field, slug)
		name = name[end:]
	}
	return s, name == ""
}

func (s *source) set(f NameField, slug Slug) {
	switch f {
	case FieldType:
		s.typ = slug
	case FieldObject:
		s.object = slug
	default:
		s.name = slug
	}
}

// disjoint tells whether no two sources can get one name by these templates,
// whatever is defined.
func (n *GroupNames) disjoint() bool {
	if n == nil {
		return true
	}
	for a := fromTag; a <= fromMember; a++ {
		for b := a + 1; b <= fromMember; b++ {
			if !apart(n.spelled(a), n.spelled(b)) {
				return false
			}
		}
	}
	return n.spelled(fromAffiliation).has(FieldObject)
}

// apart tells whether two templates never make one name: they differ in the
// characters that are in no slug, or in a stretch between them that is fixed
// in both.
func apart(a, b NameTemplate) bool {
	x, y := a.stretches(), b.stretches()
	if len(x) != len(y) {
		return true
	}
	for i := range x {
		fixed := !strings.Contains(x[i], "{") && !strings.Contains(y[i], "{")
		if fixed && x[i] != y[i] || x[i][:1] != y[i][:1] {
			return true
		}
	}
	return false
}

// stretches cuts a template before each character that is in no slug; the
// first stretch is led by a space. A field is a brace.
func (t NameTemplate) stretches() []string {
	list := []string{" "}
	last := func() *string { return &list[len(list)-1] }
	for _, p := range t {
		if p.Text == "" {
			*last() += "{"
			continue
		}
		for i := range len(p.Text) {
			if c := p.Text[i]; slugByte(c) {
				*last() += string(c)
			} else {
				list = append(list, string(c))
			}
		}
	}
	return list
}
