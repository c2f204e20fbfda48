package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/idp/record"
)

func memberFactors(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "factors MEMBER", Short: "What a member signs in with beside a password; --end ends it", Args: need(1, 1),
		Long: "List what a member signs in with beside a password. For somebody who has lost their phone and their recovery codes,\n--end ends all of it, and every sign-in: be sure who asks. lanyard member link then gives a new password, too.",
		RunE: a.in(func(h *house, args []string) error {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			if h.on("end") {
				return h.endFactors(m)
			}
			return h.listFactors(m)
		}),
	}
	c.Flags().Bool("end", false, "end all of it")
	return c
}

type factorView struct {
	Kind  record.FactorKind `json:"kind"`
	Name  string            `json:"name,omitempty"`
	Added time.Time         `json:"added"`
	Used  time.Time         `json:"used,omitzero"`
}

func (h *house) listFactors(m claims.Member) error {
	all, err := h.store.Factors(h.ctx(), m.ID)
	if err != nil {
		return err
	}
	var views []factorView
	for _, f := range all {
		if f.Kind == record.FactorRecovery && f.Counter > 0 {
			continue // used up
		}
		views = append(views, factorView{f.Kind, f.Name, f.Created, f.Used})
	}
	return table[factorView]{
		empty: m.Username + " signs in with a password alone.",
		head:  []string{"what", "name", "added", "last used"},
		row: func(v factorView) []string {
			return []string{string(v.Kind), v.Name, stamp(v.Added, ""), stamp(v.Used, "")}
		},
	}.print(h, views)
}

func (h *house) endFactors(m claims.Member) error {
	for _, kind := range []record.FactorKind{record.FactorPasskey, record.FactorTOTP, record.FactorRecovery} {
		if err := h.store.ReplaceFactors(h.ctx(), m.ID, kind, nil, h.at); err != nil {
			return err
		}
	}
	if err := h.store.EndSessions(h.ctx(), m.ID, "", h.at); err != nil {
		return err
	}
	line := record.Audited{At: h.at, Actor: h.actor().String(), Action: "end every factor", Subject: "member:" + string(m.ID)}
	if err := h.store.Audit(h.ctx(), line); err != nil {
		return err
	}
	if err := h.notify(m.ID, record.MailFactorsEnded); err != nil {
		return err
	}
	h.say("%s signs in with a password alone from now on, and is signed out everywhere.", m.Username)
	if _, err := h.store.Password(h.ctx(), m.ID); err != nil {
		return fmt.Errorf("%s has no password: lanyard member link %s gives one", m.Username, m.Username)
	}
	return nil
}
