package store

import (
	"context"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func outboxTable() *table[record.Message] {
	type row = record.Message
	return newTable("outbox",
		key("id", func(v *row) *string { return &v.ID }),
		text("kind", func(v *row) *string { return &v.Kind }),
		text("receiver", func(v *row) *claims.ClientID { return &v.To }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("session", func(v *row) *string { return &v.Session }),
		text("reason", func(v *row) *string { return &v.Reason }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("due", func(v *row) *time.Time { return &v.Due }),
		number("attempts", func(v *row) *int { return &v.Attempts }),
		when("done", func(v *row) *time.Time { return &v.Done }),
		text("outcome", func(v *row) *string { return &v.Outcome }),
		text("answer", func(v *row) *string { return &v.Answer }),
	)
}

const dueMessages = ` where id in (
        select id
        from   (select id, row_number() over (partition by receiver order by due, id) as place
                from   outbox
                where  done = 0 and due <= $1) as waiting
        where  place <= $3)
    order  by due, id
    limit  $2`

// DueMessages lists what is to be said by now, the longest due first, and at
// most each of them to one receiver.
func (s *Store) DueMessages(ctx context.Context, now time.Time, limit, each int) ([]record.Message, error) {
	return allOf(ctx, s.eng, s.rec.outbox, dueMessages, micros(now), limit, each)
}

// Messages lists what was to be said, newest first.
func (s *Store) Messages(ctx context.Context, limit int) ([]record.Message, error) {
	return allOf(ctx, s.eng, s.rec.outbox, " order by created desc, id desc limit $1", limit)
}

const takeMessage = `
    update outbox
    set    attempts = attempts + 1, due = $3
    where  id = $1 and attempts = $2 and done = 0`

// TakeMessage makes one more attempt at a message the caller's: of many that
// try, one gets it. Should the caller be lost, it is due again at next.
func (s *Store) TakeMessage(ctx context.Context, m record.Message, next time.Time) (bool, error) {
	n, err := s.exec(ctx, "outbox/"+m.ID, takeMessage, m.ID, m.Attempts, micros(next))
	if err != nil {
		return false, fmt.Errorf("take message %s: %w", m.ID, err)
	}
	return n == 1, nil
}

const (
	settleMessage = `
    update outbox
    set    done = $2, outcome = $3, answer = $4
    where  id = $1 and done = 0`
	noteAnswer = `
    update outbox
    set    answer = $2
    where  id = $1 and done = 0`
)

// SettleMessage writes down what came of a message; with an empty outcome, what
// was said to an attempt that was not the last.
func (s *Store) SettleMessage(ctx context.Context, id, outcome, answer string, now time.Time) error {
	q, args := settleMessage, []any{id, micros(now), outcome, answer}
	if outcome == "" {
		q, args = noteAnswer, []any{id, answer}
	}
	if _, err := s.exec(ctx, "outbox/"+id, q, args...); err != nil {
		return fmt.Errorf("settle message %s: %w", id, err)
	}
	return nil
}

const readPlace = `
    select epoch, seq
    from   follower
    where  name = $1`

// Place returns up to where in the change log somebody has dealt with what
// they follow; ErrNotFound if they never said.
func (s *Store) Place(ctx context.Context, name string) (claims.Seq, error) {
	var at claims.Seq
	var n int64
	if err := s.eng.one(ctx, readPlace, []any{name}, &at.Epoch, &n); err != nil {
		return at, fmt.Errorf("place of %s: %w", name, err)
	}
	at.N = uint64(n)
	return at, nil
}

const writePlace = `
    insert into follower (name, epoch, seq) values ($1, $2, $3)
    on conflict (name) do update
    set    epoch = excluded.epoch, seq = excluded.seq
    where  follower.epoch <> excluded.epoch or follower.seq < excluded.seq`

// SetPlace notes a place, if it is further on.
func (s *Store) SetPlace(ctx context.Context, name string, at claims.Seq) error {
	if _, err := s.exec(ctx, "follower/"+name, writePlace, name, at.Epoch, int64(at.N)); err != nil {
		return fmt.Errorf("note the place of %s: %w", name, err)
	}
	return nil
}
