package main

import (
	"github.com/spf13/cobra"

	"lanyard/claims"
)

func periodCommand(a *app) *cobra.Command {
	return parent("period", "Years, terms and seasons: what is bound to one counts within it only", periodAdd(a), periodList(a), periodCurrent(a))
}

const periodsAre = "lanyard period list shows them"

func periodAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add PERIOD", Short: "Define a period", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		slug, err := claims.ParseSlug(args[0])
		if err != nil {
			return err
		}
		p := claims.Period{Slug: slug, Label: h.text("label"), Kind: claims.PeriodKind(h.text("kind")), Current: h.on("current")}
		if p.Starts, err = h.whenFlag("from"); err != nil {
			return err
		}
		if p.Ends, err = h.whenFlag("until"); err != nil {
			return err
		}
		if err := mayDefine(h, p); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: p})
		if err != nil {
			return err
		}
		return h.done(changed, "period %s is defined. Next: lanyard affiliation add MEMBER OBJECT#KIND --period %s", slug, slug)
	})}
	c.Flags().String("label", "", "what people read")
	c.Flags().String("kind", string(claims.PeriodYear), "year, term or season")
	c.Flags().String("from", "", "from this `DATE` on")
	c.Flags().String("until", "", "until this `DATE`")
	c.Flags().Bool("current", false, "it is the current one of its kind, and the one before is not any more")
	return replaceable(c)
}

func periodList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List periods", Args: none, RunE: a.in(func(h *house, _ []string) error {
		return table[claims.Period]{
			empty: "There are no periods. lanyard period add PERIOD defines one.", head: []string{"period", "kind", "label", "from", "until", "current"},
			row: func(p claims.Period) []string {
				return []string{string(p.Slug), string(p.Kind), p.Label, stamp(p.Starts, ""), stamp(p.Ends, ""), yes(p.Current, "yes")}
			},
		}.print(h, sorted[claims.Period](h, nil))
	})}
}

func periodCurrent(a *app) *cobra.Command {
	return &cobra.Command{Use: "current PERIOD", Short: "Make a period the current one of its kind", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		p, err := named[claims.Period](h, "period", args[0], periodsAre)
		if err != nil {
			return err
		}
		p.Current = true
		changed, err := h.change(claims.Define{Fact: p})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is the current %s", p.Slug, p.Kind)
	})}
}

// periodFlag adds --period to a command that gives something.
func periodFlag(c *cobra.Command) {
	c.Flags().String("period", "", "within this `PERIOD` only")
}

// period reads --period.
func (h *house) period() (claims.Slug, error) {
	text := h.text("period")
	if text == "" {
		return "", nil
	}
	p, err := named[claims.Period](h, "period", text, periodsAre)
	return p.Slug, err
}
