package main

import (
	"github.com/spf13/cobra"

	"lanyard/idp/record"
)

func memberSignOut(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "sign-out MEMBER", Short: "End a member's sign-ins, here and where applications hear of it", Args: need(1, 1),
		Long: "End every sign-in of a member in a browser, and what applications got in it without offline_access. Applications with a\n--backchannel-logout address are told. Nothing keeps the member from signing in again; lanyard member bar does.",
		RunE: a.in(func(h *house, args []string) error {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			if err := h.store.EndSessions(h.ctx(), m.ID, "", h.at); err != nil {
				return err
			}
			line := record.Audited{At: h.at, Actor: h.actor().String(), Action: "end every sign-in", Subject: "member:" + string(m.ID)}
			if err := h.store.Audit(h.ctx(), line); err != nil {
				return err
			}
			if err := h.notify(m.ID, record.MailSignedOut); err != nil {
				return err
			}
			return h.done(true, "%s is signed out everywhere", m.Username)
		}),
	}
}
