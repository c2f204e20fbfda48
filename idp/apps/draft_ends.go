package apps

import (
	"slices"

	"lanyard/claims"
)

// What a document that replaces ends, since it does not name it.

// standing yields every location at and below the root that is not archived,
// those above before those below.
func (b *builder) standing(yield func(claims.Location, claims.Path)) {
	var walk func(l claims.Location, p claims.Path)
	walk = func(l claims.Location, p claims.Path) {
		if !l.Archived.IsZero() {
			return
		}
		yield(l, p)
		for _, c := range b.d.Children(l.ID) {
			walk(c, p+claims.Path("/"+c.Slug))
		}
	}
	if root, ok := claims.Get[claims.Location](b.d, string(b.o.App.Root)); ok {
		walk(root, b.root)
	}
}

// endRules removes declarations and grants first, so that a right may be
// declared elsewhere on the same line.
func (b *builder) endRules() {
	declared := map[claims.Path][]claims.Slug{}
	for _, r := range b.rights {
		declared[r.at] = append(declared[r.at], r.Slug)
	}
	granted := map[claims.Path][]claims.Grant{}
	for _, g := range b.grants {
		granted[g.at] = append(granted[g.at], g.Grant)
	}
	b.standing(func(l claims.Location, p claims.Path) {
		for _, g := range b.d.GrantsAt(l.ID) {
			named := slices.ContainsFunc(granted[p], func(want claims.Grant) bool { return alike(g, want) })
			if !named && !b.over(g) && !organisers(b.d, g) && b.mine(g) {
				b.add("", claims.Remove{Key: g.Key()})
			}
		}
		for _, r := range b.d.RightsAt(l.ID) {
			if r.Removed.IsZero() && !claims.ReservedRight(r.Slug) && !slices.Contains(declared[p], r.Slug) {
				b.add("", claims.Remove{Key: r.Key()})
			}
		}
	})
}

// mine tells whether a grant is the application's to end: those it made. The
// operator ends any.
func (b *builder) mine(g claims.Grant) bool {
	return b.o.By.Kind != claims.ActorClient || g.CreatedBy == b.o.By.String()
}

// endLocations archives what neither is named nor holds what is named, the
// deepest first: below an archived place nothing can be changed.
func (b *builder) endLocations() {
	keep := map[claims.Path]bool{b.root: true}
	for p := range b.named {
		for ; p != "" && !keep[p]; p = p.Parent() {
			keep[p] = true
		}
	}
	var ended []claims.Location
	b.standing(func(l claims.Location, p claims.Path) {
		if !keep[p] {
			ended = append(ended, l)
		}
	})
	for _, l := range ended {
		if !l.Inherit {
			b.keepManaging("", l.ID)
		}
	}
	for _, l := range slices.Backward(ended) {
		b.add("", claims.Remove{Key: l.Key()})
	}
}
