package feeds

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"

	gomail "github.com/wneessen/go-mail"

	"lanyard/claims"
)

// NotTaken is why a mail server did not take a letter.
type NotTaken struct {
	Short string // for lists and logs: neither an address nor a text of the server
	Text  string // for the operator, with what the server said
	kind  error  // claims.ErrUnavailable: it gave no answer; errFinal: it is no use to try again
}

func (n *NotTaken) Error() string { return n.Text }

// Unwrap returns what kind of failure it is.
func (n *NotTaken) Unwrap() error { return n.kind }

// notTaken says what an error of the mail client means. What comes first
// counts.
func (s MailServer) notTaken(e Envelope, err error) error {
	if n := s.unreached(err); n != nil {
		return n
	}
	if n := s.untrusted(err); n != nil {
		return n
	}
	var refused *gomail.SendError
	if errors.As(err, &refused) {
		return s.refused(e, refused)
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "does not support STARTTLS"):
		return &NotTaken{"no STARTTLS", fmt.Sprintf("the mail server %s offers no STARTTLS: set mail.tls to implicit, or use its port for submission (587)", s.Address), claims.ErrUnavailable}
	case strings.HasPrefix(text, "SMTP AUTH failed"):
		return &NotTaken{"sign-in refused" + code(err), fmt.Sprintf("the mail server %s does not take mail.username and mail.password%s", s.Address, said(err)), claims.ErrUnavailable}
	case strings.Contains(text, "SMTP AUTH"), errors.Is(err, gomail.ErrNoSupportedAuthDiscovered):
		return &NotTaken{"no sign-in offered", fmt.Sprintf("the mail server %s offers no way to sign in that Lanyard knows: leave mail.username out if it asks for none", s.Address), claims.ErrUnavailable}
	}
	return &NotTaken{"not taken" + code(err), fmt.Sprintf("the mail server %s does not speak as expected%s", s.Address, said(err)), claims.ErrUnavailable}
}

// unreached says why there was no answer; nil: there was one.
func (s MailServer) unreached(err error) *NotTaken {
	var dns *net.DNSError
	var op *net.OpError
	why := ""
	switch {
	case errors.As(err, &dns):
		why = "its name is not known here"
	case errors.Is(err, syscall.ECONNREFUSED):
		why = "nothing listens there"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.Canceled):
		why = "it gave no answer in time; if mail.tls is starttls and the port 465, set it to implicit"
	case errors.As(err, &op) && op.Op == "dial":
		why = op.Err.Error()
	default:
		return nil
	}
	return &NotTaken{"no answer", fmt.Sprintf("the mail server %s cannot be reached: %s", s.Address, why), claims.ErrUnavailable}
}

// untrusted says what is wrong with the server's TLS; nil: nothing.
func (s MailServer) untrusted(err error) *NotTaken {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	why := ""
	switch {
	case errors.As(err, &authority):
		why = "its certificate was signed by nobody whom this machine trusts; mail.ca names another authority"
	case errors.As(err, &name):
		why = "its certificate is for another name"
	case errors.As(err, &invalid):
		why = "its certificate is not good: " + invalid.Error()
	case errors.As(err, &record):
		why = "it does not begin with TLS; set mail.tls to starttls"
	default:
		return nil
	}
	return &NotTaken{"not trusted", fmt.Sprintf("the mail server %s cannot be trusted: %s", s.Address, why), claims.ErrUnavailable}
}

// refused says what a server does not take: the sender, the receiver or the
// letter. Of the last two, a refusal that is not for now only is for good.
func (s MailServer) refused(e Envelope, err *gomail.SendError) error {
	n := &NotTaken{kind: claims.ErrInvalid}
	what := ""
	switch err.Reason {
	case gomail.ErrSMTPMailFrom:
		n.Short, what = "sender refused", "letters from "+s.From.Address
	case gomail.ErrSMTPRcptTo:
		n.Short, what = "address refused", "letters to "+e.To
	default:
		n.Short, what = "letter refused", "the letter"
	}
	if err.ErrorCode() == 0 {
		n.kind = claims.ErrUnavailable
	}
	if !err.IsTemp() && err.ErrorCode() >= 500 && err.Reason != gomail.ErrSMTPMailFrom {
		n.kind = errFinal
	}
	if c := err.ErrorCode(); c > 0 {
		n.Short += fmt.Sprintf(" (%d)", c)
	}
	text := oneLine(err.Error())
	if _, after, ok := strings.Cut(text, ": "); ok {
		text = after
	}
	text, _, _ = strings.Cut(text, ", affected ")
	n.Text = fmt.Sprintf("the mail server %s does not take %s: it says %s", s.Address, what, text)
	return n
}

// code is the number of a server's answer, in brackets.
func code(err error) string {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return fmt.Sprintf(" (%d)", answer.Code)
	}
	return ""
}

// said is what a server said, or the client of it.
func said(err error) string {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return fmt.Sprintf(": it says %s", oneLine(answer.Error()))
	}
	return ": " + oneLine(err.Error())
}
