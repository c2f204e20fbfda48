package store

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// How long the database may take before an answer is given up.
const (
	readLimit  = 5 * time.Second
	writeLimit = 10 * time.Second
	loadLimit  = 5 * time.Minute
)

// engine is one of the two databases. What differs between them is here and
// in the files sqlite.go and postgres.go; the SQL does not.
type engine struct {
	name     string // as the log and Health say it, without secrets
	write    *sql.DB
	read     *sql.DB
	loadOpts *sql.TxOptions // a transaction that sees one state of all tables
	oneTx    bool           // a migration's statements run in one transaction
	flushers int            // how many batches may be under way at once
	flush    func(ctx context.Context, ops []*op) error
	close    func() error
	prepare  bool     // statements are kept by us; else the driver keeps them
	kept     sync.Map // SQL text → *sql.Stmt on read
}

// rows is what a query answers with; *sql.Row and *sql.Rows have it.
type scanner interface{ Scan(dest ...any) error }

// query runs q and hands each row to each.
func (e *engine) query(ctx context.Context, q string, args []any, each func(scanner) error) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	rows, err := e.rows(ctx, q, args)
	if err != nil {
		return fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return fault(err)
		}
	}
	return fault(rows.Err())
}

func (e *engine) rows(ctx context.Context, q string, args []any) (*sql.Rows, error) {
	if !e.prepare {
		return e.read.QueryContext(ctx, q, args...)
	}
	kept, ok := e.kept.Load(q)
	if !ok {
		s, err := e.read.PrepareContext(ctx, q)
		if err != nil {
			return nil, err
		}
		var dup bool
		if kept, dup = e.kept.LoadOrStore(q, s); dup {
			s.Close()
		}
	}
	return kept.(*sql.Stmt).QueryContext(ctx, args...)
}

// one runs q, which answers with at most one row; none is ErrNotFound.
func (e *engine) one(ctx context.Context, q string, args []any, dest ...any) error {
	found := false
	err := e.query(ctx, q, args, func(row scanner) error {
		found = true
		return row.Scan(dest...)
	})
	if err == nil && !found {
		return errNoRow
	}
	return err
}

// tx runs do in a transaction on the writing side, again when the database
// rolled it back for a neighbour's sake.
func (e *engine) tx(ctx context.Context, limit time.Duration, do func(context.Context, *sql.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return fault(again(ctx, func() error {
		tx, err := e.write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := do(ctx, tx); err != nil {
			tx.Rollback() // the error that counts is err
			return err
		}
		return tx.Commit()
	}))
}
