package organisation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lanyard/claims"
)

func (b *builder) rights() {
	for i, r := range b.f.Rights {
		key := fmt.Sprintf("rights[%d]", i)
		if r.Right == "" {
			b.fault(key, "needs a right")
			continue
		}
		at, ok := b.place(key+".at", r.At)
		if !ok {
			continue
		}
		define(b, key, claims.Right{
			At: at, Slug: b.slug(key+".right", r.Right), Description: r.Description, States: b.states(key+".states", r.States),
			NotPhysical: !unless(r.Physical, true), Egress: r.Egress, Public: r.Public, ACR: r.ACR,
		})
	}
}

func (b *builder) roles() {
	seen := map[string]int{}
	for i, r := range b.f.Roles {
		key := b.once(seen, "roles", i, "slug", r.Slug)
		app, ok := b.place(key+".app", r.App)
		if !ok {
			continue
		}
		define(b, key, claims.Role{
			Slug: b.slug(key+".slug", r.Slug), App: app, Label: r.Label, Metadata: maps.Clone(r.Metadata),
			Rights: b.slugs(key+".rights", r.Rights), AllBut: r.AllBut,
		})
	}
}

func (b *builder) grants() {
	for i, g := range b.f.Grants {
		key := fmt.Sprintf("grants[%d]", i)
		want, ok := b.grant(key, g)
		if ok && !b.stands(want) {
			b.add(key, claims.AddGrant{Grant: want})
		}
	}
}

func (b *builder) grant(key string, g Grant) (claims.Grant, bool) {
	before := len(b.bad)
	if (g.Right == "") == (g.Role == "") {
		b.fault(key, "needs a right or a role, one of them")
	}
	want := claims.Grant{
		ID: claims.ID(b.env.NewID()), Right: b.slug(key+".right", g.Right), Role: b.slug(key+".role", g.Role),
		Subject: b.subject(key+".to", g.To), Effect: claims.Allow, Reason: g.Reason,
		Starts: b.date(key+".starts", g.Starts), Expires: b.date(key+".expires", g.Expires), Period: b.slug(key+".period", g.Period),
	}
	if g.Deny {
		want.Effect = claims.Deny
	}
	if g.Window != "" {
		w, err := claims.ParseWindow(g.Window)
		b.check(key+".window", err)
		want.Window = w
	}
	want.At, _ = b.place(key+".at", g.At)
	return want, len(b.bad) == before
}

// stands tells whether a live grant says the same already, or the grant is
// over and would say nothing.
func (b *builder) stands(want claims.Grant) bool {
	if !want.Expires.IsZero() && !b.env.Now.Before(want.Expires) || b.over(want.Period) {
		return true
	}
	return slices.ContainsFunc(b.d.GrantsAt(want.At), func(g claims.Grant) bool {
		live := g.Removed.IsZero() && (g.Expires.IsZero() || b.env.Now.Before(g.Expires))
		return live && AlikeGrant(g, want)
	})
}

// AlikeGrant tells whether two grants do the same, whoever made them and why.
func AlikeGrant(a, b claims.Grant) bool {
	return a.At == b.At && a.Subject == b.Subject && a.Right == b.Right && a.Role == b.Role && a.Effect == b.Effect && a.Period == b.Period &&
		a.Starts.Equal(b.Starts) && a.Expires.Equal(b.Expires) && alikeWindow(a.Window, b.Window)
}

func alikeWindow(a, b *claims.Window) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.From == b.From && a.To == b.To && a.Zone == b.Zone && slices.Equal(a.Days, b.Days)
}

func (b *builder) gates() {
	for i, g := range b.f.Gates {
		key := fmt.Sprintf("gates[%d]", i)
		if len(g.AnyOf) == 0 {
			b.fault(key, "needs any_of: the badges of which one is enough")
		}
		at, ok := b.place(key+".at", g.At)
		want := claims.Gate{
			ID: claims.ID(b.env.NewID()), At: at, Right: b.slug(key+".right", g.Right), AnyOf: b.slugs(key+".any_of", g.AnyOf), Reason: g.Reason,
		}
		there := slices.ContainsFunc(b.d.GatesAt(at), func(h claims.Gate) bool {
			return h.Removed.IsZero() && h.Right == want.Right && slices.Equal(h.AnyOf, want.AnyOf)
		})
		if ok && !there {
			b.add(key, claims.AddGate{Gate: want})
		}
	}
}

// subject reads a subject; user: may be followed by a username.
func (b *builder) subject(key, text string) claims.Subject {
	if name, ok := strings.CutPrefix(text, "user:"); ok {
		id, found := b.member(name)
		if !found {
			b.fault(key, "there is no member %s", name)
			return claims.Subject{}
		}
		return claims.Subject{Kind: claims.SubjectUser, ID: string(id)}
	}
	s, err := claims.ParseSubject(text)
	b.check(key, err)
	return s
}

// member returns the member of that username or id.
func (b *builder) member(name string) (claims.MemberID, bool) {
	if id, ok := b.people[strings.ToLower(name)]; ok {
		return id, true
	}
	if m, ok := b.d.MemberByUsername(name); ok {
		return m.ID, true
	}
	m, ok := claims.Get[claims.Member](b.d, name)
	return m.ID, ok
}
