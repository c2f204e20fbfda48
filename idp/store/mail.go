package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Letters to members. They wait in a table of their own: what each says is
// sealed, and goes once it was sent.

func mailTable() *table[record.Mail] {
	type row = record.Mail
	return newTable("mail_message",
		key("id", func(v *row) *string { return &v.ID }),
		text("kind", func(v *row) *record.MailKind { return &v.Kind }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("address", func(v *row) *string { return &v.Address }),
		text("sealed", func(v *row) *string { return &v.Sealed }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("due", func(v *row) *time.Time { return &v.Due }),
		number("attempts", func(v *row) *int { return &v.Attempts }),
		when("done", func(v *row) *time.Time { return &v.Done }),
		text("outcome", func(v *row) *string { return &v.Outcome }),
		text("answer", func(v *row) *string { return &v.Answer }),
	)
}

// Of one kind, a member is sent mailsPerHour letters in the hour that begins
// with the first. Kinds are counted apart: a flood of one hides no other.
const (
	mailsPerHour = 3
	mailHour     = time.Hour
)

const countMail = `
    insert into mail_pace (member, kind, began, n) values ($1, $2, $3, 1)
    on conflict (member, kind) do update
    set    n = case when mail_pace.began <= $4 then 1 else mail_pace.n + 1 end,
           began = case when mail_pace.began <= $4 then excluded.began else mail_pace.began end
    where  mail_pace.began <= $4 or mail_pace.n < $5`

// QueueMail stores a letter that is to be sent; ErrTooMany if the member was
// sent as many of its kind lately as they may be.
func (s *Store) QueueMail(ctx context.Context, m record.Mail) error {
	queued := false
	err := s.endIn(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		queued, err = s.queueMail(ctx, tx, m)
		return err
	})
	if err == nil && !queued {
		err = claims.ErrTooMany
	}
	if err != nil {
		return fmt.Errorf("queue mail: %w", err)
	}
	return nil
}

// queueMail tells whether the member may be sent one more, and if so queues it.
func (s *Store) queueMail(ctx context.Context, tx *sql.Tx, m record.Mail) (bool, error) {
	r, err := tx.ExecContext(ctx, countMail, string(m.Member), string(m.Kind), micros(m.Created), micros(m.Created.Add(-mailHour)), mailsPerHour)
	if err != nil {
		return false, err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	_, err = tx.ExecContext(ctx, s.rec.mails.insert, s.rec.mails.values(&m)...)
	return true, err
}

// warnOfAddresses queues, in the transaction of the facts themselves, a letter
// to the address that a member had before.
func (s *Store) warnOfAddresses(ctx context.Context, tx *sql.Tx, changes []claims.Change) error {
	if !s.cfg.Mail {
		return nil
	}
	for _, c := range changes {
		m, ok := c.Fact.(claims.Member)
		if !ok || !m.ErasedAt.IsZero() {
			continue
		}
		old, ok := claims.Get[claims.Member](s.Directory(), string(m.ID)) // the one the plan was made on: else it is not committed
		if !ok || old.Email == "" || strings.EqualFold(old.Email, m.Email) {
			continue
		}
		row := record.Mail{ID: record.NewID(c.At), Kind: record.MailAddressChanged, Member: m.ID, Address: old.Email, Created: c.At, Due: c.At}
		if _, err := s.queueMail(ctx, tx, row); err != nil {
			return fmt.Errorf("queue mail: %w", err)
		}
	}
	return nil
}

// Mail returns a letter by its id.
func (s *Store) Mail(ctx context.Context, id string) (record.Mail, error) {
	return oneOf(ctx, s.eng, s.rec.mails, " where id = $1", id)
}

// DueMails lists letters that are to be tried by now, the longest due first.
func (s *Store) DueMails(ctx context.Context, now time.Time, limit int) ([]record.Mail, error) {
	return allOf(ctx, s.eng, s.rec.mails, " where done = 0 and due <= $1 order by due, id limit $2", micros(now), limit)
}

// Mails lists letters, newest first; undelivered: of those, what waits or
// failed.
func (s *Store) Mails(ctx context.Context, undelivered bool, limit int) ([]record.Mail, error) {
	where, args := " order by created desc, id desc limit $1", []any{limit}
	if undelivered {
		where, args = " where done = 0 or outcome = $2"+where, append(args, record.OutcomeFailed)
	}
	return allOf(ctx, s.eng, s.rec.mails, where, args...)
}

const takeMail = `
    update mail_message
    set    attempts = attempts + 1, due = $3
    where  id = $1 and attempts = $2 and done = 0`

// TakeMail makes one more attempt at a letter the caller's: of many that try,
// one gets it. Should the caller be lost, it is due again at next.
func (s *Store) TakeMail(ctx context.Context, id string, attempts int, next time.Time) (bool, error) {
	n, err := s.exec(ctx, "mail_message/"+id, takeMail, id, attempts, micros(next))
	if err != nil {
		return false, fmt.Errorf("take mail %s: %w", id, err)
	}
	return n == 1, nil
}

const (
	settleMail = `
    update mail_message
    set    done = $2, outcome = $3, answer = $4, sealed = ''
    where  id = $1 and done = 0`
	noteMail = `
    update mail_message
    set    answer = $2
    where  id = $1 and done = 0`
)

// SettleMail writes down what came of a letter, and forgets what it said; with
// an empty outcome, what was said to an attempt that was not the last.
func (s *Store) SettleMail(ctx context.Context, id, outcome, answer string, now time.Time) error {
	q, args := settleMail, []any{id, micros(now), outcome, answer}
	if outcome == "" {
		q, args = noteMail, []any{id, answer}
	}
	if _, err := s.exec(ctx, "mail_message/"+id, q, args...); err != nil {
		return fmt.Errorf("settle mail %s: %w", id, err)
	}
	return nil
}

// AgentsOf lists the browsers that a member had a session in since then, as
// they name themselves, each once.
func (s *Store) AgentsOf(ctx context.Context, m claims.MemberID, since time.Time) ([]string, error) {
	var all []string
	err := s.eng.query(ctx, readAgents, []any{string(m), micros(since)}, func(row scanner) error {
		var agent string
		err := row.Scan(&agent)
		all = append(all, agent)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("browsers of %s: %w", m, err)
	}
	return all, nil
}

const readAgents = `
    select distinct agent
    from   browser_session
    where  member = $1 and seen >= $2`
