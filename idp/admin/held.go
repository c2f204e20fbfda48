package admin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/templates"
)

// What a member has and had, as far as a record shows it: what counts now
// first, then by name.

func (a *Admin) awards(v *visit, r claims.Record) []templates.Had {
	var list []templates.Had
	for _, x := range r.Awards {
		start, end := r.Span(x)
		h := a.had(v, string(x.Badge), start, end, x.Revoked)
		if b, ok := claims.Get[claims.Badge](v.d, string(x.Badge)); ok && b.Name != "" {
			h.Name = b.Name
		}
		h.Text = join(v.said("given by", x.AwardedBy), x.Evidence, v.said("revoked by", x.RevokedBy), x.RevokeReason)
		list = append(list, h)
	}
	return ordered(list)
}

func (a *Admin) tags(v *visit, r claims.Record) []templates.Had {
	var list []templates.Had
	for _, x := range r.Assignments {
		start, end := r.Span(x)
		h := a.had(v, string(x.Tag), start, end, x.Removed)
		h.Text = join(v.said("put on by", x.AssignedBy), v.said("taken off by", x.RemovedBy))
		list = append(list, h)
	}
	return ordered(list)
}

func (a *Admin) roles(v *visit, r claims.Record) []templates.Had {
	var list []templates.Had
	for _, x := range r.Affiliations {
		start, end := r.Span(x)
		h := a.had(v, string(x.Kind)+" of "+string(x.Object), start, end, x.Removed)
		h.Text = join(x.Title, v.said("given by", x.GrantedBy))
		list = append(list, h)
	}
	return ordered(list)
}

func (a *Admin) cards(v *visit, r claims.Record) []templates.Had {
	var list []templates.Had
	for _, x := range r.Cards {
		h := a.had(v, cmp.Or(x.Label, "Card"), x.Added, x.Expires, time.Time{})
		h.Text = join("added "+templates.Day(x.Added, v.now, a.Zone), "id "+short(string(x.ID)))
		if x.Status != claims.CredentialActive {
			h.Now, h.Word = false, string(x.Status)
		}
		list = append(list, h)
	}
	return ordered(list)
}

func (a *Admin) passes(v *visit, r claims.Record) []templates.Had {
	var list []templates.Had
	for _, x := range r.Passes {
		list = append(list, a.had(v, x.Login, x.Created, claims.Earlier(x.Expires, x.Revoked), x.Revoked))
	}
	return ordered(list)
}

// had is something that counts from start to end, unless it was taken away.
func (a *Admin) had(v *visit, name string, start, end, taken time.Time) templates.Had {
	h := templates.Had{Name: name, Now: claims.Live(start, end, v.now)}
	switch {
	case h.Now:
		if !end.IsZero() {
			h.Ends = templates.Until(end, v.now, a.Zone)
		}
	case v.now.Before(start):
		h.Word = "not yet"
	case !taken.IsZero():
		h.Word = "taken back"
	default:
		h.Word = "ended"
	}
	return h
}

func ordered(list []templates.Had) []templates.Had {
	slices.SortStableFunc(list, func(a, b templates.Had) int {
		if a.Now != b.Now {
			if a.Now {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// join joins what is not empty.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

func (a *Admin) day(v *visit, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return templates.Day(t, v.now, a.Zone)
}
