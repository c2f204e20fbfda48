package portal

import (
	"net/http"
	"slices"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
	"lanyard/templates"
)

// GetHome shows the member's page, at GET /{$}.
func (p *Portal) GetHome(w http.ResponseWriter, r *http.Request) {
	v, ok := p.visit(w, r)
	if !ok {
		return
	}
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		p.fail(v, err)
		return
	}
	page := templates.Home{
		Frame: p.frame(v, "/"), Name: v.called(), Username: v.me.Username, Notice: doneWords[form.Get("done")],
		Standing: p.standing(v), Badges: p.badges(v), Tags: v.tags(), Affiliations: v.affiliations(), Groups: v.groups(),
		Places: p.places(v), Passes: p.passes(v),
	}
	if page.SignIns, err = p.signIns(v); err == nil {
		page.Apps, err = p.apps(v)
	}
	if err == nil {
		page.Refusals, err = p.refusals(v)
	}
	if err != nil {
		p.fail(v, err)
		return
	}
	web.Page(w, r, http.StatusOK, page)
}

// standing puts the member's state into words: what it is, and what to do.
func (p *Portal) standing(v *visit) templates.Standing {
	day := func(t time.Time) string { return templates.Day(t, v.now, p.Zone) }
	s := templates.Standing{State: string(v.mine.State)}
	s.Word, s.Tone = s.State, templates.ToneOf(s.State)
	paid, grace := v.me.PaidUntil, v.me.GraceUntil
	switch claims.State(s.State) {
	case claims.StateActive:
		s.Word = "active member"
		if paid.After(v.now) {
			s.Text = "paid until " + day(paid)
		}
	case claims.StateGrace:
		s.Word = "days of grace"
		s.Text = "Your contribution was paid until " + day(paid) + ". Pay again before " + day(grace) + ", so that doors stay open."
	case claims.StateSuspended:
		s.Text = "Doors, WiFi and most applications are closed to you. Speak to an organiser."
		if v.me.State == claims.StateActive && !paid.IsZero() && !paid.After(v.now) {
			s.Text = "Your contribution was paid until " + day(paid) + ". Pay it, and doors, WiFi and applications open again."
		}
	case claims.StatePending:
		s.Word, s.Text = "waiting", "An organiser has to accept you as a member before doors open."
	case claims.StateGuest:
		s.Text = "You have an account, but are not a member."
	}
	return s
}

const soon = 30 * 24 * time.Hour

// badges lists what the member holds now, by name.
func (p *Portal) badges(v *visit) []templates.HeldBadge {
	var list []templates.HeldBadge
	seen := map[claims.Slug]bool{}
	for _, a := range v.mine.Awards {
		if seen[a.Badge] {
			continue
		}
		seen[a.Badge] = true
		held, end := v.holds(a.Badge)
		if !held {
			continue
		}
		b := templates.HeldBadge{Name: string(a.Badge)}
		if badge, ok := claims.Get[claims.Badge](v.d, string(a.Badge)); ok && badge.Name != "" {
			b.Name = badge.Name
		}
		if !end.IsZero() {
			b.Ends, b.Soon = templates.Until(end, v.now, p.Zone), end.Sub(v.now) < soon
		}
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b templates.HeldBadge) int { return compare(a.Name, b.Name) })
	return list
}

// tags lists the member's live tags by what they are called.
func (v *visit) tags() []string {
	var list []string
	for _, a := range v.mine.Assignments {
		if !v.d.LiveAt(a, v.now) {
			continue
		}
		name := string(a.Tag)
		if tag, ok := claims.Get[claims.Tag](v.d, string(a.Tag)); ok && tag.Label != "" {
			name = tag.Label
		}
		list = append(list, name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// affiliations lists the member's live roles: "board of Delft (treasurer)".
func (v *visit) affiliations() []string {
	var list []string
	for _, a := range v.mine.Affiliations {
		if !v.d.LiveAt(a, v.now) {
			continue
		}
		kind, name := string(a.Kind), string(a.Object)
		if o, ok := claims.Get[claims.Object](v.d, string(a.Object)); ok {
			if k, ok := claims.Get[claims.Kind](v.d, string(o.Type+"."+a.Kind)); ok && k.Label != "" {
				kind = k.Label
			}
			if o.Name != "" {
				name = o.Name
			}
		}
		text := kind + " of " + name
		if a.Title != "" {
			text += " (" + a.Title + ")"
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}

// groups lists what tokens would say to an application that may see all.
func (v *visit) groups() []string {
	every := []claims.Slug{claims.Every}
	t, err := claims.TokenClaims(v.d, v.me.ID, claims.ClaimFilter{Tags: every, Badges: every, Types: every, Member: true, Cap: 1000}, v.now)
	if err != nil {
		return nil
	}
	return t.Groups
}

// later returns the later of two starts, where zero means always.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func compare[T ~string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
