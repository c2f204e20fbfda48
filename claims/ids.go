package claims

import (
	"fmt"
	"strings"
)

// MemberID names a member. It is an opaque text made once (UUIDv7 in
// production), never reused, and safe to show.
type MemberID string

// LocationID names a stored location. It stays the same when the location is
// moved or its parent renamed.
type LocationID string

// ID names a fact that has no name of its own: a grant, a gate, an award, a
// card. Opaque, made by whoever makes the fact, never reused.
type ID string

// ClientID names an OAuth client (RFC 6749, section 2.2); it is a Slug or,
// for a registered client, any text of 1 to 128 printable ASCII characters
// without a colon or space.
type ClientID string

// DeviceID names a door controller, an interlock or another device.
type DeviceID string

// Slug names a tag, badge, kind, object, right, role, application or the last
// part of a location: 1 to 40 characters of a-z, 0-9 and hyphen, not starting
// with a hyphen. Group names in tokens are built from slugs, which is why the
// alphabet is so small.
type Slug string

// MaxSlug is the longest slug, in characters.
const MaxSlug = 40

// MaxDepth is how many parts a path may have.
const MaxDepth = 16

// ParseSlug returns s as a Slug, or ErrInvalid with what is wrong.
func ParseSlug(s string) (Slug, error) {
	if s == "" {
		return "", invalid("slug", "is empty")
	}
	if len(s) > MaxSlug {
		return "", invalid("slug", "%q is longer than %d characters", s, MaxSlug)
	}
	for i := range len(s) {
		if !slugByte(s[i]) || i == 0 && s[i] == '-' {
			return "", invalid("slug", "%q: only a-z, 0-9 and hyphen, not starting with a hyphen", s)
		}
	}
	return Slug(s), nil
}

func slugByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-'
}

// ParseUsername returns s in lower case, or ErrInvalid. A username is 1 to 63
// characters of a-z, 0-9, dot, underscore and hyphen and starts with a letter
// or digit; upper case is folded, since names are unique without regard to
// case.
func ParseUsername(s string) (string, error) {
	s = strings.ToLower(s)
	if s == "" || len(s) > 63 {
		return "", invalid("username", "%q must have 1 to 63 characters", s)
	}
	for i := range len(s) {
		c := s[i]
		ok := slugByte(c) || c == '.' || c == '_'
		if !ok || i == 0 && (c == '-' || c == '.' || c == '_') {
			return "", invalid("username", "%q: only a-z, 0-9, dot, underscore and hyphen, starting with a letter or digit", s)
		}
	}
	return s, nil
}

// Path is where a location stands: its slugs from the top, as
// "/space/workshop/laser". The zero Path is no place, and asking about it is
// ErrInvalid.
type Path string

// ParsePath returns s as a Path of 1 to MaxDepth slugs, or ErrInvalid. Paths
// are exact: nothing empty, dotted, encoded or trailing is taken.
func ParsePath(s string) (Path, error) {
	if !strings.HasPrefix(s, "/") {
		return "", invalid("location", "%q is not a path: it must start with a slash", s)
	}
	parts := strings.Split(s[1:], "/")
	if len(parts) > MaxDepth {
		return "", invalid("location", "%q is deeper than %d", s, MaxDepth)
	}
	for _, p := range parts {
		if _, err := ParseSlug(p); err != nil {
			return "", fmt.Errorf("location %q: %w", s, err)
		}
	}
	return Path(s), nil
}

// Parts returns the slugs of p from the top. The zero Path has none.
func (p Path) Parts() []Slug {
	if p == "" {
		return nil
	}
	parts := strings.Split(string(p[1:]), "/")
	slugs := make([]Slug, len(parts))
	for i, s := range parts {
		slugs[i] = Slug(s)
	}
	return slugs
}

// Parent returns the path above p; the zero Path for a root.
func (p Path) Parent() Path {
	i := strings.LastIndexByte(string(p), '/')
	if i <= 0 {
		return ""
	}
	return p[:i]
}

// Base returns the last part of p.
func (p Path) Base() Slug {
	return Slug(p[strings.LastIndexByte(string(p), '/')+1:])
}
