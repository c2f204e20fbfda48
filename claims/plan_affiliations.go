package claims

import "fmt"

// Affiliations: a kind held in one object. An archived object takes no new
// ones; those it has run on until they end.

func (in Affiliate) what() string {
	a := in.Affiliation
	return fmt.Sprintf("affiliate member %s as %s of %s", a.Member, a.Kind, a.Object)
}

func (in EndAffiliation) what() string {
	return fmt.Sprintf("end member %s as %s of %s", in.Member, in.Kind, in.Object)
}

func (in Affiliate) plan(p *planner) ([]Fact, error) {
	a := tidy(Affiliation{ID: in.Affiliation.ID, Member: in.Affiliation.Member, Object: in.Affiliation.Object, Kind: in.Affiliation.Kind,
		Title: in.Affiliation.Title, Starts: in.Affiliation.Starts, Ends: in.Affiliation.Ends, Period: in.Affiliation.Period, GrantedBy: p.by.String()})
	err := check(checkID("id", string(a.ID)), checkSlug("object", a.Object), checkSlug("kind", a.Kind), checkLine("title", a.Title, 200))
	if err != nil {
		return nil, err
	}
	if err := p.mayWrite(a); err != nil {
		return nil, err
	}
	o, err := need[Object](p, "object", string(a.Object))
	if err != nil {
		return nil, err
	}
	if !p.hasKind(o.Type, a.Kind) {
		return nil, invalid("kind", "there is no kind %q in type %s", a.Kind, o.Type)
	}
	if _, err := p.member(a.Member); err != nil {
		return nil, err
	}
	if err := check(p.checkSpan("starts", a.Starts, "ends", a.Ends), p.checkPeriod(a.Period, a)); err != nil {
		return nil, err
	}
	return p.newAffiliation(a, o)
}

func (p *planner) newAffiliation(a Affiliation, o Object) ([]Fact, error) {
	if old, ok := Get[Affiliation](p.d, string(a.ID)); ok {
		if old.Member == a.Member && old.Object == a.Object && old.Kind == a.Kind {
			return nil, nil
		}
		return nil, conflict("affiliation %s is another's", a.ID)
	}
	for _, old := range p.affiliations(a.Member, a.Object, a.Kind) {
		if !p.covered(old, a) {
			continue
		}
		if a.Title != "" {
			old.Title = a.Title
		}
		return changed(p, old), nil
	}
	if !o.Archived.IsZero() {
		return nil, conflict("%s is archived and takes nothing new", o.Slug)
	}
	return []Fact{a}, nil
}

// affiliations returns those of one member, object and kind that have not
// ended by themselves, whatever period they are bound to: it may be moved.
func (p *planner) affiliations(m MemberID, object, kind Slug) []Affiliation {
	var live []Affiliation
	for _, a := range p.d.AffiliationsOf(m) {
		if a.Object == object && a.Kind == kind && p.lasting(a.End()) {
			live = append(live, a)
		}
	}
	return live
}

func (in EndAffiliation) plan(p *planner) ([]Fact, error) {
	if err := check(checkSlug("object", in.Object), checkSlug("kind", in.Kind)); err != nil {
		return nil, err
	}
	if err := p.mayAffiliate(in.Object, in.Kind); err != nil {
		return nil, err
	}
	if _, err := need[Object](p, "object", string(in.Object)); err != nil {
		return nil, err
	}
	if _, err := need[Member](p, "member", string(in.Member)); err != nil {
		return nil, err
	}
	var facts []Fact
	for _, a := range p.affiliations(in.Member, in.Object, in.Kind) {
		a.Removed = p.now
		facts = append(facts, tidy(a))
	}
	return facts, nil
}
