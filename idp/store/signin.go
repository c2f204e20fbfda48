package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Passwords, one-time links, consents.

func passwordTable() *table[record.Password] {
	type row = record.Password
	return newTable("password",
		key("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("phc", func(v *row) *string { return &v.PHC }),
		when("changed", func(v *row) *time.Time { return &v.Changed }),
	)
}

func linkTable() *table[record.Link] {
	type row = record.Link
	return newTable("one_time_link",
		key("id", func(v *row) *string { return &v.ID }),
		text("purpose", func(v *row) *string { return &v.Purpose }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("used", func(v *row) *time.Time { return &v.Used }),
	)
}

func consentTable() *table[record.Consent] {
	type row = record.Consent
	return newTable("consent",
		key("member", func(v *row) *claims.MemberID { return &v.Member }),
		key("client", func(v *row) *claims.ClientID { return &v.Client }),
		list("scopes", func(v *row) *[]string { return &v.Scopes }),
		when("at", func(v *row) *time.Time { return &v.At }),
	)
}

// Password returns what a member's password is checked against; ErrNotFound
// if the member has none.
func (s *Store) Password(ctx context.Context, m claims.MemberID) (record.Password, error) {
	return oneOf(ctx, s.eng, s.rec.passwords, " where member = $1", string(m))
}

// SetPassword sets a member's password, whatever it was.
func (s *Store) SetPassword(ctx context.Context, p record.Password) error {
	if _, err := s.exec(ctx, "password/"+string(p.Member), s.rec.passwords.upsert, s.rec.passwords.values(&p)...); err != nil {
		return fmt.Errorf("set password of %s: %w", p.Member, err)
	}
	return nil
}

// CreateLink stores a one-time link.
func (s *Store) CreateLink(ctx context.Context, l record.Link) error {
	if _, err := s.exec(ctx, "one_time_link/"+l.ID, s.rec.links.insert, s.rec.links.values(&l)...); err != nil {
		return fmt.Errorf("create link: %w", err)
	}
	return nil
}

// Link returns a link without using it, used and expired ones too.
func (s *Store) Link(ctx context.Context, idHash string) (record.Link, error) {
	return oneOf(ctx, s.eng, s.rec.links, " where id = $1", idHash)
}

const useLink = `
    update one_time_link
    set    used = $2
    where  id = $1 and used = 0 and expires > $2`

// UseLink uses a link up: of many that try, one gets it and the others
// ErrReplay. ErrExpired when its time is over, ErrNotFound when there is none.
func (s *Store) UseLink(ctx context.Context, idHash string, now time.Time) (record.Link, error) {
	n, err := s.exec(ctx, "one_time_link/"+idHash, useLink, idHash, micros(now))
	if err != nil {
		return record.Link{}, fmt.Errorf("use link: %w", err)
	}
	l, err := s.Link(ctx, idHash)
	switch {
	case err != nil || n == 1:
		return l, err
	case !l.Used.IsZero():
		return record.Link{}, fmt.Errorf("use link: %w", claims.ErrReplay)
	}
	return record.Link{}, fmt.Errorf("use link: %w", claims.ErrExpired)
}

// Consent returns what a member allowed a client, or ErrNotFound.
func (s *Store) Consent(ctx context.Context, m claims.MemberID, c claims.ClientID) (record.Consent, error) {
	return oneOf(ctx, s.eng, s.rec.consents, " where member = $1 and client = $2", string(m), string(c))
}

// ConsentsOf lists a member's consents, by client.
func (s *Store) ConsentsOf(ctx context.Context, m claims.MemberID) ([]record.Consent, error) {
	return allOf(ctx, s.eng, s.rec.consents, " where member = $1 order by client", string(m))
}

// SetConsent stores what a member allows a client, whatever it was.
func (s *Store) SetConsent(ctx context.Context, c record.Consent) error {
	row := "consent/" + string(c.Member) + "/" + string(c.Client)
	if _, err := s.exec(ctx, row, s.rec.consents.upsert, s.rec.consents.values(&c)...); err != nil {
		return fmt.Errorf("set consent: %w", err)
	}
	return nil
}

const dropConsent = `
    delete from consent
    where  member = $1 and client = $2`

const endGrantsFor = `
    update token_grant
    set    ended = $3, end_reason = 'revoked'
    where  member = $1 and client = $2 and ended = 0`

// Withdraw takes back what a member allowed a client and ends, in the same
// transaction, what came of it: every grant, and the sign-ins there, if the
// client wants to hear of it. That there is nothing is no error.
func (s *Store) Withdraw(ctx context.Context, m claims.MemberID, c claims.ClientID, now time.Time) error {
	err := s.endIn(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, dropConsent, string(m), string(c)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, endGrantsFor, string(m), string(c), micros(now)); err != nil {
			return err
		}
		_, err := s.signOut(ctx, tx, "consent_revoked", now, "member = $1 and client = $2", string(m), string(c))
		return err
	})
	s.grants.dropAll(record.GrantFilter{Member: m, Client: c})
	if err != nil {
		return fmt.Errorf("withdraw a consent: %w", err)
	}
	return nil
}
