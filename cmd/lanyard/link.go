package main

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/record"
)

func adminCommand(a *app) *cobra.Command {
	link := &cobra.Command{
		Use: "link", Short: "Print a one-time address at which somebody becomes an administrator", Args: none,
		RunE: a.in(func(h *house, _ []string) error {
			return h.link("admin", "", "/setup/", "whoever opens it first becomes an administrator")
		}),
	}
	link.Flags().String("for", "24h", "how long the address is good, as 2h or 7d")
	return parent("admin", "The first administrator, and a way back in", link)
}

func memberLink(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "link MEMBER", Short: "Print a one-time address at which a member sets a password", Args: need(1, 1),
		RunE: a.in(func(h *house, args []string) error {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			return h.link("password", m.ID, "/password/", m.Username+" sets a password there")
		}),
	}
	c.Flags().String("for", "7d", "how long the address is good, as 2h or 7d")
	return c
}

// link makes a one-time link and prints its address. Only its hash is stored.
func (h *house) link(purpose string, member claims.MemberID, path, what string) error {
	length, err := organisation.ParseLength(h.text("for"))
	if err != nil {
		return err
	}
	secret := record.Random(24)
	sum := sha256.Sum256([]byte(secret))
	l := record.Link{ID: hex.EncodeToString(sum[:]), Purpose: purpose, Member: member, Created: h.at, Expires: h.at.Add(length).Truncate(time.Second)}
	if err := h.store.CreateLink(h.ctx(), l); err != nil {
		return err
	}
	address := h.cfg.Issuer + path + secret
	if h.json {
		return h.printJSON(map[string]any{"url": address, "purpose": purpose, "expires": l.Expires})
	}
	h.say("%s\n\nIt works once, until %s: %s.", address, stamp(l.Expires, ""), what)
	return nil
}
