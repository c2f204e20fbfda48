package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

func rightCommand(a *app) *cobra.Command {
	return parent("right", "Rights: what one may do at a place and below", rightAdd(a), rightSet(a), rightList(a))
}

func rightAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add RIGHT LOCATION", Short: "Declare a right at a place, for it and everything below", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		s, err := slugs(args[:1])
		if err != nil {
			return err
		}
		at, intents, err := h.place(args[1])
		if err != nil {
			return err
		}
		r := claims.Right{
			At: at, Slug: s[0], Description: h.text("description"), NotPhysical: h.on("not-physical"), Egress: h.on("egress"),
			Public: h.on("public"), ACR: h.number("acr"),
		}
		for _, text := range h.list("states") {
			state, err := organisation.ParseState(text)
			if err != nil {
				return err
			}
			r.States = append(r.States, state)
		}
		if err := mayDefine(h, r, intents...); err != nil {
			return err
		}
		changed, err := h.change(append(intents, claims.Define{Fact: r})...)
		if err != nil {
			return err
		}
		return h.done(changed, "%s is declared at %s. Next: lanyard grant add SUBJECT %s LOCATION", r.Slug, args[1], r.Slug)
	})}
	c.Flags().String("description", "", "what one may do")
	c.Flags().StringSlice("states", nil, "which members' states may use it (default active,grace)")
	c.Flags().Bool("not-physical", false, "it opens no door and starts no machine")
	c.Flags().Bool("egress", false, "a way out: lockdown and maintenance do not hold it")
	c.Flags().Bool("public", false, "may be granted to callers without an account")
	c.Flags().Int("acr", 0, "how strong a sign-in it needs")
	return replaceable(c)
}

// rightView is a right with its place's path.
type rightView struct {
	claims.Right
	Path string `json:"path"`
}

// everyRoot lists the rights that every application's root has.
var everyRoot = []claims.Slug{"manage", "grant", "lockdown", "affiliate"}

func rightList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List rights and where they are declared", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []rightView
		for _, r := range sorted(h, func(r claims.Right) bool { return r.Removed.IsZero() }) {
			path := h.pathName(r.At)
			core := organisation.Reserved(claims.Path(path)) || slices.Contains(everyRoot, r.Slug)
			if h.on("core") || !core {
				views = append(views, rightView{r, path})
			}
		}
		slices.SortStableFunc(views, func(a, b rightView) int { return strings.Compare(a.Path+" "+string(a.Slug), b.Path+" "+string(b.Slug)) })
		return table[rightView]{
			empty: "There are no rights of your own. lanyard right add RIGHT LOCATION declares one; --core shows the built-in ones.",
			head:  []string{"right", "declared at", "states", "notes", "description"},
			row: func(v rightView) []string {
				states := v.States
				if len(states) == 0 {
					states = claims.DefaultStates
				}
				return []string{string(v.Slug), v.Path, join(states, ", "), words(yes(v.NotPhysical, "not physical"), yes(v.Egress, "egress"), yes(v.Public, "public")), v.Description}
			},
		}.print(h, views)
	})}
	c.Flags().Bool("core", false, "with the built-in ones")
	return c
}

func roleCommand(a *app) *cobra.Command {
	return parent("role", "Roles: several rights under one name", roleAdd(a), roleList(a))
}

func roleAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add ROLE APPLICATION [RIGHT...]", Short: "Define a role from rights of one application, as /space", Args: need(2, -1), RunE: a.in(func(h *house, args []string) error {
		app, err := h.location(args[1])
		if err != nil {
			return err
		}
		s, err := slugs(append([]string{args[0]}, args[2:]...))
		if err != nil {
			return err
		}
		r := claims.Role{Slug: s[0], App: app.ID, Label: h.text("label"), Rights: s[1:], AllBut: h.on("all-but")}
		if err := mayDefine(h, r); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: r})
		if err != nil {
			return err
		}
		return h.done(changed, "role %s is defined. Next: lanyard grant add SUBJECT role:%s LOCATION", r.Slug, r.Slug)
	})}
	c.Flags().String("label", "", "what people read")
	c.Flags().Bool("all-but", false, "every right of the application, now or later, except those named")
	return replaceable(c)
}

// roleView is a role with its application's path.
type roleView struct {
	claims.Role
	Path string `json:"path"`
}

func roleList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List roles", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []roleView
		for _, r := range sorted[claims.Role](h, nil) {
			views = append(views, roleView{r, h.pathName(r.App)})
		}
		return table[roleView]{
			empty: "There are no roles. lanyard role add ROLE APPLICATION RIGHT... defines one.", head: []string{"role", "application", "rights", "label"},
			row: func(v roleView) []string {
				rights := join(v.Rights, ", ")
				if v.AllBut {
					rights = strings.TrimSpace("all but " + rights)
				}
				return []string{string(v.Slug), v.Path, rights, v.Label}
			},
		}.print(h, views)
	})}
}
