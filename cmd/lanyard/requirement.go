package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

func requirementCommand(a *app) *cobra.Command {
	return parent("requirement", "What a badge asks for: alternatives share a group", requirementAdd(a), requirementList(a), requirementRemove(a))
}

func requirementAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add BADGE REQUIREMENT", Short: "Let a badge ask for something before it is given", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
		if err != nil {
			return err
		}
		r, err := h.requirement(b.Slug, args[1])
		if err != nil {
			return err
		}
		if err := mayDefine(h, r); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: r})
		if err != nil {
			return err
		}
		kept, _ := claims.Get[claims.Requirement](h.dir(), r.Key().ID)
		return h.done(changed, "%s asks for %s", b.Slug, kept.Name)
	})}
	c.Flags().String("name", "", "what people read")
	c.Flags().String("kind", "", "signoff, for a check with somebody who may award it; else as what it points at")
	c.Flags().String("group", "", "its alternatives: of one `GROUP` one is enough")
	c.Flags().String("course", "", "a `VLE/ID`, the id as the VLE calls it")
	c.Flags().String("badge", "", "another `BADGE`")
	c.Flags().String("form", "", "a form's address or name")
	c.Flags().String("membership-age", "", "to have been a member for so long, as 90d")
	return replaceable(c)
}

// requirement reads the flags of requirement add.
func (h *house) requirement(badge claims.Slug, name string) (claims.Requirement, error) {
	s, err := slugs([]string{name})
	if err != nil {
		return claims.Requirement{}, err
	}
	r := claims.Requirement{Badge: badge, Slug: s[0], Name: h.text("name"), Kind: claims.RequirementKind(h.text("kind")),
		Group: claims.Slug(h.text("group")), Needs: claims.Slug(h.text("badge")), Form: h.text("form")}
	if r.Kind == "" {
		r.Kind = organisation.KindOf(h.text("course"), h.text("badge"), h.text("form"), h.text("membership-age"))
	}
	if r.Kind == "" {
		return r, fmt.Errorf("say what it asks for: --course, --badge, --form, --membership-age, or --kind signoff")
	}
	if h.text("course") != "" {
		c, err := organisation.FindCourse(h.dir(), h.text("course"))
		if err != nil {
			return r, err
		}
		r.Course = c.ID
	}
	if text := h.text("membership-age"); text != "" {
		length, err := organisation.ParseLength(text)
		if err != nil {
			return r, err
		}
		r.Age = claims.Duration(length)
	}
	return r, nil
}

// requirementView is a requirement with what it points at in words.
type requirementView struct {
	claims.Requirement
	Asks string `json:"asks"`
}

// asks lists what a badge asks for.
func (h *house) asks(b claims.Badge) []requirementView {
	views := []requirementView{}
	for _, r := range h.dir().RequirementsOf(b.Slug) {
		views = append(views, requirementView{r, h.points(r)})
	}
	return views
}

// groupLines writes a line for each group, alternatives as one.
func groupLines(asks []requirementView) string {
	var groups []string
	line := map[claims.Slug]int{}
	for _, v := range asks {
		text := v.Name + " (" + v.Asks + ")"
		if i, again := line[v.Group]; again && v.Group != "" {
			groups[i] += " or " + text
			continue
		}
		line[v.Group] = len(groups)
		groups = append(groups, text)
	}
	return strings.Join(groups, "\n")
}

// points says what a requirement points at.
func (h *house) points(r claims.Requirement) string {
	switch r.Kind {
	case claims.AskCourse:
		return "course " + h.courseName(r.Course)
	case claims.AskBadge:
		return "badge " + string(r.Needs)
	case claims.AskForm:
		return "form " + r.Form
	case claims.AskMembership:
		return "a membership of " + length(r.Age)
	}
	return "a check with a trainer"
}

// courseName is a course as its VLE knows it: moodle/42.
func (h *house) courseName(id claims.ID) string {
	c, ok := claims.Get[claims.Course](h.dir(), string(id))
	if !ok {
		return string(id)
	}
	return string(c.VLE) + "/" + c.External
}

func requirementList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list [BADGE]", Short: "List what badges ask for", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		var views []requirementView
		for _, b := range sorted[claims.Badge](h, nil) {
			if len(args) == 1 && string(b.Slug) != args[0] {
				continue
			}
			views = append(views, h.asks(b)...)
		}
		return table[requirementView]{
			empty: "No such badge asks for anything. lanyard badge requirement add BADGE REQUIREMENT lets one.",
			head:  []string{"badge", "requirement", "name", "asks for", "alternatives"},
			row: func(v requirementView) []string {
				return []string{string(v.Badge), string(v.Slug), v.Name, v.Asks, string(v.Group)}
			},
		}.print(h, views)
	})}
}

func requirementRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove BADGE REQUIREMENT", Short: "Ask for it no more; who has the badge keeps it", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		r, err := named[claims.Requirement](h, "requirement", args[0]+"."+args[1], "lanyard badge requirement list shows them")
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: r.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "%s asks for %s no more", r.Badge, r.Slug)
	})}
}

// stepView is a requirement and how a member stands with it.
type stepView struct {
	requirementView
	Met   bool      `json:"met"`
	At    time.Time `json:"at,omitzero"`
	Until time.Time `json:"until,omitzero"`
	From  string    `json:"source,omitempty"`
}

func badgeProgress(a *app) *cobra.Command {
	return &cobra.Command{Use: "progress BADGE MEMBER", Short: "Show how far a member is on the way to a badge", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		b, m, err := h.badgeAndMember(args)
		if err != nil {
			return err
		}
		p, err := claims.Progress(h.dir(), m.ID, b.Slug, h.at)
		if err != nil {
			return err
		}
		var steps []stepView
		for _, g := range p.Groups {
			for _, s := range g.Steps {
				if p.SignedOff(s) {
					s.Met, s.At, s.Until, s.From = true, p.Award.On, p.Ends, p.Award.AwardedBy
				}
				steps = append(steps, stepView{requirementView{s.Requirement, h.points(s.Requirement)}, s.Met, s.At, s.Until, s.From})
			}
		}
		if h.json {
			return h.printJSON(struct {
				Badge    claims.Slug `json:"badge"`
				Held     bool        `json:"held"`
				Until    time.Time   `json:"until,omitzero"`
				Complete bool        `json:"complete"`
				Still    []string    `json:"still"`
				Steps    []stepView  `json:"steps"`
			}{b.Slug, p.Held, p.Ends, p.Complete(), append([]string{}, p.Still()...), append([]stepView{}, steps...)})
		}
		if len(steps) > 0 {
			if err := h.steps(steps); err != nil {
				return err
			}
		}
		h.say("%s", progressLine(m.Username, p))
		return nil
	})}
}

// badgeAndMember reads two arguments.
func (h *house) badgeAndMember(args []string) (claims.Badge, claims.Member, error) {
	b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
	if err != nil {
		return b, claims.Member{}, err
	}
	m, err := h.member(args[1])
	return b, m, err
}

func (h *house) steps(steps []stepView) error {
	return table[stepView]{
		head: []string{"requirement", "asks for", "alternatives", "done", "counts until", "source"},
		row: func(v stepView) []string {
			done := yes(v.Met, stamp(v.At, "yes"))
			if !v.Met && v.Kind == claims.AskMembership && !v.At.IsZero() {
				done = "from " + stamp(v.At, "")
			}
			return []string{v.Name, v.Asks, string(v.Group), done, yes(v.Met, stamp(v.Until, "no end")), h.actorName(v.From)}
		},
	}.print(h, steps)
}

// progressLine sums up how far somebody is.
func progressLine(who string, p claims.BadgeProgress) string {
	still := strings.Join(p.Still(), ", ")
	switch {
	case p.Held:
		return fmt.Sprintf("%s holds %s until %s", who, p.Badge.Slug, stamp(p.Ends, "it is revoked"))
	case p.Request.ID != "":
		return fmt.Sprintf("%s still needs: %s; it is asked for since %s (lanyard signoff list)", who, still, stamp(p.Request.Requested, ""))
	case still != "":
		return fmt.Sprintf("%s still needs: %s", who, still)
	}
	return fmt.Sprintf("%s has done all that %s asks for: lanyard award %s %s", who, p.Badge.Slug, p.Badge.Slug, who)
}
