// Letters to members: what happened to their account, and links they asked an
// organiser for.
//
//   - a letter is queued with the address the member has then, and goes nowhere
//     else: if they have another one by the time it would go, it is dropped,
//     save the warning that the address was changed
//   - what it says is kept sealed until it was sent, and is in no list and no log
//   - of one kind, a member is sent three in an hour, so that nobody fills a
//     mailbox by signing in over and over, and a flood of one kind hides no
//     letter of another
//   - what a stranger wrote (a User-Agent, say) is not in it: browsers go by a
//     name of ours
package feeds

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/templates"
)

// noticeLate is how long a notice is worth sending.
const noticeLate = 48 * time.Hour

// MailStore keeps letters.
type MailStore interface {
	// QueueMail stores a letter; ErrTooMany if the member was sent as many of its kind lately as they may be.
	QueueMail(ctx context.Context, m record.Mail) error
	Mail(ctx context.Context, id string) (record.Mail, error)
	DueMails(ctx context.Context, now time.Time, limit int) ([]record.Mail, error)
	// TakeMail makes one more attempt the caller's; false if somebody else has it.
	TakeMail(ctx context.Context, id string, attempts int, next time.Time) (bool, error)
	// SettleMail notes what came of an attempt; an empty outcome: that there will be another.
	SettleMail(ctx context.Context, id, outcome, answer string, now time.Time) error
	Lease(ctx context.Context, name, owner string, length time.Duration) (bool, error)
	Release(ctx context.Context, name, owner string) error
	Audit(ctx context.Context, a record.Audited) error
}

// Sealer seals what letters say; *keys.Ring does.
type Sealer interface {
	Seal(table, row, column string, plain []byte) (string, error)
	Open(table, row, column, sealed string) ([]byte, error)
}

// Post writes to members.
type Post struct {
	Server    MailServer
	Store     MailStore
	Ring      Sealer
	Directory func() *claims.Directory
	Now       func() time.Time
	Issuer    string
}

// Notify queues a letter about what happened. A member without an address is
// told nothing, and so is one who was told the same too often in this hour.
func (p *Post) Notify(ctx context.Context, n record.Notice) error {
	m, ok := claims.Get[claims.Member](p.Directory(), string(n.Member))
	if !p.Server.On() || !ok || m.Email == "" {
		return nil
	}
	err := p.queue(ctx, m, n.Kind, body{At: n.At, Address: n.Address, Browser: n.Browser})
	if errors.Is(err, claims.ErrTooMany) {
		return nil
	}
	return err
}

// SendLink queues a letter, of kind MailPasswordLink or MailForgotLink, with a
// one-time address at which a member sets a password.
func (p *Post) SendLink(ctx context.Context, kind record.MailKind, m claims.Member, url record.Secret, expires time.Time) error {
	return p.queue(ctx, m, kind, body{At: p.Now(), URL: string(url), Expires: expires})
}

func (p *Post) queue(ctx context.Context, m claims.Member, kind record.MailKind, b body) error {
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	now := p.Now()
	row := record.Mail{ID: record.NewID(now), Kind: kind, Member: m.ID, Address: m.Email, Created: now, Due: now}
	if row.Sealed, err = p.Ring.Seal("mail_message", row.ID, "sealed", text); err != nil {
		return err
	}
	if err := p.Store.QueueMail(ctx, row); err != nil {
		return fmt.Errorf("queue a letter (%s): %w", kind, err)
	}
	return nil
}

// Test sends a letter to an address at once.
func (p *Post) Test(ctx context.Context, address string) error {
	return p.send(ctx, record.NewID(p.Now()), address, p.testLetter())
}

// Outbox sends what is queued.
func (p *Post) Outbox(owner string, log *slog.Logger) *Outbox {
	return &Outbox{Name: "mail", Store: mailbox{p.Store}, Deliver: p.Deliver, Now: p.Now, Log: log, Owner: owner}
}

// Deliver makes one attempt at a letter. See Outbox.Deliver.
func (p *Post) Deliver(ctx context.Context, msg record.Message) (string, error) {
	row, err := p.Store.Mail(ctx, msg.ID)
	if errors.Is(err, claims.ErrNotFound) {
		return "not there any more", errUnwanted
	}
	if err != nil {
		return "not read", err
	}
	b := body{At: row.Created}
	if row.Sealed != "" {
		text, err := p.Ring.Open("mail_message", row.ID, "sealed", row.Sealed)
		if err == nil {
			err = json.Unmarshal(text, &b)
		}
		if err != nil {
			return "sealed with another key ring", errors.Join(errFinal, err)
		}
	}
	m, ok := claims.Get[claims.Member](p.Directory(), string(row.Member))
	if why := p.unwanted(m, ok, row, b); why != "" {
		return why, errUnwanted
	}
	err = p.send(ctx, row.ID, row.Address, p.letter(m, row.Kind, b))
	var not *NotTaken
	if errors.As(err, &not) { // its text may name the address
		return not.Short, fmt.Errorf("%s: %w", not.Short, not.kind)
	}
	if err != nil {
		return "not written", err
	}
	return "taken by the mail server", nil
}

// unwanted says why a letter is not sent any more; empty: it is.
func (p *Post) unwanted(m claims.Member, known bool, row record.Mail, b body) string {
	_, notice := noticeWords[row.Kind]
	switch {
	case !known || !m.ErasedAt.IsZero():
		return "the member is gone"
	case row.Kind != record.MailAddressChanged && !strings.EqualFold(m.Email, row.Address):
		return "the address is another one now"
	case !b.Expires.IsZero() && !p.Now().Before(b.Expires), notice && p.Now().Sub(row.Created) > noticeLate:
		return "too late"
	case !notice && !brings(row.Kind):
		return "not known to this version"
	}
	return ""
}

// brings tells whether letters of a kind bring a link.
func brings(kind record.MailKind) bool {
	return kind == record.MailPasswordLink || kind == record.MailForgotLink
}

func (p *Post) send(ctx context.Context, id, to string, l templates.Letter) error {
	var html strings.Builder
	if err := l.Render(ctx, &html); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	return p.Server.Send(ctx, Envelope{ID: id, To: to, Sender: p.organisation(), Subject: l.Title + " – " + p.organisation(), Date: p.Now(), Plain: l.Plain(), HTML: html.String()})
}

func (p *Post) organisation() string {
	if d := p.Directory(); d != nil && d.Settings().Name != "" {
		return oneLine(d.Settings().Name)
	}
	return "Lanyard"
}

// mailbox is letters as an Outbox sees them: all go to one receiver, the mail
// server.
type mailbox struct{ MailStore }

func (b mailbox) DueMessages(ctx context.Context, now time.Time, _, each int) ([]record.Message, error) {
	due, err := b.DueMails(ctx, now, each)
	var all []record.Message
	for _, m := range due {
		all = append(all, record.Message{ID: m.ID, Kind: record.MessageMail, Member: m.Member, Reason: string(m.Kind), Created: m.Created, Due: m.Due, Attempts: m.Attempts})
	}
	return all, err
}

func (b mailbox) TakeMessage(ctx context.Context, m record.Message, next time.Time) (bool, error) {
	return b.TakeMail(ctx, m.ID, m.Attempts, next)
}

func (b mailbox) SettleMessage(ctx context.Context, id, outcome, answer string, now time.Time) error {
	return b.SettleMail(ctx, id, outcome, answer, now)
}
