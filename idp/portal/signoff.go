package portal

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// PostSignoff asks for a sign-off of the member's own, at POST
// /badges/{badge}/signoff.
func (p *Portal) PostSignoff(w http.ResponseWriter, r *http.Request) {
	p.forMyself(w, r, "asked", func(v *visit, b claims.Badge) claims.Intent {
		return claims.RequestSignoff{Request: claims.SignoffRequest{ID: claims.ID(record.NewID(v.now)), Member: v.me.ID, Badge: b.Slug}}
	})
}

// PostEarn gives the member a badge whose requirements are all met, at POST
// /badges/{badge}/earn.
func (p *Portal) PostEarn(w http.ResponseWriter, r *http.Request) {
	p.forMyself(w, r, "earned", func(v *visit, b claims.Badge) claims.Intent {
		return claims.Earn{ID: claims.ID(record.NewID(v.now)), Member: v.me.ID, Badge: b.Slug}
	})
}

// forMyself makes a change that a member may ask for themselves. Whether they
// may is for claims.Plan to say.
func (p *Portal) forMyself(w http.ResponseWriter, r *http.Request, done string, intent func(*visit, claims.Badge) claims.Intent) {
	v, _, ok := p.posted(w, r)
	if !ok {
		return
	}
	b, ok := claims.Get[claims.Badge](v.d, r.PathValue("badge"))
	if !ok {
		p.fail(v, fmt.Errorf("badge: %w", claims.ErrNotFound))
		return
	}
	_, err := p.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), intent(v, b))
	if err == nil {
		web.SeeOther(w, "/badges/"+string(b.Slug)+"?done="+done)
		return
	}
	page := p.badgePage(v, b)
	page.Problem = problemWords(err, "You")
	web.Note(r.Context(), err)
	web.Page(w, r, web.StatusOf(err), page)
}

// PostAnswer answers a request for a sign-off, at POST /badges/{badge}/answer
// with request, outcome (approved or refused) and reason.
func (p *Portal) PostAnswer(w http.ResponseWriter, r *http.Request) {
	p.changeBadge(w, r, "answered", func(_ *visit, _ claims.Badge, field func(string) string) (claims.Intent, error) {
		return claims.AnswerSignoff{Request: claims.ID(field("request")), Outcome: claims.SignoffOutcome(field("outcome")),
			Reason: strings.TrimSpace(field("reason"))}, nil
	})
}

// PostResult records what a trainer saw a member do, at POST
// /badges/{badge}/result with member, requirement and reference.
func (p *Portal) PostResult(w http.ResponseWriter, r *http.Request) {
	p.changeBadge(w, r, "recorded", func(v *visit, b claims.Badge, field func(string) string) (claims.Intent, error) {
		m, err := v.named(b, field)
		return claims.RecordResult{Result: claims.Result{
			ID: claims.ID(record.NewID(v.now)), Member: m, Badge: b.Slug, Requirement: claims.Slug(field("requirement")),
			Reference: strings.TrimSpace(field("reference")),
		}}, err
	})
}

// named finds the member whose username a trainer typed.
func (v *visit) named(b claims.Badge, field func(string) string) (claims.MemberID, error) {
	m, err := v.see.Pick(strings.TrimSpace(field("member")), "award", claims.Path("/badges/"+string(b.Slug)))
	if err != nil {
		return "", &claims.Invalid{Field: "member", Problem: "nobody here has this username"} // what was typed is no business of the log
	}
	return m, nil
}

// problemWords says what was wrong with a form in the words of the fault; who
// is You or They.
func problemWords(err error, who string) string {
	var unmet *claims.Unmet
	switch {
	case errors.As(err, &unmet):
		return who + " still need: " + strings.Join(unmet.Still, "; ") + "."
	case errors.Is(err, claims.ErrExpired):
		return "That request has expired. It can be made again."
	case errors.Is(err, claims.ErrConflict):
		return who + " have this badge already, or it was answered meanwhile."
	}
	return web.Words(err, fieldLabels)
}

// steps is what a badge asks for, and how the member stands with it.
func (p *Portal) steps(v *visit, pr claims.BadgeProgress) []templates.BadgeGroup {
	var groups []templates.BadgeGroup
	for _, g := range pr.Groups {
		var group templates.BadgeGroup
		for _, s := range g.Steps {
			group.AnyOf = append(group.AnyOf, p.step(v, pr, s))
		}
		groups = append(groups, group)
	}
	return groups
}

func (p *Portal) step(v *visit, pr claims.BadgeProgress, s claims.ProgressStep) templates.BadgeStep {
	step := templates.BadgeStep{Name: s.Name, Met: s.Met}
	step.What, step.Link = v.pointsAt(s.Requirement)
	switch {
	case pr.SignedOff(s):
		step.Met, step.When = true, templates.On("signed off", pr.Award.On, v.now, p.Zone)
	case s.Met && !s.At.IsZero():
		step.When = templates.On("done", s.At, v.now, p.Zone)
		if !s.Until.IsZero() {
			step.Ends = templates.Until(s.Until, v.now, p.Zone)
		}
	case s.Kind == claims.AskMembership && s.At.After(v.now):
		step.When = templates.On("from", s.At, v.now, p.Zone)
	}
	return step
}

// pointsAt says where a requirement is met, and the page for that if there is one.
func (v *visit) pointsAt(r claims.Requirement) (what, link string) {
	switch r.Kind {
	case claims.AskCourse:
		c, _ := claims.Get[claims.Course](v.d, string(r.Course))
		vle, _ := claims.Get[claims.VLE](v.d, string(c.VLE))
		name := vle.Label
		if name == "" {
			name = string(c.VLE)
		}
		return "a course in " + name, vle.BaseURL
	case claims.AskBadge:
		return "another badge", "/badges/" + string(r.Needs)
	case claims.AskForm:
		if strings.HasPrefix(r.Form, "https://") {
			return "a form", r.Form
		}
		return "a form: " + r.Form, ""
	case claims.AskMembership:
		return "a length of membership", ""
	}
	return "with somebody who may give this badge", ""
}

// refusal is what was said to the member's last request for a badge, if it
// was refused and they have not asked again.
func (v *visit) refusal(badge claims.Slug) (last claims.SignoffRequest) {
	for _, s := range v.mine.Signoffs {
		if s.Badge == badge && !s.Requested.Before(last.Requested) {
			last = s
		}
	}
	if last.Outcome != claims.SignoffRefused {
		return claims.SignoffRequest{}
	}
	return last
}

// waiting lists the open requests for a badge; without the member's own, which
// others answer.
func (p *Portal) waiting(v *visit, b claims.Badge) []templates.SignoffRow {
	var rows []templates.SignoffRow
	for _, x := range v.see.Waiting(b.Slug) {
		if x.Request.Member == v.me.ID {
			continue
		}
		rows = append(rows, templates.SignoffRow{Request: string(x.Request.ID), Badge: string(b.Slug), BadgeName: nameOf(b),
			Username: x.Username, Name: x.Name, Done: x.Steps.Done(), Lacks: x.Steps.Lacking(),
			Asked: templates.Ago("asked", x.Request.Requested, v.now, p.Zone), Open: templates.Until(x.Request.Expires, v.now, p.Zone)})
	}
	return rows
}
