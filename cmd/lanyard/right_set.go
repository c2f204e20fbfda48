package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

func rightSet(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "set RIGHT LOCATION", Short: "Change what a right says and asks for, where it is declared", Args: need(2, 2),
		Long: "Change what is written here of a right, and leave the rest. With --acr 2, using it takes a sign-in with two factors:\n  lanyard right set manage /admin --acr 2       the organisers' pages\n  lanyard right set login /apps --acr 2         every application",
		RunE: a.in(func(h *house, args []string) error {
			l, err := h.location(args[1])
			if err != nil {
				return err
			}
			r, ok := claims.Get[claims.Right](h.dir(), claims.Right{At: l.ID, Slug: claims.Slug(args[0])}.Key().ID)
			if !ok || !r.Removed.IsZero() {
				return fmt.Errorf("%s is not declared at %s: lanyard right list shows where", args[0], args[1])
			}
			if h.given("description") {
				r.Description = h.text("description")
			}
			if h.given("acr") {
				r.ACR = h.number("acr")
			}
			if h.given("states") {
				r.States = nil
				for _, text := range h.list("states") {
					state, err := organisation.ParseState(text)
					if err != nil {
						return err
					}
					r.States = append(r.States, state)
				}
			}
			changed, err := h.change(claims.Define{Fact: r})
			if err != nil {
				return err
			}
			return h.done(changed, "%s at %s is changed", r.Slug, args[1])
		}),
	}
	c.Flags().String("description", "", "what one may do")
	c.Flags().StringSlice("states", nil, "which members' states may use it")
	c.Flags().Int("acr", 0, "how strong a sign-in it needs: 1 a password, 2 two factors; 0: any")
	return c
}
