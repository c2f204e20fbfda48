package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

// sayChanged says what became different about a client that was there, and
// that it is disabled if it is.
func (h *house) sayChanged(changed bool, old claims.Client) error {
	now, _ := claims.Get[claims.Client](h.dir(), string(old.ID))
	before, after := h.clientPairs(old), h.clientPairs(now)
	if changed {
		h.say("client %s is changed", now.ID)
	} else {
		h.say("client %s is there already, as it is written; nothing changed", now.ID)
	}
	for i := 0; i < len(after); i += 2 {
		if before[i+1] != after[i+1] {
			h.say("    %s: %s -> %s", after[i], oneLine(before[i+1]), oneLine(after[i+1]))
		}
	}
	if !now.Disabled.IsZero() {
		h.say("note: %s is disabled, so nobody signs in to it: lanyard client enable %s", now.ID, now.ID)
	}
	return nil
}

func oneLine(s string) string { return orNone(strings.ReplaceAll(s, "\n", ", ")) }

// freshClientID refuses a new id that a page would not take, so that no two
// differ by capitals alone. A file may name any, for software that dictates it.
func freshClientID(id string, there bool) error {
	if _, err := claims.ParseSlug(id); err == nil || there {
		return nil
	}
	return fmt.Errorf("id: %q: only small letters, digits and hyphens, at most %d, not starting with a hyphen; where the application dictates another, lanyard apply takes it", id, claims.MaxSlug)
}

func clientDisable(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "disable ID", Aliases: []string{"remove"}, Short: "Switch an application off: nobody signs in to it, and its tokens end", Args: need(1, 1),
		Long: "Switch an application off: nobody signs in to it any more, and the tokens it has stop working. Its settings and secrets\nare kept for the day it is enabled again.",
		RunE: a.in(func(h *house, args []string) error {
			c, err := named[claims.Client](h, "client", args[0], clientsAre)
			if err != nil {
				return err
			}
			changed, err := h.change(claims.Remove{Key: c.Key()})
			if err != nil {
				return err
			}
			return h.done(changed, "client %s is disabled; lanyard client enable %s brings it back", c.ID, c.ID)
		}),
	}
}

func clientEnable(a *app) *cobra.Command {
	return &cobra.Command{Use: "enable ID", Short: "Switch a disabled application on again, with the secrets and settings it had", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		c, err := named[claims.Client](h, "client", args[0], clientsAre)
		if err != nil {
			return err
		}
		c.Disabled = time.Time{}
		changed, err := h.change(claims.Define{Fact: c})
		if err != nil {
			return err
		}
		return h.done(changed, "client %s is enabled", c.ID)
	})}
}
