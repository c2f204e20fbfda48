package store

import (
	"context"
	"database/sql"
	"errors"

	"modernc.org/sqlite"
)

// liteBatch commits many statements at once on the one writing connection.
// Only the one flusher uses it.
type liteBatch struct {
	db   *sql.DB
	kept map[string]*sql.Stmt // by SQL text
}

// flush runs ops in one transaction. A statement that breaks a constraint
// undoes itself only (SQLite's ABORT); any other error undoes the whole.
func (b *liteBatch) flush(ctx context.Context, ops []*op) error {
	// The driver starts a goroutine for each statement whose context may end;
	// what one may take here is bounded by busy_timeout.
	ctx = context.WithoutCancel(ctx)
	if err := b.prepare(ctx, ops); err != nil {
		return err
	}
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	inTx := map[string]*sql.Stmt{}
	for _, o := range ops {
		s := inTx[o.sql]
		if s == nil {
			s = tx.StmtContext(ctx, b.kept[o.sql])
			inTx[o.sql] = s
		}
		if err := run(ctx, s, o); err != nil {
			tx.Rollback() // the error that counts is err
			return err
		}
	}
	return tx.Commit()
}

func (b *liteBatch) prepare(ctx context.Context, ops []*op) error {
	for _, o := range ops {
		if b.kept[o.sql] != nil {
			continue
		}
		s, err := b.db.PrepareContext(ctx, o.sql)
		if err != nil {
			return err
		}
		b.kept[o.sql] = s
	}
	return nil
}

func run(ctx context.Context, s *sql.Stmt, o *op) error {
	r, err := s.ExecContext(ctx, o.args...)
	var lite *sqlite.Error
	if errors.As(err, &lite) && lite.Code()&0xff == sqliteConstraint {
		o.err = err
		return nil
	}
	if err != nil {
		return err
	}
	o.err = nil
	o.n, err = r.RowsAffected()
	return err
}
