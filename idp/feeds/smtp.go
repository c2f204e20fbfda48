// Handing letters to a mail server (RFC 5321).
//
//   - TLS before anything of ours is said: by STARTTLS, which is not      RFC 8314, 3
//     optional, or from the first byte; without, on this machine only
//   - the server's certificate is for its name, and of a known authority  RFC 6125
//   - the password goes over TLS, or to this machine                      RFC 4954, 4
//   - Auto-Submitted, so that no machine answers                          RFC 3834, 5
//   - one Message-ID for all attempts at a letter                         RFC 5322, 3.6.4
//   - no text of anybody ends a header's line                             RFC 5322, 2.2
package feeds

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"lanyard/idp/record"
)

// How a mail server is spoken to.
const (
	TLSStart    = "starttls"
	TLSImplicit = "implicit"
	TLSNone     = "none"
)

// smtpStep is what reaching the server may take, greeting it and signing in,
// and then the letter; the three are less than leaseHeld.
const smtpStep = 7 * time.Second

// MailServer takes letters. The zero MailServer is none: On tells.
type MailServer struct {
	Address  string // host:port
	TLS      string // TLSStart, TLSImplicit, TLSNone
	Roots    *x509.CertPool
	Username string // empty: it asks for none
	Password record.Secret
	From     mail.Address // without a name, letters are from the organisation
	ReplyTo  string       // empty: From
	Hello    string       // what this machine calls itself
}

// On tells whether there is a mail server.
func (s MailServer) On() bool { return s.Address != "" }

// Envelope is a letter on its way.
type Envelope struct {
	ID          string // the same for every attempt
	To          string
	Sender      string // who writes, if From has no name
	Subject     string
	Date        time.Time
	Plain, HTML string
}

// Send hands a letter over. The error is a *NotTaken.
func (s MailServer) Send(ctx context.Context, e Envelope) error {
	m, err := s.message(e)
	if err != nil {
		return err
	}
	var line net.Conn
	client, err := s.client(e.To, func(c net.Conn) { line = c })
	if err != nil {
		return s.notTaken(e, fmt.Errorf("set up the mail client: %w", err))
	}
	err = client.DialWithContext(ctx)
	if line != nil {
		defer line.Close() // the client leaves it open where it fails
	}
	if err == nil {
		err = client.Send(m)
	}
	if err != nil {
		return s.notTaken(e, err)
	}
	client.Close() // it was taken, whatever comes of the farewell
	return nil
}

func (s MailServer) client(to string, opened func(net.Conn)) (*gomail.Client, error) {
	host, text, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{ServerName: host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	policy := gomail.TLSMandatory
	if s.TLS == TLSImplicit || s.TLS == TLSNone {
		policy = gomail.NoTLS // by STARTTLS
	}
	options := []gomail.Option{
		gomail.WithPort(port), gomail.WithTimeout(smtpStep), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(secure),
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			line, err := s.dial(ctx, network, address, secure)
			if err == nil {
				opened(line)
			}
			return line, err
		}),
	}
	if isASCII(to) && isASCII(s.From.Address) {
		options = append(options, gomail.WithoutSMTPUTF8()) // a server on the way may not know it
	}
	if s.Hello != "" {
		options = append(options, gomail.WithHELO(s.Hello))
	}
	return gomail.NewClient(host, append(options, s.signIn()...)...)
}

// signIn says how to sign in at the server; without a username, not at all.
func (s MailServer) signIn() []gomail.Option {
	if s.Username == "" {
		return nil
	}
	plain, login := gomail.SMTPAuthPlain, gomail.SMTPAuthLogin
	if s.TLS == TLSNone {
		plain, login = gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc
	}
	return []gomail.Option{gomail.WithUsername(s.Username), gomail.WithPassword(string(s.Password)),
		gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, plain, login, gomail.SMTPAuthCramMD5)}
}

// dial opens a connection, with TLS from the first byte where it is implicit.
func (s MailServer) dial(ctx context.Context, network, address string, secure *tls.Config) (net.Conn, error) {
	if s.TLS == TLSImplicit {
		return (&tls.Dialer{Config: secure}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// message puts a letter into the form it travels in.
func (s MailServer) message(e Envelope) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(e.To)
	if err != nil || to.Name != "" || oneLine(to.Address) != to.Address {
		return nil, &NotTaken{Short: "no address", Text: "that is no address a letter can go to", kind: errFinal}
	}
	from := s.From
	if from.Name == "" {
		from.Name = oneLine(e.Sender)
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&from)
	m.ToMailAddress(&mail.Address{Address: to.Address})
	if s.ReplyTo != "" {
		if err := m.ReplyTo(s.ReplyTo); err != nil {
			return nil, s.notTaken(e, fmt.Errorf("mail.reply_to: %w", err))
		}
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	m.Subject(oneLine(e.Subject))
	m.SetDateWithValue(e.Date)
	m.SetMessageIDWithValue(e.ID + "@" + domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, e.Plain)
	m.AddAlternativeString(gomail.TypeTextHTML, e.HTML)
	return m, nil
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c > unicode.MaxASCII })
}

// oneLine makes a text fit for a header: what is no letter, digit, sign or
// space becomes a space.
func oneLine(text string) string {
	text = strings.ToValidUTF8(text, "")
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' {
			return ' '
		}
		return c
	}, text))
}
