package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func memberErase(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "erase MEMBER --reason asked|retention|mistake", Short: "Take away for good what is known of a member",
		Long: "Empties a member's row, also in the change log, and ends what they hold. Their id and the subject of\n" +
			"their tokens stay, and their usernames stay taken, as digests. Nothing brings back what is erased:\n" +
			"a backup that was made before is to be erased anew once it is restored.",
		Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			if !h.given("reason") {
				return errors.New("say why: --reason asked, retention or mistake")
			}
			in := claims.Erase{Member: m.ID, Reason: h.text("reason")}
			if _, err := h.store.Preview(h.ctx(), h.actor(), in); err != nil {
				return err // before anybody is asked whether they are sure
			}
			if !h.on("yes") {
				if err := h.confirm(m.Username); err != nil {
					return err
				}
			}
			changed, err := h.change(in)
			if err != nil {
				return err
			}
			return h.done(changed, "%s is erased; %s is what is left", args[0], m.ID)
		}),
	}
	c.Flags().String("reason", "", "asked (they wanted it), retention (it was time) or mistake (it should not have been there)")
	c.Flags().Bool("yes", false, "do not ask")
	return c
}

// confirm has a name typed before what cannot be undone.
func (h *house) confirm(name string) error {
	fmt.Fprintf(h.cmd.OutOrStdout(), "This cannot be undone. Write %s to go on: ", clean([]string{name})[0])
	line, err := bufio.NewReader(h.cmd.InOrStdin()).ReadString('\n')
	if errors.Is(err, io.EOF) {
		h.say("") // nobody pressed return
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(line) != name {
		return errors.New("nothing was erased: the name was not written (--yes does without)")
	}
	return nil
}
