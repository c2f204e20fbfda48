package claims

import (
	"fmt"
	"reflect"
	"slices"
)

// Grants and denies.
//
//   - a right declared on the chain of the grant's own location, or a role of
//     that location's application; else right_not_defined_here
//   - a deny names a user, tag, state or client only
//   - a client grants to what its claim filter shows it (plan_may_see.go)
//   - the public gets rights marked public only; self only stands under /people
//   - one that is there alike, live, plans nothing

func (in AddGrant) what() string {
	g := in.Grant
	effect := "grant"
	if g.Effect == Deny {
		effect = "deny"
	}
	what := string(g.Right)
	if g.Role != "" {
		what = "role " + string(g.Role)
	}
	return fmt.Sprintf("%s %s to %s at %s", effect, what, g.Subject, g.At)
}

func (in AddGrant) plan(p *planner) ([]Fact, error) {
	g, err := p.newGrant(in.Grant)
	if err != nil {
		return nil, err
	}
	if _, err := need[Location](p, "location", string(g.At)); err != nil {
		return nil, err
	}
	if err := check(p.mayWrite(g), p.maySee(g.Subject, g.At)); err != nil {
		return nil, err
	}
	for _, old := range p.d.GrantsAt(g.At) {
		if p.lastingFact(old) && alike(old, g) {
			return nil, nil
		}
	}
	if _, ok := Get[Grant](p.d, string(g.ID)); ok {
		return nil, conflict("grant %s is another's", g.ID)
	}
	if _, err := p.standing(g.At); err != nil {
		return nil, err
	}
	return []Fact{g}, check(p.checkGranted(g), p.checkGrantee(g), p.checkSpan("starts", g.Starts, "expires", g.Expires), p.checkPeriod(g.Period, g))
}

// newGrant returns a grant as it would be stored.
func (p *planner) newGrant(g Grant) (Grant, error) {
	g = tidy(g)
	g.CreatedBy, g.CreatedAt = p.by.String(), p.now
	if g.Effect == "" {
		g.Effect = Allow
	}
	if g.Effect != Allow && g.Effect != Deny {
		return g, invalid("effect", "%q is neither allow nor deny", g.Effect)
	}
	if err := check(checkID("id", string(g.ID)), checkText("reason", g.Reason, 4000)); err != nil {
		return g, err
	}
	if !g.Removed.IsZero() {
		return g, invalid("removed", "a new grant has not ended; remove one by its id")
	}
	if (g.Right == "") == (g.Role == "") {
		return g, invalid("right", "a grant names either a right or a role")
	}
	if g.Window != nil {
		w, err := g.Window.Checked()
		if err != nil {
			return g, err
		}
		g.Window = w
	}
	return g, nil
}

// alike tells whether a stored grant says the same as a tidy new one, whoever
// made them and why.
func alike(old, g Grant) bool {
	if old.Subject != g.Subject || old.Right != g.Right || old.Role != g.Role || old.Effect != g.Effect || old.Period != g.Period {
		return false
	}
	return old.Starts.Equal(g.Starts) && old.Expires.Equal(g.Expires) && reflect.DeepEqual(old.Window, g.Window)
}

// checkGranted holds that what is granted means something here.
func (p *planner) checkGranted(g Grant) error {
	if g.Role == "" {
		r, err := p.rightHere("right", g.At, g.Right)
		if err == nil && g.Subject.Kind == SubjectPublic && !r.Public {
			return invalid("subject", "%s is not a public right, so it is not granted to the public", g.Right)
		}
		return err
	}
	role, ok := Get[Role](p.d, string(g.Role))
	if !ok {
		return fmt.Errorf("role %q: %w", g.Role, ErrNotFound)
	}
	if root := p.rootOf(g.At); role.App != root {
		return invalid("role", "%s: %s is a role of %s, not of %s", ReasonRightNotDefined, g.Role, p.d.PathOf(role.App), p.d.PathOf(root))
	}
	if g.Subject.Kind == SubjectPublic && !p.publicRole(role) {
		return invalid("subject", "%s holds rights that are not public, so it is not granted to the public", g.Role)
	}
	return nil
}

func (p *planner) publicRole(role Role) bool {
	return !role.AllBut && !slices.ContainsFunc(role.Rights, func(slug Slug) bool {
		return slices.ContainsFunc(p.declared(role.App, slug), func(r Right) bool { return !r.Public })
	})
}

func (p *planner) checkGrantee(g Grant) error {
	taken := grantSubjects
	if g.Effect == Deny {
		taken = denySubjects
	}
	if err := p.checkSubject("subject", g.Subject, taken...); err != nil {
		return err
	}
	if g.Subject.Kind == SubjectSelf && p.rootOf(g.At) != coreID("people") {
		return invalid("subject", "self is the member a place under /people is about; it means nothing at %s", p.d.PathOf(g.At))
	}
	return nil
}
