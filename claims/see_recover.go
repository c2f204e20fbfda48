package claims

import (
	"fmt"
	"slices"
)

// MayRecover tells whether the caller may let a member back in who has lost
// what they sign in with: whoever holds recover at /people/MEMBER, for
// somebody else who may sign in at all, and for no one who holds more than
// they do. More is a power: a right of the core, but signing in and joining,
// at a place where it is given, which the caller does not hold there. A
// *Refused says what; ErrNotFound if the caller may not see the member.
func (v *View) MayRecover(id MemberID) error {
	if _, err := v.Member(id); err != nil {
		return err
	}
	m, _ := Get[Member](v.d, string(id))
	at := personPath(id)
	switch {
	case v.by == Actor{Kind: ActorMember, ID: string(id), ACR: v.by.ACR}:
		return &Refused{Right: rightRecover, At: at, Problem: "nobody lets themself back in"}
	case !m.ErasedAt.IsZero() || m.State == StateLeft || !m.BarredAt.IsZero():
		return &Refused{Right: rightRecover, At: at, Problem: "this account may not sign in"}
	}
	helper := &planner{d: v.d, by: v.by, now: v.at}
	if err := helper.mayOn(rightRecover, at); err != nil {
		return err
	}
	return helper.holdsNoLess(id)
}

// holdsNoLess refuses if a member has a power that the actor has not.
func (p *planner) holdsNoLess(m MemberID) error {
	if p.by.Kind == ActorOperator {
		return nil
	}
	theirs := &planner{d: p.d, by: Actor{Kind: ActorMember, ID: string(m), ACR: strongest}, now: p.now}
	type power struct {
		right Slug
		at    LocationID
	}
	asked := map[power]bool{}
	for g := range All[Grant](p.d) {
		if g.Effect == Deny {
			continue
		}
		for _, right := range p.powers(g) {
			one := power{right, g.At}
			if asked[one] {
				continue
			}
			asked[one] = true
			if theirs.may(right, g.At) == nil && p.may(right, g.At) != nil {
				where := p.d.PathOf(g.At)
				return &Refused{Right: right, At: where, Problem: fmt.Sprintf("they hold %s at %s, and you do not: somebody who does must let them back in", right, where)}
			}
		}
	}
	return nil
}

// strongest is an ACR that no right asks beyond: however somebody signs in.
const strongest = 1 << 30

// powers are the rights of the core in what a grant gives, but signing in and
// joining.
func (p *planner) powers(g Grant) []Slug {
	given, but := []Slug{g.Right}, false
	if role, ok := Get[Role](p.d, string(g.Role)); ok {
		given, but = role.Rights, role.AllBut
	}
	return slices.DeleteFunc(ReservedRights(), func(right Slug) bool {
		return right == rightLogin || right == rightJoin || slices.Contains(given, right) == but
	})
}
