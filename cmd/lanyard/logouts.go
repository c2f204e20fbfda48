package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/idp/record"
)

// logoutView is one time an application was to be told that a sign-in is over.
type logoutView struct {
	At       time.Time       `json:"at"`
	Client   claims.ClientID `json:"client"`
	Member   string          `json:"member"`
	Reason   string          `json:"reason"`
	State    string          `json:"state"` // waiting, delivered, failed, dropped, superseded
	Attempts int             `json:"attempts"`
	Answer   string          `json:"answer,omitempty"` // to the last attempt
	Next     time.Time       `json:"next,omitzero"`
	Done     time.Time       `json:"done,omitzero"`
}

func (h *house) viewLogout(m record.Message) logoutView {
	v := logoutView{At: m.Created, Client: m.To, Member: h.username(m.Member), Reason: m.Reason, State: m.Outcome, Attempts: m.Attempts, Answer: m.Answer, Done: m.Done}
	if m.Done.IsZero() {
		v.State, v.Next = "waiting", m.Due
	}
	return v
}

func logoutsCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "logouts", Short: "Show which applications were told of sign-outs, newest first", Args: none,
		Long: "Show which applications were told that a sign-in there is over, and what came of it, newest first: because the member\nsigned out or may not sign in any more, or because something they were told of the member is no longer so.\nOnly applications with a --backchannel-logout address are told.",
		RunE: a.in(func(h *house, _ []string) error {
			messages, err := h.store.Messages(h.ctx(), h.number("last"))
			if err != nil {
				return err
			}
			var views []logoutView
			for _, m := range messages {
				if v := h.viewLogout(m); !h.on("undelivered") || v.State == "waiting" || v.State == record.OutcomeFailed {
					views = append(views, v)
				}
			}
			return table[logoutView]{
				empty: "There is nothing to show: no application was to be told of a sign-out.", head: []string{"when", "client", "member", "why", "state", "attempts", "answer"},
				row: func(v logoutView) []string {
					return []string{stamp(v.At, ""), string(v.Client), v.Member, v.Reason, v.State + yes(!v.Next.IsZero(), " until "+stamp(v.Next, "")), fmt.Sprint(v.Attempts), v.Answer}
				},
			}.print(h, views)
		})}
	c.Flags().Int("last", 50, "how many")
	c.Flags().Bool("undelivered", false, "of these, only what was not delivered")
	return c
}
