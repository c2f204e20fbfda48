package apps

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"lanyard/claims"
)

// readRights reads the declarations. The core's rights are none of an
// application's.
func (b *builder) readRights() error {
	type declared struct {
		at   claims.Path
		slug claims.Slug
	}
	first := map[declared]int{}
	for i, r := range b.doc.Rights {
		key := fmt.Sprintf("rights[%d]", i)
		slug, err := slug(r.Right)
		if err != nil {
			return at(key+".right", err)
		}
		if claims.ReservedRight(slug) {
			return at(key+".right", &claims.Invalid{Problem: fmt.Sprintf("%s is reserved to the core; choose another name", slug)})
		}
		where, err := b.where(r.At)
		if err != nil {
			return at(key+".at", err)
		}
		if before, twice := first[declared{where, slug}]; twice {
			return at(key+".right", &claims.Invalid{Problem: fmt.Sprintf("%s at %s stands there twice, first at rights[%d]", slug, where, before)})
		}
		first[declared{where, slug}] = i
		want := claims.Right{Slug: slug, Description: r.Description, NotPhysical: r.Physical != nil && !*r.Physical, Egress: r.Egress, Public: r.Public, ACR: r.ACR}
		for _, s := range r.States {
			want.States = append(want.States, claims.State(s))
		}
		b.named[where] = true
		b.rights = append(b.rights, right{want, key, where})
	}
	return nil
}

// where reads the place of a rule; the root if it names none.
func (b *builder) where(text string) (claims.Path, error) {
	if text == "" {
		return b.root, nil
	}
	return below(b.root, text)
}

// slug reads a name, which must be there.
func slug(text string) (claims.Slug, error) {
	s, err := claims.ParseSlug(text)
	if bad, ok := errors.AsType[*claims.Invalid](err); ok {
		return "", &claims.Invalid{Problem: bad.Problem}
	}
	return s, err
}

func (b *builder) readRoles() error {
	first := map[string]int{}
	for i, r := range b.doc.Roles {
		key := fmt.Sprintf("roles[%d]", i)
		if _, err := slug(r.Slug); err != nil {
			return at(key+".slug", err)
		}
		if before, twice := first[r.Slug]; twice {
			return at(key+".slug", &claims.Invalid{Problem: fmt.Sprintf("%s stands there twice, first at roles[%d]", r.Slug, before)})
		}
		first[r.Slug] = i
		for j, text := range r.Rights {
			s, err := slug(text)
			if err == nil && claims.ReservedRight(s) && !r.AllBut {
				err = &claims.Invalid{Problem: fmt.Sprintf("%s is the core's, and organisers hand it out", s)}
			}
			if err != nil {
				return at(fmt.Sprintf("%s.rights[%d]", key, j), err)
			}
		}
	}
	return nil
}

func (b *builder) readGrants() error {
	type of struct {
		at          claims.Path
		subject     claims.Subject
		right, role claims.Slug
	}
	first := map[of][]grant{}
	for i, g := range b.doc.Grants {
		key := fmt.Sprintf("grants[%d]", i)
		want, err := b.readGrant(key, g)
		if err != nil {
			return err
		}
		like := of{want.at, want.Subject, want.Right, want.Role}
		for _, other := range first[like] {
			if alike(other.Grant, want.Grant) {
				return at(key, &claims.Invalid{Problem: "says the same as " + other.key})
			}
		}
		first[like] = append(first[like], want)
		b.named[want.at] = true
		b.grants = append(b.grants, want)
	}
	return nil
}

func (b *builder) readGrant(key string, g Grant) (grant, error) {
	want := grant{key: key}
	var err error
	if want.at, err = b.where(g.At); err != nil {
		return want, at(key+".at", err)
	}
	if (g.Right == "") == (g.Role == "") {
		return want, at(key, &claims.Invalid{Problem: "needs a right or a role, one of them"})
	}
	if claims.ReservedRight(claims.Slug(g.Right)) {
		return want, at(key+".right", &claims.Invalid{Problem: fmt.Sprintf("%s is the core's, and organisers hand it out", g.Right)})
	}
	want.Grant = claims.Grant{Right: claims.Slug(g.Right), Role: claims.Slug(g.Role), Effect: claims.Allow, Period: claims.Slug(g.Period), Reason: g.Reason}
	if g.Deny {
		want.Effect = claims.Deny
	}
	if want.Subject, err = b.subject(g.To); err != nil {
		return want, at(key+".to", err)
	}
	if g.Window != "" {
		if want.Window, err = claims.ParseWindow(g.Window); err != nil {
			return want, at(key+".window", err)
		}
	}
	if want.Starts, err = instant(g.Starts); err != nil {
		return want, at(key+".starts", err)
	}
	if want.Expires, err = instant(g.Expires); err != nil {
		return want, at(key+".expires", err)
	}
	return want, nil
}

// subject reads a subject; user: is followed by a member's sub.
func (b *builder) subject(text string) (claims.Subject, error) {
	if text == "" {
		return claims.Subject{}, &claims.Invalid{Problem: "is missing: name a subject, as state:active or tag:SLUG"}
	}
	name, isUser := strings.CutPrefix(text, "user:")
	if !isUser {
		return claims.ParseSubject(text)
	}
	m, ok := b.o.Member(name)
	if !ok {
		return claims.Subject{}, &claims.Invalid{Problem: "names nobody: user: is followed by a member's sub"}
	}
	return claims.Subject{Kind: claims.SubjectUser, ID: string(m)}, nil
}

// instant reads an RFC 3339 instant; empty is the zero time.
func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, &claims.Invalid{Problem: "must be an instant, as 2026-12-31T18:00:00Z"}
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// alike tells whether two grants at one place say the same, whoever made them
// and why.
func alike(a, b claims.Grant) bool {
	return a.Subject == b.Subject && a.Right == b.Right && a.Role == b.Role && a.Effect == b.Effect && a.Period == b.Period &&
		a.Starts.Equal(b.Starts) && a.Expires.Equal(b.Expires) && reflect.DeepEqual(a.Window, b.Window)
}

// over tells whether a grant, or the period it is bound to, has ended.
func over(d *claims.Directory, g claims.Grant, now time.Time) bool {
	end := g.End()
	if p, ok := claims.Get[claims.Period](d, string(g.Period)); ok {
		end = claims.Earlier(end, p.Ends)
	}
	return !end.IsZero() && !now.Before(end)
}

func (b *builder) over(g claims.Grant) bool { return over(b.d, g, b.o.Now) }

// defineRules plans rights, roles and grants, whose places are there by now.
// All of an application's rights but some are never the core's.
func (b *builder) defineRules() {
	for _, r := range b.rights {
		r.At = b.place(r.key, r.at)
		b.draft.entries = append(b.draft.entries, entry{r.key, r.Key()})
		b.add(r.key, claims.Define{Fact: r.Right})
	}
	for i, r := range b.doc.Roles {
		want := claims.Role{Slug: claims.Slug(r.Slug), App: b.o.App.Root, Label: r.Label, AllBut: r.AllBut, Metadata: maps.Clone(r.Metadata)}
		for _, s := range r.Rights {
			want.Rights = append(want.Rights, claims.Slug(s))
		}
		if want.AllBut {
			want.Rights = append(want.Rights, claims.ReservedRights()...)
		}
		key := fmt.Sprintf("roles[%d]", i)
		b.draft.entries = append(b.draft.entries, entry{key, want.Key()})
		b.add(key, claims.Define{Fact: want})
	}
	for _, g := range b.grants {
		b.defineGrant(g)
	}
}

// defineGrant plans a grant, unless one that lasts says the same or it would
// be over already.
func (b *builder) defineGrant(g grant) {
	g.At = b.place(g.key, g.at)
	for _, have := range b.d.GrantsAt(g.At) {
		if !b.over(have) && alike(have, g.Grant) {
			b.draft.entries = append(b.draft.entries, entry{g.key, have.Key()})
			return
		}
	}
	g.ID = claims.ID(b.o.NewID())
	b.draft.entries = append(b.draft.entries, entry{g.key, g.Key()})
	if !b.over(g.Grant) {
		b.add(g.key, claims.AddGrant{Grant: g.Grant})
	}
}
