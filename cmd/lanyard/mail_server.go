package main

import (
	"crypto/x509"
	"fmt"
	"net/mail"
	"net/netip"
	"os"

	"lanyard/cmd/lanyard/config"
	"lanyard/idp/feeds"
)

// mailServer is the mail server that the configuration names; the zero
// MailServer if it names none.
func mailServer(cfg config.Config) (feeds.MailServer, error) {
	m := cfg.Mail
	if !m.On() {
		return feeds.MailServer{}, nil
	}
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return feeds.MailServer{}, fmt.Errorf("mail.from: %w", err)
	}
	s := feeds.MailServer{Address: m.Server, TLS: m.TLS, Username: m.Username, Password: m.Password, From: *from, ReplyTo: m.ReplyTo, Hello: greeting(cfg.Host())}
	if m.CA == "" {
		return s, nil
	}
	text, err := os.ReadFile(m.CA)
	if err != nil {
		return s, fmt.Errorf("mail.ca: %w", err)
	}
	s.Roots = x509.NewCertPool()
	if !s.Roots.AppendCertsFromPEM(text) {
		return s, fmt.Errorf("mail.ca: %s holds no certificate in PEM", m.CA)
	}
	return s, nil
}

// assemblePost makes who writes to members.
func (s *server) assemblePost() error {
	server, err := mailServer(s.cfg)
	s.post = &feeds.Post{Server: server, Store: s.store, Ring: s.ring, Directory: s.store.Directory, Now: s.now, Issuer: s.cfg.Issuer}
	return err
}

// greeting is what this machine calls itself before a mail server (RFC 5321,
// section 4.1.3).
func greeting(host string) string {
	a, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return host
	case a.Is6():
		return "[IPv6:" + a.String() + "]"
	}
	return "[" + a.String() + "]"
}
