package organisation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
)

func (b *builder) badges() {
	seen := map[string]int{}
	for i, g := range b.f.Badges {
		key := b.once(seen, "badges", i, "slug", g.Slug)
		want := claims.Badge{
			Slug: b.slug(key+".slug", g.Slug), Name: or(g.Name, g.Slug), Description: g.Description, Earn: g.Earn, EarnURL: g.EarnURL,
			Mode: claims.BadgeMode(or(g.Mode, string(claims.BadgeManual))), InClaims: unless(g.InClaims, true),
		}
		if !slices.Contains([]claims.BadgeMode{claims.BadgeManual, claims.BadgeAuto, claims.BadgeSignoff}, want.Mode) {
			b.fault(key+".mode", "%q is none of manual, auto, signoff", g.Mode)
		}
		if g.ValidFor != "" {
			d, err := ParseLength(g.ValidFor)
			b.check(key+".valid_for", err)
			want.ValidFor = claims.Duration(d)
		}
		if have, ok := claims.Get[claims.Badge](b.d, g.Slug); ok {
			want.Retired = have.Retired
		}
		define(b, key, want)
	}
}

func (b *builder) vles() {
	seen := map[string]int{}
	for i, v := range b.f.VLEs {
		key := b.once(seen, "vles", i, "slug", v.Slug)
		want := claims.VLE{Slug: b.slug(key+".slug", v.Slug), Kind: claims.VLEKind(v.Kind), Label: v.Label, BaseURL: strings.TrimRight(v.URL, "/")}
		have, ok := claims.Get[claims.VLE](b.d, v.Slug)
		if ok {
			want.Secret, want.Removed = have.Secret, have.Removed
		}
		if want.Secret == "" && v.SecretFile != "" {
			want.Secret = b.token(key, v)
		}
		define(b, key, want)
	}
}

// token reads and seals what a VLE is asked with.
func (b *builder) token(key string, v VLE) string {
	if b.env.ReadFile == nil {
		b.fault(key+".secret_file", "cannot be read here")
		return ""
	}
	text, err := b.env.ReadFile(v.SecretFile)
	if err != nil {
		b.fault(key+".secret_file", "%v", err)
		return ""
	}
	sealed, err := SealToken(b.env.Ring, claims.Slug(v.Slug), text)
	b.check(key+".secret_file", err)
	return sealed
}

// SealToken seals the token that a VLE is asked with, as its file holds it.
func SealToken(ring Ring, vle claims.Slug, text []byte) (string, error) {
	token := record.Secret(strings.TrimSpace(string(text)))
	if token == "" || strings.ContainsAny(string(token), " \r\n\t") {
		return "", errors.New("holds no token, which is one word")
	}
	return ring.Seal("vle", string(vle), "secret", []byte(token))
}

func (b *builder) courseRows() {
	seen := map[string]int{}
	for i, c := range b.f.Courses {
		key := b.once(seen, "courses", i, "id", c.VLE+"/"+c.ID)
		if c.VLE == "" || c.ID == "" {
			b.fault(key, "needs vle and id, the id as the VLE calls it")
			continue
		}
		want := claims.Course{VLE: b.slug(key+".vle", c.VLE), External: c.ID, Name: c.Name}
		removed := false
		for have := range claims.All[claims.Course](b.d) {
			if have.VLE == want.VLE && have.External == want.External {
				want.ID, removed = have.ID, !have.Removed.IsZero()
			}
		}
		if removed {
			b.note("the course %s/%s does not come back: it was removed by hand (lanyard course add brings it back)", c.VLE, c.ID)
			continue
		}
		if want.ID == "" {
			want.ID = claims.ID(b.env.NewID())
		}
		b.courses[c.VLE+"/"+c.ID] = want.ID
		define(b, key, want)
	}
}

// requirements plans what badges ask for, once all there is to ask for is there.
func (b *builder) requirements() {
	for i, g := range b.f.Badges {
		seen := map[string]int{}
		for j, r := range g.Requirements {
			key := b.once(seen, fmt.Sprintf("badges[%d].requirements", i), j, "slug", r.Slug)
			have, there := claims.Get[claims.Requirement](b.d, g.Slug+"."+r.Slug)
			if there && !have.Removed.IsZero() {
				b.note("%s does not ask for %s again: that was removed by hand (lanyard badge requirement add brings it back)", g.Slug, r.Slug)
				continue
			}
			if want, ok := b.requirement(key, g.Slug, r); ok {
				define(b, key, want)
			}
		}
	}
}

func (b *builder) requirement(key, badge string, r Requirement) (claims.Requirement, bool) {
	before := len(b.bad)
	want := claims.Requirement{
		Badge: claims.Slug(badge), Slug: b.slug(key+".slug", r.Slug), Name: or(r.Name, r.Slug), Kind: claims.RequirementKind(r.Kind),
		Group: b.slug(key+".group", r.Group), Needs: b.slug(key+".badge", r.Badge), Form: r.Form,
	}
	if want.Kind == "" {
		want.Kind = KindOf(r.Course, r.Badge, r.Form, r.Age)
	}
	if want.Kind == "" {
		b.fault(key, "needs a kind, or what it points at: course, badge, form or membership_age")
	}
	if r.Course != "" {
		id, err := b.course(r.Course)
		b.check(key+".course", err)
		want.Course = id
	}
	if r.Age != "" {
		d, err := ParseLength(r.Age)
		b.check(key+".membership_age", err)
		want.Age = claims.Duration(d)
	}
	return want, len(b.bad) == before
}

// KindOf is the kind of a requirement that points at one of these; empty if it
// points at none.
func KindOf(course, badge, form, age string) claims.RequirementKind {
	switch {
	case course != "":
		return claims.AskCourse
	case badge != "":
		return claims.AskBadge
	case form != "":
		return claims.AskForm
	case age != "":
		return claims.AskMembership
	}
	return ""
}

func (b *builder) course(text string) (claims.ID, error) {
	if id, ok := b.courses[text]; ok {
		return id, nil
	}
	c, err := FindCourse(b.d, text)
	return c.ID, err
}

// FindCourse finds a course by VLE/ID, the id as its VLE calls it.
func FindCourse(d *claims.Directory, text string) (claims.Course, error) {
	vle, id, ok := strings.Cut(text, "/")
	if !ok || vle == "" || id == "" {
		return claims.Course{}, &claims.Invalid{Field: "course", Problem: fmt.Sprintf("%q: write VLE/ID, as moodle/42", text)}
	}
	c, ok := d.CourseByExternal(claims.Slug(vle), id)
	if !ok {
		return c, &claims.Invalid{Field: "course", Problem: fmt.Sprintf("there is no course %s of %s: lanyard course list shows them", id, vle)}
	}
	return c, nil
}
