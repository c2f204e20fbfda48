package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func signingKeyTable() *table[record.SigningKey] {
	type row = record.SigningKey
	return newTable("signing_key",
		key("id", func(v *row) *string { return &v.ID }),
		text("purpose", func(v *row) *string { return &v.Use }),
		text("alg", func(v *row) *string { return &v.Alg }),
		text("sealed", func(v *row) *string { return &v.Sealed }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("starts", func(v *row) *time.Time { return &v.From }),
		when("retired", func(v *row) *time.Time { return &v.Retired }),
		when("gone", func(v *row) *time.Time { return &v.Gone }),
	)
}

// SigningKeys lists every signing key there ever was, oldest first.
func (s *Store) SigningKeys(ctx context.Context) ([]record.SigningKey, error) {
	return allOf(ctx, s.eng, s.rec.keys, " order by created, id")
}

// AddSigningKey stores a signing key; ErrConflict if its ID is there already,
// or a key of the same use and algorithm that has no end.
func (s *Store) AddSigningKey(ctx context.Context, k record.SigningKey) error {
	if _, err := s.exec(ctx, "signing_key/"+k.ID, s.rec.keys.insert, s.rec.keys.values(&k)...); err != nil {
		return fmt.Errorf("add signing key: %w", err)
	}
	return nil
}

const retireSigningKey = `
    update signing_key
    set    retired = $3, gone = $4
    where  id = $1 and retired = $2`

// ReplaceSigningKey writes down when old retires and is gone, and next, the
// key that follows it, which may be there already. Both are written or
// neither; ErrConflict if old's end is not what the caller read.
func (s *Store) ReplaceSigningKey(ctx context.Context, old record.SigningKey, retired, gone time.Time, next record.SigningKey) error {
	_, err := s.clock()
	if err == nil {
		err = s.eng.tx(ctx, writeLimit, func(ctx context.Context, tx *sql.Tx) error {
			r, err := tx.ExecContext(ctx, retireSigningKey, old.ID, micros(old.Retired), micros(retired), micros(gone))
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			if n == 0 {
				return claims.ErrConflict
			}
			_, err = tx.ExecContext(ctx, s.rec.keys.upsert, s.rec.keys.values(&next)...)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("replace signing key %s: %w", old.ID, err)
	}
	return nil
}

const useJTI = `
    insert into used_jti (scope, jti, expires) values ($1, $2, $3)
    on conflict (scope, jti) do nothing`

// UseJTI takes a token's identifier for used within scope (RFC 7519, section
// 4.1.7); ErrReplay the second time. It is remembered until exp at least.
func (s *Store) UseJTI(ctx context.Context, scope, jti string, exp time.Time) error {
	n, err := s.exec(ctx, "used_jti/"+scope+"/"+jti, useJTI, scope, jti, micros(exp))
	if err == nil && n == 0 {
		err = claims.ErrReplay
	}
	if err != nil {
		return fmt.Errorf("use jti: %w", err)
	}
	return nil
}
