package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func whatIfCommand(a *app) *cobra.Command {
	c := parent("what-if", "Who would lose and gain what, were a change made; nothing is changed", append(a.whatIfRules(), a.whatIfPeople()...)...)
	c.Long = "Work out a change without making it, and compare who may do what before and after, from now until --until.\n" +
		"Places are those where something stands: one that has nothing of its own is as the one above it."
	c.PersistentFlags().String("until", "+7d", "compare up to this `DATE`")
	return c
}

// whatIfRules are changes of rules and places.
func (a *app) whatIfRules() []*cobra.Command {
	return []*cobra.Command{
		a.whatIf("remove-grant ID", "A grant or deny were removed", 1, func(h *house, args []string) ([]claims.Intent, error) {
			g, err := named[claims.Grant](h, "grant", args[0], "lanyard grant list shows them with their ids")
			return []claims.Intent{claims.Remove{Key: g.Key()}}, err
		}),
		a.whatIf("remove-gate ID", "A gate were removed", 1, func(h *house, args []string) ([]claims.Intent, error) {
			g, err := named[claims.Gate](h, "gate", args[0], "lanyard gate list shows them with their ids")
			return []claims.Intent{claims.Remove{Key: g.Key()}}, err
		}),
		a.whatIf("stop LOCATION", "Permissions from above stopped at a place (inherit=false)", 1, func(h *house, args []string) ([]claims.Intent, error) {
			l, err := h.location(args[0])
			l.Inherit = false
			return []claims.Intent{claims.Define{Fact: l}}, err
		}),
		a.whatIf("archive LOCATION", "A place were closed", 1, func(h *house, args []string) ([]claims.Intent, error) {
			l, err := h.location(args[0])
			return []claims.Intent{claims.Remove{Key: l.Key()}}, err
		}),
		a.whatIf("lockdown LOCATION", "A place were locked down, with nobody exempt", 1, func(h *house, args []string) ([]claims.Intent, error) {
			l, err := h.location(args[0])
			return []claims.Intent{claims.Lock{Lockdown: claims.Lockdown{ID: claims.ID(h.newID()), At: l.ID, Reason: "what if"}}}, err
		}),
	}
}

// whatIfPeople are changes of what members have.
func (a *app) whatIfPeople() []*cobra.Command {
	return []*cobra.Command{
		a.whatIf("revoke BADGE MEMBER", "A badge were taken from a member", 2, revoked),
		a.whatIf("expire BADGE", "A badge were to end for all who hold it", 1, expired),
		a.whatIf("retire BADGE", "A badge were given to nobody any more", 1, func(h *house, args []string) ([]claims.Intent, error) {
			b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
			return []claims.Intent{claims.Remove{Key: b.Key()}}, err
		}),
		a.whatIf("untag TAG MEMBER", "A tag were taken off a member", 2, func(h *house, args []string) ([]claims.Intent, error) {
			m, err := h.member(args[1])
			return []claims.Intent{claims.Unassign{Tag: claims.Slug(args[0]), Target: claims.TargetMember, TargetID: string(m.ID)}}, err
		}),
		a.whatIf("bar MEMBER", "A member were barred", 1, func(h *house, args []string) ([]claims.Intent, error) {
			m, err := h.member(args[0])
			return []claims.Intent{claims.Bar{Member: m.ID, Reason: "what if"}}, err
		}),
	}
}

// whatIf is one change that can be tried out; intents says what it comes to.
func (a *app) whatIf(use, short string, args int, intents func(*house, []string) ([]claims.Intent, error)) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: need(args, args), RunE: a.in(func(h *house, args []string) error {
		change, err := intents(h, args)
		if err != nil {
			return err
		}
		to, err := h.whenFlag("until")
		if err != nil {
			return err
		}
		d := h.dir()
		p, err := claims.Plan(d, h.actor(), h.at, change...)
		if err != nil {
			return err
		}
		out, err := claims.WhatIf(d, p, to)
		if err != nil {
			return err
		}
		return h.showOutlook(p, out, to)
	})}
}

func revoked(h *house, args []string) ([]claims.Intent, error) {
	b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
	if err != nil {
		return nil, err
	}
	m, err := h.member(args[1])
	return []claims.Intent{claims.RevokeAward{Badge: b.Slug, Member: m.ID, Reason: "what if"}}, err
}

func expired(h *house, args []string) ([]claims.Intent, error) {
	b, err := named[claims.Badge](h, "badge", args[0], badgesAre)
	if err != nil {
		return nil, err
	}
	var all []claims.Intent
	for _, m := range h.dir().Holders(b.Slug, h.at) {
		all = append(all, claims.RevokeAward{Badge: b.Slug, Member: m, Reason: "what if"})
	}
	return all, nil
}

// shiftView is a shift in the words of the command line.
type shiftView struct {
	claims.Shift
	Username string `json:"username"`
	Path     string `json:"path"`
}

func (h *house) showOutlook(p claims.Planned, out claims.Outlook, to time.Time) error {
	shifts := []shiftView{}
	for _, s := range out.Shifts {
		shifts = append(shifts, shiftView{s, h.username(s.Member), h.pathName(s.Place)})
	}
	slices.SortStableFunc(shifts, func(a, b shiftView) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Right, b.Right), cmp.Compare(a.Username, b.Username))
	})
	if h.json {
		return h.printJSON(struct {
			Change string      `json:"change"`
			From   time.Time   `json:"from"`
			To     time.Time   `json:"to"`
			Shifts []shiftView `json:"shifts"`
			Cut    bool        `json:"cut"`
		}{p.What, p.At, to, shifts, out.Cut})
	}
	switch {
	case len(p.Facts) == 0:
		h.say("It is so already: nothing would change.")
		return nil
	case len(shifts) == 0 && !out.Cut:
		h.say("Nobody would lose or gain anything up to %s.", stamp(to, ""))
		return nil
	}
	h.say("Between %s and %s:", stamp(p.At, ""), stamp(to, ""))
	rows := []string{"MEMBER\t\tRIGHT\tLOCATION\tWHEN"}
	for _, s := range shifts {
		for _, part := range []struct {
			word string
			list []claims.Interval
		}{{"loses", s.Lost}, {"gains", s.Gained}} {
			if len(part.list) > 0 {
				rows = append(rows, strings.Join(clean([]string{s.Username, part.word, string(s.Right), s.Path, spans(part.list, p.At, to)}), "\t"))
			}
		}
	}
	if err := h.columns(rows); err != nil {
		return err
	}
	if out.Cut {
		h.say("There was more to compare than is compared at once: this list is not whole.")
	}
	return nil
}

// spans writes intervals inside a span for people, the first few of them.
func spans(list []claims.Interval, from, to time.Time) string {
	const most = 3
	var parts []string
	for i, s := range list {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d times more", len(list)-most))
			break
		}
		switch start, end := stamp(s.From, ""), stamp(s.To, ""); {
		case s.From.Equal(from) && s.To.Equal(to):
			parts = append(parts, "the whole time")
		case s.To.Equal(to):
			parts = append(parts, "from "+start)
		case s.From.Equal(from):
			parts = append(parts, "until "+end)
		default:
			parts = append(parts, start+" to "+end)
		}
	}
	return words(parts...)
}
