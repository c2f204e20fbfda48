package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"lanyard/claims"
)

// The first change that was committed after an instant, 0 if there is none.
const readFirstAfter = `
    select coalesce(min(seq), 0)
    from   change
    where  at > $1`

// Epochs follow each other without a gap: a restore goes on with the numbers
// of the backup.
const readLog = `
    select seq, entity, image, actor, at
    from   change
    where  seq < $1
    order  by seq`

var errGap = errors.New("the change log has a gap")

// AsOf returns the picture as it was known at an instant: the change log from
// its beginning, replayed up to the first change that was committed later.
// ErrNotFound: the log begins after that. ErrInvalid: the instant has not
// come yet. It reads the whole log up to there, so it is for questions about
// the past, not for deciding.
func (s *Store) AsOf(ctx context.Context, at time.Time) (*claims.Directory, error) {
	now, err := s.clock()
	if err != nil {
		return nil, err
	}
	if at.After(now) {
		return nil, &claims.Invalid{Field: "as of", Problem: "the instant has not come yet"}
	}
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	head := s.Directory().Seq()
	var cut int64
	if err := s.eng.one(ctx, readFirstAfter, []any{micros(at)}, &cut); err != nil {
		return nil, fmt.Errorf("find %s in the change log: %w", at.UTC().Format(time.RFC3339), err)
	}
	if cut == 0 {
		cut = int64(head.N) + 1
	}
	if cut <= 1 {
		return nil, fmt.Errorf("as of %s: the change log begins later: %w", at.UTC().Format(time.RFC3339), claims.ErrNotFound)
	}
	d, err := s.replay(ctx, claims.NewDirectory(claims.Seq{Epoch: head.Epoch}), uint64(cut))
	if err != nil {
		return nil, fmt.Errorf("replay the change log: %w", err)
	}
	return d, nil
}

// replay returns d, which is empty, with the changes before cut.
func (s *Store) replay(ctx context.Context, d *claims.Directory, cut uint64) (*claims.Directory, error) {
	ctx, cancel := context.WithTimeout(ctx, loadLimit)
	defer cancel()
	rows, err := s.eng.rows(ctx, readLog, []any{int64(cut)})
	if err != nil {
		return nil, fault(err)
	}
	defer rows.Close()
	var page []claims.Change
	for next := uint64(1); next < cut; next++ {
		if !rows.Next() {
			return nil, cmp.Or(fault(rows.Err()), errGap)
		}
		c, err := s.scanChange(rows)
		if err != nil {
			return nil, err
		}
		if c.N != next {
			return nil, errGap
		}
		if page = append(page, c); len(page) == changesPage || next+1 == cut {
			d = d.Replay(claims.Seq{Epoch: d.Seq().Epoch, N: next}, page...)
			page = page[:0]
		}
	}
	return d, nil
}

// scanChange reads a row of the change log.
func (s *Store) scanChange(row scanner) (c claims.Change, err error) {
	var n int64
	var entity claims.Entity
	var image string
	if err := row.Scan(&n, &entity, &image, &c.Actor, (*instant)(&c.At)); err != nil {
		return c, err
	}
	c.N = uint64(n)
	c.Fact, err = s.tables.decode(entity, image)
	return c, err
}
