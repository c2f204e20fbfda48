package claims

import "strings"

// How the groups of a client are called. Every source of groups has a name of
// its own (tag.SLUG, badge.SLUG, TYPE.OBJECT.KIND, member.STATE); a client that
// wants others has templates, and a map for single ones (ClaimFilter.Rename).

// GroupNames are a client's templates; an empty one is the source's own name.
type GroupNames struct {
	Tag         NameTemplate `json:"tag,omitempty"`         // of {name}
	Badge       NameTemplate `json:"badge,omitempty"`       // of {name}
	Affiliation NameTemplate `json:"affiliation,omitempty"` // of {kind}, and {type} and {object}, which may be left out
	Member      NameTemplate `json:"member,omitempty"`      // of {state}
}

// NameTemplate is a text with fields in it, as "wiki:{object}/{kind}", taken
// apart. It is written and read in that form.
type NameTemplate []NamePart

// NamePart is some text or, if Text is empty, a field.
type NamePart struct {
	Text  string
	Field NameField
}

// NameField is what a template leaves room for.
type NameField string

// The fields of templates.
const (
	FieldName   NameField = "name"   // of a tag or badge
	FieldType   NameField = "type"   // of an affiliation's object
	FieldObject NameField = "object" // of an affiliation
	FieldKind   NameField = "kind"   // of an affiliation
	FieldState  NameField = "state"  // of a member
)

// maxTemplate is how long a template's text may be.
const maxTemplate = 128

// ParseNameTemplate reads a template, or ErrInvalid. Its text is printable
// ASCII without spaces, commas, quotes, backslashes and angle brackets, which
// consumers of groups trip over. Between two fields stands at least one
// character that is in no slug, so that no two pairs are written alike.
func ParseNameTemplate(text string) (NameTemplate, error) {
	bad := func(why string) (NameTemplate, error) {
		return nil, invalid("names", "template %q: %s", text, why)
	}
	if text == "" || len(text) > maxTemplate {
		return bad("it must have 1 to 128 characters")
	}
	var t NameTemplate
	for rest := text; rest != ""; {
		before, after, field := strings.Cut(rest, "{")
		if strings.ContainsFunc(before, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`,'"\<>{}`, r) }) {
			return bad("only printable ASCII without spaces, commas, quotes, backslashes and brackets")
		}
		if before != "" {
			t = append(t, NamePart{Text: before})
		}
		if rest = ""; !field {
			continue
		}
		name, next, closed := strings.Cut(after, "}")
		if !closed || !knownField(NameField(name)) {
			return bad("the fields are {name}, {type}, {object}, {kind} and {state}")
		}
		if last := len(t) - 1; t.has(NameField(name)) || len(t) > 0 && !separates(t[last].Text) && (t[last].Text == "" || len(t) > 1) {
			return bad("each field comes once, and between two stands a character other than a-z, 0-9 and hyphen")
		}
		t, rest = append(t, NamePart{Field: NameField(name)}), next
	}
	return t, nil
}

func knownField(f NameField) bool {
	switch f {
	case FieldName, FieldType, FieldObject, FieldKind, FieldState:
		return true
	}
	return false
}

// separates tells whether a text has a character that is in no slug.
func separates(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r > '~' || !slugByte(byte(r)) })
}

func (t NameTemplate) has(f NameField) bool {
	for _, p := range t {
		if p.Field == f {
			return true
		}
	}
	return false
}

// String returns the text form.
func (t NameTemplate) String() string {
	var b strings.Builder
	for _, p := range t {
		if p.Text != "" {
			b.WriteString(p.Text)
		} else {
			b.WriteString("{" + string(p.Field) + "}")
		}
	}
	return b.String()
}

// MarshalText writes the text form, also within JSON.
func (t NameTemplate) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes; nothing is no template.
func (t *NameTemplate) UnmarshalText(b []byte) error {
	*t = nil
	if len(b) == 0 {
		return nil
	}
	v, err := ParseNameTemplate(string(b))
	*t = v
	return err
}

// sourceKind is the sort of thing that a group comes from.
type sourceKind uint8

const (
	fromTag sourceKind = iota
	fromBadge
	fromAffiliation
	fromMember
)

// source is what a group comes from. It is comparable.
type source struct {
	from        sourceKind
	typ, object Slug // of an affiliation
	name        Slug // of a tag or badge; an affiliation's kind; a state
}

// own returns the source's own name, which is how Rename names it.
func (s source) own() string {
	switch s.from {
	case fromTag:
		return "tag." + string(s.name)
	case fromBadge:
		return "badge." + string(s.name)
	case fromMember:
		return "member." + string(s.name)
	}
	return string(s.typ) + "." + string(s.object) + "." + string(s.name)
}

// template returns the one for sources of a kind; empty: their own names.
func (n *GroupNames) template(from sourceKind) NameTemplate {
	switch {
	case n == nil:
		return nil
	case from == fromTag:
		return n.Tag
	case from == fromBadge:
		return n.Badge
	case from == fromMember:
		return n.Member
	}
	return n.Affiliation
}

// call returns the name of a source whose own name is own.
func (n *GroupNames) call(s source, own string) string {
	t := n.template(s.from)
	if len(t) == 0 {
		return own
	}
	b := make([]byte, 0, 48)
	for i := range t {
		switch t[i].Field {
		case "":
			b = append(b, t[i].Text...)
		case FieldType:
			b = append(b, s.typ...)
		case FieldObject:
			b = append(b, s.object...)
		default:
			b = append(b, s.name...)
		}
	}
	return string(b)
}
