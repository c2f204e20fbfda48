package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func waiverCommand(a *app) *cobra.Command {
	return parent("waiver", "Waivers: let one member past one gate for a while", waiverAdd(a), waiverList(a), waiverRemove(a))
}

func waiverAdd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "add GATE MEMBER --until DATE", Short: "Let a member past a gate until a date; GATE is its id, or its location if no other stands there",
		Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
			g, err := h.gate(args[0])
			if err != nil {
				return err
			}
			m, err := h.member(args[1])
			if err != nil {
				return err
			}
			w := claims.Waiver{ID: claims.ID(h.newID()), Gate: g.ID, Member: m.ID, Reason: h.text("reason")}
			if w.Starts, err = h.whenFlag("from"); err != nil {
				return err
			}
			if w.Expires, err = h.whenFlag("until"); err != nil {
				return err
			}
			if w.Expires.IsZero() {
				return fmt.Errorf("say until when: a waiver always ends (--until DATE, as +1d)")
			}
			changed, err := h.change(claims.Waive{Waiver: w})
			if err != nil {
				return err
			}
			return h.done(changed, "%s needs none of %s at %s until %s", m.Username, join(g.AnyOf, " or "), h.pathName(g.At), stamp(w.Expires, ""))
		}),
	}
	c.Flags().String("from", "", "from this `DATE` on; none: now")
	c.Flags().String("until", "", "until this `DATE`, as +1d")
	c.Flags().String("reason", "", "why; for those who manage the member")
	return c
}

// gate finds a gate by its id or, if it stands alone there, by its location.
func (h *house) gate(name string) (claims.Gate, error) {
	if !strings.HasPrefix(name, "/") {
		return named[claims.Gate](h, "gate", name, gatesAre)
	}
	l, err := h.location(name)
	if err != nil {
		return claims.Gate{}, err
	}
	standing := slices.DeleteFunc(slices.Clone(h.dir().GatesAt(l.ID)), func(g claims.Gate) bool { return !g.Removed.IsZero() })
	switch len(standing) {
	case 0:
		return claims.Gate{}, fmt.Errorf("no gate stands at %s: %s", name, gatesAre)
	case 1:
		return standing[0], nil
	}
	return claims.Gate{}, fmt.Errorf("%d gates stand at %s, so name one by its id: %s", len(standing), name, gatesAre)
}

// waiverView is a waiver in the words of the command line.
type waiverView struct {
	claims.Waiver
	Username string        `json:"username"`
	Path     string        `json:"path"`
	Right    claims.Slug   `json:"right,omitempty"`
	AnyOf    []claims.Slug `json:"any_of"`
}

func waiverList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list [MEMBER]", Short: "List waivers", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		var of claims.MemberID
		if len(args) == 1 {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			of = m.ID
		}
		var views []waiverView
		for _, w := range sorted(h, func(w claims.Waiver) bool { return (of == "" || w.Member == of) && (h.on("all") || h.pending(w)) }) {
			g, _ := claims.Get[claims.Gate](h.dir(), string(w.Gate))
			views = append(views, waiverView{w, h.username(w.Member), h.pathName(g.At), g.Right, g.AnyOf})
		}
		slices.SortStableFunc(views, func(a, b waiverView) int { return strings.Compare(a.Username+" "+a.Path, b.Username+" "+b.Path) })
		return table[waiverView]{
			empty: "There are no waivers. lanyard waiver add GATE MEMBER --until DATE gives one.",
			head:  []string{"member", "location", "right", "needs no", "from", "until", "by", "reason", "id"},
			row: func(v waiverView) []string {
				gate := gateView{Gate: claims.Gate{Right: v.Right}}
				return []string{v.Username, v.Path, gate.right(), join(v.AnyOf, " or "), stamp(v.Starts, ""), stamp(v.End(), ""), h.actorName(v.By), v.Reason, string(v.ID)}
			},
		}.print(h, views)
	})}
	c.Flags().Bool("all", false, "with those that have ended")
	return c
}

// pending tells whether a waiver counts, or will.
func (h *house) pending(w claims.Waiver) bool { return h.at.Before(w.End()) }

func waiverRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove ID", Short: "End a waiver now", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		w, err := named[claims.Waiver](h, "waiver", args[0], "lanyard waiver list shows them with their ids")
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: w.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is let past that gate no longer", h.username(w.Member))
	})}
}
