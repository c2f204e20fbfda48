package organisation

import (
	"fmt"
	"slices"

	"lanyard/claims"
	"lanyard/cmd/lanyard/tomlfile"
)

// locations plans the tree: the roots that have no line of their own first,
// then each location in the file's order, which puts parents before children.
func (b *builder) locations() {
	roots := b.roots()
	listed := map[string]bool{}
	for _, l := range b.f.Locations {
		listed[l.Path] = true
	}
	for i, a := range b.f.Applications {
		if path := rootOf(a); roots[path] == i && a.Slug != "" && !listed[string(path)] {
			b.location(fmt.Sprintf("applications[%d]", i), path, Location{Path: string(path)})
			b.application(i)
		}
	}
	seen := map[string]int{}
	for i, l := range b.f.Locations {
		key := b.once(seen, "locations", i, "path", l.Path)
		path, err := claims.ParsePath(l.Path)
		if l.Path == "" || !b.check(key+".path", err) {
			continue
		}
		app, isRoot := roots[path]
		if path.Parent() == "" && !isRoot && !b.owned(path) {
			b.fault(key, "%s is at the top of the tree, where every location belongs to an application: add [[applications]] slug = %q", path, path.Base())
			continue
		}
		b.location(key, path, l)
		if isRoot {
			b.application(app)
		}
	}
}

// roots returns the applications of the file by the path of their root.
func (b *builder) roots() map[claims.Path]int {
	seen, roots := map[string]int{}, map[claims.Path]int{}
	for i, a := range b.f.Applications {
		key := b.once(seen, "applications", i, "slug", a.Slug)
		if a.Slug == "" {
			continue
		}
		b.slug(key+".slug", a.Slug)
		path, err := claims.ParsePath(string(rootOf(a)))
		if !b.check(key+".root", err) {
			continue
		}
		if path.Parent() != "" {
			b.fault(key+".root", "%s is not at the top of the tree: an application's root is, as /%s", path, a.Slug)
		}
		roots[path] = i
	}
	return roots
}

func rootOf(a Application) claims.Path { return claims.Path(or(a.Root, "/"+a.Slug)) }

func (b *builder) owned(root claims.Path) bool {
	l, ok := b.d.Locate(root)
	if !ok {
		return false
	}
	for a := range claims.All[claims.Application](b.d) {
		if a.Root == l.ID {
			return true
		}
	}
	return false
}

func (b *builder) application(i int) {
	a := b.f.Applications[i]
	root, ok := b.find(rootOf(a))
	if !ok {
		return
	}
	want := claims.Application{Slug: claims.Slug(a.Slug), Root: root}
	if have, ok := claims.Get[claims.Application](b.d, a.Slug); ok {
		want.Client = have.Client
	}
	define(b, fmt.Sprintf("applications[%d]", i), want)
}

// applicationClients names the owner of an application once clients are there.
func (b *builder) applicationClients() {
	for i, a := range b.f.Applications {
		root, ok := b.find(rootOf(a))
		have, _ := claims.Get[claims.Application](b.d, a.Slug)
		if ok && a.Client != "" && have.Client != claims.ClientID(a.Client) {
			b.add(fmt.Sprintf("applications[%d].client", i), claims.Define{Fact: claims.Application{
				Slug: claims.Slug(a.Slug), Root: root, Client: claims.ClientID(a.Client),
			}})
		}
	}
}

func (b *builder) location(key string, path claims.Path, l Location) {
	root := path.Parent() == ""
	want := claims.Location{
		Slug: path.Base(), Name: l.Name, Inherit: unless(l.Inherit, !root), Open: l.Open,
		Object: b.slug(key+".object", l.Object), External: l.External,
	}
	if root && want.Inherit {
		b.fault(key+".inherit", "%s is a root, and there is nothing above it to inherit from: leave inherit out", path)
	}
	if !root {
		parent, ok := b.find(path.Parent())
		if !ok {
			b.fault(key+".path", "%s is not there: write it above %s", path.Parent(), path)
			return
		}
		want.Parent = parent
	}
	if have, ok := b.d.Locate(path); ok {
		want.ID, want.Archived = have.ID, have.Archived
		b.places[path] = have.ID
		define(b, key, want)
		return
	}
	want.ID = claims.LocationID(b.env.NewID())
	b.places[path] = want.ID
	b.add(key, claims.Define{Fact: want})
}

// find returns the location at path, there already or added by this draft.
func (b *builder) find(path claims.Path) (claims.LocationID, bool) {
	if id, ok := b.places[path]; ok {
		return id, true
	}
	l, ok := b.d.Locate(path)
	return l.ID, ok
}

// reserved are the roots of the core, below which places are made when they
// are first named: what stands there is known by another name already.
var reserved = []claims.Slug{"admin", "apps", "badges", "tags", "objects", "people", "wifi"}

// OnDemand tells whether a place gets its row when a rule is first put there.
func OnDemand(p claims.Path) bool {
	parts := p.Parts()
	return len(parts) == 2 && slices.Contains(reserved, parts[0])
}

// StandsFor says what a place below one of the core's roots is the place of, as
// people call it, and the names there are; ok is false where any name will do.
// A member's place goes by their id.
func StandsFor(d *claims.Directory, root claims.Slug) (what string, names []string, ok bool) {
	switch root {
	case "badges":
		return "badge", Names[claims.Badge](d), true
	case "tags":
		return "tag", Names[claims.Tag](d), true
	case "objects":
		return "object", Names[claims.Object](d), true
	case "apps":
		return "client", Names[claims.Client](d), true
	case "people":
		return "member", Names[claims.Member](d), true
	}
	return "", nil, false
}

// Names lists the ids of all facts of one type.
func Names[T claims.Fact](d *claims.Directory) []string {
	var all []string
	for f := range claims.All[T](d) {
		all = append(all, f.Key().ID)
	}
	return all
}

// standsForNothing faults a place below one of the core's roots that is
// nothing's: neither there nor in the file.
func (b *builder) standsForNothing(key string, path claims.Path) bool {
	what, names, ok := StandsFor(b.d, path.Parts()[0])
	switch what {
	case "badge":
		for _, x := range b.f.Badges {
			names = append(names, x.Slug)
		}
	case "tag":
		for _, x := range b.f.Tags {
			names = append(names, x.Slug)
		}
	case "object":
		for _, x := range b.f.Objects {
			names = append(names, x.Slug)
		}
	}
	if !ok || slices.Contains(names, string(path.Base())) {
		return false
	}
	hint := ""
	if near := tomlfile.Nearest(string(path.Base()), names); near != "" {
		hint = "; did you mean " + near + "?"
	}
	b.fault(key, "there is no %s %s%s", what, path.Base(), hint)
	return true
}

// place returns the location that text names. A place below one of the core's
// roots, as /badges/laser-1, is added if it is not there.
func (b *builder) place(key, text string) (claims.LocationID, bool) {
	if text == "" {
		b.fault(key, "must name a location, as /space/workshop")
		return "", false
	}
	path, err := claims.ParsePath(text)
	if !b.check(key, err) {
		return "", false
	}
	if id, ok := b.find(path); ok {
		return id, true
	}
	if !OnDemand(path) {
		b.fault(key, "%s is not there: add [[locations]] path = %q", path, path)
		return "", false
	}
	parent, ok := b.find(path.Parent())
	if !ok {
		b.fault(key, "%s is not there", path.Parent())
		return "", false
	}
	if b.standsForNothing(key, path) {
		return "", false
	}
	id := claims.LocationID(b.env.NewID())
	b.places[path] = id
	b.add(key, claims.Define{Fact: claims.Location{ID: id, Parent: parent, Slug: path.Base(), Inherit: true}})
	return id, true
}

// Reserved tells whether a place stands under one of the core's roots.
func Reserved(p claims.Path) bool {
	parts := p.Parts()
	return len(parts) > 0 && slices.Contains(reserved, parts[0])
}
