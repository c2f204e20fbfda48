package claims

import "slices"

// Types, kinds, objects, overrides (R32 to R39).
//
//   - groups in tokens start with a type: none is called tag, badge or member
//   - a type extends at most one, which extends none; that never changes
//   - kinds form one tree per type, rooted at default; an extending type has
//     no root of its own and repeats no kind's slug
//   - one override per object, of rights on the chain where the object stands
//   - an archived object takes nothing new

func (p *planner) defineType(t ObjectType) ([]Fact, error) {
	if err := check(checkSlug("slug", t.Slug), checkText("label", t.Label, 200)); err != nil {
		return nil, err
	}
	if t.Slug == "tag" || t.Slug == "badge" || t.Slug == "member" {
		return nil, invalid("slug", "no type is called %s: group names of its objects would be mistaken for others", t.Slug)
	}
	if err := p.mayWrite(t); err != nil {
		return nil, err
	}
	old, exists := Get[ObjectType](p.d, string(t.Slug))
	if exists && old.Extends != t.Extends {
		return nil, invalid("extends", "%s was defined otherwise, and what a type extends never changes", t.Slug)
	}
	if err := p.checkExtends(t); err != nil {
		return nil, err
	}
	facts := changed(p, t)
	if t.Extends == "" {
		facts = append(facts, p.missing(Kind{Type: t.Slug, Slug: RootKind})...)
	}
	return facts, nil
}

// missing returns f unless a fact of that key is there, however it looks.
func (p *planner) missing(f Kind) []Fact {
	if _, ok := Get[Kind](p.d, f.Key().ID); ok {
		return nil
	}
	return []Fact{f}
}

func (p *planner) checkExtends(t ObjectType) error {
	if t.Extends == "" {
		return nil
	}
	if t.Extends == t.Slug {
		return invalid("extends", "%s cannot extend itself", t.Slug)
	}
	base, ok := Get[ObjectType](p.d, string(t.Extends))
	if !ok {
		return invalid("extends", "there is no type %q; define it first", t.Extends)
	}
	if base.Extends != "" {
		return invalid("extends", "%s extends %s already; a type extends one that stands by itself", base.Slug, base.Extends)
	}
	return nil
}

func (p *planner) defineKind(k Kind) ([]Fact, error) {
	if err := check(checkSlug("type", k.Type), checkSlug("slug", k.Slug), checkText("label", k.Label, 200)); err != nil {
		return nil, err
	}
	t, err := need[ObjectType](p, "type", string(k.Type))
	if err != nil {
		return nil, err
	}
	if err := check(p.mayWrite(k), p.checkKindSlug(t, k), p.checkKindParent(t, k)); err != nil {
		return nil, err
	}
	return changed(p, k), nil
}

// checkKindSlug refuses a slug that the extended or an extending type has.
func (p *planner) checkKindSlug(t ObjectType, k Kind) error {
	if k.Slug == RootKind {
		if t.Extends != "" {
			return invalid("slug", "%s extends %s and has no root of its own", t.Slug, t.Extends)
		}
		return nil
	}
	for other := range All[ObjectType](p.d) {
		if other.Slug != t.Extends && other.Extends != t.Slug {
			continue
		}
		if _, ok := Get[Kind](p.d, string(other.Slug+"."+k.Slug)); ok {
			return conflict("%s has a kind %s, and %s and %s repeat none of each other's", other.Slug, k.Slug, t.Slug, other.Slug)
		}
	}
	return nil
}

func (p *planner) checkKindParent(t ObjectType, k Kind) error {
	if k.Slug == RootKind {
		if k.Parent != "" {
			return invalid("parent", "%s is the root and has none", RootKind)
		}
		return nil
	}
	if k.Parent == "" {
		return invalid("parent", "is empty; name the kind that %s implies, at the top %s", k.Slug, RootKind)
	}
	if !p.hasKind(t.Slug, k.Parent) {
		return invalid("parent", "there is no kind %q in type %s; define it first", k.Parent, t.Slug)
	}
	above := p.d.KindsAbove(t.Slug, k.Parent)
	if slices.Contains(above, k.Slug) {
		return invalid("parent", "%s implies %s already; that would be a cycle", k.Parent, k.Slug)
	}
	if len(above)+1+p.kindsBelow(k) > MaxDepth {
		return invalid("parent", "that would be deeper than %d kinds", MaxDepth)
	}
	return nil
}

// kindsBelow returns how many kinds stand one under the other below k.
func (p *planner) kindsBelow(k Kind) int {
	most := 0
	for c := range All[Kind](p.d) {
		if c.Type == k.Type || p.extends(c.Type) == k.Type {
			most = max(most, slices.Index(p.d.KindsAbove(c.Type, c.Slug), k.Slug))
		}
	}
	return most
}

func (p *planner) defineObject(o Object) ([]Fact, error) {
	if err := check(checkSlug("slug", o.Slug), checkText("name", o.Name, 200), p.notFuture("archived", o.Archived)); err != nil {
		return nil, err
	}
	if err := p.mayWrite(o); err != nil {
		return nil, err
	}
	if _, ok := Get[ObjectType](p.d, string(o.Type)); !ok {
		return nil, invalid("type", "there is no type %q; define it first", o.Type)
	}
	if old, ok := Get[Object](p.d, string(o.Slug)); ok && old.Type != o.Type {
		return nil, invalid("type", "%s is a %s and stays one; object slugs are unique over all types", o.Slug, old.Type)
	}
	return changed(p, o), nil
}

func (p *planner) defineOverride(o Override) ([]Fact, error) {
	o = tidy(o)
	o.Rights = set(o.Rights)
	if err := check(checkSlug("object", o.Object), checkSlug("kind", o.Kind), p.notFuture("removed", o.Removed)); err != nil {
		return nil, err
	}
	obj, err := need[Object](p, "object", string(o.Object))
	if err != nil {
		return nil, err
	}
	if err := p.mayWrite(o); err != nil {
		return nil, err
	}
	facts := changed(p, o)
	if len(facts) == 0 {
		return nil, nil
	}
	return facts, p.checkOverride(o, obj)
}

func (p *planner) checkOverride(o Override, obj Object) error {
	if !p.hasKind(obj.Type, o.Kind) {
		return invalid("kind", "there is no kind %q in type %s", o.Kind, obj.Type)
	}
	old, ok := Get[Override](p.d, string(o.Object))
	if ok && old.Removed.IsZero() && old.Kind != o.Kind {
		return conflict("%s overrides %s already, and an object overrides one kind", o.Object, old.Kind)
	}
	if !obj.Archived.IsZero() {
		return conflict("%s is archived and takes nothing new", o.Object)
	}
	home, ok := p.homeOf(o.Object)
	if !ok {
		return invalid("object", "no location names %s, so its override would stand nowhere", o.Object)
	}
	for _, r := range o.Rights {
		if _, err := p.rightHere("rights", home, r); err != nil {
			return err
		}
	}
	return nil
}
