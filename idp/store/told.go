package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// What clients were told. A row is written before the tokens go out, and
// deleted by the transaction that queues the message of the sign-out: so there
// is one message for each, whoever ends it and however many at once.

func toldTable() *table[record.Told] {
	type row = record.Told
	return newTable("told",
		key("session", func(v *row) *string { return &v.Session }),
		key("client", func(v *row) *claims.ClientID { return &v.Client }),
		key("named", func(v *row) *string { return &v.Named }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		number("acr", func(v *row) *int { return &v.ACR }),
		text("digest", func(v *row) *string { return &v.Digest }),
		when("at", func(v *row) *time.Time { return &v.At }),
	)
}

const (
	insertTold = `
    insert into told (session, client, named, member, acr, digest, at)
    select $1, $2, $3, $4, $5, $6, $7
    from   browser_session
    where  id = $1 and ended = 0
    on conflict (session, client, named) do nothing`
	updateTold = `
    update told
    set    acr = $4, digest = $5, at = $6
    where  session = $1 and client = $2 and named = $3 and digest = $7`
	supersede = `
    update outbox
    set    done = $4, outcome = $5
    where  done = 0 and kind = $1 and receiver = $2 and session = $3
    and    exists (select 1 from browser_session where id = $6 and ended = 0)`
)

// toldAgain is how often somebody else may be faster.
const toldAgain = 3

// errRaced is a row that somebody else wrote meanwhile.
var errRaced = fmt.Errorf("what the client was told has changed: %w", claims.ErrConflict)

// Tell notes what a client is about to be told. With anew it replaces what the
// client was told before, and what it was still to hear of that is not said;
// else it is added to that by merge. Of a session that has ended nothing new
// is noted.
func (s *Store) Tell(ctx context.Context, t record.Told, anew bool, merge func(old, more string) string) error {
	if _, err := s.clock(); err != nil {
		return err
	}
	for n := 1; ; n++ {
		err := s.eng.tx(ctx, writeLimit, func(ctx context.Context, tx *sql.Tx) error { return s.tell(ctx, tx, t, anew, merge) })
		if errors.Is(err, errRaced) && n < toldAgain {
			continue
		}
		if err != nil {
			return fmt.Errorf("note what %s is told: %w", t.Client, err)
		}
		return nil
	}
}

func (s *Store) tell(ctx context.Context, tx *sql.Tx, t record.Told, anew bool, merge func(old, more string) string) error {
	if anew {
		if _, err := tx.ExecContext(ctx, supersede, record.MessageLogout, string(t.Client), t.Named, micros(t.At), record.OutcomeSuperseded, t.Session); err != nil {
			return err
		}
	}
	old, err := s.rec.told.scan(tx.QueryRowContext(ctx, s.rec.told.choose+" where session = $1 and client = $2 and named = $3", t.Session, string(t.Client), t.Named))
	if errors.Is(err, sql.ErrNoRows) {
		_, err := tx.ExecContext(ctx, insertTold, s.rec.told.values(&t)...)
		return err
	}
	if err != nil {
		return err
	}
	digest := t.Digest
	if !anew {
		digest = merge(old.Digest, t.Digest)
	}
	r, err := tx.ExecContext(ctx, updateTold, t.Session, string(t.Client), t.Named, t.ACR, digest, micros(t.At), old.Digest)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errRaced)
	}
	return nil
}

// ToldOf lists what clients were told of members.
func (s *Store) ToldOf(ctx context.Context, members []claims.MemberID) ([]record.Told, error) {
	var all []record.Told
	err := inRows(members, func(some []claims.MemberID) error {
		args := make([]any, len(some))
		for i, m := range some {
			args[i] = string(m)
		}
		rows, err := allOf(ctx, s.eng, s.rec.told, " where member in "+marks(1, len(args)), args...)
		all = append(all, rows...)
		return err
	})
	return all, err
}

// ToldAfter lists a page of what one client was told, or all were if it is
// empty, in an order of its own: what comes after another.
func (s *Store) ToldAfter(ctx context.Context, c claims.ClientID, after record.Told, limit int) ([]record.Told, error) {
	args := []any{after.Session, string(after.Client), after.Named, limit}
	where := " where (session, client, named) > ($1, $2, $3)"
	if c != "" {
		args, where = append(args, string(c)), where+" and client = $5"
	}
	return allOf(ctx, s.eng, s.rec.told, where+" order by session, client, named limit $4", args...)
}

// deleteTold is followed by which.
const deleteTold = `
    delete from told
    where  `

const toldReturned = `
    returning session, client, named, member, acr, digest, at`

// signOut queues, for each client that was told something of what where picks,
// that it is over.
func (s *Store) signOut(ctx context.Context, tx *sql.Tx, reason string, now time.Time, where string, args ...any) (int, error) {
	rows, err := tx.QueryContext(ctx, deleteTold+where+toldReturned, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var gone []record.Told
	for rows.Next() {
		t, err := s.rec.told.scan(rows)
		if err != nil {
			return 0, err
		}
		gone = append(gone, t)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	rows.Close()
	for _, t := range gone {
		m := record.Message{ID: record.NewID(now), Kind: record.MessageLogout, To: t.Client, Member: t.Member, Session: t.Named, Reason: reason, Created: now, Due: now}
		if _, err := tx.ExecContext(ctx, s.rec.outbox.insert, s.rec.outbox.values(&m)...); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

const endGrantsIn = `
    update token_grant
    set    ended = $3, end_reason = $4
    where  session = $1 and client = $2 and ended = 0`

// LogOut queues that what clients were told no longer holds, unless they were
// told something else meanwhile. It returns of how many it was so.
func (s *Store) LogOut(ctx context.Context, losses []record.Loss, now time.Time) (int, error) {
	if _, err := s.clock(); err != nil {
		return 0, err
	}
	var n int
	err := s.eng.tx(ctx, writeLimit, func(ctx context.Context, tx *sql.Tx) error {
		n = 0
		for _, l := range losses {
			t := l.Told
			k, err := s.signOut(ctx, tx, l.Reason, now, "session = $1 and client = $2 and named = $3 and digest = $4",
				t.Session, string(t.Client), t.Named, t.Digest)
			if err != nil {
				return err
			}
			n += k
			if k == 0 || !l.Revoke {
				continue
			}
			if _, err := tx.ExecContext(ctx, endGrantsIn, t.Session, string(t.Client), micros(now), l.Reason); err != nil {
				return err
			}
		}
		return nil
	})
	for _, l := range losses {
		if l.Revoke {
			s.grants.dropAll(record.GrantFilter{Session: l.Told.Session, Client: l.Told.Client})
		}
	}
	if err != nil {
		return 0, fmt.Errorf("log out: %w", err)
	}
	return n, nil
}
