package store

import (
	"context"
	"database/sql"
	"fmt"

	"lanyard/idp/record"
)

const handOver = `
    update token_grant
    set    session = $2
    where  session = $1 and ended = 0`

const handOverTold = `
    update told
    set    session = $2
    where  session = $1`

// HandOver makes the live grants of one browser session those of another, and
// what clients were told in it: a member who signed in again in the same
// browser, so that signing out there still ends what the browser was given
// before.
func (s *Store) HandOver(ctx context.Context, from, to string) error {
	if from == "" || to == "" {
		return nil // grants without a browser are nobody's to hand over
	}
	err := s.endIn(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, handOver, from, to); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, handOverTold, from, to)
		return err
	})
	s.grants.dropAll(record.GrantFilter{Session: from})
	if err != nil {
		return fmt.Errorf("hand grants over: %w", err)
	}
	return nil
}
