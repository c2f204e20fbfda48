package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"lanyard/claims"
)

// SQLite's primary result codes (https://www.sqlite.org/rescode.html).
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteReadOnly   = 8
	sqliteIOErr      = 10
	sqliteFull       = 13
	sqliteCantOpen   = 14
	sqliteConstraint = 19
	sqliteNotADB     = 26
)

// tries is how often a transaction is tried that the database gave up for a
// neighbour's sake.
const tries = 5

// errNoRow is a query for one row that found none.
var errNoRow = fmt.Errorf("no such row: %w", claims.ErrNotFound)

// fault gives a driver's error its kind among claims.Faults. What remains
// without one is a defect of this program.
func fault(err error) error {
	if err == nil {
		return nil
	}
	for _, kind := range claims.Faults {
		if errors.Is(err, kind) {
			return err
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %w", err, claims.ErrNotFound)
	}
	if kind := kindOf(err); kind != nil {
		return fmt.Errorf("%w: %w", err, kind)
	}
	return err
}

func kindOf(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return claims.ErrUnavailable
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return kindOfState(pg.Code)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqliteConstraint:
			return claims.ErrConflict
		case sqliteBusy, sqliteLocked, sqliteReadOnly, sqliteIOErr, sqliteFull, sqliteCantOpen:
			return claims.ErrUnavailable
		}
		return nil
	}
	if strings.HasPrefix(err.Error(), "sql: ") && !errors.Is(err, sql.ErrConnDone) && !strings.Contains(err.Error(), "closed") {
		return nil // database/sql: a wrong number of arguments, a value that does not scan
	}
	return claims.ErrUnavailable // no answer from the server at all
}

// kindOfState tells a PostgreSQL SQLSTATE's kind.
func kindOfState(code string) error {
	switch code {
	case "23505": // unique_violation
		return claims.ErrConflict
	case "22021": // character_not_in_repertoire: NUL or invalid UTF-8
		return claims.ErrInvalid
	case "25006": // read_only_sql_transaction: a standby
		return claims.ErrUnavailable
	}
	if len(code) != 5 {
		return nil
	}
	switch code[:2] {
	case "08", "28", "3D", "40", "53", "55", "57", "58": // connection, authorisation, no database, rollback, resources, not ready, operator, system
		return claims.ErrUnavailable
	}
	return nil
}

// passing tells whether the same transaction, tried again, may succeed: the
// database rolled it back for a neighbour's sake (40001, 40P01, SQLITE_BUSY).
func passing(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		code := lite.Code() & 0xff
		return code == sqliteBusy || code == sqliteLocked
	}
	return pgconn.SafeToRetry(err)
}

// again runs do until it succeeds, fails for good, or has had its tries.
func again(ctx context.Context, do func() error) error {
	for n := 1; ; n++ {
		err := do()
		if err == nil || n == tries || !passing(err) {
			return err
		}
		if werr := wait(ctx, time.Duration(n*n)*5*time.Millisecond); werr != nil {
			return err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// cause is what went wrong at the bottom, as one line without secrets.
func cause(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Message
	}
	var no syscall.Errno // of several addresses tried, one is enough to tell
	if errors.As(err, &no) {
		return no.Error()
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			break
		}
		err = inner
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}
