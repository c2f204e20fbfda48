package store

import (
	"context"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Tokens by which clients register themselves.

func registrationTokenTable() *table[record.RegistrationToken] {
	type row = record.RegistrationToken
	return newTable("registration_token",
		key("id", func(v *row) *string { return &v.ID }),
		text("name", func(v *row) *string { return &v.Name }),
		text("owner", func(v *row) *string { return &v.Owner }),
		text("made_by", func(v *row) *string { return &v.By }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("revoked", func(v *row) *time.Time { return &v.Revoked }),
		number("uses", func(v *row) *int { return &v.Uses }),
		number("used", func(v *row) *int { return &v.Used }),
	)
}

const sweepRegistrationTokens = `
    delete from registration_token
    where  expires < $1`

// CreateRegistrationToken stores a token; ErrConflict if one has its name.
func (s *Store) CreateRegistrationToken(ctx context.Context, t record.RegistrationToken) error {
	if _, err := s.exec(ctx, "registration_token/"+t.ID, s.rec.inviting.insert, s.rec.inviting.values(&t)...); err != nil {
		return fmt.Errorf("create registration token %s: %w", t.Name, err)
	}
	return nil
}

// RegistrationToken returns a token by its hash, of whatever state.
func (s *Store) RegistrationToken(ctx context.Context, idHash string) (record.RegistrationToken, error) {
	return oneOf(ctx, s.eng, s.rec.inviting, " where id = $1", idHash)
}

// RegistrationTokens lists the tokens, ended ones too, by name.
func (s *Store) RegistrationTokens(ctx context.Context) ([]record.RegistrationToken, error) {
	return allOf(ctx, s.eng, s.rec.inviting, " order by name")
}

const useRegistrationToken = `
    update registration_token
    set    used = used + 1
    where  id = $1 and used < uses and revoked = 0 and expires > $2`

// UseRegistrationToken counts a client that a token registers: ErrExpired if it
// may register no more.
func (s *Store) UseRegistrationToken(ctx context.Context, idHash string, now time.Time) error {
	n, err := s.exec(ctx, "registration_token/"+idHash, useRegistrationToken, idHash, micros(now))
	if err == nil && n == 0 {
		err = claims.ErrExpired
	}
	if err != nil {
		return fmt.Errorf("use registration token: %w", err)
	}
	return nil
}

const revokeRegistrationToken = `
    update registration_token
    set    revoked = $2
    where  name = $1 and revoked = 0`

// RevokeRegistrationToken ends a token; ErrNotFound if none of that name lasts.
func (s *Store) RevokeRegistrationToken(ctx context.Context, name string, now time.Time) error {
	n, err := s.exec(ctx, "registration_token/"+name, revokeRegistrationToken, name, micros(now))
	if err == nil && n == 0 {
		err = claims.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("revoke registration token %s: %w", name, err)
	}
	return nil
}
