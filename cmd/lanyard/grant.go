package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func grantCommand(a *app) *cobra.Command {
	return parent("grant", "Grants: who may do what, where; and denies", grantAdd(a), grantList(a), grantShow(a), grantRemove(a))
}

func grantAdd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "add SUBJECT RIGHT LOCATION", Short: "Let somebody do something somewhere and below",
		Long: "SUBJECT is everyone, self, public, state:active, user:NAME, tag:TAG, badge:BADGE, aff:OBJECT#KIND, aff:@TYPE#KIND or client:ID.\nRIGHT is a right, or role:ROLE.",
		Args: need(3, 3), RunE: a.in(func(h *house, args []string) error {
			g, err := h.newGrant(args[0], args[1])
			if err != nil {
				return err
			}
			at, intents, err := h.place(args[2])
			if err != nil {
				return err
			}
			g.At = at
			changed, err := h.change(append(intents, claims.AddGrant{Grant: g})...)
			if err != nil {
				return err
			}
			return h.done(changed, "%s: %s %s at %s", g.Effect, args[0], args[1], args[2])
		}),
	}
	c.Flags().Bool("deny", false, "stop it instead, there and everywhere below")
	c.Flags().String("window", "", "only then, as \"09:00-17:00 mon,tue Europe/Amsterdam\"")
	c.Flags().String("from", "", "from this `DATE` on")
	c.Flags().String("until", "", "until this `DATE`")
	periodFlag(c)
	c.Flags().String("reason", "", "why")
	return c
}

// newGrant reads a grant's words and flags, all but its place.
func (h *house) newGrant(subject, right string) (claims.Grant, error) {
	g := claims.Grant{ID: claims.ID(h.newID()), Effect: claims.Allow, Reason: h.text("reason")}
	if role, ok := strings.CutPrefix(right, "role:"); ok {
		g.Role = claims.Slug(role)
	} else {
		g.Right = claims.Slug(right)
	}
	if h.on("deny") {
		g.Effect = claims.Deny
	}
	var err error
	if g.Subject, err = h.subject(subject); err != nil {
		return g, err
	}
	if text := h.text("window"); text != "" {
		if g.Window, err = claims.ParseWindow(text); err != nil {
			return g, err
		}
	}
	if g.Starts, err = h.whenFlag("from"); err != nil {
		return g, err
	}
	if g.Expires, err = h.whenFlag("until"); err != nil {
		return g, err
	}
	g.Period, err = h.period()
	return g, err
}

// grantView is a grant in the words of the command line.
type grantView struct {
	claims.Grant
	Path    string `json:"path"`
	For     string `json:"for"`
	Opening string `json:"window_text,omitempty"`
}

// What is the right or role.
func (v grantView) What() string {
	if v.Role != "" {
		return "role:" + string(v.Role)
	}
	return string(v.Right)
}

func (v grantView) String() string {
	return words(fmt.Sprintf("%s %s %s", v.Effect, v.For, v.What()), v.Opening, v.dates())
}

func (v grantView) dates() string {
	var parts []string
	if !v.Starts.IsZero() {
		parts = append(parts, "from "+stamp(v.Starts, ""))
	}
	if !v.End().IsZero() {
		parts = append(parts, "until "+stamp(v.End(), ""))
	}
	if v.Period != "" {
		parts = append(parts, "in "+string(v.Period))
	}
	return strings.Join(parts, " ")
}

func (h *house) liveGrant(g claims.Grant) bool {
	_, end := h.dir().Span(g)
	return end.IsZero() || h.at.Before(end)
}

func (h *house) viewGrant(g claims.Grant) grantView {
	v := grantView{Grant: g, Path: h.pathName(g.At), For: h.subjectName(g.Subject)}
	if g.Window != nil {
		v.Opening = g.Window.String()
	}
	return v
}

func (h *house) grants(keep func(claims.Grant) bool) []grantView {
	views := []grantView{}
	for _, g := range sorted(h, keep) {
		views = append(views, h.viewGrant(g))
	}
	slices.SortStableFunc(views, func(a, b grantView) int {
		return strings.Compare(a.Path+" "+a.For+" "+a.What(), b.Path+" "+b.For+" "+b.What())
	})
	return views
}

func grantList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list [LOCATION]", Short: "List grants and denies", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		views := h.grants(func(g claims.Grant) bool {
			return (h.on("ended") || h.liveGrant(g)) && (h.on("core") || len(args) == 1 || !builtIn(g))
		})
		if len(args) == 1 {
			l, err := h.location(args[0])
			if err != nil {
				return err
			}
			views = slices.DeleteFunc(views, func(v grantView) bool { return v.At != l.ID })
		}
		return table[grantView]{
			empty: "There are no grants of your own. lanyard grant add SUBJECT RIGHT LOCATION adds one; --core shows the built-in ones.",
			head:  []string{"location", "effect", "to", "right", "when", "dates", "id"},
			row: func(v grantView) []string {
				return []string{v.Path, string(v.Effect), v.For, v.What(), v.Opening, v.dates(), string(v.ID)}
			},
		}.print(h, views)
	})}
	c.Flags().Bool("ended", false, "with those that are over")
	c.Flags().Bool("core", false, "with the built-in ones to administrators")
	return c
}

// builtIn tells whether a grant came with a root, for administrators.
func builtIn(g claims.Grant) bool {
	return strings.HasPrefix(string(g.ID), "root-") && g.Subject == claims.Subject{Kind: claims.SubjectTag, ID: "admin"}
}

func grantShow(a *app) *cobra.Command {
	return &cobra.Command{Use: "show ID", Short: "Show a grant", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		g, err := named[claims.Grant](h, "grant", args[0], "lanyard grant list shows them with their ids")
		if err != nil {
			return err
		}
		v := h.viewGrant(g)
		return h.show(v, "id", string(g.ID), "location", v.Path, "effect", string(g.Effect), "to", v.For, "right", v.What(), "when", v.Opening,
			"dates", v.dates(), "reason", g.Reason, "made by", h.actorName(g.CreatedBy), "made", stamp(g.CreatedAt, ""), "removed", stamp(g.Removed, ""))
	})}
}

func grantRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove ID", Short: "Remove a grant or deny", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		g, err := named[claims.Grant](h, "grant", args[0], "lanyard grant list shows them with their ids")
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: g.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "removed: %s at %s", h.viewGrant(g), h.pathName(g.At))
	})}
}
