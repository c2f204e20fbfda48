package main

import (
	"errors"
	"fmt"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/login"
	"lanyard/idp/record"
)

// mailLink sends a member a one-time address at which they set a password.
// Without a mail server it is printed, as ever.
func (h *house) mailLink(m claims.Member) error {
	if !h.cfg.Mail.On() {
		return h.link(login.PurposePassword, m.ID, "no mail is set up, so give it to "+m.Username+", who sets a password there")
	}
	if m.Email == "" {
		return fmt.Errorf("%s has no e-mail address: give one with lanyard member set %s --email ADDRESS, or leave --mail out", m.Username, m.Username)
	}
	length, err := organisation.ParseLength(h.text("for"))
	if err != nil {
		return err
	}
	p, err := h.post()
	if err != nil {
		return err
	}
	address, l, err := h.newLink(login.PurposePassword, m.ID, length)
	if err != nil {
		return err
	}
	err = p.SendLink(h.ctx(), record.MailPasswordLink, m, record.Secret(address), l.Expires)
	if errors.Is(err, claims.ErrTooMany) {
		return fmt.Errorf("%s was sent three links within an hour: wait, or leave --mail out", m.Username)
	}
	if err != nil {
		return err
	}
	return h.done(true, "A running server sends the link to %s; lanyard mail list shows what came of it", m.Email)
}
