package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

func badgeCommand(a *app) *cobra.Command {
	return parent("badge", "Badges: earned, perhaps for a while", badgeAdd(a), badgeList(a), badgeShow(a), badgeRetire(a), badgeHolders(a), badgeProgress(a), requirementCommand(a))
}

const badgesAre = "lanyard badge list shows them"

func badgeAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add BADGE", Short: "Define a badge", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		slug, err := claims.ParseSlug(args[0])
		if err != nil {
			return err
		}
		b := claims.Badge{
			Slug: slug, Name: h.text("name"), Description: h.text("description"), Earn: h.text("earn"), EarnURL: h.text("earn-url"),
			Mode: claims.BadgeMode(h.text("mode")), InClaims: !h.on("not-in-claims"),
		}
		if b.Name == "" {
			b.Name = args[0]
		}
		if text := h.text("valid-for"); text != "" {
			length, err := organisation.ParseLength(text)
			if err != nil {
				return err
			}
			b.ValidFor = claims.Duration(length)
		}
		if err := mayDefine(h, b); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: b})
		if err != nil {
			return err
		}
		return h.done(changed, "badge %s is defined. Next: lanyard award %s MEMBER", slug, slug)
	})}
	c.Flags().String("name", "", "what people read")
	c.Flags().String("description", "", "what it is")
	c.Flags().String("earn", "", "how to earn it, in words; shown to whoever lacks it")
	c.Flags().String("earn-url", "", "where to learn more")
	c.Flags().String("mode", "manual", "how it is given: manual, auto or signoff")
	c.Flags().String("valid-for", "", "how long an award lasts, as 365d; none: no end")
	c.Flags().Bool("not-in-claims", false, "keep it out of tokens")
	return replaceable(c)
}

// badgeView is a badge with how many members hold it now.
type badgeView struct {
	claims.Badge
	Holders  int  `json:"holders"`
	Training bool `json:"training_required"` // it asks for a course or a sign-off
}

func (h *house) viewBadge(b claims.Badge) badgeView {
	return badgeView{b, len(h.holders(b.Slug)), h.dir().TrainingRequired(b.Slug)}
}

// holder is an award that counts now, with its member's name.
type holder struct {
	claims.Award
	Username string `json:"username"`
	Name     string `json:"name,omitempty"`
}

func (h *house) holders(badge claims.Slug) []holder {
	var out []holder
	for m := range claims.All[claims.Member](h.dir()) {
		for _, a := range h.dir().AwardsOf(m.ID) {
			if a.Badge == badge && h.liveAward(a) {
				out = append(out, holder{a, m.Username, m.Name})
			}
		}
	}
	slices.SortFunc(out, func(a, b holder) int { return strings.Compare(a.Username, b.Username) })
	return out
}

func badgeList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List badges", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []badgeView
		for _, b := range sorted[claims.Badge](h, nil) {
			views = append(views, h.viewBadge(b))
		}
		return table[badgeView]{
			empty: "There are no badges. lanyard badge add BADGE defines one.",
			head:  []string{"badge", "name", "held by", "lasts", "how to earn it"},
			row: func(v badgeView) []string {
				return []string{string(v.Slug), v.Name + yes(!v.Retired.IsZero(), " (retired)"), fmt.Sprint(v.Holders), length(v.ValidFor), v.Earn}
			},
		}.print(h, views)
	})}
}

func length(d claims.Duration) string {
	switch day := 24 * time.Hour; {
	case d == 0:
		return ""
	case time.Duration(d)%day == 0:
		return fmt.Sprintf("%d days", time.Duration(d)/day)
	}
	return time.Duration(d).String()
}

func badgeShow(a *app) *cobra.Command {
	return &cobra.Command{Use: "show BADGE", Short: "Show a badge, and the gates it opens", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
		if err != nil {
			return err
		}
		var gates []string
		for _, g := range sorted(h, func(g claims.Gate) bool { return g.Removed.IsZero() && slices.Contains(g.AnyOf, b.Slug) }) {
			gates = append(gates, strings.TrimSpace(string(g.Right)+" at "+h.pathName(g.At)))
		}
		slices.Sort(gates)
		asks := h.asks(b)
		v := struct {
			badgeView
			Gates        []string          `json:"gates"`
			Requirements []requirementView `json:"requirements"`
		}{h.viewBadge(b), gates, asks}
		return h.show(v, "badge", string(b.Slug), "name", b.Name, "description", b.Description, "how to earn it", b.Earn, "learn more", b.EarnURL,
			"given", string(b.Mode), "lasts", length(b.ValidFor), "in tokens", yes(b.InClaims, "yes"), "retired", stamp(b.Retired, ""),
			"held by", fmt.Sprint(v.Holders), "needed for", strings.Join(gates, "\n"), "asks for", groupLines(asks))
	})}
}

func badgeRetire(a *app) *cobra.Command {
	return &cobra.Command{Use: "retire BADGE", Short: "Give a badge to nobody any more; those who hold it keep it", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: b.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "badge %s is retired", b.Slug)
	})}
}

func badgeHolders(a *app) *cobra.Command {
	return &cobra.Command{Use: "holders BADGE", Short: "List who holds a badge now", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
		if err != nil {
			return err
		}
		return table[holder]{
			empty: "Nobody holds " + args[0] + ". lanyard award " + args[0] + " MEMBER gives it.",
			head:  []string{"username", "name", "since", "until", "by", "evidence"},
			row: func(x holder) []string {
				return []string{x.Username, x.Name, stamp(x.On, ""), stamp(x.Expires, "no end"), h.actorName(x.AwardedBy), x.Evidence}
			},
		}.print(h, h.holders(b.Slug))
	})}
}

// actorName writes an actor with a username for people.
func (h *house) actorName(actor string) string {
	if id, ok := strings.CutPrefix(actor, "member:"); ok {
		return h.username(claims.MemberID(id))
	}
	return actor
}

func awardCommand(a *app) *cobra.Command {
	c := &cobra.Command{Use: "award BADGE MEMBER", Short: "Give a member a badge", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
		if err != nil {
			return err
		}
		m, err := h.member(args[1])
		if err != nil {
			return err
		}
		aw := claims.Award{ID: claims.ID(h.newID()), Badge: b.Slug, Member: m.ID, Evidence: h.text("evidence"), Method: claims.MethodManual}
		if aw.On, err = h.whenFlag("on"); err != nil {
			return err
		}
		if aw.Expires, err = h.whenFlag("until"); err != nil {
			return err
		}
		if aw.Period, err = h.period(); err != nil {
			return err
		}
		p, err := h.store.Change(h.ctx(), h.actor(), "", claims.GiveAward{Award: aw})
		if err != nil {
			return err
		}
		h.tellEarned(p.Facts)
		return nil
	})}
	c.Flags().String("until", "", "until this `DATE`; none: as long as the badge says")
	c.Flags().String("on", "", "from this `DATE` on; none: now")
	c.Flags().String("evidence", "", "what it rests on")
	periodFlag(c)
	return c
}

func revokeCommand(a *app) *cobra.Command {
	c := &cobra.Command{Use: "revoke BADGE MEMBER --reason TEXT", Short: "Take a badge from a member", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
		if err != nil {
			return err
		}
		m, err := h.member(args[1])
		if err != nil {
			return err
		}
		if h.text("reason") == "" {
			return fmt.Errorf("say why: --reason TEXT")
		}
		if !slices.ContainsFunc(h.dir().AwardsOf(m.ID), func(x claims.Award) bool { return x.Badge == b.Slug && claims.Live(time.Time{}, x.End(), h.at) }) {
			return fmt.Errorf("%s does not hold %s: lanyard badge holders %s shows who does", m.Username, b.Slug, b.Slug)
		}
		changed, err := h.change(claims.RevokeAward{Badge: b.Slug, Member: m.ID, Reason: h.text("reason")})
		if err != nil {
			return err
		}
		return h.done(changed, "%s no longer holds %s", m.Username, b.Slug)
	})}
	c.Flags().String("reason", "", "why; kept with the award")
	return c
}
