package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"lanyard/claims"
)

func TestDriversErrorsGetTheirKind(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code}) }
	for _, c := range []struct {
		err  error
		kind error // nil: a defect of ours, no kind
	}{
		{sql.ErrNoRows, claims.ErrNotFound},
		{context.Canceled, claims.ErrUnavailable},
		{context.DeadlineExceeded, claims.ErrUnavailable},
		{io.ErrUnexpectedEOF, claims.ErrUnavailable},
		{sql.ErrConnDone, claims.ErrUnavailable},
		{errors.New("sql: database is closed"), claims.ErrUnavailable},
		{errors.New("sql: expected 2 destination arguments in Scan, not 1"), nil},
		{pg("23505"), claims.ErrConflict},
		{pg("22021"), claims.ErrInvalid},
		{pg("40001"), claims.ErrUnavailable},
		{pg("40P01"), claims.ErrUnavailable},
		{pg("53300"), claims.ErrUnavailable}, // too many connections
		{pg("57P01"), claims.ErrUnavailable}, // shut down
		{pg("25006"), claims.ErrUnavailable}, // a standby
		{pg("28P01"), claims.ErrUnavailable}, // wrong password
		{pg("42601"), nil},                   // syntax error
		{pg("42P01"), nil},                   // no such table
		{claims.ErrReplay, claims.ErrReplay},
	} {
		err := fault(c.err)
		if !errors.Is(err, c.err) {
			t.Errorf("fault(%v) = %v has lost the cause", c.err, err)
		}
		for _, kind := range claims.Faults {
			if is := errors.Is(err, kind); is != (kind == c.kind) {
				t.Errorf("fault(%v) is %v: %v", c.err, kind, is)
			}
		}
	}
	if fault(nil) != nil {
		t.Error("fault(nil) is an error")
	}
}

func TestTryingAgainHasABound(t *testing.T) {
	n := 0
	err := again(t.Context(), func() error { n++; return &pgconn.PgError{Code: "40001"} })
	if n != tries || err == nil {
		t.Errorf("tried %d times, then %v; want %d and the error", n, err, tries)
	}
	n = 0
	if again(t.Context(), func() error { n++; return &pgconn.PgError{Code: "23505"} }); n != 1 {
		t.Errorf("a conflict was tried %d times", n)
	}
}
