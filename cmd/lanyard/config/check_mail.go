package config

import (
	"net"
	"net/mail"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// checkMail looks at how letters go out. Without a server nothing else counts.
func (c Config) checkMail(say func(string, ...any)) {
	m := c.Mail
	if m.Server == "" {
		return
	}
	host, port, err := net.SplitHostPort(m.Server)
	if n, errPort := strconv.ParseUint(port, 10, 16); err != nil || errPort != nil || n == 0 || host == "" || strings.ContainsFunc(host, unicode.IsSpace) {
		say("mail.server is %q: it must be host:port, as smtp.example.org:587.", m.Server)
	}
	switch {
	case !slices.Contains([]string{"starttls", "implicit", "none"}, m.TLS):
		say("mail.tls is %q: it must be starttls, implicit or none.", m.TLS)
	case m.TLS == "none" && !loopback(host):
		say("mail.tls is none, which is for a mail server on this machine alone, as 127.0.0.1:25: letters and the password would go over the network for anybody to read.")
	}
	if m.CA != "" {
		if _, err := os.Stat(m.CA); err != nil {
			say("mail.ca names %s, which cannot be read: %v.", m.CA, cause(err))
		}
	}
	if (m.Username == "") != (m.Password == "") {
		say("mail.username and mail.password belong together: set both or neither.")
	}
	if _, err := mail.ParseAddress(m.From); err != nil || strings.ContainsFunc(m.From, unicode.IsControl) {
		say("mail.from is %q: it must be an address that the mail server lets you write from, as id@example.org or Makers <id@example.org>.", m.From)
	}
	if m.ReplyTo != "" {
		if _, err := mail.ParseAddress(m.ReplyTo); err != nil || strings.ContainsFunc(m.ReplyTo, unicode.IsControl) {
			say("mail.reply_to is %q: it must be an address such as desk@example.org.", m.ReplyTo)
		}
	}
}
