package claims

import (
	"iter"
	"slices"
)

// No two sources of groups get one name in a client's tokens, unless its map
// names both (domain: what tokens say). That is held when the client is
// written, and again when a tag, badge, kind or object is defined later: what
// would get the name of another in some client is refused with its name.
//
// Most templates cannot collide, whatever is defined: "tag.{name}" and
// "badge.{name}" differ in a letter, "{name}" and "{object}/{kind}" in a sign
// that no slug has. Only for others is every source looked at.

// checkGroups holds that a client's templates have the fields they need and
// that its templates and map give no two sources one name.
func (p *planner) checkGroups(f *ClaimFilter) error {
	if f.Names != nil {
		if err := f.Names.check(); err != nil {
			return err
		}
	}
	for from, to := range f.Rename {
		if !p.isGroup(from) {
			return invalid("filter.rename", "%q names no source: write tag.SLUG, badge.SLUG, member.STATE or TYPE.OBJECT.KIND", from)
		}
		if err := checkLine("filter.rename", to, 128); err != nil || to == "" {
			return invalid("filter.rename", "the new name of %s must be one line of 1 to 128 bytes", from)
		}
		for s := range p.called(f, to) {
			if f.Names != nil && !p.shows(f, s) {
				continue
			}
			return invalid("filter.rename", "%s would get the name of %s, %s; two sources get one name only if the map names both", from, s.own(), to)
		}
	}
	if f.Names.disjoint() {
		return nil
	}
	for s := range p.sources(f) {
		if other, ok := p.namesake(f, s); ok {
			return invalid("filter.names", "%s and %s would both be called %s; two sources get one name only if the map names both", s.own(), other.own(), f.Names.call(s, s.own()))
		}
	}
	return nil
}

// check holds that each template has fields of its source, and enough.
func (n *GroupNames) check() error {
	for _, c := range []struct {
		field, words string
		t            NameTemplate
		need         NameField
		may          []NameField
	}{
		{"filter.names.tag", "{name}", n.Tag, FieldName, nil}, {"filter.names.badge", "{name}", n.Badge, FieldName, nil},
		{"filter.names.affiliation", "{kind}, and may have {type} and {object}", n.Affiliation, FieldKind, []NameField{FieldType, FieldObject}},
		{"filter.names.member", "{state}", n.Member, FieldState, nil},
	} {
		odd := func(p NamePart) bool { return p.Text == "" && p.Field != c.need && !slices.Contains(c.may, p.Field) }
		if len(c.t) > 0 && (!c.t.has(c.need) || slices.ContainsFunc(c.t, odd)) {
			return invalid(c.field, "%q must have the field %s, and no other", c.t, c.words)
		}
		if again, err := ParseNameTemplate(c.t.String()); len(c.t) > 0 && (err != nil || !slices.Equal(again, c.t)) {
			return invalid(c.field, "%q is no template", c.t)
		}
	}
	return nil
}

// withNewGroups plans a definition that may bring sources of groups.
func withNewGroups[T Fact](p *planner, f T, define func(T) ([]Fact, error)) ([]Fact, error) {
	facts, err := define(f)
	if _, there := Get[T](p.d, f.Key().ID); err == nil && len(facts) > 0 && !there {
		err = p.checkNewGroups(f)
	}
	return facts, err
}

// checkNewGroups refuses a definition that brings sources of groups which
// would get, in some client, the name of others.
func (p *planner) checkNewGroups(f Fact) error {
	for c := range All[Client](p.d) {
		if !c.Disabled.IsZero() || len(c.Filter.Rename) == 0 && c.Filter.Names.disjoint() {
			continue
		}
		for s := range p.newSources(f) {
			if _, renamed := c.Filter.Rename[s.own()]; renamed {
				continue
			}
			name := c.Filter.Names.call(s, s.own())
			for from, to := range c.Filter.Rename {
				if to == name {
					return conflict("client %s calls %s by the name that %s would get, %s: change the client's map first", c.ID, from, s.own(), name)
				}
			}
			if c.Filter.Names.disjoint() || !p.shows(&c.Filter, s) {
				continue
			}
			if other, ok := p.namesake(&c.Filter, s); ok {
				return conflict("client %s calls %s by the name that %s would get, %s: change the client's names first", c.ID, other.own(), s.own(), name)
			}
		}
	}
	return nil
}

// newSources yields the sources that a definition brings.
func (p *planner) newSources(f Fact) iter.Seq[source] {
	return func(yield func(source) bool) {
		switch f := f.(type) {
		case Tag:
			yield(source{from: fromTag, name: f.Slug})
		case Badge:
			yield(source{from: fromBadge, name: f.Slug})
		case Object:
			p.kindsOf(f, yield)
		case Kind:
			for o := range All[Object](p.d) {
				if f.Slug != RootKind && p.d.typeExtends(o.Type, f.Type) && !yield(source{fromAffiliation, o.Type, o.Slug, f.Slug}) {
					return
				}
			}
		}
	}
}

// typeExtends tells whether typ is want or extends it.
func (d *Directory) typeExtends(typ, want Slug) bool {
	t, _ := Get[ObjectType](d, string(typ))
	return typ == want || t.Extends == want && want != ""
}

// kindsOf yields what an object's kinds make of it; false if it was stopped.
func (p *planner) kindsOf(o Object, yield func(source) bool) bool {
	for k := range All[Kind](p.d) {
		if k.Slug != RootKind && p.d.typeExtends(o.Type, k.Type) && !yield(source{fromAffiliation, o.Type, o.Slug, k.Slug}) {
			return false
		}
	}
	return true
}

// sources yields what there is that a filter shows and its map does not name.
func (p *planner) sources(f *ClaimFilter) iter.Seq[source] {
	return func(yield func(source) bool) {
		unnamed := func(s source) bool {
			_, named := f.Rename[s.own()]
			return named || !p.shows(f, s) || yield(s)
		}
		for t := range All[Tag](p.d) {
			if !unnamed(source{from: fromTag, name: t.Slug}) {
				return
			}
		}
		for b := range All[Badge](p.d) {
			if !unnamed(source{from: fromBadge, name: b.Slug}) {
				return
			}
		}
		for o := range All[Object](p.d) {
			if !p.kindsOf(o, unnamed) {
				return
			}
		}
		for _, state := range States {
			if !unnamed(source{from: fromMember, name: Slug(state)}) {
				return
			}
		}
	}
}

// shows tells whether a filter lets a source be seen.
func (p *planner) shows(f *ClaimFilter, s source) bool {
	switch s.from {
	case fromTag:
		return seen(f.Tags, s.name)
	case fromBadge:
		return seen(f.Badges, s.name)
	case fromMember:
		return f.Member
	}
	return seen(f.Objects, s.object) || slices.ContainsFunc(f.Types, func(t Slug) bool { return t == Every || p.d.typeExtends(s.typ, t) })
}

// namesake returns another source that a filter shows under the name of s.
func (p *planner) namesake(f *ClaimFilter, s source) (source, bool) {
	for other := range p.called(f, f.Names.call(s, s.own())) {
		if other != s && p.shows(f, other) {
			return other, true
		}
	}
	return source{}, false
}

// called yields what there is that the templates of a filter give a name, and
// its map does not.
func (p *planner) called(f *ClaimFilter, name string) iter.Seq[source] {
	return func(yield func(source) bool) {
		for from := fromTag; from <= fromMember; from++ {
			s, ok := f.Names.read(from, name)
			if !ok {
				continue
			}
			for found := range p.existing(s) {
				if _, named := f.Rename[found.own()]; !named && !yield(found) {
					return
				}
			}
		}
	}
}

// existing yields the sources there are that s describes: its object and type
// may be empty, which is any.
func (p *planner) existing(s source) iter.Seq[source] {
	return func(yield func(source) bool) {
		if s.from != fromAffiliation {
			if p.isGroup(s.own()) {
				yield(s)
			}
			return
		}
		fits := func(o Object) bool {
			return (s.typ == "" || s.typ == o.Type) && p.hasKind(o.Type, s.name) && s.name != RootKind
		}
		if s.object != "" {
			if o, ok := Get[Object](p.d, string(s.object)); ok && fits(o) {
				yield(source{fromAffiliation, o.Type, o.Slug, s.name})
			}
			return
		}
		for o := range All[Object](p.d) {
			if fits(o) && !yield(source{fromAffiliation, o.Type, o.Slug, s.name}) {
				return
			}
		}
	}
}
