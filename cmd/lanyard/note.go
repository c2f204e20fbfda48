package main

import (
	"github.com/spf13/cobra"

	"lanyard/claims"
)

func noteCommand(a *app) *cobra.Command {
	return parent("note", "Notes about members, for who manages them", noteAdd(a), noteList(a), noteRemove(a))
}

func noteAdd(a *app) *cobra.Command {
	return &cobra.Command{Use: "add MEMBER TEXT", Short: "Keep a note about a member, which they never see", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		n := claims.Note{ID: claims.ID(h.newID()), Member: m.ID, Text: args[1]}
		if _, err := h.change(claims.AddNote{Note: n}); err != nil {
			return err
		}
		h.say("noted about %s, as %s", m.Username, n.ID)
		return nil
	})}
}

func noteList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list MEMBER", Short: "List the notes about a member", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		notes, err := claims.See(h.dir(), h.actor(), h.at).Notes(m.ID)
		if err != nil {
			return err
		}
		return table[claims.Note]{
			empty: "There are no notes about " + m.Username + ". lanyard note add " + m.Username + " TEXT keeps one.",
			head:  []string{"id", "when", "by", "note"},
			row: func(n claims.Note) []string {
				return []string{string(n.ID), stamp(n.At, ""), h.actorName(n.By), n.Text}
			},
		}.print(h, notes)
	})}
}

func noteRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove NOTE", Short: "Take a note away, by its id", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		n, err := named[claims.Note](h, "note", args[0], "lanyard note list MEMBER shows them")
		if err != nil {
			return err
		}
		changed, err := h.change(claims.RemoveNote{Note: n.ID})
		if err != nil {
			return err
		}
		return h.done(changed, "note %s is gone", n.ID)
	})}
}
