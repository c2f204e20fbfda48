package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func resultCommand(a *app) *cobra.Command {
	return parent("result", "Results: what members have done of what badges ask for", resultAdd(a), resultList(a), resultRemove(a))
}

// resultFlags are the flags that house.result reads.
func resultFlags(c *cobra.Command) {
	c.Flags().String("on", "", "when it was done, a `DATE`; none: now")
	c.Flags().String("until", "", "until when it counts for new awards, a `DATE`; none: for good")
	c.Flags().String("reference", "", "where it is written down")
}

// result reads the flags of a result.
func (h *house) result(r claims.Requirement, m claims.Member) (claims.RecordResult, error) {
	res := claims.Result{ID: claims.ID(h.newID()), Member: m.ID, Badge: r.Badge, Requirement: r.Slug, Reference: h.text("reference")}
	var err error
	if res.At, err = h.whenFlag("on"); err == nil {
		res.Expires, err = h.whenFlag("until")
	}
	return claims.RecordResult{Result: res}, err
}

// recordResults records results and says what followed.
func (h *house) recordResults(intents ...claims.Intent) error {
	p, err := h.store.Change(h.ctx(), h.actor(), "", intents...)
	if err != nil {
		return err
	}
	if len(p.Facts) == 0 {
		h.say("it is recorded already; nothing changed")
	}
	h.tellEarned(p.Facts)
	return nil
}

// tellEarned says what facts that were written come to for whom they concern:
// what was done, the badges that followed and the sign-offs that are asked for.
func (h *house) tellEarned(facts []claims.Fact) {
	for _, f := range facts {
		switch f := f.(type) {
		case claims.Result:
			h.say("%s has done %s of %s", h.username(f.Member), f.Requirement, f.Badge)
		case claims.Award:
			if f.SupersededBy == "" {
				_, end := h.dir().Span(f)
				h.say("%s holds %s until %s", h.username(f.Member), f.Badge, stamp(end, "it is revoked"))
			}
		case claims.SignoffRequest:
			if f.Outcome == "" {
				h.say("%s is to be signed off for %s: lanyard signoff list", h.username(f.Member), f.Badge)
			}
		}
	}
}

func resultAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add BADGE REQUIREMENT MEMBER", Short: "Record that a member has done what a badge asks for", Args: need(3, 3), RunE: a.in(func(h *house, args []string) error {
		r, err := named[claims.Requirement](h, "requirement", args[0]+"."+args[1], "lanyard badge requirement list shows them")
		if err != nil {
			return err
		}
		m, err := h.member(args[2])
		if err != nil {
			return err
		}
		in, err := h.result(r, m)
		if err != nil {
			return err
		}
		in.Result.Source = h.text("source")
		return h.recordResults(in)
	})}
	resultFlags(c)
	c.Flags().String("source", "", "who says so; none: who records it")
	return c
}

// resultView is a result with the member's name.
type resultView struct {
	claims.Result
	Username string `json:"username"`
}

func resultList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list [MEMBER]", Short: "List what members have done", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		keep := func(r claims.Result) bool { return r.Removed.IsZero() }
		if len(args) == 1 {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			keep = func(r claims.Result) bool { return r.Removed.IsZero() && r.Member == m.ID }
		}
		var views []resultView
		for _, r := range sorted(h, keep) {
			views = append(views, resultView{r, h.username(r.Member)})
		}
		return table[resultView]{
			empty: "Nothing is recorded. lanyard result add BADGE REQUIREMENT MEMBER records what somebody has done.",
			head:  []string{"member", "badge", "requirement", "done", "counts until", "source", "reference", "id"},
			row: func(v resultView) []string {
				return []string{v.Username, string(v.Badge), string(v.Requirement), stamp(v.At, ""), stamp(v.Expires, "no end"), h.actorName(v.Source), v.Reference, string(v.ID)}
			},
		}.print(h, views)
	})}
}

func resultRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove ID", Short: "Take back a result that was recorded by mistake; awards stay", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		r, ok := claims.Get[claims.Result](h.dir(), args[0])
		if !ok {
			return fmt.Errorf("there is no result %s: lanyard result list shows them", args[0])
		}
		changed, err := h.change(claims.Remove{Key: r.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "%s of %s is not done by %s", r.Requirement, r.Badge, h.username(r.Member))
	})}
}
