package claims

import "slices"

// checkPlace holds where a new or moved location may stand.
func (p *planner) checkPlace(l, old Location, exists bool) error {
	if exists && old.Parent == l.Parent && old.Slug == l.Slug {
		return nil
	}
	if l.Parent != "" && (!exists || old.Parent != l.Parent) {
		if _, err := p.standing(l.Parent); err != nil {
			return err
		}
	}
	above := p.chain(l.Parent)
	if slices.ContainsFunc(above, func(a Location) bool { return a.ID == l.ID }) {
		return invalid("parent", "%s stands below %s; that would be a cycle", p.d.PathOf(l.Parent), p.d.PathOf(l.ID))
	}
	if len(above)+1+p.height(l.ID) > MaxDepth {
		return invalid("parent", "that would be deeper than %d", MaxDepth)
	}
	at := p.d.PathOf(l.Parent) + Path("/"+l.Slug)
	if other, ok := p.d.Locate(at); ok && other.ID != l.ID {
		return conflict("%s is there already, with id %s", at, other.ID)
	}
	if !exists || old.Parent == l.Parent {
		return nil
	}
	return p.checkMovedRights(l)
}

// checkMovedRights refuses a move that would bring two declarations of one
// right onto one line.
func (p *planner) checkMovedRights(l Location) error {
	for r := range All[Right](p.d) {
		if !r.Removed.IsZero() || !p.onChain(l.ID, r.At) {
			continue
		}
		if up, ok := p.d.RightAt(l.Parent, r.Slug); ok {
			return conflict("%s is declared at %s and at %s, and a right is declared once on a line",
				r.Slug, p.d.PathOf(up.At), p.d.PathOf(r.At))
		}
	}
	return nil
}

// checkObject holds that a newly named object exists, takes something new and
// stands nowhere else.
func (p *planner) checkObject(l, old Location) error {
	if l.Object == "" || l.Object == old.Object {
		return nil
	}
	o, ok := Get[Object](p.d, string(l.Object))
	if !ok {
		return invalid("object", "there is no object %q; define it first", l.Object)
	}
	if !o.Archived.IsZero() {
		return conflict("%s is archived and takes nothing new", o.Slug)
	}
	if home, ok := p.homeOf(l.Object); ok && home != l.ID {
		return conflict("%s stands at %s, and one location names an object", l.Object, p.d.PathOf(home))
	}
	return nil
}
