package claims

import (
	"fmt"
	"slices"
)

// mayGrant: grant at the location and each given right itself, or manage at
// the root. A role that is all but some rights, or that names one which is
// declared nowhere now, gives rights nobody can hold yet, so only manage at
// the root gives it. A client hands out none of the core's rights, but manage
// to itself in the tree that it manages.
func (p *planner) mayGrant(g Grant) error {
	if g.Role == "" {
		return check(p.mayHandOut(g), p.mayHandOn(g.At, []Right{{At: g.At, Slug: g.Right}}))
	}
	role, err := need[Role](p, "role", string(g.Role))
	if err != nil {
		return err
	}
	if err := p.mayBundle(role); err != nil {
		return err
	}
	root := p.rootOf(g.At)
	if role.AllBut || p.namesWhatIsGone(role) {
		return p.may(rightManage, root)
	}
	var given []Right
	for _, slug := range role.Rights {
		for _, r := range p.declared(role.App, slug) {
			given = append(given, p.heldAt(r, g.At))
		}
	}
	return p.mayHandOn(g.At, given)
}

// mayHandOut holds that a client, or a device by its client, grants none of
// the core's rights: they are organisers' to give, in an application's own
// tree too.
func (p *planner) mayHandOut(g Grant) error {
	if !p.byProgram() || !reserved(g.Right) {
		return nil
	}
	itself := Subject{Kind: SubjectClient, ID: p.by.ID}
	if g.Right == rightManage && g.Subject == itself && g.Effect != Deny {
		return nil
	}
	return &Refused{Right: g.Right, At: p.d.PathOf(g.At), Problem: fmt.Sprintf("%s is the core's: organisers hand it out, no application", g.Right)}
}

// mayBundle is mayHandOut for a role, which a client neither grants nor
// changes when it comes to one of the core's rights, now or later.
func (p *planner) mayBundle(r Role) error {
	if !p.byProgram() {
		return nil
	}
	for _, slug := range reservedRights() {
		if slices.Contains(r.Rights, slug) != r.AllBut {
			return &Refused{Right: slug, At: p.d.PathOf(r.App),
				Problem: fmt.Sprintf("role %s comes to %s, which is the core's: organisers hand it out, no application", r.Slug, slug)}
		}
	}
	return nil
}

// byProgram tells whether it is a program of somebody else's that acts.
func (p *planner) byProgram() bool { return p.by.Kind == ActorClient || p.by.Kind == ActorDevice }

// namesWhatIsGone tells whether a role names a right that is declared nowhere.
func (p *planner) namesWhatIsGone(role Role) bool {
	return slices.ContainsFunc(role.Rights, func(slug Slug) bool { return len(p.declared(role.App, slug)) == 0 })
}

// mayGate: as for a grant of the gated right; an unnamed gate concerns every
// physical right that is no way out, declared above it or below.
func (p *planner) mayGate(g Gate) error {
	if g.Right != "" {
		return p.mayHandOn(g.At, []Right{{At: g.At, Slug: g.Right}})
	}
	var held []Right
	for r := range All[Right](p.d) {
		if r.Removed.IsZero() && !r.NotPhysical && !r.Egress && p.onLine(r.At, g.At) {
			held = append(held, p.heldAt(r, g.At))
		}
	}
	return p.mayHandOn(g.At, held)
}

// heldAt returns where the giver of a right at a location must hold it: there,
// or where it is declared if that is not above.
func (p *planner) heldAt(r Right, at LocationID) Right {
	if p.onChain(r.At, at) {
		r.At = at
	}
	return r
}

func (p *planner) mayHandOn(at LocationID, given []Right) error {
	if p.may(rightManage, p.rootOf(at)) == nil {
		return nil
	}
	if err := p.may(rightGrant, at); err != nil {
		return err
	}
	for _, r := range given {
		if p.may(r.Slug, r.At) != nil {
			where := p.d.PathOf(r.At)
			return &Refused{Right: r.Slug, At: where,
				Problem: fmt.Sprintf("nobody gives what they don't hold: you need %s at %s yourself, or %s at its root", r.Slug, where, rightManage)}
		}
	}
	return nil
}
