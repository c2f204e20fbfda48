package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func gateCommand(a *app) *cobra.Command {
	return parent("gate", "Gates: badges without which a place or right is shut", gateAdd(a), gateList(a), gateRemove(a))
}

const gatesAre = "lanyard gate list shows them with their ids"

func gateAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add LOCATION BADGE...", Short: "Make badges necessary somewhere and below; one of them is enough", Args: need(2, -1), RunE: a.in(func(h *house, args []string) error {
		for _, b := range args[1:] {
			if _, err := named[claims.Badge](h, "badge", b, badgesAre); err != nil {
				return err
			}
		}
		badges, err := slugs(args[1:])
		if err != nil {
			return err
		}
		at, intents, err := h.place(args[0])
		if err != nil {
			return err
		}
		g := claims.Gate{ID: claims.ID(h.newID()), At: at, Right: claims.Slug(h.text("right")), AnyOf: badges, Reason: h.text("reason")}
		changed, err := h.change(append(intents, claims.AddGate{Gate: g})...)
		if err != nil {
			return err
		}
		return h.done(changed, "%s needs %s", args[0], join(badges, " or "))
	})}
	c.Flags().String("right", "", "only for this `RIGHT`; none: every physical right that is no way out")
	c.Flags().String("reason", "", "why")
	return c
}

// gateView is a gate in the words of the command line.
type gateView struct {
	claims.Gate
	Path string `json:"path"`
}

func (v gateView) right() string {
	if v.Right == "" {
		return "every physical right"
	}
	return string(v.Right)
}

func (v gateView) String() string { return v.right() + " needs " + join(v.AnyOf, " or ") }

func (h *house) gates(keep func(claims.Gate) bool) []gateView {
	views := []gateView{}
	for _, g := range sorted(h, keep) {
		views = append(views, gateView{g, h.pathName(g.At)})
	}
	slices.SortStableFunc(views, func(a, b gateView) int { return strings.Compare(a.Path+" "+a.String(), b.Path+" "+b.String()) })
	return views
}

func gateList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List gates", Args: none, RunE: a.in(func(h *house, _ []string) error {
		return table[gateView]{
			empty: "There are no gates. lanyard gate add LOCATION BADGE makes a badge necessary.",
			head:  []string{"location", "right", "needs", "reason", "id"},
			row: func(v gateView) []string {
				return []string{v.Path, v.right(), join(v.AnyOf, " or "), v.Reason, string(v.ID)}
			},
		}.print(h, h.gates(func(g claims.Gate) bool { return g.Removed.IsZero() }))
	})}
}

func gateRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove ID", Short: "Remove a gate", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		g, err := named[claims.Gate](h, "gate", args[0], gatesAre)
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: g.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "removed: %s at %s", gateView{Gate: g}, h.pathName(g.At))
	})}
}
