package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func tagCommand(a *app) *cobra.Command {
	return parent("tag", "Tags: plain labels, defined beforehand",
		tagAdd(a), tagList(a), tagShow(a), tagRemove(a), tagAssign(a), tagUnassign(a))
}

func tagAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add TAG", Short: "Define a tag", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		slug, err := claims.ParseSlug(args[0])
		if err != nil {
			return err
		}
		t := claims.Tag{Slug: slug, Label: h.text("label"), Description: h.text("description"), InClaims: !h.on("not-in-claims")}
		for _, text := range h.list("on") {
			t.Targets = append(t.Targets, claims.Target(text))
		}
		if err := mayDefine(h, t); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: t})
		if err != nil {
			return err
		}
		return h.done(changed, "tag %s is defined. Next: lanyard tag assign %s MEMBER", slug, slug)
	})}
	c.Flags().String("label", "", "what people read")
	c.Flags().String("description", "", "what it is for")
	c.Flags().StringSlice("on", nil, "what it may be put on: member (default), device, location")
	c.Flags().Bool("not-in-claims", false, "keep it out of tokens")
	return replaceable(c)
}

// tagView is a tag with how many members have it now.
type tagView struct {
	claims.Tag
	Members int `json:"members"`
}

func (h *house) tagged(tag claims.Slug) []claims.Assignment {
	return sorted(h, func(a claims.Assignment) bool { return a.Tag == tag && h.dir().LiveAt(a, h.at) })
}

func tagList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List tags", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []tagView
		for _, t := range sorted[claims.Tag](h, nil) {
			views = append(views, tagView{t, len(h.tagged(t.Slug))})
		}
		return table[tagView]{
			empty: "There are no tags. lanyard tag add TAG defines one.", head: []string{"tag", "label", "on", "has it", "in tokens"},
			row: func(v tagView) []string {
				on := join(v.Targets, ", ")
				if on == "" {
					on = string(claims.TargetMember)
				}
				return []string{string(v.Slug), v.Label, on, fmt.Sprint(v.Members), yes(v.InClaims, "yes")}
			},
		}.print(h, views)
	})}
}

func tagShow(a *app) *cobra.Command {
	return &cobra.Command{Use: "show TAG", Short: "Show a tag and who has it", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		t, err := named[claims.Tag](h, "tag", args[0], "lanyard tag list shows them")
		if err != nil {
			return err
		}
		var who []held
		for _, x := range h.tagged(t.Slug) {
			who = append(who, held{Name: h.targetName(x), Until: x.Expires, Note: "by " + x.AssignedBy})
		}
		v := struct {
			claims.Tag
			Assigned []held `json:"assigned"`
		}{t, who}
		return h.show(v, "tag", string(t.Slug), "label", t.Label, "description", t.Description, "in tokens", yes(t.InClaims, "yes"), "has it", lines(who))
	})}
}

func (h *house) targetName(x claims.Assignment) string {
	switch x.Target {
	case claims.TargetMember:
		return h.username(claims.MemberID(x.TargetID))
	case claims.TargetLocation:
		return h.pathName(claims.LocationID(x.TargetID))
	case claims.TargetDevice:
		v, _ := claims.Get[claims.Device](h.dir(), x.TargetID)
		return v.Name
	}
	return x.TargetID
}

func tagRemove(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "remove TAG", Short: "Take a tag off everybody, and remove every grant to it",
		Long: "The word itself stays defined, since the past is told with it.",
		Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
			t, err := named[claims.Tag](h, "tag", args[0], "lanyard tag list shows them")
			if err != nil {
				return err
			}
			if t.Slug == "admin" {
				return errors.New("the tag admin stays, or nobody could run this: lanyard tag unassign admin MEMBER takes it off one")
			}
			var intents []claims.Intent
			tagged := h.tagged(t.Slug)
			for _, x := range tagged {
				intents = append(intents, claims.Unassign{Tag: t.Slug, Target: x.Target, TargetID: x.TargetID})
			}
			for _, g := range sorted(h, func(g claims.Grant) bool { return h.liveGrant(g) && g.Subject == tagSubject(t.Slug) }) {
				intents = append(intents, claims.Remove{Key: g.Key()})
			}
			changed := false
			if len(intents) > 0 {
				if changed, err = h.change(intents...); err != nil {
					return err
				}
			}
			return h.done(changed, "nobody has the tag %s, and nothing is granted to it%s", t.Slug,
				yes(changed, fmt.Sprintf(": it was taken off %d, and %s removed", len(tagged), count(len(intents)-len(tagged), "grant"))))
		}),
	}
}

func tagSubject(tag claims.Slug) claims.Subject {
	return claims.Subject{Kind: claims.SubjectTag, ID: string(tag)}
}

// target reads what a tag is put on: a member, or with flags a device or location.
func (h *house) target(name string) (claims.Target, string, error) {
	switch {
	case h.on("location"):
		l, err := h.location(name)
		return claims.TargetLocation, string(l.ID), err
	case h.on("device"):
		v, err := h.device(name)
		return claims.TargetDevice, string(v.ID), err
	}
	m, err := h.member(name)
	return claims.TargetMember, string(m.ID), err
}

func targetFlags(c *cobra.Command) {
	c.Flags().Bool("device", false, "the second argument names a device")
	c.Flags().Bool("location", false, "the second argument names a location")
}

func tagAssign(a *app) *cobra.Command {
	c := &cobra.Command{Use: "assign TAG MEMBER", Short: "Put a tag on a member (or a device or location)", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		t, err := named[claims.Tag](h, "tag", args[0], "lanyard tag add defines one")
		if err != nil {
			return err
		}
		x := claims.Assignment{ID: claims.ID(h.newID()), Tag: t.Slug}
		if x.Target, x.TargetID, err = h.target(args[1]); err != nil {
			return err
		}
		if x.Starts, err = h.whenFlag("from"); err != nil {
			return err
		}
		if x.Expires, err = h.whenFlag("until"); err != nil {
			return err
		}
		if x.Period, err = h.period(); err != nil {
			return err
		}
		changed, err := h.change(claims.Assign{Assignment: x})
		if err != nil {
			return err
		}
		if !changed && !x.Expires.IsZero() {
			return fmt.Errorf("%s has the tag %s at least until then already: lanyard tag unassign it first, then assign it with its new end", args[1], t.Slug)
		}
		return h.done(changed, "%s has the tag %s", args[1], t.Slug)
	})}
	c.Flags().String("from", "", "from this `DATE` on")
	c.Flags().String("until", "", "until this `DATE`")
	targetFlags(c)
	periodFlag(c)
	return c
}

func tagUnassign(a *app) *cobra.Command {
	c := &cobra.Command{Use: "unassign TAG MEMBER", Short: "Take a tag off a member (or a device or location)", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		t, err := named[claims.Tag](h, "tag", args[0], "lanyard tag list shows them")
		if err != nil {
			return err
		}
		target, id, err := h.target(args[1])
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(h.tagged(t.Slug), func(x claims.Assignment) bool { return x.Target == target && x.TargetID == id }) {
			return h.done(false, "%s does not have the tag %s", args[1], t.Slug)
		}
		changed, err := h.change(claims.Unassign{Tag: t.Slug, Target: target, TargetID: id})
		if err != nil {
			return err
		}
		return h.done(changed, "%s has lost the tag %s", args[1], t.Slug)
	})}
	targetFlags(c)
	return c
}
