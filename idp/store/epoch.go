package store

import (
	"context"
	"database/sql"
	"fmt"

	"lanyard/idp/record"
)

const newEpoch = `
    update change_head
    set    epoch = $1
    where  name = 'head'`

// NewEpoch is for after a backup was restored: what followed the log beyond
// the backup holds places that will be given to other changes. From here on
// those places are in an epoch that has ended (ErrExpired), so that whoever
// held one reads everything anew. Numbers go on where the backup was.
func (s *Store) NewEpoch(ctx context.Context) error {
	if _, err := s.clock(); err != nil {
		return err
	}
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	err := s.eng.tx(ctx, writeLimit, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, newEpoch, record.Random(9))
		return err
	})
	if err != nil {
		return fmt.Errorf("start a new epoch: %w", err)
	}
	return s.refresh(ctx)
}
