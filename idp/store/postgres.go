package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// pgConns is how many connections are kept unless the URL says pool_max_conns.
const pgConns = 16

// openPostgres connects to a server that speaks PostgreSQL's protocol. Idle
// connections are kept: a new one costs the server a process.
func openPostgres(ctx context.Context, url string) (*engine, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The driver's error may quote the URL, and with it the password.
		return nil, errors.New("the database URL cannot be read: write postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters percent-encoded")
	}
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = pgConns
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "lanyard"
	c := cfg.ConnConfig
	name := fmt.Sprintf("postgres at %s:%d/%s", c.Host, c.Port, c.Database)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used: %s", name, cause(err))
	}
	reach, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	if err := pool.Ping(reach); err != nil {
		pool.Close()
		return nil, pgSentence(name, err)
	}
	db := stdlib.OpenDBFromPool(pool)
	return &engine{
		name: name, write: db, read: db, flushers: 2,
		loadOpts: &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		flush:    (&pgBatch{pool: pool}).flush,
		close: func() error {
			err := db.Close()
			pool.Close()
			return err
		},
	}, nil
}

func pgSentence(name string, err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return fmt.Errorf("%s refuses us: %s", name, pg.Message)
	}
	return fault(&unreached{fmt.Sprintf("%s cannot be reached: %s", name, cause(err))})
}

// unreached is a server that gives no answer, in one sentence.
type unreached struct{ sentence string }

func (e *unreached) Error() string { return e.sentence }

// pgBatch commits many statements at once: they go out in one pipeline, which
// the server takes as one transaction.
type pgBatch struct{ pool *pgxpool.Pool }

func (b *pgBatch) flush(ctx context.Context, ops []*op) error {
	batch := &pgx.Batch{}
	for _, o := range ops {
		batch.Queue(o.sql, o.args...).Exec(func(tag pgconn.CommandTag) error {
			o.n, o.err = tag.RowsAffected(), nil
			return nil
		})
	}
	return b.pool.SendBatch(ctx, batch).Close()
}
