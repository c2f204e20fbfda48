package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/migrations"
)

// A migration is run by whoever holds the lease; others wait for it.
const (
	migrateLease = 15 * time.Second // longer than any one statement may take
	migrateWait  = 40 * time.Second
)

// migrator brings a database to the shape this program knows.
type migrator struct {
	*engine
	now func() time.Time
	all []migrations.Migration
}

// applied is what the database says of one migration.
type applied struct {
	checksum string
	steps    int
}

// run brings the database up. Nothing is written to one that is up already,
// that a newer program made, or whose migrations are not these.
func (m *migrator) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, loadLimit)
	defer cancel()
	done, err := m.applied(ctx)
	if err != nil {
		return err
	}
	if due, err := m.due(done); err != nil || !due {
		return err
	}
	if m.oneTx {
		return m.inOneTx(ctx)
	}
	return m.underLease(ctx)
}

const appliedMigrations = `
    select number, checksum, steps
    from   migration`

// applied lists what has been run; nothing on a database that is new.
func (m *migrator) applied(ctx context.Context) (map[int]applied, error) {
	done, err := readApplied(ctx, m.write)
	if err != nil && !errors.Is(fault(err), claims.ErrUnavailable) {
		return nil, nil // the table is not there yet
	}
	return done, fault(err)
}

func readApplied(ctx context.Context, q querier) (map[int]applied, error) {
	rows, err := q.QueryContext(ctx, appliedMigrations)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	done := map[int]applied{}
	for rows.Next() {
		var number int
		var a applied
		if err := rows.Scan(&number, &a.checksum, &a.steps); err != nil {
			return nil, err
		}
		done[number] = a
	}
	return done, rows.Err()
}

// due tells whether anything is left to run, or why nothing may be.
func (m *migrator) due(done map[int]applied) (bool, error) {
	for number := range done {
		if number >= len(m.all) {
			return false, fmt.Errorf("the database was made by a newer lanyard (it has migration %04d, this program knows up to %04d): start the newer program", number, len(m.all)-1)
		}
	}
	due := false
	for _, mig := range m.all {
		a, ok := done[mig.Number]
		switch {
		case !ok || a.steps < len(mig.Steps):
			due = true
		case a.checksum != mig.Checksum:
			return false, fmt.Errorf("migration %s is not the one this database was made with: a released migration is never edited; run the lanyard that made it or a newer release", mig.Name)
		}
	}
	return due, nil
}

// inOneTx runs all that is due in one transaction, for an engine whose writer
// is alone and whose definitions roll back.
func (m *migrator) inOneTx(ctx context.Context) error {
	return m.tx(ctx, loadLimit, func(ctx context.Context, tx *sql.Tx) error {
		run := func(q string, args ...any) error {
			_, err := tx.ExecContext(ctx, q, args...)
			return err
		}
		if err := ground(m.all[0], run); err != nil {
			return err
		}
		return m.steps(ctx, tx, run, nil)
	})
}

// underLease runs what is due one statement at a time, each on its own, so
// that engines which forbid several definitions in a transaction can follow.
// A program that is killed in between leaves off at a statement.
func (m *migrator) underLease(ctx context.Context) error {
	run := func(q string, args ...any) error {
		_, err := m.write.ExecContext(ctx, q, args...)
		return err
	}
	if err := m.groundTogether(ctx, run); err != nil {
		return fmt.Errorf("migrate: %w", fault(err))
	}
	owner := record.NewID(m.now())
	if err := m.await(ctx, owner); err != nil {
		return err
	}
	defer run(dropLease, "migrate", owner)
	return m.steps(ctx, m.write, run, func() error {
		ok, err := m.lease(ctx, owner)
		if err == nil && !ok {
			return errors.New("migrate: another process took over")
		}
		return err
	})
}

// groundTogether lays the ground although others may do so at the same moment:
// PostgreSQL then fails all but one, "if not exists" or not.
func (m *migrator) groundTogether(ctx context.Context, run func(string, ...any) error) error {
	for n := 1; ; n++ {
		err := ground(m.all[0], run)
		if err == nil || n == tries || !passing(err) && !madeMeanwhile(err) {
			return err
		}
		if wait(ctx, time.Duration(n)*50*time.Millisecond) != nil {
			return err
		}
	}
}

// madeMeanwhile tells whether somebody else made the same table just now: it
// shows as a broken unique index of the catalogue, as a table, or as the type
// that comes with one.
func madeMeanwhile(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "23505" || pg.Code == "42P07" || pg.Code == "42710")
}

// hasColumn tells whether a column that a statement adds is there: the program
// was killed before it could note so. There is no "if not exists" for columns.
func hasColumn(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "42701" // duplicate_column
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && strings.Contains(lite.Error(), "duplicate column name")
}

func ground(first migrations.Migration, run func(string, ...any) error) error {
	for _, step := range first.Steps {
		if err := run(step); err != nil {
			return err
		}
	}
	return nil
}

// await takes the lease, or waits until who has it is through.
func (m *migrator) await(ctx context.Context, owner string) error {
	ctx, cancel := context.WithTimeout(ctx, migrateWait)
	defer cancel()
	for {
		ok, err := m.lease(ctx, owner)
		if ok || err != nil {
			return err
		}
		if wait(ctx, 100*time.Millisecond) != nil {
			return fmt.Errorf("another process has been migrating the database for %v: %w", migrateWait, claims.ErrUnavailable)
		}
	}
}

func (m *migrator) lease(ctx context.Context, owner string) (bool, error) {
	r, err := m.write.ExecContext(ctx, takeLease, leaseArgs("migrate", owner, m.now(), migrateLease)...)
	if err != nil {
		return false, fault(err)
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

const noteMigration = `
    insert into migration (number, name, checksum, steps, at) values ($1, $2, $3, $4, $5)
    on conflict (number) do update
    set    checksum = excluded.checksum, steps = excluded.steps, at = excluded.at`

// querier is what both a transaction and a database can do.
type querier interface {
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
}

// steps runs the statements that are due, noting each. held, if not nil, makes
// sure before each that the lease is still ours.
func (m *migrator) steps(ctx context.Context, q querier, run func(string, ...any) error, held func() error) error {
	done, err := readApplied(ctx, q)
	if err != nil {
		return err
	}
	if _, err := m.due(done); err != nil {
		return err
	}
	for _, mig := range m.all {
		for i := done[mig.Number].steps; i < len(mig.Steps); i++ {
			if held != nil {
				if err := held(); err != nil {
					return err
				}
			}
			if err := run(mig.Steps[i]); err != nil && !hasColumn(err) {
				return fmt.Errorf("migration %s, statement %d: %w", mig.Name, i+1, fault(err))
			}
			if err := run(noteMigration, mig.Number, mig.Name, mig.Checksum, i+1, micros(m.now())); err != nil {
				return fault(err)
			}
		}
	}
	return nil
}
