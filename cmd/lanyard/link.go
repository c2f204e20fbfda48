package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/login"
	"lanyard/idp/record"
)

func adminCommand(a *app) *cobra.Command {
	link := &cobra.Command{
		Use: "link", Short: "Print a one-time address at which somebody becomes an administrator", Args: none,
		RunE: a.in(func(h *house, _ []string) error {
			return h.link(login.PurposeAdmin, "", "whoever opens it first becomes an administrator")
		}),
	}
	link.Flags().String("for", "24h", "how long the address is good, as 2h or 7d")
	return parent("admin", "The first administrator, and a way back in", link)
}

func memberLink(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "link MEMBER", Short: "Print or mail a one-time address at which a member sets a password", Args: need(1, 1),
		RunE: a.in(func(h *house, args []string) error {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			if h.on("mail") {
				return h.mailLink(m)
			}
			return h.link(login.PurposePassword, m.ID, m.Username+" sets a password there")
		}),
	}
	c.Flags().String("for", "7d", "how long the address is good, as 2h or 7d")
	c.Flags().Bool("mail", false, "send it to the member by mail, if mail is set up, and do not print it")
	return c
}

// link makes a one-time link and prints its address.
func (h *house) link(purpose string, member claims.MemberID, what string) error {
	length, err := organisation.ParseLength(h.text("for"))
	if err != nil {
		return err
	}
	address, l, err := h.newLink(purpose, member, length)
	if err != nil {
		return err
	}
	if h.json {
		return h.printJSON(map[string]any{"url": address, "purpose": purpose, "expires": l.Expires})
	}
	h.say("%s\n\nIt works once, until %s: %s.", address, stamp(l.Expires, ""), what)
	return nil
}

// newLink makes a one-time address. Only its hash is stored.
func (h *house) newLink(purpose string, member claims.MemberID, length time.Duration) (string, record.Link, error) {
	path, l := login.NewLink(purpose, member, h.now(), length)
	l.Expires = l.Expires.Truncate(time.Second)
	if err := h.store.CreateLink(h.ctx(), l); err != nil {
		return "", l, fmt.Errorf("make a one-time address: %w", err)
	}
	return h.cfg.Issuer + path, l, nil
}
