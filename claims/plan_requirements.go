package claims

import "strings"

// Requirements of badges, and the courses they point at (R6, R14 to R16).
//
//   - a requirement stays of its kind, and points at one thing of that kind
//   - a badge never needs itself, by however many others
//   - a course is known by the text its VLE calls it by, once in each
//   - what is pointed at is not removed

func (p *planner) defineRequirement(r Requirement) ([]Fact, error) {
	if r.Name == "" {
		r.Name = p.nameOf(r)
	}
	err := check(checkSlug("badge", r.Badge), checkSlug("slug", r.Slug), checkLine("name", r.Name, 200), p.notFuture("removed", r.Removed))
	if err != nil {
		return nil, err
	}
	if r.Group != "" {
		if err := checkSlug("group", r.Group); err != nil {
			return nil, err
		}
	}
	if err := p.mayWrite(r); err != nil {
		return nil, err
	}
	badge, err := need[Badge](p, "badge", string(r.Badge))
	if err != nil {
		return nil, err
	}
	facts := changed(p, r)
	if len(facts) == 0 {
		return nil, nil
	}
	old, ok := Get[Requirement](p.d, r.Key().ID)
	switch {
	case ok && old.Kind != r.Kind:
		return nil, invalid("kind", "%s is a %s and stays one; remove it and define another", r.Slug, old.Kind)
	case !r.Removed.IsZero():
		return facts, nil
	case !badge.Retired.IsZero():
		return nil, conflict("%s is retired and asks for nothing new", r.Badge)
	}
	return facts, p.checkPoints(r)
}

// nameOf is what people read of a requirement that has no name of its own: what
// it points at, or its slug.
func (p *planner) nameOf(r Requirement) string {
	if b, ok := Get[Badge](p.d, string(r.Needs)); ok && b.Name != "" {
		return b.Name
	}
	if c, ok := Get[Course](p.d, string(r.Course)); ok && c.Name != "" {
		return c.Name
	}
	return string(r.Slug)
}

// checkPoints holds that a requirement points at one thing, of its kind.
func (p *planner) checkPoints(r Requirement) error {
	given := map[RequirementKind]bool{AskCourse: r.Course != "", AskBadge: r.Needs != "", AskForm: r.Form != "", AskMembership: r.Age != 0}
	field := map[RequirementKind]string{AskCourse: "course", AskBadge: "needs", AskForm: "form", AskMembership: "age", AskSignoff: ""}
	if _, known := field[r.Kind]; !known {
		return invalid("kind", "%q is none of %s", r.Kind, listing(RequirementKinds))
	}
	for _, k := range RequirementKinds {
		switch {
		case k == r.Kind && field[k] != "" && !given[k]:
			return invalid(field[k], "is missing: a requirement of kind %s names it", k)
		case k != r.Kind && given[k]:
			return invalid(field[k], "means nothing in a requirement of kind %s", r.Kind)
		}
	}
	switch r.Kind {
	case AskCourse:
		c, ok := Get[Course](p.d, string(r.Course))
		if !ok || !c.Removed.IsZero() {
			return invalid("course", "there is no course %q; define it first", r.Course)
		}
	case AskBadge:
		return p.checkNeeds(r)
	case AskForm:
		return checkLine("form", r.Form, 1000)
	case AskMembership:
		if r.Age < 0 {
			return invalid("age", "is negative")
		}
	}
	return nil
}

// checkNeeds refuses a badge that would, in the end, ask for itself.
func (p *planner) checkNeeds(r Requirement) error {
	if _, ok := Get[Badge](p.d, string(r.Needs)); !ok {
		return invalid("needs", "there is no badge %q; define it first", r.Needs)
	}
	ahead, seen := []Slug{r.Needs}, map[Slug]bool{}
	for len(ahead) > 0 {
		next := ahead[0]
		ahead = ahead[1:]
		if next == r.Badge {
			return invalid("needs", "%s asks for %s already, in the end; nobody could earn either", r.Needs, r.Badge)
		}
		if seen[next] {
			continue
		}
		seen[next] = true
		for _, other := range p.d.RequirementsOf(next) {
			if other.Needs != "" {
				ahead = append(ahead, other.Needs)
			}
		}
	}
	return nil
}

func (p *planner) defineVLE(v VLE) ([]Fact, error) {
	v.BaseURL = strings.TrimRight(v.BaseURL, "/")
	err := check(checkSlug("slug", v.Slug), checkLine("label", v.Label, 200), checkBase("base_url", v.BaseURL), p.notFuture("removed", v.Removed))
	if err != nil {
		return nil, err
	}
	if v.Kind != VLEMoodle && v.Kind != VLECanvas {
		return nil, invalid("kind", "%q is none of moodle, canvas", v.Kind)
	}
	if err := p.mayWrite(v); err != nil {
		return nil, err
	}
	old, ok := Get[VLE](p.d, string(v.Slug))
	if ok && old.Kind != v.Kind {
		return nil, invalid("kind", "%s is a %s and stays one", v.Slug, old.Kind)
	}
	if old.BaseURL == v.BaseURL {
		return changed(p, v), nil
	}
	return changed(p, v), p.mayPointAll(v.Slug)
}

// checkBase takes the address that a service's paths are put behind.
func checkBase(field, s string) error {
	u, ok := splitURI(s)
	switch {
	case !ok || u.scheme != "https" && u.scheme != "http" || !hostOK(u.host):
		return invalid(field, "%q is no address of a service, such as https://moodle.example.org", s)
	case u.scheme == "http" && !loopback(u.host):
		return invalid(field, "%q is plain http; a secret goes there, so only https will do, save on localhost", s)
	case u.user:
		return invalid(field, "%q has a user in it", s)
	case strings.ContainsAny(u.rest, "?#") || dotSegment(u.rest):
		return invalid(field, "%q is not a plain address: no ?, no #, no . or .. in its path", s)
	}
	return nil
}

func (p *planner) defineCourse(c Course) ([]Fact, error) {
	err := check(checkID("id", string(c.ID)), checkSlug("vle", c.VLE), checkLine("external", c.External, 255), checkLine("name", c.Name, 200),
		p.notFuture("removed", c.Removed))
	if err != nil {
		return nil, err
	}
	if c.External == "" {
		return nil, invalid("external", "is empty: it is what the VLE calls the course")
	}
	if err := p.mayWrite(c); err != nil {
		return nil, err
	}
	facts := changed(p, c)
	switch {
	case len(facts) == 0:
		return nil, nil
	case !c.Removed.IsZero():
		return facts, p.checkPointedAt(c.Key())
	}
	if v, ok := Get[VLE](p.d, string(c.VLE)); !ok || !v.Removed.IsZero() {
		return nil, invalid("vle", "there is no VLE %q; define it first", c.VLE)
	}
	old, ok := Get[Course](p.d, string(c.ID))
	if ok && old.VLE != c.VLE {
		return nil, invalid("vle", "course %s is one of %s and stays there", c.ID, old.VLE)
	}
	if other, ok := p.d.CourseByExternal(c.VLE, c.External); ok && other.ID != c.ID {
		return nil, conflict("%s of %s is course %s already", c.External, c.VLE, other.ID)
	}
	if old.External == c.External {
		return facts, nil
	}
	return facts, p.mayPoint(c.ID)
}

// checkPointedAt refuses to remove what something still points at.
func (p *planner) checkPointedAt(k Key) error {
	if k.Entity == EntityVLE {
		for c := range All[Course](p.d) {
			if string(c.VLE) == k.ID && c.Removed.IsZero() {
				return conflict("%s holds course %s; remove its courses first", k.ID, c.External)
			}
		}
	}
	if k.Entity == EntityCourse {
		for _, r := range p.d.RequirementsFor(ID(k.ID)) {
			return conflict("%s asks for it, as %s; remove that first", r.Badge, r.Slug)
		}
	}
	return nil
}

func (in LinkIdentity) what() string {
	return "link member " + string(in.Identity.Member) + " to their user of " + string(in.Identity.VLE)
}

func (in UnlinkIdentity) what() string {
	return "unlink member " + string(in.Member) + " from " + string(in.VLE)
}

func (in LinkIdentity) plan(p *planner) ([]Fact, error) {
	i := tidy(Identity{VLE: in.Identity.VLE, Member: in.Identity.Member, External: in.Identity.External, LinkedBy: p.by.String(), Linked: p.now})
	if err := check(checkSlug("vle", i.VLE), checkLine("external", i.External, 255)); err != nil {
		return nil, err
	}
	if i.External == "" {
		return nil, invalid("external", "is empty: it is what the VLE calls the member")
	}
	at := personPath(i.Member)
	if err := check(p.notSelf(i.Member, rightManage, at, "nobody says by themselves who they are elsewhere"), p.mayWrite(i)); err != nil {
		return nil, err
	}
	if _, err := p.member(i.Member); err != nil {
		return nil, err
	}
	if v, ok := Get[VLE](p.d, string(i.VLE)); !ok || !v.Removed.IsZero() {
		return nil, invalid("vle", "there is no VLE %q; define it first", i.VLE)
	}
	if other, ok := p.d.IdentityByUser(i.VLE, i.External); ok {
		if other.Member == i.Member {
			return nil, nil
		}
		return nil, conflict("that user of %s is somebody else already; unlink them first", i.VLE)
	}
	return []Fact{i}, nil
}

func (in UnlinkIdentity) plan(p *planner) ([]Fact, error) {
	return end(p, Identity{VLE: in.VLE, Member: in.Member}.Key().ID, identityEnd)
}

// mayEarn is mayWrite for what badges are earned with.
func (p *planner) mayEarn(f Fact) error {
	switch f := f.(type) {
	case Requirement:
		return p.mayShape(f.Badge)
	case VLE, Course:
		return p.mayOn(rightManage, "/admin")
	case Identity:
		return p.mayOn(rightManage, personPath(f.Member))
	case Result:
		return p.mayAward(f.Badge)
	case SignoffRequest:
		return p.mayAward(f.Badge)
	}
	return invalid("entity", "%T is no fact that is written by a plan", f)
}
