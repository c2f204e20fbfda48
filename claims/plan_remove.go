package claims

import (
	"time"
)

// Remove ends a thing and takes nothing away, since yesterday's decisions
// leaned on it. Tags, types, kinds, roles, applications, members and settings
// have no end: what names them is removed instead.

func (in Remove) what() string { return "remove " + in.Key.words() }

func (in Remove) plan(p *planner) ([]Fact, error) {
	if err := checkText("reason", in.Reason, 4000); err != nil {
		return nil, err
	}
	id := in.Key.ID
	switch in.Key.Entity {
	case EntityBadge:
		return end(p, id, func(f *Badge) *time.Time { return &f.Retired })
	case EntityOpening:
		return end(p, id, func(f *Opening) *time.Time { return &f.Closed })
	case EntityObject:
		return end(p, id, func(f *Object) *time.Time { return &f.Archived })
	case EntityOverride:
		return end(p, id, func(f *Override) *time.Time { return &f.Removed })
	case EntityLocation:
		return end(p, id, func(f *Location) *time.Time { return &f.Archived })
	case EntityRight:
		return end(p, id, func(f *Right) *time.Time { return &f.Removed })
	case EntityClient:
		return end(p, id, func(f *Client) *time.Time { return &f.Disabled })
	case EntityDevice:
		return end(p, id, func(f *Device) *time.Time { return &f.Removed })
	case EntityAccessPoint:
		return end(p, id, func(f *AccessPoint) *time.Time { return &f.Removed })
	case EntityAlias:
		return end(p, id, func(f *Alias) *time.Time { return &f.Removed })
	case EntityNetwork:
		return end(p, id, func(f *Network) *time.Time { return &f.Removed })
	}
	return in.fromLife(p)
}

// fromLife is plan for what members have and what is granted.
func (in Remove) fromLife(p *planner) ([]Fact, error) {
	id := in.Key.ID
	switch in.Key.Entity {
	case EntityGrant:
		return end(p, id, func(f *Grant) *time.Time { return &f.Removed })
	case EntityGate:
		return end(p, id, func(f *Gate) *time.Time { return &f.Removed })
	case EntityWaiver:
		return end(p, id, func(f *Waiver) *time.Time { return &f.Removed })
	case EntityAffiliation:
		return end(p, id, func(f *Affiliation) *time.Time { return &f.Removed })
	case EntityAssignment:
		return end(p, id, func(f *Assignment) *time.Time { f.RemovedBy = p.by.String(); return &f.Removed })
	case EntityAward:
		return in.award(p)
	case EntityLockdown:
		return Lift{ID(id)}.plan(p)
	case EntityWiFiPass:
		return RevokePass{ID(id)}.plan(p)
	case EntityCredential:
		return SetCredential{ID(id), CredentialRevoked}.plan(p)
	}
	return in.fromEarning(p)
}

// award takes one award away, and those that gave way and might count again
// if a period were moved.
func (in Remove) award(p *planner) ([]Fact, error) {
	facts, err := end(p, in.Key.ID, func(f *Award) *time.Time {
		f.RevokedBy, f.RevokeReason = p.by.String(), in.Reason
		return &f.Revoked
	})
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	gone := facts[0].(Award)
	for _, a := range p.d.AwardsOf(gone.Member) {
		if a.Badge == gone.Badge && a.ID != gone.ID && a.SupersededBy != "" && !p.lastingFact(a) && p.counts(a) {
			facts = append(facts, p.revoked(a, in.Reason))
		}
	}
	return facts, nil
}

// fromEarning is plan for what badges are earned with.
func (in Remove) fromEarning(p *planner) ([]Fact, error) {
	id := in.Key.ID
	switch in.Key.Entity {
	case EntityRequirement:
		return end(p, id, func(f *Requirement) *time.Time { return &f.Removed })
	case EntityResult:
		return end(p, id, func(f *Result) *time.Time { return &f.Removed })
	case EntityIdentity:
		return end(p, id, identityEnd)
	case EntityVLE:
		return end(p, id, func(f *VLE) *time.Time { return &f.Removed })
	case EntityCourse:
		return end(p, id, func(f *Course) *time.Time { return &f.Removed })
	}
	return nil, p.noEnd(in.Key)
}

func identityEnd(f *Identity) *time.Time { return &f.Removed }

// end stamps a fact with now where its end is kept, unless it has ended.
func end[T Fact](p *planner, id string, when func(*T) *time.Time) ([]Fact, error) {
	f, err := need[T](p, string((*new(T)).Key().Entity), id)
	if err != nil {
		return nil, err
	}
	before := f
	ended := when(&f)
	if !ended.IsZero() {
		return nil, p.mayWrite(before)
	}
	*ended = p.now
	if err := p.mayWrite(f); err != nil {
		return nil, err
	}
	if err := p.checkEnd(f); err != nil {
		return nil, err
	}
	return []Fact{f}, nil
}

// checkEnd keeps what the core cannot do without.
func (p *planner) checkEnd(f Fact) error {
	switch f := f.(type) {
	case Location:
		if coreOwn(f) {
			return invalid("location", "%s is the core's own and stays", p.d.PathOf(f.ID))
		}
	case Right:
		if reserved(f.Slug) && f.Slug != rightJoin {
			return invalid("right", "%s is the core's and stays", f.Slug)
		}
	case VLE, Course:
		return p.checkPointedAt(f.Key())
	}
	return nil
}

// noEnd says what to do instead with an entity that has no end.
func (p *planner) noEnd(k Key) error {
	switch k.Entity {
	case EntityTag:
		assigned, granted := p.tagUses(Slug(k.ID))
		return invalid("entity", "a tag stays defined: unassign %s (%d have it) and remove the grants that name it (%d do)", k.ID, assigned, granted)
	case EntityRole:
		return invalid("entity", "a role stays defined: remove the grants that give it")
	case EntityType, EntityKind:
		return invalid("entity", "types and kinds stay defined: end the affiliations and remove the grants that name them")
	case EntityPeriod:
		return invalid("entity", "a period stays defined: set its end")
	case EntityApplication:
		return invalid("entity", "an application stays defined: archive its root")
	case EntityMember:
		return invalid("entity", "an account stays: set the member's state to left, bar them, or erase them")
	}
	if k.Entity == EntitySignoff {
		return invalid("entity", "a request for a sign-off is answered, or expires")
	}
	return invalid("entity", "%q is nothing that can be removed", k.Entity)
}

// tagUses counts what a tag still does.
func (p *planner) tagUses(tag Slug) (assigned, granted int) {
	for a := range All[Assignment](p.d) {
		if a.Tag == tag && p.lasting(a.End()) {
			assigned++
		}
	}
	for g := range All[Grant](p.d) {
		if g.Subject.Kind == SubjectTag && g.Subject.ID == string(tag) && p.lasting(g.End()) {
			granted++
		}
	}
	return assigned, granted
}
