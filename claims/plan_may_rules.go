package claims

import (
	"fmt"
	"slices"
)

func (p *planner) mayAward(badge Slug) error {
	at := Path("/badges/" + badge)
	if p.by.Kind == ActorDevice {
		return &Refused{Right: rightAward, At: at, Problem: "a device gives no badge by itself: it takes the card of somebody who may"}
	}
	return p.mayOn(rightAward, at)
}

// mayObject asks for right where an object stands.
func (p *planner) mayObject(right, object Slug) error {
	return p.mayOn(right, p.objectPath(object))
}

// objectPath is where an object stands: at the location that names it, else
// at /objects/OBJECT.
func (p *planner) objectPath(object Slug) Path {
	if home, ok := p.homeOf(object); ok {
		return p.d.PathOf(home)
	}
	return Path("/objects/" + object)
}

func (p *planner) mayAffiliate(object, kind Slug) error {
	if p.mayObject(rightManage, object) == nil {
		return nil
	}
	if err := p.mayObject(rightAffiliate, object); err != nil {
		return err
	}
	if p.holdsKind(object, kind) {
		return nil
	}
	return &Refused{Right: rightAffiliate, At: p.objectPath(object),
		Problem: fmt.Sprintf("nobody gives what they don't hold: it takes %s in %s yourself, or %s there", kind, object, rightManage)}
}

// holdsKind tells whether the actor is a member with a live affiliation
// (object, kind or deeper).
func (p *planner) holdsKind(object, kind Slug) bool {
	o, ok := Get[Object](p.d, string(object))
	if !ok || p.by.Kind != ActorMember {
		return false
	}
	if kind == RootKind {
		return true
	}
	for _, a := range p.d.AffiliationsOf(MemberID(p.by.ID)) {
		if a.Object == object && p.d.LiveAt(a, p.now) && slices.Contains(p.d.KindsAbove(o.Type, a.Kind), kind) {
			return true
		}
	}
	return false
}

// mayKind: the kinds of a type mean something wherever that type is granted to.
func (p *planner) mayKind(k Kind) error {
	if err := p.mayOn(rightManage, "/objects"); err != nil {
		return err
	}
	for o := range All[Override](p.d) { // a grant to its kind, in all but name
		if o.Removed.IsZero() && p.kindTouches(k.Type, Subject{Kind: SubjectAff, Object: o.Object}) {
			if err := p.mayOverride(o); err != nil {
				return err
			}
		}
	}
	return p.mayRoots(func(g Grant) bool { return g.Subject.Kind == SubjectAff && p.kindTouches(k.Type, g.Subject) })
}

func (p *planner) kindTouches(typ Slug, s Subject) bool {
	other := s.Type
	if s.Object != "" {
		o, _ := Get[Object](p.d, string(s.Object))
		other = o.Type
	}
	return other == typ || p.extends(other) == typ || p.extends(typ) == other
}

func (p *planner) mayRole(r Role) error {
	if err := p.may(rightManage, r.App); err != nil {
		return err
	}
	if old, ok := Get[Role](p.d, string(r.Slug)); ok {
		if err := p.mayBundle(old); err != nil {
			return err
		}
	}
	return check(p.mayBundle(r), p.mayRoots(func(g Grant) bool { return g.Role == r.Slug }))
}

// mayRoots asks for manage at the root above every live grant that matches.
func (p *planner) mayRoots(match func(Grant) bool) error {
	if p.by.Kind == ActorOperator {
		return nil
	}
	asked := map[LocationID]bool{}
	for g := range All[Grant](p.d) {
		if !p.lasting(g.End()) || !match(g) {
			continue
		}
		root := p.rootOf(g.At)
		if asked[root] {
			continue
		}
		asked[root] = true
		if err := p.may(rightManage, root); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) mayOverride(o Override) error {
	home, ok := p.homeOf(o.Object)
	if !ok {
		return p.mayObject(rightManage, o.Object)
	}
	return p.may(rightManage, p.rootOf(home))
}

// mayLocation: whoever changes only what a location is called needs manage
// there; every other change takes manage at the old and the new parent.
func (p *planner) mayLocation(l Location) error {
	old, exists := stored[Location](p, string(l.ID))
	if exists {
		named := old
		named.Name, named.External = l.Name, l.External
		if same(named, l) && p.may(rightManage, l.ID) == nil {
			return nil
		}
		if err := check(p.mayUnder(old.Parent), p.mayLeave(old.Parent, l.Parent)); err != nil {
			return err
		}
	}
	if l.Object != "" && l.Object != old.Object {
		if err := p.mayObject(rightManage, l.Object); err != nil {
			return err
		}
	}
	return p.mayUnder(l.Parent)
}

func (p *planner) mayUnder(parent LocationID) error {
	if parent == "" {
		return p.mayOn(rightManage, "/admin")
	}
	return p.may(rightManage, parent)
}

// mayDevice: manage at the old and the new location. A client that becomes a
// device answers for it and is told of nothing else, so naming one takes
// manage at the client, too.
func (p *planner) mayDevice(d Device) error {
	old, ok := Get[Device](p.d, string(d.ID))
	if ok && old.Location != d.Location {
		if err := p.may(rightManage, old.Location); err != nil {
			return err
		}
	}
	if err := p.may(rightManage, d.Location); err != nil || old.Client == d.Client {
		return err
	}
	if _, ok := Get[Client](p.d, string(d.Client)); !ok {
		return nil // which defineDevice refuses in better words
	}
	return p.mayOn(rightManage, Path("/apps/"+clientSlug(d.Client)))
}

func (p *planner) mayNetwork(n Network) error {
	if err := p.mayOn(rightManage, "/wifi"); err != nil {
		return err
	}
	if old, ok := Get[Network](p.d, string(n.Slug)); ok && old.Location != n.Location {
		if err := p.may(rightManage, old.Location); err != nil {
			return err
		}
	}
	return p.may(rightManage, n.Location)
}
