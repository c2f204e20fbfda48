package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

// asOfFlag lets a command that looks be asked about the past.
func asOfFlag(c *cobra.Command) {
	c.Flags().String("as-of", "", "with the facts as they were known at this `DATE`, and asked then")
}

// lookBack makes the house the one of --as-of, if that is given: its facts are
// those that were known then, and it is then.
func (h *house) lookBack() error {
	if !h.given("as-of") {
		return nil
	}
	at, err := h.whenFlag("as-of")
	if err != nil {
		return err
	}
	d, err := h.store.AsOf(h.ctx(), at)
	if errors.Is(err, claims.ErrNotFound) {
		return fmt.Errorf("nothing was known at %s: %s", stamp(at, ""), h.logBegins())
	}
	if err != nil {
		return err
	}
	h.past, h.at = d, at
	return nil
}

// logBegins says when the first fact was written.
func (h *house) logBegins() string {
	first, err := h.store.Changes(h.ctx(), claims.Seq{}, 1)
	if err != nil || len(first) == 0 {
		return "the change log begins later"
	}
	return "the change log begins at " + stamp(first[0].At, "")
}
