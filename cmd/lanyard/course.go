package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

func courseCommand(a *app) *cobra.Command {
	return parent("course", "Courses of learning environments, that badges ask for", courseAdd(a), courseList(a), courseRemove(a), coursePassed(a))
}

func courseAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add VLE ID", Short: "Add a course, by the id its VLE calls it", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		v, err := named[claims.VLE](h, "VLE", args[0], vlesAre)
		if err != nil {
			return err
		}
		course := claims.Course{ID: claims.ID(h.newID()), VLE: v.Slug, External: args[1], Name: h.text("name")}
		for have := range claims.All[claims.Course](h.dir()) {
			if have.VLE == v.Slug && have.External == args[1] {
				course.ID = have.ID
			}
		}
		if err := mayDefine(h, course); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: course})
		if err != nil {
			return err
		}
		return h.done(changed, "course %s/%s is there. Next: lanyard badge requirement add BADGE course --course %s/%s", v.Slug, args[1], v.Slug, args[1])
	})}
	c.Flags().String("name", "", "what people read")
	return replaceable(c)
}

// courseView is a course with the badges that ask for it.
type courseView struct {
	claims.Course
	Badges []string `json:"badges"`
}

func courseList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List courses", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []courseView
		for _, c := range sorted(h, func(c claims.Course) bool { return c.Removed.IsZero() }) {
			v := courseView{c, []string{}}
			for _, r := range h.dir().RequirementsFor(c.ID) {
				v.Badges = append(v.Badges, string(r.Badge))
			}
			views = append(views, v)
		}
		return table[courseView]{
			empty: "There are no courses. lanyard course add VLE ID adds one.", head: []string{"course", "name", "asked for by"},
			row: func(v courseView) []string {
				return []string{string(v.VLE) + "/" + v.External, v.Name, strings.Join(v.Badges, ", ")}
			},
		}.print(h, views)
	})}
}

func courseRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove VLE ID", Short: "Remove a course that no badge asks for", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		c, err := organisation.FindCourse(h.dir(), args[0]+"/"+args[1])
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: c.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "course %s/%s is removed", c.VLE, c.External)
	})}
}

func coursePassed(a *app) *cobra.Command {
	c := &cobra.Command{Use: "passed VLE ID MEMBER", Short: "Record that a member passed a course, for every badge that asks for it", Args: need(3, 3), RunE: a.in(func(h *house, args []string) error {
		course, err := organisation.FindCourse(h.dir(), args[0]+"/"+args[1])
		if err != nil {
			return err
		}
		m, err := h.member(args[2])
		if err != nil {
			return err
		}
		asked := h.dir().RequirementsFor(course.ID)
		if len(asked) == 0 {
			return fmt.Errorf("no badge asks for %s/%s: lanyard badge requirement add BADGE course --course %s/%s lets one", args[0], args[1], args[0], args[1])
		}
		var intents []claims.Intent
		for _, r := range asked {
			in, err := h.result(r, m)
			if err != nil {
				return err
			}
			in.Result.Source = string(course.VLE)
			intents = append(intents, in)
		}
		return h.recordResults(intents...)
	})}
	resultFlags(c)
	return c
}
