package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func affiliationCommand(a *app) *cobra.Command {
	return parent("affiliation", "Roles held in a body or an event: board of delft", affiliationAdd(a), affiliationList(a), affiliationEnd(a))
}

// role reads "delft#board", and tells what is near if it is unknown.
func (h *house) role(text string) (object, kind claims.Slug, err error) {
	o, k, ok := strings.Cut(text, "#")
	if !ok {
		return "", "", fmt.Errorf("%q is no role: write OBJECT#KIND, as delft#board", text)
	}
	obj, err := named[claims.Object](h, "object", o, "lanyard object list shows them")
	if err != nil {
		return "", "", err
	}
	for _, t := range h.typeAndBase(obj.Type) {
		if _, ok := claims.Get[claims.Kind](h.dir(), string(t)+"."+k); ok {
			return obj.Slug, claims.Slug(k), nil
		}
	}
	var known []string
	for x := range claims.All[claims.Kind](h.dir()) {
		if slices.Contains(h.typeAndBase(obj.Type), x.Type) {
			known = append(known, string(x.Slug))
		}
	}
	return "", "", notThere("kind", k, known, "lanyard kind list shows them")
}

// typeAndBase is a type and the one it extends.
func (h *house) typeAndBase(typ claims.Slug) []claims.Slug {
	t, _ := claims.Get[claims.ObjectType](h.dir(), string(typ))
	if t.Extends == "" {
		return []claims.Slug{typ}
	}
	return []claims.Slug{typ, t.Extends}
}

func affiliationAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add MEMBER OBJECT#KIND", Short: "Give a member a role in an object", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		x := claims.Affiliation{ID: claims.ID(h.newID()), Member: m.ID, Title: h.text("title")}
		if x.Object, x.Kind, err = h.role(args[1]); err != nil {
			return err
		}
		if x.Starts, err = h.whenFlag("from"); err != nil {
			return err
		}
		if x.Ends, err = h.whenFlag("until"); err != nil {
			return err
		}
		if x.Period, err = h.period(); err != nil {
			return err
		}
		changed, err := h.change(claims.Affiliate{Affiliation: x})
		if err != nil {
			return err
		}
		if !changed && !x.Ends.IsZero() {
			return fmt.Errorf("%s is %s of %s at least until then already: lanyard affiliation end it first, then add it with its new end", m.Username, x.Kind, x.Object)
		}
		return h.done(changed, "%s is %s of %s", m.Username, x.Kind, x.Object)
	})}
	c.Flags().String("title", "", "in words, as \"treasurer since the split\"")
	c.Flags().String("from", "", "from this `DATE` on")
	c.Flags().String("until", "", "until this `DATE`")
	periodFlag(c)
	return c
}

// affiliationView is an affiliation with its member's name.
type affiliationView struct {
	claims.Affiliation
	Username string `json:"username"`
}

func affiliationList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List who holds which role now", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []affiliationView
		for _, x := range sorted(h, func(x claims.Affiliation) bool { return h.dir().LiveAt(x, h.at) }) {
			name := h.username(x.Member)
			if (h.text("object") == "" || h.text("object") == string(x.Object)) && (h.text("member") == "" || h.text("member") == name) {
				views = append(views, affiliationView{x, name})
			}
		}
		slices.SortStableFunc(views, func(a, b affiliationView) int {
			return strings.Compare(string(a.Object)+a.Username, string(b.Object)+b.Username)
		})
		return table[affiliationView]{
			empty: "Nobody holds such a role. lanyard affiliation add MEMBER OBJECT#KIND gives one.",
			head:  []string{"object", "kind", "member", "title", "since", "until", "by"},
			row: func(v affiliationView) []string {
				return []string{string(v.Object), string(v.Kind), v.Username, v.Title, stamp(v.Starts, ""), stamp(v.Ends, "no end"), h.actorName(v.GrantedBy)}
			},
		}.print(h, views)
	})}
	c.Flags().String("object", "", "only in this `OBJECT`")
	c.Flags().String("member", "", "only of this `MEMBER`, by username")
	return c
}

func affiliationEnd(a *app) *cobra.Command {
	return &cobra.Command{Use: "end MEMBER OBJECT#KIND", Short: "End a member's role in an object now", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		object, kind, err := h.role(args[1])
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(h.dir().AffiliationsOf(m.ID), func(x claims.Affiliation) bool {
			return x.Object == object && x.Kind == kind && claims.Live(time.Time{}, x.End(), h.at)
		}) {
			return fmt.Errorf("%s is not %s: lanyard member show %s says what they are", m.Username, args[1], m.Username)
		}
		changed, err := h.change(claims.EndAffiliation{Member: m.ID, Object: object, Kind: kind})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is no longer %s of %s", m.Username, kind, object)
	})}
}
