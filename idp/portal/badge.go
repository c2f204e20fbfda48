package portal

import (
	"errors"
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
	for b := range claims.All[claims.Badge](v.d) {
		held, _ := v.holds(b.Slug)
		if !b.Retired.IsZero() && !held {
			continue
		}
		page.List = append(page.List, templates.BadgeRow{Slug: string(b.Slug), Name: nameOf(b), Earn: b.Earn, Held: held, Award: v.mayAward(b.Slug)})
	}
	slices.SortFunc(page.List, func(a, b templates.BadgeRow) int { return compare(a.Name, b.Name) })
	web.Page(w, r, http.StatusOK, page)
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
	page.Notice = map[string]string{"awarded": "Given. It counts from now on.", "revoked": "Revoked. It counts no more."}[form.Get("done")]
	web.Page(w, r, http.StatusOK, page)
}

// PostAward gives a badge, at POST /badges/{badge}/award with member and,
// if it is to end, until. Who may is for claims.Plan to say.
func (p *Portal) PostAward(w http.ResponseWriter, r *http.Request) {
	p.changeBadge(w, r, "awarded", func(v *visit, b claims.Badge, m claims.MemberID, field func(string) string) (claims.Intent, error) {
		until, err := p.endOfDay(field("until"))
		award := claims.Award{ID: claims.ID(record.NewID(v.now)), Badge: b.Slug, Member: m, Expires: until, Method: claims.MethodManual}
		return claims.GiveAward{Award: award}, err
	})
}

// PostRevoke takes a badge back, at POST /badges/{badge}/revoke with member
// and reason.
func (p *Portal) PostRevoke(w http.ResponseWriter, r *http.Request) {
	p.changeBadge(w, r, "revoked", func(_ *visit, b claims.Badge, m claims.MemberID, field func(string) string) (claims.Intent, error) {
		reason := strings.TrimSpace(field("reason"))
		if reason == "" {
			return nil, &claims.Invalid{Field: "reason", Problem: "say why, so that it can be told"}
		}
		return claims.RevokeAward{Badge: b.Slug, Member: m, Reason: reason}, nil
	})
}

// changeBadge is what giving and revoking have in common: the form, the
// member, the change, and the page again with what was wrong.
func (p *Portal) changeBadge(w http.ResponseWriter, r *http.Request, done string, intent func(*visit, claims.Badge, claims.MemberID, func(string) string) (claims.Intent, error)) {
	v, form, ok := p.posted(w, r)
	if !ok {
		return
	}
	b, ok := claims.Get[claims.Badge](v.d, r.PathValue("badge"))
	if !ok || !v.mayAward(b.Slug) {
		p.fail(v, &claims.Refused{Right: "award", At: claims.Path("/badges/" + r.PathValue("badge")), Problem: "You may not give or revoke this badge."})
		return
	}
	err := func() error {
		m, err := v.see.Pick(strings.TrimSpace(form.Get("member")), "award", claims.Path("/badges/"+string(b.Slug)))
		if err != nil {
			return &claims.Invalid{Field: "member", Problem: "nobody here has this username"} // what was typed is no business of the log
		}
		in, err := intent(v, b, m, form.Get)
		if err == nil {
			_, err = p.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), in)
		}
		return err
	}()
	if err == nil {
		web.SeeOther(w, "/badges/"+string(b.Slug)+"?done="+done)
		return
	}
	page := p.badgePage(v, b)
	page.Problem, page.Member, page.Until = problemWords(err), form.Get("member"), form.Get("until")
	web.Note(r.Context(), err)
	web.Page(w, r, web.StatusOf(err), page)
}

// problemWords says what was wrong with a form in the words of the fault.
func problemWords(err error) string {
	if errors.Is(err, claims.ErrConflict) {
		return "They have this badge already, for at least as long."
	}
	return web.ProblemOf(err).Detail
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
		Earn: b.Earn, EarnURL: b.EarnURL, Award: v.mayAward(b.Slug), Retired: !b.Retired.IsZero()}
	var end time.Time
	if page.Held, end = v.holds(b.Slug); page.Held && !end.IsZero() {
		page.Ends = templates.Until(end, v.now, p.Zone)
	}
	if page.Award {
		page.Holders = p.holders(v, b.Slug)
	}
	return page
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
