package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func rightsCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rights MEMBER LOCATION", Short: "List what a member may do somewhere, which is what a menu is made of", Args: need(2, 2),
		RunE: a.in(func(h *house, args []string) error {
			if err := h.lookBack(); err != nil {
				return err
			}
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			ask, err := h.ask("any", args[1])
			if err != nil {
				return err
			}
			ask.Member, ask.ACR = m.ID, h.number("acr")
			held, err := claims.RightsOf(h.dir(), ask)
			if errors.Is(err, claims.ErrNotFound) {
				return fmt.Errorf("there is no location %s: lanyard location list shows the tree", args[1])
			}
			if err != nil {
				return err
			}
			return table[claims.Held]{
				empty: fmt.Sprintf("%s may do nothing at %s. lanyard decide %s RIGHT %s --explain says why.", m.Username, args[1], m.Username, args[1]),
				head:  []string{"right", "until", "description"},
				row: func(v claims.Held) []string {
					return []string{string(v.Right), stamp(v.Until, "no end in sight"), v.Description}
				},
			}.print(h, held)
		}),
	}
	c.Flags().String("at", "", "at this `DATE` instead of now")
	c.Flags().Int("acr", 0, "how strong the sign-in was")
	asOfFlag(c)
	return c
}

// allowedWhen is a member who may, at some times inside a span.
type allowedWhen struct {
	Member    claims.MemberID   `json:"member"`
	Username  string            `json:"username"`
	Name      string            `json:"name,omitempty"`
	Intervals []claims.Interval `json:"intervals"`
}

// whoCanUntil lists who may between ask.At and --until, and exactly when.
func (h *house) whoCanUntil(ask claims.Ask) error {
	to, err := h.whenFlag("until")
	if err != nil {
		return err
	}
	list, err := claims.WhoCan(h.dir(), ask, to)
	if errors.Is(err, claims.ErrNotFound) {
		return fmt.Errorf("%w. lanyard right list --core shows what there is", err)
	}
	if err != nil {
		return err
	}
	who := []allowedWhen{}
	for _, x := range list {
		m, _ := claims.Get[claims.Member](h.dir(), string(x.Member))
		who = append(who, allowedWhen{m.ID, m.Username, m.Name, x.Intervals})
	}
	slices.SortFunc(who, func(a, b allowedWhen) int { return strings.Compare(a.Username, b.Username) })
	if h.json {
		return h.printJSON(who)
	}
	if len(who) == 0 {
		h.say("No member may between %s and %s. lanyard grant list shows what is granted.", stamp(ask.At, ""), stamp(to, ""))
		return nil
	}
	rows := []string{"USERNAME\tNAME\tFROM\tTO"}
	for _, w := range who {
		for i, span := range w.Intervals {
			cells := []string{w.Username, w.Name, stamp(span.From, ""), edge(span.To, to, "the end")}
			if i > 0 {
				cells[0], cells[1] = "", ""
			}
			rows = append(rows, strings.Join(clean(cells), "\t"))
		}
	}
	return h.columns(rows)
}

// edge is an instant, or a word if it is the one that the question ends at.
func edge(t, last time.Time, word string) string {
	if t.Equal(last) {
		return word
	}
	return stamp(t, word)
}
