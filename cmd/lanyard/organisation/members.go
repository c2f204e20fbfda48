package organisation

import (
	"fmt"

	"lanyard/claims"
)

func (b *builder) members() {
	seen := map[string]int{}
	for i, m := range b.f.Members {
		key := b.once(seen, "members", i, "username", m.Username)
		name, err := claims.ParseUsername(m.Username)
		if m.Username == "" || !b.check(key+".username", err) {
			continue
		}
		if m.State != "" {
			_, err := ParseStored(m.State)
			b.check(key+".state", err)
		}
		if have, ok := b.d.MemberByUsername(name); ok {
			b.people[name] = have.ID
			b.edit(key, m, have)
			b.profile(key, m, have.ID)
			continue
		}
		want := claims.Member{
			ID: claims.MemberID(b.env.NewID()), Sub: b.env.Random(16), Username: name, Name: m.Name, GivenName: m.GivenName,
			FamilyName: m.FamilyName, Locale: m.Locale, Email: m.Email, EmailOK: m.EmailOK,
			State: claims.State(or(m.State, string(claims.StateActive))), SetBy: "import", Since: b.date(key+".since", m.Since),
			PaidUntil: b.date(key+".paid_until", m.PaidUntil), GraceUntil: b.date(key+".grace_until", m.GraceUntil),
		}
		b.people[name] = want.ID
		b.add(key, claims.AddMember{Member: want})
		b.profile(key, m, want.ID)
	}
}

// edit plans what differs of a member who is there; what the file leaves out
// stays.
func (b *builder) edit(key string, m Member, have claims.Member) {
	want := have
	want.Name, want.GivenName = or(m.Name, have.Name), or(m.GivenName, have.GivenName)
	want.FamilyName, want.Locale = or(m.FamilyName, have.FamilyName), or(m.Locale, have.Locale)
	want.Email, want.EmailOK = or(m.Email, have.Email), m.EmailOK || have.EmailOK && or(m.Email, have.Email) == have.Email
	if !Same(want, have) {
		b.add(key, claims.EditMember{Member: want})
	}
	if s := claims.State(m.State); s != "" && s != have.State {
		b.add(key+".state", claims.SetState{Member: have.ID, State: s, By: "import"})
	}
	paid, grace := b.date(key+".paid_until", m.PaidUntil), b.date(key+".grace_until", m.GraceUntil)
	set := claims.SetPaid{Member: have.ID, PaidUntil: or(paid, have.PaidUntil), GraceUntil: or(grace, have.GraceUntil)}
	if !set.PaidUntil.Equal(have.PaidUntil) || !set.GraceUntil.Equal(have.GraceUntil) {
		b.add(key+".paid_until", set)
	}
}

// memberFacts plans what members hold, once everything they may hold is there.
func (b *builder) memberFacts() {
	for i, m := range b.f.Members {
		id, ok := b.member(m.Username)
		if m.Username == "" || !ok {
			continue
		}
		key := fmt.Sprintf("members[%d]", i)
		b.each(key+".tags", m.Tags, func(key string, g given) { b.tag(key, m.Username, id, g) })
		b.each(key+".badges", m.Badges, func(key string, g given) { b.award(key, m.Username, id, g) })
		b.each(key+".affiliations", m.Affiliations, func(key string, g given) { b.affiliation(key, m.Username, id, g) })
		for j, text := range m.Cards {
			b.card(fmt.Sprintf("%s.cards[%d]", key, j), m.Username, id, text)
		}
	}
}

// each reads a list of facts with dates and hands on those that are not over.
func (b *builder) each(key string, texts []string, do func(string, given)) {
	for i, text := range texts {
		at := fmt.Sprintf("%s[%d]", key, i)
		g, ok := b.given(at, text)
		if ok && (g.ends.IsZero() || b.env.Now.Before(g.ends)) && !b.over(g.period) {
			do(at, g)
		}
	}
}

// over tells whether a period has ended; one that is not known has not.
func (b *builder) over(period claims.Slug) bool {
	for _, p := range b.f.Periods {
		if p.Slug == string(period) {
			ends := b.date("periods", p.Ends)
			return !ends.IsZero() && !b.env.Now.Before(ends)
		}
	}
	p, ok := claims.Get[claims.Period](b.d, string(period))
	return ok && !b.env.Now.Before(p.Ends)
}

func (b *builder) tag(key, who string, id claims.MemberID, g given) {
	want := claims.Assignment{
		ID: claims.ID(b.env.NewID()), Tag: b.slug(key, g.what), Target: claims.TargetMember, TargetID: string(id), Starts: g.starts, Expires: g.ends, Period: g.period,
	}
	removed := false
	for _, a := range b.d.AssignmentsOf(id) {
		if a.Tag != want.Tag || a.Period != want.Period {
			continue
		}
		if a.Removed.IsZero() && (a.Expires.IsZero() || !want.Expires.IsZero() && !a.Expires.Before(want.Expires)) {
			return
		}
		removed = removed || !a.Removed.IsZero()
	}
	if removed {
		b.note("%s does not get the tag %s back: it was taken off by hand (lanyard tag assign gives it again)", who, g.what)
		return
	}
	b.add(key, claims.Assign{Assignment: want})
}

// award gives a badge for the first time, or renews one that ends earlier.
func (b *builder) award(key, who string, id claims.MemberID, g given) {
	badge := b.slug(key, g.what)
	for _, a := range b.d.AwardsOf(id) {
		switch {
		case a.Badge != badge || a.Period != g.period && a.Revoked.IsZero():
			continue
		case !a.Revoked.IsZero():
			b.note("%s does not get the badge %s back: it was revoked (lanyard award gives it again)", who, g.what)
			return
		case g.ends.IsZero() || a.Expires.IsZero() || !a.Expires.Before(g.ends):
			return
		}
	}
	b.add(key, claims.GiveAward{Award: claims.Award{
		ID: claims.ID(b.env.NewID()), Badge: badge, Member: id, On: g.starts, Expires: g.ends, Period: g.period, Method: claims.MethodImport,
	}})
}

func (b *builder) affiliation(key, who string, id claims.MemberID, g given) {
	object, kind, ok := cutKind(g.what)
	if !ok {
		b.fault(key, "%q: write OBJECT#KIND, as delft#board", g.what)
		return
	}
	want := claims.Affiliation{
		ID: claims.ID(b.env.NewID()), Member: id, Object: b.slug(key, object), Kind: b.slug(key, kind), Starts: g.starts, Ends: g.ends, Period: g.period,
	}
	removed := false
	for _, a := range b.d.AffiliationsOf(id) {
		if a.Object != want.Object || a.Kind != want.Kind || a.Period != want.Period {
			continue
		}
		if a.Removed.IsZero() && (a.Ends.IsZero() || !want.Ends.IsZero() && !a.Ends.Before(want.Ends)) {
			return
		}
		removed = removed || !a.Removed.IsZero()
	}
	if removed {
		b.note("%s does not become %s again: that was ended by hand (lanyard affiliation add gives it again)", who, g.what)
		return
	}
	b.add(key, claims.Affiliate{Affiliation: want})
}

func (b *builder) card(key, who string, id claims.MemberID, text string) {
	plain, err := b.env.ParseCard(text, "")
	if !b.check(key, err) {
		return
	}
	lookup := b.env.Ring.CardLookup(plain)
	if have, ok := b.d.CredentialByLookup(lookup); ok && have.Member == id {
		if have.Status != claims.CredentialActive {
			b.note("a card of %s stays %s, as it was reported by hand (lanyard card found brings it back)", who, have.Status)
		}
		return
	}
	credential, err := NewCard(b.env, id, plain, "")
	if b.check(key, err) {
		b.add(key, claims.BindCredential{Credential: credential})
	}
}

// NewCard returns a card of a member: plain is as keys.ParseCard returns it.
func NewCard(env Env, member claims.MemberID, plain, label string) (claims.Credential, error) {
	c := claims.Credential{
		ID: claims.ID(env.NewID()), Member: member, Kind: "uid", Label: label, Lookup: env.Ring.CardLookup(plain),
		Status: claims.CredentialActive, Added: env.Now,
	}
	sealed, err := env.Ring.Seal("credential", string(c.ID), "sealed", []byte(plain))
	if err != nil {
		return claims.Credential{}, fmt.Errorf("seal a card: %w", err)
	}
	c.Sealed = sealed
	return c, nil
}
