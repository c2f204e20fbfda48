package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/idp/record"
)

// auditView is one line of the audit log.
type auditView struct {
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Action  string    `json:"action"`
	Subject string    `json:"subject,omitempty"`
	Request string    `json:"request,omitempty"`
}

func auditCommand(a *app) *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "Show who changed what, newest first", Args: none, RunE: a.in(func(h *house, _ []string) error {
		log, err := h.store.AuditLog(h.ctx(), h.number("last"))
		if err != nil {
			return err
		}
		var views []auditView
		for _, l := range log {
			views = append(views, auditView{l.At, h.actorName(l.Actor), claims.Spell(h.dir(), l.Action), h.auditSubject(l), l.Request})
		}
		return table[auditView]{
			empty: "Nothing was changed yet.", head: []string{"when", "who", "what", "to"},
			row: func(v auditView) []string { return []string{stamp(v.At, ""), v.Actor, cut(v.Action, 100), v.Subject} },
		}.print(h, views)
	})}
	c.Flags().Int("last", 50, "how many")
	return c
}

// cut shortens a text for a table.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func (h *house) auditSubject(l record.Audited) string {
	if id, ok := strings.CutPrefix(l.Subject, "member:"); ok {
		return h.username(claims.MemberID(id))
	}
	return l.Subject
}

// eventView is one time somebody stood before a door or asked for the WiFi.
type eventView struct {
	At       time.Time     `json:"at"`
	Front    string        `json:"front"`
	Where    string        `json:"where"`
	Member   string        `json:"member,omitempty"`
	Right    claims.Slug   `json:"right"`
	Location string        `json:"location,omitempty"`
	Allow    bool          `json:"allow"`
	Reason   claims.Reason `json:"reason"`
}

func (h *house) viewEvent(e record.Event) eventView {
	v := eventView{At: e.At, Front: e.Front, Right: e.Right, Location: h.pathName(e.Location), Allow: e.Allow, Reason: e.Reason}
	if e.Member != "" {
		v.Member = h.username(e.Member)
	}
	if d, ok := claims.Get[claims.Device](h.dir(), string(e.Device)); ok {
		v.Where = d.Name
	}
	if p, ok := claims.Get[claims.AccessPoint](h.dir(), string(e.Point)); ok {
		v.Where = p.Name
	}
	return v
}

func eventsCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "events", Short: "Show who came to which door or WiFi, newest first", Args: none,
		Long: "Who came to which door or WiFi, newest first. What is alike is kept once a minute on the WiFi, and once in ten seconds\nif a door refuses it; the server's log has every one.",
		RunE: a.in(func(h *house, _ []string) error {
			events, err := h.store.Events(h.ctx(), h.number("last"))
			if err != nil {
				return err
			}
			var views []eventView
			for _, e := range events {
				views = append(views, h.viewEvent(e))
			}
			return table[eventView]{
				empty: "Nobody came to a door or asked for the WiFi yet.", head: []string{"when", "where", "member", "right", "answer"},
				row: func(v eventView) []string {
					answer := "allow"
					if !v.Allow {
						answer = fmt.Sprintf("deny (%s)", v.Reason)
					}
					return []string{stamp(v.At, ""), words(v.Front, v.Where), v.Member, string(v.Right), answer}
				},
			}.print(h, views)
		}),
	}
	c.Flags().Int("last", 50, "how many")
	return c
}
