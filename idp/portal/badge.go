package portal

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// GetBadges lists the badges there are, at GET /badges.
func (p *Portal) GetBadges(w http.ResponseWriter, r *http.Request) {
	v, ok := p.visit(w, r)
	if !ok {
		return
	}
	page := templates.Badges{Frame: p.frame(v, "/badges")}
	needed := v.neededFor()
	for b := range claims.All[claims.Badge](v.d) {
		row := v.badgeRow(b)
		row.For = few(needed[b.Slug])
		if !b.Retired.IsZero() && !row.Held {
			continue
		}
		if page.List = append(page.List, row); row.Award {
			page.Waiting = append(page.Waiting, p.waiting(v, b)...)
		}
	}
	slices.SortFunc(page.List, func(a, b templates.BadgeRow) int { return compare(a.Name, b.Name) })
	slices.SortStableFunc(page.Waiting, func(a, b templates.SignoffRow) int { return a.Asked.At.Compare(b.Asked.At) })
	web.Page(w, r, http.StatusOK, page)
}

// badgeRow is a badge in the list, with how far the member is.
func (v *visit) badgeRow(b claims.Badge) templates.BadgeRow {
	row := templates.BadgeRow{Slug: string(b.Slug), Name: nameOf(b), Earn: b.Earn, Award: v.mayAward(b.Slug)}
	pr, err := v.see.Progress(v.me.ID, b.Slug)
	if err != nil {
		web.Note(v.r.Context(), err)
		return row
	}
	row.Held, row.Steps, row.Asked = pr.Held, len(pr.Groups), pr.Request.ID != ""
	for _, g := range pr.Groups {
		if g.Met() {
			row.Done++
		}
	}
	return row
}

// doneToBadge are the notices that done may leave on a badge's page.
var doneToBadge = map[string]string{
	"awarded": "Given. It counts from now on.", "revoked": "Revoked. It counts no more.", "recorded": "Recorded.", "answered": "Answered. They see it on their page.",
	"asked": "Asked for. Whoever may give this badge sees it now.", "earned": "It is yours.",
}

// GetBadge shows one badge, at GET /badges/{badge}; to those who may give it,
// with who has it.
func (p *Portal) GetBadge(w http.ResponseWriter, r *http.Request) {
	v, ok := p.visit(w, r)
	if !ok {
		return
	}
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		p.fail(v, err)
		return
	}
	b, ok := claims.Get[claims.Badge](v.d, r.PathValue("badge"))
	if !ok {
		p.fail(v, fmt.Errorf("badge: %w", claims.ErrNotFound))
		return
	}
	page := p.badgePage(v, b)
	page.Notice = doneToBadge[form.Get("done")]
	web.Page(w, r, http.StatusOK, page)
}

// PostAward gives a badge, at POST /badges/{badge}/award with member, what it
// rests on as evidence and, if it is to end, until. Who may is for claims.Plan
// to say.
func (p *Portal) PostAward(w http.ResponseWriter, r *http.Request) {
	p.changeBadge(w, r, "awarded", func(v *visit, b claims.Badge, field func(string) string) (claims.Intent, error) {
		m, err := v.named(b, field)
		if err != nil {
			return nil, err
		}
		until, err := p.endOfDay(field("until"))
		award := claims.Award{ID: claims.ID(record.NewID(v.now)), Badge: b.Slug, Member: m, Expires: until,
			Evidence: strings.TrimSpace(field("evidence")), Method: claims.MethodManual}
		return claims.GiveAward{Award: award}, err
	})
}

// PostRevoke takes a badge back, at POST /badges/{badge}/revoke with member
// and reason.
func (p *Portal) PostRevoke(w http.ResponseWriter, r *http.Request) {
	p.changeBadge(w, r, "revoked", func(v *visit, b claims.Badge, field func(string) string) (claims.Intent, error) {
		m, err := v.named(b, field)
		if err != nil {
			return nil, err
		}
		reason := strings.TrimSpace(field("reason"))
		if reason == "" {
			return nil, &claims.Invalid{Field: "reason", Problem: "say why, so that it can be told"}
		}
		return claims.RevokeAward{Badge: b.Slug, Member: m, Reason: reason}, nil
	})
}

// changeBadge is what trainers' forms have in common: the form, the change,
// and the page again with what was wrong.
func (p *Portal) changeBadge(w http.ResponseWriter, r *http.Request, done string, intent func(*visit, claims.Badge, func(string) string) (claims.Intent, error)) {
	v, form, ok := p.posted(w, r)
	if !ok {
		return
	}
	b, ok := claims.Get[claims.Badge](v.d, r.PathValue("badge"))
	if !ok || !v.mayAward(b.Slug) {
		p.fail(v, &claims.Refused{Right: "award", At: claims.Path("/badges/" + r.PathValue("badge")), Problem: "You may not give or revoke this badge."})
		return
	}
	in, err := intent(v, b, form.Get)
	if err == nil {
		_, err = p.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), in)
	}
	if err == nil {
		web.SeeOther(w, "/badges/"+string(b.Slug)+"?done="+done)
		return
	}
	page := p.badgePage(v, b)
	page.Problem, page.Member, page.Until, page.Evidence = problemWords(err, "They"), form.Get("member"), form.Get("until"), form.Get("evidence")
	web.Note(r.Context(), err)
	web.Page(w, r, web.StatusOf(err), page)
}

// lastYear is the first that no day may be in: times of five-digit years
// cannot be written down (RFC 3339, section 5.6).
const lastYear = 9999

// endOfDay reads the last day something counts: it ends when that day does.
func (p *Portal) endOfDay(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, day, p.Zone)
	if err != nil || t.Year() >= lastYear {
		return time.Time{}, &claims.Invalid{Field: "until", Problem: "write a day as 2027-03-31"}
	}
	return t.AddDate(0, 0, 1).UTC(), nil
}

func (p *Portal) badgePage(v *visit, b claims.Badge) templates.Badge {
	page := templates.Badge{Frame: p.frame(v, "/badges"), Slug: string(b.Slug), Name: nameOf(b), Description: b.Description,
		Earn: b.Earn, EarnURL: b.EarnURL, Award: v.mayAward(b.Slug), Retired: !b.Retired.IsZero(), Signoff: b.Mode == claims.BadgeSignoff, For: v.neededFor()[b.Slug]}
	if pr, err := v.see.Progress(v.me.ID, b.Slug); err != nil {
		web.Note(v.r.Context(), err)
	} else {
		p.progress(v, &page, pr)
	}
	if page.Award {
		page.Holders, page.Waiting = p.holders(v, b.Slug), p.waiting(v, b)
		for _, r := range v.d.RequirementsOf(b.Slug) {
			if r.Kind == claims.AskForm || r.Kind == claims.AskSignoff {
				page.Record = append(page.Record, templates.Choice{Value: string(r.Slug), Text: r.Name})
			}
		}
	}
	return page
}

// progress puts how far the member is on the page, and what they can do.
func (p *Portal) progress(v *visit, page *templates.Badge, pr claims.BadgeProgress) {
	page.Groups, page.Held = p.steps(v, pr), pr.Held
	if pr.Held && !pr.Ends.IsZero() {
		page.Ends = templates.Until(pr.Ends, v.now, p.Zone)
	}
	ends := pr.Held && !pr.Ends.IsZero() && pr.Ends.Sub(v.now) <= soon
	open := !page.Retired && (!pr.Held || ends)
	switch {
	case pr.Request.ID != "":
		page.Asked, page.AskedUntil = templates.Ago("asked", pr.Request.Requested, v.now, p.Zone), templates.Until(pr.Request.Expires, v.now, p.Zone)
	case open && page.Signoff && !pr.Complete():
		page.MayAsk = pr.Ready()
		page.Refused = v.refusal(pr.Badge.Slug).Reason
	case open && !pr.Held && len(pr.Groups) > 0 && pr.Badge.Mode != claims.BadgeManual:
		page.MayEarn = pr.Complete()
	}
}

// holders lists who has a badge now, by name.
func (p *Portal) holders(v *visit, badge claims.Slug) []templates.Holder {
	all, err := v.see.Holders(badge)
	if err != nil {
		return nil // there is no such badge
	}
	var list []templates.Holder
	for _, x := range all {
		h := templates.Holder{Username: x.Username, Name: x.Name, Since: templates.Ago("since", x.From, v.now, p.Zone)}
		if _, end := heldUntil(v.d, x.Member, badge, v.now); !end.IsZero() {
			h.Ends = templates.Until(end, v.now, p.Zone)
		}
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b templates.Holder) int { return compare(a.Name+a.Username, b.Name+b.Username) })
	return slices.CompactFunc(list, func(a, b templates.Holder) bool { return a.Username == b.Username })
}

// holds tells whether the member has a badge, and until when.
func (v *visit) holds(badge claims.Slug) (bool, time.Time) {
	return heldUntil(v.d, v.me.ID, badge, v.now)
}

// heldUntil is until when somebody has a badge, where one award follows on
// another.
func heldUntil(d *claims.Directory, m claims.MemberID, badge claims.Slug, now time.Time) (bool, time.Time) {
	return claims.Holds(d, m, claims.Subject{Kind: claims.SubjectBadge, ID: string(badge)}, now)
}

// mayAward tells whether the member may give and revoke a badge.
func (v *visit) mayAward(badge claims.Slug) bool {
	dec, err := claims.Decide(v.d, claims.Ask{Member: v.me.ID, Right: "award", Path: claims.Path("/badges/" + string(badge)), At: v.now, ACR: v.session.ACR})
	return err == nil && dec.Allow
}

func nameOf(b claims.Badge) string {
	if b.Name != "" {
		return b.Name
	}
	return string(b.Slug)
}
