package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func lockdownCommand(a *app) *cobra.Command {
	return parent("lockdown", "Lockdown: close a place to all but the exempt", lockdownStart(a), lockdownList(a), lockdownLift(a))
}

func lockdownStart(a *app) *cobra.Command {
	c := &cobra.Command{Use: "start LOCATION --reason TEXT", Short: "Close a place and everything below, at once", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		l, err := h.location(args[0])
		if err != nil {
			return err
		}
		if h.text("reason") == "" {
			return fmt.Errorf("say why: --reason TEXT")
		}
		x := claims.Lockdown{ID: claims.ID(h.newID()), At: l.ID, Reason: h.text("reason")}
		for _, text := range h.list("exempt") {
			s, err := h.subject(text)
			if err != nil {
				return err
			}
			x.Exempt = append(x.Exempt, s)
		}
		changed, err := h.change(claims.Lock{Lockdown: x})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is locked down. lanyard lockdown lift %s ends it", args[0], args[0])
	})}
	c.Flags().String("reason", "", "why; kept as the incident's log")
	c.Flags().StringSlice("exempt", nil, "whom it does not hold: user:NAME, tag:TAG, badge:BADGE, state:STATE, client:ID, aff:OBJECT#KIND")
	return c
}

// lockdownView is a lockdown in the words of the command line.
type lockdownView struct {
	claims.Lockdown
	Path   string   `json:"path"`
	Spared []string `json:"exempt_names,omitempty"`
}

func lockdownList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List lockdowns", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []lockdownView
		for _, x := range sorted(h, func(x claims.Lockdown) bool { return h.on("all") || x.Lifted.IsZero() }) {
			v := lockdownView{Lockdown: x, Path: h.pathName(x.At)}
			for _, s := range x.Exempt {
				v.Spared = append(v.Spared, h.subjectName(s))
			}
			views = append(views, v)
		}
		return table[lockdownView]{
			empty: "Nothing is locked down. lanyard lockdown start LOCATION --reason TEXT closes a place.",
			head:  []string{"location", "since", "by", "reason", "exempt", "lifted", "id"},
			row: func(v lockdownView) []string {
				return []string{v.Path, stamp(v.From, ""), h.actorName(v.By), v.Reason, strings.Join(v.Spared, ", "), stamp(v.Lifted, ""), string(v.ID)}
			},
		}.print(h, views)
	})}
	c.Flags().Bool("all", false, "with those that were lifted")
	return c
}

func lockdownLift(a *app) *cobra.Command {
	return &cobra.Command{Use: "lift LOCATION|ID", Short: "End a lockdown", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		var intents []claims.Intent
		for _, x := range sorted(h, func(x claims.Lockdown) bool { return x.Lifted.IsZero() }) {
			if string(x.ID) == args[0] || h.pathName(x.At) == args[0] {
				intents = append(intents, claims.Lift{Lockdown: x.ID})
			}
		}
		if len(intents) == 0 {
			return fmt.Errorf("nothing is locked down at %s: lanyard lockdown list shows what is", args[0])
		}
		changed, err := h.change(intents...)
		if err != nil {
			return err
		}
		return h.done(changed, "the lockdown of %s is lifted", args[0])
	})}
}
