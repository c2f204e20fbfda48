package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// What members prove who they are with beside a password.

func factorTable() *table[record.Factor] {
	type row = record.Factor
	return newTable("factor",
		key("id", func(v *row) *string { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("kind", func(v *row) *record.FactorKind { return &v.Kind }),
		text("name", func(v *row) *string { return &v.Name }),
		text("data", func(v *row) *string { return &v.Data }),
		number("counter", func(v *row) *int { return &v.Counter }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("used", func(v *row) *time.Time { return &v.Used }),
		when("ended", func(v *row) *time.Time { return &v.Ended }),
	)
}

const sweepFactors = `
    delete from factor
    where  ended > 0 and ended < $1`

// Factors lists what a member has and did not end, the oldest first; used
// recovery codes, too.
func (s *Store) Factors(ctx context.Context, m claims.MemberID) ([]record.Factor, error) {
	return allOf(ctx, s.eng, s.rec.factors, " where member = $1 and ended = 0 order by created, id", string(m))
}

// Factor returns one that was not ended.
func (s *Store) Factor(ctx context.Context, id string) (record.Factor, error) {
	return oneOf(ctx, s.eng, s.rec.factors, " where id = $1 and ended = 0", id)
}

// AddFactors stores new factors, all or nothing; ErrConflict if the ID of one
// is there already.
func (s *Store) AddFactors(ctx context.Context, all ...record.Factor) error {
	err := s.endIn(ctx, func(ctx context.Context, tx *sql.Tx) error { return s.insertFactors(ctx, tx, all) })
	if err != nil {
		return fmt.Errorf("add factors: %w", err)
	}
	return nil
}

func (s *Store) insertFactors(ctx context.Context, tx *sql.Tx, all []record.Factor) error {
	for i := range all {
		if _, err := tx.ExecContext(ctx, s.rec.factors.insert, s.rec.factors.values(&all[i])...); err != nil {
			return err
		}
	}
	return nil
}

const endFactorsOf = `
    update factor
    set    ended = $3
    where  member = $1 and kind = $2 and ended = 0`

// ReplaceFactors ends all that a member has of a kind and stores these, all or
// nothing.
func (s *Store) ReplaceFactors(ctx context.Context, m claims.MemberID, kind record.FactorKind, with []record.Factor, now time.Time) error {
	err := s.endIn(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, endFactorsOf, string(m), string(kind), micros(now)); err != nil {
			return err
		}
		return s.insertFactors(ctx, tx, with)
	})
	if err != nil {
		return fmt.Errorf("replace factors of kind %s: %w", kind, err)
	}
	return nil
}

const useFactor = `
    update factor
    set    counter = $2, used = $3
    where  id = $1 and ended = 0 and counter < $2`

// UseFactor raises a factor's counter: of many that try with the same, one
// succeeds and the others get ErrReplay, and so does whoever comes later with
// a lower one.
func (s *Store) UseFactor(ctx context.Context, id string, counter int, now time.Time) error {
	n, err := s.exec(ctx, "factor/"+id, useFactor, id, int64(counter), micros(now))
	if err == nil && n == 0 {
		err = claims.ErrReplay
	}
	if err != nil {
		return fmt.Errorf("use a factor: %w", err)
	}
	return nil
}

const keepFactor = `
    update factor
    set    data = $2, used = $3
    where  id = $1 and ended = 0`

// KeepFactor stores what changed of a factor with its use.
func (s *Store) KeepFactor(ctx context.Context, id, data string, now time.Time) error {
	n, err := s.exec(ctx, "factor/"+id, keepFactor, id, data, micros(now))
	if err == nil && n == 0 {
		err = claims.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("keep a factor: %w", err)
	}
	return nil
}

const endFactor = `
    update factor
    set    ended = $3
    where  id = $2 and member = $1 and ended = 0`

// EndFactor ends one factor of a member's; ErrNotFound if they have no such.
func (s *Store) EndFactor(ctx context.Context, m claims.MemberID, id string, now time.Time) error {
	n, err := s.exec(ctx, "factor/"+id, endFactor, string(m), id, micros(now))
	if err == nil && n == 0 {
		err = claims.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("end a factor: %w", err)
	}
	return nil
}
