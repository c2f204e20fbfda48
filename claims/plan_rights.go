package claims

import (
	"fmt"
	"slices"
)

// Rights and roles (R47, R49, R52 to R55).
//
//   - a right stands at most once on any line from a root to a leaf
//   - and at 1,000 places at most
//   - the core's rights are declared by the core; the operator may declare
//     join in an application's tree, for a network that is bound there
//   - a public right is not physical, allows every state, asks no acr, and no
//     gate names it
//   - a role names rights declared in its own application

// maxDeclared is at how many places one right may stand: each new one is held
// against all of them.
const maxDeclared = 1000

// rightHere returns the right declared on a location's chain, or the fault
// right_not_defined_here.
func (p *planner) rightHere(field string, at LocationID, slug Slug) (Right, error) {
	r, ok := p.d.RightAt(at, slug)
	if !ok {
		return r, invalid(field, "%s: %q is declared neither at %s nor above it", ReasonRightNotDefined, slug, p.d.PathOf(at))
	}
	return r, nil
}

func (p *planner) defineRight(r Right) ([]Fact, error) {
	r = tidy(r)
	if err := check(checkSlug("slug", r.Slug), checkText("description", r.Description, 4000), p.notFuture("removed", r.Removed)); err != nil {
		return nil, err
	}
	states, err := rightStates(r.States)
	if err != nil {
		return nil, err
	}
	r.States = states
	if _, err := need[Location](p, "location", string(r.At)); err != nil {
		return nil, err
	}
	if err := check(p.mayWrite(r), p.maySeeStates(r), p.mayUnclose(r)); err != nil {
		return nil, err
	}
	facts := changed(p, r)
	if len(facts) == 0 {
		return nil, nil
	}
	return facts, check(p.checkReserved(r), p.checkPublic(r), p.checkOnce(r), p.checkRightUses(r))
}

// rightStates returns the states in their order; nil for the default.
func rightStates(states []State) ([]State, error) {
	var in []State
	for _, s := range states {
		if !slices.Contains(States, s) {
			return nil, invalid("states", "%q is none of %s", s, listing(States))
		}
	}
	for _, s := range States {
		if slices.Contains(states, s) {
			in = append(in, s)
		}
	}
	if slices.Equal(in, DefaultStates) {
		return nil, nil
	}
	return in, nil
}

func (p *planner) checkReserved(r Right) error {
	if !reserved(r.Slug) {
		return nil
	}
	old, ok := Get[Right](p.d, r.Key().ID)
	if ok {
		if old.NotPhysical != r.NotPhysical || old.Egress != r.Egress || old.Public != r.Public || !r.Removed.IsZero() {
			return invalid("right", "%s is the core's: only its description, states and acr may change", r.Slug)
		}
		return nil
	}
	up := p.chain(r.At)
	if r.Slug == rightJoin && p.by.Kind == ActorOperator && !coreRoot(up[len(up)-1]) {
		return nil
	}
	return invalid("right", "%s is reserved to the core; choose another name", r.Slug)
}

func (p *planner) checkPublic(r Right) error {
	if r.ACR < 0 {
		return invalid("acr", "is negative; 0 asks for nothing")
	}
	if !r.Public {
		return nil
	}
	if !r.NotPhysical || len(r.States) != len(States) || r.ACR != 0 {
		return invalid("public", "a public right is not physical, allows every state (%v) and asks no acr", States)
	}
	return nil
}

// checkOnce holds that no other declaration stands above or below.
func (p *planner) checkOnce(r Right) error {
	if !r.Removed.IsZero() {
		return nil
	}
	n := 0
	for other := range p.d.rightsNamed(r.Slug) {
		if other.At == r.At {
			continue
		}
		if n++; n == maxDeclared {
			return conflict("%s is declared at %d places already: declare it higher up, and grant it where it is to be allowed", r.Slug, n)
		}
		if p.onLine(other.At, r.At) {
			return conflict("%s is declared at %s already, and a right is declared once on a line", r.Slug, p.d.PathOf(other.At))
		}
	}
	if _, err := p.standing(r.At); err != nil {
		return err
	}
	return nil
}

// checkRightUses holds what gates and grants rely on when a right becomes a
// way out, public, or public no longer.
func (p *planner) checkRightUses(r Right) error {
	old, ok := Get[Right](p.d, r.Key().ID)
	if !ok || old.Egress == r.Egress && old.Public == r.Public {
		return nil
	}
	if r.Egress || r.Public {
		for g := range All[Gate](p.d) {
			if g.Right == r.Slug && g.Removed.IsZero() && p.onChain(r.At, g.At) {
				return conflict("a gate at %s names %s; remove it first", p.d.PathOf(g.At), r.Slug)
			}
		}
	}
	if old.Public && !r.Public {
		return p.checkNotPublic(func(g Grant) bool {
			return p.onChain(r.At, g.At) && (g.Right == r.Slug || p.roleGives(g.Role, r.Slug))
		})
	}
	return nil
}

// checkNotPublic refuses if a live grant to the public matches.
func (p *planner) checkNotPublic(match func(Grant) bool) error {
	for g := range All[Grant](p.d) {
		if g.Subject.Kind == SubjectPublic && p.lasting(g.End()) && match(g) {
			return conflict("it is granted to the public at %s; remove that grant first", p.d.PathOf(g.At))
		}
	}
	return nil
}

func (p *planner) roleGives(role, right Slug) bool {
	r, ok := Get[Role](p.d, string(role))
	return ok && slices.Contains(r.Rights, right) != r.AllBut
}

func (p *planner) defineRole(r Role) ([]Fact, error) {
	r = tidy(r)
	r.Rights = set(r.Rights)
	if err := check(checkSlug("slug", r.Slug), checkText("label", r.Label, 200), checkMetadata(r.Metadata)); err != nil {
		return nil, err
	}
	if _, ok := p.applicationAt(r.App); !ok {
		return nil, invalid("app", "%q is no application's root", r.App)
	}
	if err := p.mayWrite(r); err != nil {
		return nil, err
	}
	facts := changed(p, r)
	if len(facts) == 0 {
		return nil, nil
	}
	if old, ok := Get[Role](p.d, string(r.Slug)); ok && old.App != r.App {
		return nil, invalid("app", "%s is a role of another application, and a role stays with its application", r.Slug)
	}
	if len(r.Rights) == 0 && !r.AllBut {
		return nil, invalid("rights", "is empty: name at least one right, or say all_but")
	}
	return facts, p.checkRoleRights(r)
}

func checkMetadata(m map[string]string) error {
	for k, v := range m {
		if err := check(checkLine("metadata", k, 100), checkText("metadata", v, 1000)); err != nil {
			return err
		}
	}
	return nil
}

// applicationAt returns the application whose root is at.
func (p *planner) applicationAt(at LocationID) (Application, bool) {
	for a := range All[Application](p.d) {
		if a.Root == at {
			return a, true
		}
	}
	return Application{}, false
}

// declared returns the live declarations of a right in the tree of root.
func (p *planner) declared(root LocationID, slug Slug) []Right {
	var rights []Right
	for r := range p.d.rightsNamed(slug) {
		if p.onChain(root, r.At) {
			rights = append(rights, r)
		}
	}
	return rights
}

func (p *planner) checkRoleRights(role Role) error {
	public := true
	for _, slug := range role.Rights {
		found := p.declared(role.App, slug)
		if len(found) == 0 && !(role.AllBut && reserved(slug)) {
			return invalid("rights", "%s: %q is declared nowhere in %s", ReasonRightNotDefined, slug, p.d.PathOf(role.App))
		}
		for _, r := range found {
			public = public && r.Public
		}
	}
	if public && !role.AllBut {
		return nil
	}
	if err := p.checkNotPublic(func(g Grant) bool { return g.Role == role.Slug }); err != nil {
		return fmt.Errorf("role %s holds rights that are not public: %w", role.Slug, err)
	}
	return nil
}
