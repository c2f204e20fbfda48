package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/config"
	"lanyard/idp/feeds"
	"lanyard/idp/record"
)

func mailCommand(a *app) *cobra.Command {
	return parent("mail", "Letters to members, and the mail server", mailTest(a), mailList(a))
}

// errNoMail is what commands say that need a mail server.
var errNoMail = errors.New("no mail server is set up: set mail.server and mail.from in the configuration")

func mailTest(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "test ADDRESS", Short: "Send a letter to an address, and say what went wrong if it did", Args: need(1, 1),
		RunE: a.in(func(h *house, args []string) error {
			if !h.cfg.Mail.On() {
				return errNoMail
			}
			p, err := h.post()
			if err != nil {
				return err
			}
			if err := p.Test(h.ctx(), args[0]); err != nil {
				return err
			}
			return h.done(true, "The mail server %s took a letter to %s: see whether it arrives", h.cfg.Mail.Server, args[0])
		})}
}

// mailView is one letter, without what it says.
type mailView struct {
	At       time.Time       `json:"at"`
	Member   string          `json:"member"`
	Kind     record.MailKind `json:"kind"`
	Address  string          `json:"address"`
	State    string          `json:"state"` // waiting, delivered, failed, dropped
	Attempts int             `json:"attempts"`
	Answer   string          `json:"answer,omitempty"` // to the last attempt
	Next     time.Time       `json:"next,omitzero"`
	Done     time.Time       `json:"done,omitzero"`
}

func (h *house) viewMail(m record.Mail) mailView {
	v := mailView{At: m.Created, Member: h.username(m.Member), Kind: m.Kind, Address: m.Address, State: m.Outcome, Attempts: m.Attempts, Answer: m.Answer, Done: m.Done}
	if m.Done.IsZero() {
		v.State, v.Next = "waiting", m.Due
	}
	return v
}

func mailList(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "Show which letters were sent to whom, newest first", Args: none,
		Long: "Show which letters were sent to members in the last month, or wait, and what came of each; never what they say. A letter\ncounts as delivered once the mail server took it. Of one kind, a member is sent three in an hour; the others are not written.",
		RunE: a.in(func(h *house, _ []string) error {
			all, err := h.store.Mails(h.ctx(), h.on("undelivered"), h.number("last"))
			if err != nil {
				return err
			}
			var views []mailView
			for _, m := range all {
				views = append(views, h.viewMail(m))
			}
			return table[mailView]{
				empty: "There is nothing to show: no letter was written.", head: []string{"when", "member", "kind", "to", "state", "attempts", "answer"},
				row: func(v mailView) []string {
					return []string{stamp(v.At, ""), v.Member, string(v.Kind), v.Address, v.State + yes(!v.Next.IsZero(), " until "+stamp(v.Next, "")), fmt.Sprint(v.Attempts), v.Answer}
				},
			}.print(h, views)
		})}
	c.Flags().Int("last", 50, "how many")
	c.Flags().Bool("undelivered", false, "only what waits or failed")
	return c
}

// post is who writes to members.
func (h *house) post() (*feeds.Post, error) {
	server, err := mailServer(h.cfg)
	return &feeds.Post{Server: server, Store: h.store, Ring: h.ring, Directory: h.store.Directory, Now: h.now, Issuer: h.cfg.Issuer}, err
}

// notify tells a member by mail what an operator did, if mail is set up.
func (h *house) notify(m claims.MemberID, kind record.MailKind) error {
	p, err := h.post()
	if err != nil {
		return err
	}
	return p.Notify(h.ctx(), record.Notice{Kind: kind, Member: m, At: h.at})
}

func mailFinding(cfg config.Config) finding {
	if !cfg.Mail.On() {
		return finding{"mail", true, "none: links are shown to whoever asks for them, and nobody is told what happens to their account"}
	}
	if _, err := mailServer(cfg); err != nil {
		return finding{"mail", false, err.Error()}
	}
	return finding{"mail", true, fmt.Sprintf("%s (%s), from %s; lanyard mail test ADDRESS tries it", cfg.Mail.Server, cfg.Mail.TLS, cfg.Mail.From)}
}
