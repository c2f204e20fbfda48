package claims

import (
	"slices"
	"strings"
)

// ParseSubject reads a subject's text form, or ErrInvalid.
func ParseSubject(s string) (Subject, error) {
	kind, name, named := strings.Cut(s, ":")
	sub := Subject{Kind: SubjectKind(kind), ID: name}
	switch sub.Kind {
	case SubjectEveryone, SubjectPublic, SubjectSelf:
		if named {
			return Subject{}, invalid("subject", "%q: %s takes no name", s, kind)
		}
		return sub, nil
	case SubjectState:
		if !slices.Contains(States, State(name)) {
			return Subject{}, invalid("subject", "%q: the states are guest, pending, active, grace, suspended and left", s)
		}
		return sub, nil
	case SubjectUser, SubjectClient:
		if !plainID(name) {
			return Subject{}, invalid("subject", "%q: an id has 1 to 128 printable ASCII characters, no space and no colon", s)
		}
		return sub, nil
	case SubjectTag, SubjectBadge:
		if _, err := ParseSlug(name); err != nil {
			return Subject{}, invalid("subject", "%q: %v", s, err)
		}
		return sub, nil
	case SubjectAff:
		return parseAff(s, name)
	}
	return Subject{}, invalid("subject", "%q: want everyone, public, self, state:S, user:ID, tag:S, badge:S, aff:OBJECT#KIND, aff:@TYPE#KIND or client:ID", s)
}

func parseAff(s, name string) (Subject, error) {
	scope, kind, ok := strings.Cut(name, "#")
	if !ok {
		return Subject{}, invalid("subject", "%q: want aff:OBJECT#KIND or aff:@TYPE#KIND", s)
	}
	typ, typed := strings.CutPrefix(scope, "@")
	for _, part := range []string{typ, kind} {
		if _, err := ParseSlug(part); err != nil {
			return Subject{}, invalid("subject", "%q: %v", s, err)
		}
	}
	if typed {
		return Subject{Kind: SubjectAff, Type: Slug(typ), AffKind: Slug(kind)}, nil
	}
	return Subject{Kind: SubjectAff, Object: Slug(scope), AffKind: Slug(kind)}, nil
}

func plainID(s string) bool {
	if s == "" || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' || s[i] == ':' {
			return false
		}
	}
	return true
}

// String returns the text form.
func (s Subject) String() string {
	switch {
	case s.Kind == SubjectAff && s.Type != "":
		return "aff:@" + string(s.Type) + "#" + string(s.AffKind)
	case s.Kind == SubjectAff:
		return "aff:" + string(s.Object) + "#" + string(s.AffKind)
	case s.ID != "":
		return string(s.Kind) + ":" + s.ID
	}
	return string(s.Kind)
}

// MarshalText writes the text form, also within JSON.
func (s Subject) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes; nothing is the zero Subject,
// which is nobody.
func (s *Subject) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = Subject{}
		return nil
	}
	v, err := ParseSubject(string(b))
	*s = v
	return err
}
