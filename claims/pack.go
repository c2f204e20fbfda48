package claims

// Awards, affiliations and the tags put on members are by far the most facts
// there are, so they are kept in less room than their types take: ids in 16
// bytes, words as numbers, instants as ticks, and apart what few of them have.

// packed is such a fact.
type packed struct {
	id           uid
	what         sym // badge, tag or object
	kind         sym // of an affiliation; of an award its method
	by           sym // who gave it
	period       sym
	given        tick
	starts, ends tick      // as planned: starts is always zero for an award, which counts from given on
	rest         *packRest // nil: nothing of it
}

// packRest is what few of these facts have.
type packRest struct {
	ended    tick // removed or revoked
	endedBy  sym
	reason   string
	evidence string // of an award; of an affiliation its title
	next     ID     // of an award: the one that supersedes it
}

func (r packRest) kept() *packRest {
	if r == (packRest{ended: never}) {
		return nil
	}
	return &r
}

// more returns the rest, also if there is none.
func (p *packed) more() packRest {
	if p.rest == nil {
		return packRest{ended: never}
	}
	return *p.rest
}

// until is when it ends by plan or by removal.
func (p *packed) until() tick {
	if p.rest == nil {
		return p.ends
	}
	return min(p.ends, p.rest.ended)
}

func (b builder) packAward(a Award) packed {
	return packed{
		id: uidOf(b, a.ID), what: symOf(b, a.Badge), by: symOf(b, a.AwardedBy), kind: symOf(b, a.Method), period: symOf(b, a.Period),
		given: startOf(a.On), starts: always, ends: endOf(a.Expires),
		rest: packRest{endOf(a.Revoked), symOf(b, a.RevokedBy), a.RevokeReason, a.Evidence, a.SupersededBy}.kept(),
	}
}

func (d *Directory) unpackAward(m MemberID, p *packed) Award {
	r := p.more()
	return Award{
		ID: ID(d.idText(p.id)), Badge: Slug(d.spelled(p.what)), Member: m, AwardedBy: d.spelled(p.by), On: p.given.time(), Period: Slug(d.spelled(p.period)),
		Expires: p.ends.time(), Revoked: r.ended.time(), RevokedBy: d.spelled(r.endedBy), RevokeReason: r.reason,
		SupersededBy: r.next, Evidence: r.evidence, Method: AwardMethod(d.spelled(p.kind)),
	}
}

func (b builder) packAssignment(a Assignment) packed {
	return packed{
		id: uidOf(b, a.ID), what: symOf(b, a.Tag), by: symOf(b, a.AssignedBy), period: symOf(b, a.Period),
		given: startOf(a.AssignedAt), starts: startOf(a.Starts), ends: endOf(a.Expires),
		rest: packRest{ended: endOf(a.Removed), endedBy: symOf(b, a.RemovedBy)}.kept(),
	}
}

func (d *Directory) unpackAssignment(m MemberID, p *packed) Assignment {
	r := p.more()
	return Assignment{
		ID: ID(d.idText(p.id)), Tag: Slug(d.spelled(p.what)), Target: TargetMember, TargetID: string(m), AssignedBy: d.spelled(p.by), Period: Slug(d.spelled(p.period)),
		AssignedAt: p.given.time(), Starts: p.starts.time(), Expires: p.ends.time(), Removed: r.ended.time(), RemovedBy: d.spelled(r.endedBy),
	}
}

func (b builder) packAffiliation(a Affiliation) packed {
	return packed{
		id: uidOf(b, a.ID), what: symOf(b, a.Object), kind: symOf(b, a.Kind), by: symOf(b, a.GrantedBy), period: symOf(b, a.Period),
		given: always, starts: startOf(a.Starts), ends: endOf(a.Ends),
		rest: packRest{ended: endOf(a.Removed), evidence: a.Title}.kept(),
	}
}

func (d *Directory) unpackAffiliation(m MemberID, p *packed) Affiliation {
	r := p.more()
	return Affiliation{
		ID: ID(d.idText(p.id)), Member: m, Object: Slug(d.spelled(p.what)), Kind: Slug(d.spelled(p.kind)), Title: r.evidence,
		GrantedBy: d.spelled(p.by), Period: Slug(d.spelled(p.period)), Starts: p.starts.time(), Ends: p.ends.time(), Removed: r.ended.time(),
	}
}

// packedMember is a Member with what few of them have apart.
type packedMember struct {
	sub, username, name, given, family, email string
	locale, setBy                             sym
	since, paid, grace                        tick
	state                                     stateCode
	emailOK                                   bool
	rest                                      *Member // not nil: all of it
}

func (b builder) packMember(m Member) packedMember {
	p := packedMember{
		sub: m.Sub, username: m.Username, name: m.Name, given: m.GivenName, family: m.FamilyName, email: m.Email,
		locale: symOf(b, m.Locale), setBy: symOf(b, m.SetBy), since: endOf(m.Since), paid: endOf(m.PaidUntil), grace: endOf(m.GraceUntil),
		state: codeOf(m.State), emailOK: m.EmailOK,
	}
	if p.state == oddState || len(m.Former) > 0 || m.BarredBy != "" || m.BarReason != "" || !m.BarredAt.IsZero() || !m.ErasedAt.IsZero() {
		p.rest = &m
	}
	return p
}

func (d *Directory) unpackMember(id MemberID, p *packedMember) Member {
	if p.rest != nil {
		return *p.rest
	}
	return Member{
		ID: id, Sub: p.sub, Username: p.username, Name: p.name, GivenName: p.given, FamilyName: p.family, Locale: d.spelled(p.locale),
		Email: p.email, EmailOK: p.emailOK, State: States[p.state], SetBy: d.spelled(p.setBy),
		Since: p.since.time(), PaidUntil: p.paid.time(), GraceUntil: p.grace.time(),
	}
}
