package claims

import "fmt"

// Applications and locations (R52 to R58).
//
//   - the core's roots and /tags/admin are its own: not moved, archived,
//     reopened or named by others
//   - an application's root has no parent and inherit=false, and is no other's
//   - a slug is unique under its parent; depth ≤ MaxDepth; no cycles
//   - at most one location names an object
//   - after a move, too, a right stands at most once on any line

func (p *planner) defineApplication(a Application) ([]Fact, error) {
	if err := check(checkSlug("slug", a.Slug), p.mayWrite(a)); err != nil {
		return nil, err
	}
	old, exists := Get[Application](p.d, string(a.Slug))
	if exists && old == a {
		return nil, nil
	}
	if reservedRoot(a.Slug) {
		return nil, invalid("slug", "%s is reserved to the core", a.Slug)
	}
	if exists && old.Root != a.Root {
		return nil, invalid("root", "%s has its root at %s, and an application's root never changes", a.Slug, p.d.PathOf(old.Root))
	}
	if err := p.checkRoot(a); err != nil {
		return nil, err
	}
	if a.Client != "" {
		if _, ok := Get[Client](p.d, string(a.Client)); !ok {
			return nil, invalid("client", "there is no client %q; define it first", a.Client)
		}
	}
	return append([]Fact{a}, p.rootFacts(a, old.Client)...), nil
}

func (p *planner) checkRoot(a Application) error {
	l, ok := Get[Location](p.d, string(a.Root))
	if !ok {
		return invalid("root", "there is no location %q; define it first", a.Root)
	}
	if l.Parent != "" || l.Inherit || !l.Archived.IsZero() {
		return invalid("root", "%s must be a location without parent, with inherit=false, not archived", p.d.PathOf(l.ID))
	}
	for other := range All[Application](p.d) {
		if other.Root == a.Root && other.Slug != a.Slug {
			return conflict("%s is the root of %s already", p.d.PathOf(l.ID), other.Slug)
		}
	}
	return nil
}

// rootFacts returns what comes with an application and isn't there yet: the
// rights of every root, their grants to the administrators, and manage for
// the client that owns it.
func (p *planner) rootFacts(a Application, oldOwner ClientID) []Fact {
	var facts []Fact
	for _, f := range rightsOfRoot(a.Root, nil) {
		if _, ok := Get[Right](p.d, f.Key().ID); !ok {
			facts = append(facts, f)
		}
	}
	_, hasTag := Get[Tag](p.d, string(TagAdmin))
	for _, right := range rootRights {
		g := adminGrant(a.Slug, a.Root, right, p.now)
		if _, ok := Get[Grant](p.d, string(g.ID)); !ok && hasTag {
			facts = append(facts, g)
		}
	}
	return append(facts, p.ownerFacts(a, oldOwner)...)
}

func (p *planner) ownerFacts(a Application, old ClientID) []Fact {
	if a.Client == old {
		return nil
	}
	var facts []Fact
	if g, ok := Get[Grant](p.d, string(ownerGrant(a, old))); ok && g.Removed.IsZero() {
		g.Removed = p.now
		facts = append(facts, tidy(g))
	}
	if a.Client != "" {
		facts = append(facts, Grant{
			ID: ownerGrant(a, a.Client), At: a.Root, Right: rightManage, Effect: Allow,
			Subject:   Subject{Kind: SubjectClient, ID: string(a.Client)},
			CreatedBy: p.by.String(), CreatedAt: p.now, Reason: "owns the application",
		})
	}
	return facts
}

func ownerGrant(a Application, c ClientID) ID {
	return ID(fmt.Sprintf("root-%s-owner-%s", a.Slug, clientSlug(c)))
}

func (p *planner) defineLocation(l Location) ([]Fact, error) {
	l = tidy(l)
	err := check(checkID("id", string(l.ID)), checkSlug("slug", l.Slug), checkLine("name", l.Name, 200),
		checkLine("external", l.External, 200), p.notFuture("archived", l.Archived))
	if err != nil {
		return nil, err
	}
	if l.Parent != "" {
		if _, ok := Get[Location](p.d, string(l.Parent)); !ok {
			return nil, fmt.Errorf("parent %q: %w", l.Parent, ErrNotFound)
		}
	}
	if err := p.mayWrite(l); err != nil {
		return nil, err
	}
	facts := changed(p, l)
	if len(facts) == 0 {
		return nil, nil
	}
	old, exists := stored[Location](p, string(l.ID))
	err = check(p.checkNobodys(l), p.checkCore(l, old), p.checkApplicationRoot(l, exists), p.checkPlace(l, old, exists), p.checkObject(l, old))
	if err != nil {
		return nil, err
	}
	return facts, nil
}

// checkNobodys refuses to make, name or change a place of somebody who was
// erased: what is stored there would tell of them again.
func (p *planner) checkNobodys(l Location) error {
	for _, up := range append([]Location{l}, p.chain(l.Parent)...) {
		if up.Parent != coreID(rootPeople) {
			continue
		}
		if m, ok := Get[Member](p.d, string(up.Slug)); ok && !m.ErasedAt.IsZero() {
			return conflict("member %s was erased, and /%s/%s keeps no more of them", m.ID, rootPeople, m.ID)
		}
	}
	return nil
}

// checkCore keeps what is the core's own: only names are free there.
func (p *planner) checkCore(l, old Location) error {
	if coreOwn(old) {
		named := old
		named.Name = l.Name
		if !same(named, l) {
			return invalid("slug", "%s is the core's own: only its name may change", p.d.PathOf(old.ID))
		}
		return nil
	}
	if l.Parent == "" && reservedRoot(l.Slug) {
		return invalid("slug", "/%s is reserved to the core", l.Slug)
	}
	return nil
}

func (p *planner) checkApplicationRoot(l Location, exists bool) error {
	if !exists || l.Parent == "" && !l.Inherit {
		return nil
	}
	for a := range All[Application](p.d) {
		if a.Root == l.ID {
			return invalid("inherit", "%s is the root of %s: it keeps inherit=false and no parent", p.d.PathOf(l.ID), a.Slug)
		}
	}
	return nil
}
