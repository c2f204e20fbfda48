package organisation

import (
	"fmt"
	"slices"
	"strings"

	"lanyard/claims"
)

func (b *builder) settings() {
	s := b.f.Settings
	want := b.d.Settings()
	want.Name = or(s.Name, want.Name)
	if s.MembershipFrom != "" {
		want.MembershipFrom = claims.MembershipFrom{}
	}
	if s.MembershipFrom != "" && s.MembershipFrom != "billing" {
		typ, kind, ok := strings.Cut(s.MembershipFrom, "#")
		if !ok {
			b.fault("settings.membership_from", "%q: write billing or TYPE#KIND, as body#member", s.MembershipFrom)
		}
		want.MembershipFrom = claims.MembershipFrom{
			Type: b.slug("settings.membership_from", typ), Kind: b.slug("settings.membership_from", kind),
		}
	}
	if !Same(want, b.d.Settings()) {
		b.add("settings", claims.Define{Fact: want})
	}
}

func (b *builder) tags() {
	seen := map[string]int{}
	for i, t := range b.f.Tags {
		key := b.once(seen, "tags", i, "slug", t.Slug)
		want := claims.Tag{
			Slug: b.slug(key+".slug", t.Slug), Label: t.Label, Description: t.Description, InClaims: unless(t.InClaims, true),
		}
		for j, text := range t.Targets {
			target := claims.Target(text)
			if !slices.Contains([]claims.Target{claims.TargetMember, claims.TargetDevice, claims.TargetLocation}, target) {
				b.fault(fmt.Sprintf("%s.targets[%d]", key, j), "%q is none of member, device, location", text)
			}
			want.Targets = append(want.Targets, target)
		}
		define(b, key, want)
	}
}

func (b *builder) periods() {
	seen := map[string]int{}
	for i, p := range b.f.Periods {
		key := b.once(seen, "periods", i, "slug", p.Slug)
		define(b, key, claims.Period{
			Slug: b.slug(key+".slug", p.Slug), Label: p.Label, Kind: claims.PeriodKind(or(p.Kind, string(claims.PeriodYear))),
			Starts: b.date(key+".starts", p.Starts), Ends: b.date(key+".ends", p.Ends), Current: p.Current,
		})
	}
}

func (b *builder) types() {
	seen := map[string]int{}
	for i, t := range b.f.Types {
		key := b.once(seen, "types", i, "slug", t.Slug)
		typ := b.slug(key+".slug", t.Slug)
		define(b, key, claims.ObjectType{Slug: typ, Label: t.Label, Extends: b.slug(key+".extends", t.Extends)})
		root := t.Extends == "" && !slices.ContainsFunc(t.Kinds, func(k Kind) bool { return k.Slug == string(claims.RootKind) })
		if root {
			if _, ok := claims.Get[claims.Kind](b.d, t.Slug+"."+string(claims.RootKind)); !ok {
				b.add(key, claims.Define{Fact: claims.Kind{Type: typ, Slug: claims.RootKind}})
			}
		}
		kinds := map[string]int{}
		for j, k := range t.Kinds {
			kkey := b.once(kinds, key+".kinds", j, "slug", k.Slug)
			want := claims.Kind{Type: typ, Slug: b.slug(kkey+".slug", k.Slug), Label: k.Label}
			if want.Slug != claims.RootKind {
				want.Parent = or(b.slug(kkey+".parent", k.Parent), claims.RootKind)
			}
			define(b, kkey, want)
		}
	}
}

func (b *builder) objects() {
	seen := map[string]int{}
	for i, o := range b.f.Objects {
		key := b.once(seen, "objects", i, "slug", o.Slug)
		if o.Type == "" {
			b.fault(key, "needs a type")
		}
		want := claims.Object{Slug: b.slug(key+".slug", o.Slug), Type: b.slug(key+".type", o.Type), Name: o.Name}
		if have, ok := claims.Get[claims.Object](b.d, o.Slug); ok {
			want.Archived = have.Archived
		}
		define(b, key, want)
	}
}

func (b *builder) overrides() {
	for i, o := range b.f.Objects {
		if o.Override == nil {
			continue
		}
		key := fmt.Sprintf("objects[%d].override", i)
		if o.Override.Kind == "" {
			b.fault(key, "needs a kind")
		}
		define(b, key, claims.Override{
			Object: claims.Slug(o.Slug), Kind: b.slug(key+".kind", o.Override.Kind), Rights: b.slugs(key+".rights", o.Override.Rights),
		})
	}
}
