package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func sessionTable() *table[record.Session] {
	type row = record.Session
	return newTable("browser_session",
		key("id", func(v *row) *string { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		when("auth_time", func(v *row) *time.Time { return &v.AuthTime }),
		list("amr", func(v *row) *[]string { return &v.AMR }),
		number("acr", func(v *row) *int { return &v.ACR }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("seen", func(v *row) *time.Time { return &v.Seen }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("ended", func(v *row) *time.Time { return &v.Ended }),
		text("agent", func(v *row) *string { return &v.Agent }),
		text("address", func(v *row) *string { return &v.Address }),
	)
}

// CreateSession stores a new browser session.
func (s *Store) CreateSession(ctx context.Context, ses record.Session) error {
	if _, err := s.exec(ctx, "browser_session/"+ses.ID, s.rec.sessions.insert, s.rec.sessions.values(&ses)...); err != nil {
		return fmt.Errorf("create session: %w", err)
	}
	return nil
}

// Session returns a session by the hash of its cookie's value. One that has
// ended or run out comes with ErrExpired.
func (s *Store) Session(ctx context.Context, idHash string) (record.Session, error) {
	ses, err := oneOf(ctx, s.eng, s.rec.sessions, " where id = $1", idHash)
	if err != nil {
		return ses, err
	}
	if now := s.cfg.Now(); !ses.Ended.IsZero() || !ses.Expires.IsZero() && !now.Before(ses.Expires) {
		return ses, fmt.Errorf("session: %w", claims.ErrExpired)
	}
	return ses, nil
}

// SessionsOf lists a member's live sessions, the one seen last first.
func (s *Store) SessionsOf(ctx context.Context, m claims.MemberID) ([]record.Session, error) {
	return allOf(ctx, s.eng, s.rec.sessions,
		" where member = $1 and ended = 0 and (expires = 0 or expires > $2) order by seen desc, id", string(m), micros(s.cfg.Now()))
}

const touchSession = `
    update browser_session
    set    seen = $2
    where  id = $1 and ended = 0 and seen < $2`

// TouchSession notes when a session was seen.
func (s *Store) TouchSession(ctx context.Context, id string, seen time.Time) error {
	if _, err := s.exec(ctx, "browser_session/"+id, touchSession, id, micros(seen)); err != nil {
		return fmt.Errorf("touch session: %w", err)
	}
	return nil
}

const endSession = `
    update browser_session
    set    ended = $2
    where  id = $1 and ended = 0`

const endOnline = `
    update token_grant
    set    ended = $2, end_reason = $3
    where  session = $1 and ended = 0 and (idle_until = 0 or kind = 'code' and spent = 0)`

// signedOut is why what hangs on a session ends with it.
const signedOut = "signed_out"

// EndSession ends a session and, in one transaction, what hangs on it: grants
// without refresh tokens, codes that were not redeemed yet, and, by a message
// to each client that wants to hear of it, the sign-ins there. A session that
// has ended, or is not there, stays as it is.
func (s *Store) EndSession(ctx context.Context, id string, now time.Time) error {
	if id == "" {
		return nil // grants without a browser hang on no session
	}
	if err := s.endIn(ctx, func(ctx context.Context, tx *sql.Tx) error { return s.endOne(ctx, tx, id, now) }); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	s.grants.dropAll(record.GrantFilter{Session: id})
	return nil
}

func (s *Store) endIn(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	if _, err := s.clock(); err != nil {
		return err
	}
	return s.eng.tx(ctx, writeLimit, do)
}

func (s *Store) endOne(ctx context.Context, tx *sql.Tx, id string, now time.Time) error {
	if _, err := tx.ExecContext(ctx, endSession, id, micros(now)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, endOnline, id, micros(now), signedOut); err != nil {
		return err
	}
	_, err := s.signOut(ctx, tx, signedOut, now, "session = $1", id)
	return err
}

const endSessions = `
    update browser_session
    set    ended = $3
    where  member = $1 and id <> $2 and ended = 0`

const endOnlineOf = `
    update token_grant
    set    ended = $3, end_reason = $4
    where  member = $1 and session <> '' and session <> $2 and ended = 0
    and    (idle_until = 0 or kind = 'code' and spent = 0)`

// EndSessions is EndSession for all of a member's sessions but one, which may
// be "" for none.
func (s *Store) EndSessions(ctx context.Context, m claims.MemberID, except string, now time.Time) error {
	err := s.endIn(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, endSessions, string(m), except, micros(now)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, endOnlineOf, string(m), except, micros(now), signedOut); err != nil {
			return err
		}
		_, err := s.signOut(ctx, tx, signedOut, now, "member = $1 and session <> $2", string(m), except)
		return err
	})
	if err != nil {
		return fmt.Errorf("end sessions of %s: %w", m, err)
	}
	s.grants.dropAll(record.GrantFilter{Member: m})
	return nil
}
