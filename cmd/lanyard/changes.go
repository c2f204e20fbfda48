package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

// changeView is one line of the change log. It never shows the fact itself,
// which may hold what is sealed.
type changeView struct {
	Place   string            `json:"place"` // to go on from
	At      time.Time         `json:"at"`
	Entity  claims.Entity     `json:"entity"`
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Members []claims.MemberID `json:"members"` // whom it concerns by itself; none: it is a rule
	Actor   string            `json:"actor"`
	who     string
}

func changesCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "changes", Short: "Show what changed and whom it concerns, in order", Args: none, RunE: a.in(func(h *house, _ []string) error { return h.changes() }),
		Long: "The change log: every fact that was written and every instant at which time by itself began or ended one\n" +
			"(due), in the order of their commits. A program that must act on changes keeps the place of the last one\n" +
			"it dealt with and goes on from there: --since PLACE --follow --json prints one object a line.",
	}
	c.Flags().String("since", "", "only what came after this `PLACE`: EPOCH.NUMBER")
	c.Flags().Int("last", 50, "how many of the newest, if --since is not given")
	c.Flags().Bool("follow", false, "go on printing what changes, until interrupted")
	return c
}

func (h *house) changes() error {
	head := h.store.Directory().Seq()
	at := claims.Seq{Epoch: head.Epoch, N: head.N - min(head.N, uint64(max(0, h.number("last"))))}
	if h.given("since") {
		var err error
		if at, err = claims.ParseSeq(h.text("since")); err != nil {
			return err
		}
		if at.Epoch != head.Epoch || at.N > head.N {
			return fmt.Errorf("the change log has no place %s: it is at %v, and what was known before may be wrong: read the organisation anew and go on from there", h.text("since"), head)
		}
	}
	views, err := h.changesUpTo(at, head)
	if err != nil {
		return err
	}
	if !h.on("follow") {
		if err := (table[changeView]{
			empty: "Nothing has changed since.", head: []string{"place", "when", "what", "concerns", "by"},
			row: func(v changeView) []string {
				return []string{v.Place, stamp(v.At, ""), cut(v.what(), 60), cut(v.who, 40), v.Actor}
			},
		}).print(h, views); err != nil || h.json {
			return err
		}
		h.say("\nGo on with: lanyard changes --since %v", head)
		return nil
	}
	for _, v := range views {
		if err := h.printChange(v); err != nil {
			return err
		}
	}
	return h.followChanges(head)
}

// changesUpTo reads the log from one place to another.
func (h *house) changesUpTo(at, head claims.Seq) ([]changeView, error) {
	var views []changeView
	for at.N < head.N {
		page, err := h.store.Changes(h.ctx(), at, int(min(1000, head.N-at.N)))
		if err != nil || len(page) == 0 {
			return views, err
		}
		views, at.N = h.viewChanges(views, at.Epoch, page), page[len(page)-1].N
	}
	return views, nil
}

// followChanges prints changes as they come, until interrupted.
func (h *house) followChanges(at claims.Seq) error {
	for {
		news, err := h.store.Watch(h.ctx(), at)
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case errors.Is(err, claims.ErrExpired):
			return fmt.Errorf("the change log was begun anew, as after a restore: read the organisation anew and go on from %v", h.store.Directory().Seq())
		case err != nil:
			return err
		}
		at = news.At
		for _, v := range h.viewChanges(nil, at.Epoch, news.Changes) {
			if err := h.printChange(v); err != nil {
				return err
			}
		}
	}
}

// printChange writes one change as one line.
func (h *house) printChange(v changeView) error {
	if h.json {
		return json.NewEncoder(h.cmd.OutOrStdout()).Encode(v)
	}
	h.say("%s", strings.Join([]string{v.Place, stamp(v.At, ""), v.what(), v.who, v.Actor}, "  "))
	return nil
}

func (h *house) viewChanges(views []changeView, epoch string, changes []claims.Change) []changeView {
	for _, c := range changes {
		k := c.Fact.Key()
		v := changeView{Place: claims.Seq{Epoch: epoch, N: c.N}.String(), At: c.At, Entity: k.Entity, ID: k.ID,
			Name: nameOf(h.dir(), c.Fact), Members: c.Fact.Concerns(), Actor: h.actorName(c.Actor), who: "everybody"}
		if v.Members == nil {
			v.Members = []claims.MemberID{}
		}
		var names []string
		for _, m := range v.Members {
			names = append(names, h.username(m))
		}
		if len(names) > 0 {
			v.who = strings.Join(names, ", ")
		}
		views = append(views, v)
	}
	return views
}

// what says what changed in a few words.
func (v changeView) what() string { return word(v.Entity) + " " + v.Name }
