package claims

import (
	"slices"
	"strings"
	"time"
)

// What the rules read off the picture.

// lasting tells whether something that ends at end has not ended yet.
func (p *planner) lasting(end time.Time) bool { return end.IsZero() || p.now.Before(end) }

// lastingFact is lasting for what may be bound to a period.
func (p *planner) lastingFact(f Fact) bool {
	_, end := p.d.Span(f)
	return p.lasting(end)
}

// covered tells whether a new fact would say nothing that an old one does not.
func (p *planner) covered(old, f Fact) bool {
	start, end := p.d.Span(old)
	from, to := p.d.Span(f)
	return covers(start, end, from, to, p.now)
}

// chain returns a stored location and those above it, nearest first.
func (p *planner) chain(id LocationID) []Location {
	var up []Location
	for id != "" && len(up) <= MaxDepth {
		l, ok := Get[Location](p.d, string(id))
		if !ok {
			break
		}
		up = append(up, l)
		id = l.Parent
	}
	return up
}

// rootOf returns the top of a location's chain; empty if it is not stored.
func (p *planner) rootOf(id LocationID) LocationID {
	up := p.chain(id)
	if len(up) == 0 {
		return ""
	}
	return up[len(up)-1].ID
}

// onChain tells whether above is below or one of those above it.
func (p *planner) onChain(above, below LocationID) bool {
	return slices.ContainsFunc(p.chain(below), func(l Location) bool { return l.ID == above })
}

// standing returns a stored location that nothing on its chain has archived.
func (p *planner) standing(id LocationID) (Location, error) {
	l, err := need[Location](p, "location", string(id))
	if err != nil {
		return l, err
	}
	for _, up := range p.chain(id) {
		if !up.Archived.IsZero() {
			return l, conflict("%s is archived and takes nothing new", p.d.PathOf(up.ID))
		}
	}
	return l, nil
}

// height returns how many locations stand one under the other below id.
func (p *planner) height(id LocationID) int {
	most := 0
	for _, c := range p.d.Children(id) {
		most = max(most, 1+p.height(c.ID))
	}
	return most
}

// homeOf returns the location that names an object.
func (p *planner) homeOf(object Slug) (LocationID, bool) {
	l, ok := p.d.ObjectPlace(object)
	return l.ID, ok
}

// verifiedBy returns who has verified an e-mail address.
func (p *planner) verifiedBy(email string) (MemberID, bool) {
	if p.emails == nil {
		p.emails = map[string]MemberID{}
		for m := range All[Member](p.d) {
			p.emails[verified(m)] = m.ID
		}
	}
	id, ok := p.emails[strings.ToLower(email)]
	return id, ok && email != ""
}

func (p *planner) noteMember(m Member) {
	if p.emails == nil {
		return
	}
	if old, ok := Get[Member](p.d, string(m.ID)); ok {
		delete(p.emails, verified(old))
	}
	p.emails[verified(m)] = m.ID
}

// verified returns a member's address as it must be unique; empty if it need not.
func verified(m Member) string {
	if !m.EmailOK {
		return ""
	}
	return strings.ToLower(m.Email)
}

// extends returns the type that typ extends, if any.
func (p *planner) extends(typ Slug) Slug {
	t, _ := Get[ObjectType](p.d, string(typ))
	return t.Extends
}

// hasKind tells whether objects of type typ know a kind, as their own or that
// of the type theirs extends.
func (p *planner) hasKind(typ, kind Slug) bool {
	if _, ok := Get[Kind](p.d, string(typ+"."+kind)); ok {
		return true
	}
	base := p.extends(typ)
	if base == "" {
		return false
	}
	_, ok := Get[Kind](p.d, string(base+"."+kind))
	return ok
}

// covers tells whether [start, end) holds all of [from, to) that is yet to
// come. A zero from is now.
func covers(start, end, from, to, now time.Time) bool {
	if from.Before(now) {
		from = now
	}
	return Live(start, end, from) && (end.IsZero() || !to.IsZero() && !to.After(end))
}
