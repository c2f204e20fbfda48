package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func signoffCommand(a *app) *cobra.Command {
	return parent("signoff", "Sign-offs: somebody who may award a badge says that a member can do it",
		signoffList(a), signoffRequest(a), signoffAnswer(a, "approve", claims.SignoffApproved), signoffAnswer(a, "refuse", claims.SignoffRefused))
}

// signoffView is a request with the member's name.
type signoffView struct {
	claims.SignoffRequest
	Username string   `json:"username"`
	Name     string   `json:"name,omitempty"`
	Done     []string `json:"done"`
	State    string   `json:"state"` // open, expired, approved, refused
}

func (h *house) viewSignoff(s claims.SignoffRequest) signoffView {
	m, _ := claims.Get[claims.Member](h.dir(), string(s.Member))
	v := signoffView{SignoffRequest: s, Username: h.username(s.Member), Name: m.Name, Done: []string{}, State: string(s.Outcome)}
	if p, err := claims.Progress(h.dir(), s.Member, s.Badge, h.at); err == nil {
		v.Done = append(v.Done, p.Done()...)
	}
	if v.State == "" {
		v.State = "expired"
		if s.Open(h.at) {
			v.State = "open"
		}
	}
	return v
}

func signoffList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list [BADGE]", Short: "List the requests that wait for an answer", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		var views []signoffView
		for _, s := range sorted(h, func(s claims.SignoffRequest) bool {
			return (len(args) == 0 || string(s.Badge) == args[0]) && (h.on("all") || s.Open(h.at))
		}) {
			views = append(views, h.viewSignoff(s))
		}
		slices.SortStableFunc(views, func(a, b signoffView) int { return a.Requested.Compare(b.Requested) })
		return table[signoffView]{
			empty: "Nobody waits for a sign-off.", head: []string{"badge", "member", "name", "asked", "state", "open until", "done", "by", "reason"},
			row: func(v signoffView) []string {
				return []string{string(v.Badge), v.Username, v.Name, stamp(v.Requested, ""), v.State, yes(v.State == "open", stamp(v.Expires, "")),
					strings.Join(v.Done, ", "), h.actorName(v.By), v.Reason}
			},
		}.print(h, views)
	})}
	c.Flags().Bool("all", false, "those that are answered or expired, too")
	return c
}

func signoffRequest(a *app) *cobra.Command {
	return &cobra.Command{Use: "request BADGE MEMBER", Short: "Ask for a sign-off on a member's behalf", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		b, m, err := h.badgeAndMember(args)
		if err != nil {
			return err
		}
		changed, err := h.change(claims.RequestSignoff{Request: claims.SignoffRequest{ID: claims.ID(h.newID()), Member: m.ID, Badge: b.Slug}})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is to be signed off for %s", m.Username, b.Slug)
	})}
}

func signoffAnswer(a *app, verb string, outcome claims.SignoffOutcome) *cobra.Command {
	short := "Sign a member off and give them the badge"
	if outcome == claims.SignoffRefused {
		short = "Say that a member is not ready yet, and why"
	}
	c := &cobra.Command{Use: verb + " BADGE MEMBER", Short: short, Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		b, m, err := h.badgeAndMember(args)
		if err != nil {
			return err
		}
		open := slices.DeleteFunc(h.dir().OpenSignoffs(b.Slug, h.at), func(s claims.SignoffRequest) bool { return s.Member != m.ID })
		if len(open) == 0 {
			return fmt.Errorf("%s has not asked to be signed off for %s: lanyard signoff list shows who has; lanyard award %s %s needs no request", m.Username, b.Slug, b.Slug, m.Username)
		}
		p, err := h.store.Change(h.ctx(), h.actor(), "", claims.AnswerSignoff{Request: open[0].ID, Outcome: outcome, Reason: h.text("reason")})
		if err != nil {
			return err
		}
		h.say("%s is%s signed off for %s", m.Username, yes(outcome == claims.SignoffRefused, " not"), b.Slug)
		h.tellEarned(p.Facts)
		return nil
	})}
	c.Flags().String("reason", "", "in words; they are shown to the member")
	return c
}
