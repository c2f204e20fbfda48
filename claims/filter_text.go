package claims

import (
	"fmt"
	"slices"
	"strings"
)

// Sees writes what a filter shows as people write it: "badge:laser-1",
// "tag:*", "type:body", "object:delft", "member"; in order of the alphabet.
func (f ClaimFilter) Sees() []string {
	var parts []string
	for what, list := range map[string][]Slug{"tag": f.Tags, "badge": f.Badges, "type": f.Types, "object": f.Objects} {
		for _, s := range list {
			parts = append(parts, what+":"+string(s))
		}
	}
	if f.Member {
		parts = append(parts, "member")
	}
	slices.Sort(parts)
	return parts
}

// See makes a filter show what these say, as Sees writes it, and nothing else.
// Its names and its cap stay. A text that is none is ErrInvalid.
func (f *ClaimFilter) See(parts []string) error {
	g := ClaimFilter{Rename: f.Rename, Names: f.Names, Cap: f.Cap}
	for _, text := range parts {
		what, name, _ := strings.Cut(text, ":")
		into := map[string]*[]Slug{"tag": &g.Tags, "badge": &g.Badges, "type": &g.Types, "object": &g.Objects}[what]
		switch {
		case text == "member":
			g.Member = true
			continue
		case into == nil:
			return invalid("see", "%q: write tag:TAG, badge:BADGE, type:TYPE, object:OBJECT or member", text)
		}
		if name == "" {
			return invalid("see", "%q: write %s:%s, or %s:* for every one", text, what, strings.ToUpper(what), what)
		}
		s := Slug(name)
		if err := checkSlug("see", s); err != nil && s != Every {
			return fmt.Errorf("%q: %w", text, err)
		}
		*into = append(*into, s)
	}
	*f = g
	return nil
}

// None tells whether a filter shows no group at all.
func (f ClaimFilter) None() bool {
	return len(f.Tags)+len(f.Badges)+len(f.Types)+len(f.Objects) == 0 && !f.Member
}
