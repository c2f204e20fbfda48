package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/migrations"
)

// Config says which database, and what the store needs from outside.
type Config struct {
	URL    string           // sqlite:PATH, sqlite::memory: or postgres://…
	Now    func() time.Time // required
	Log    *slog.Logger     // nil: no log
	RingID string           // names the key ring that seals secrets here; empty: not checked
	Events int              // how many access events are kept; 0: 10,000
	Built  time.Time        // when the program was built: an earlier clock is wrong; zero: the beginning of 2025

	Mail bool // members are written to: their former address is warned when it changes

	// Plan is who works out what intents come to; nil: claims.Plan.
	Plan func(*claims.Directory, claims.Actor, time.Time, ...claims.Intent) (claims.Planned, error)
}

// Store is an open database and the picture made of it.
type Store struct {
	cfg    Config
	eng    *engine
	tables factTables
	rec    recordTables
	batch  *batcher

	dir     atomic.Pointer[claims.Directory]
	picture sync.Mutex    // held while dir is replaced
	writing chan struct{} // holds one token: who has it plans and applies
	news    news

	health health
	latest atomic.Int64 // the latest time seen, in microseconds
	noted  atomic.Int64 // what the database knows of it
	beat   atomic.Int64 // half seconds since Open; the age of what is cached
	grants grantCache
	swipes atomic.Int64 // access events written since they were last pruned

	cancel  context.CancelFunc // ends what runs beside
	ended   <-chan struct{}    // closed by cancel
	beside  sync.WaitGroup
	closing sync.Once
}

// Open opens the database, brings it to this program's shape and reads it. An
// error is one plain sentence for the operator.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Now == nil {
		return nil, errors.New("store.Config.Now is missing")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Built.IsZero() {
		cfg.Built = earliest
	}
	if cfg.Events <= 0 {
		cfg.Events = eventsKept
	}
	if cfg.Plan == nil {
		cfg.Plan = claims.Plan
	}
	eng, err := openEngine(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &Store{cfg: cfg, eng: eng, tables: newFactTables(), rec: newRecordTables(), writing: make(chan struct{}, 1)}
	if err := s.begin(ctx); err != nil {
		eng.close()
		return nil, fmt.Errorf("%s: %w", eng.name, err)
	}
	return s, nil
}

func openEngine(ctx context.Context, cfg Config) (*engine, error) {
	scheme, rest, _ := strings.Cut(cfg.URL, ":")
	switch scheme {
	case "sqlite":
		return openSQLite(ctx, rest, cfg.Log)
	case "postgres", "postgresql":
		return openPostgres(ctx, cfg.URL)
	}
	return nil, errors.New("the database URL must begin with sqlite: or postgres://, as in sqlite:var/lanyard.db")
}

// begin readies an engine: shape, identity, clock, picture; then what runs beside.
func (s *Store) begin(ctx context.Context) error {
	all, err := migrations.All()
	if err != nil {
		return err
	}
	if err := (&migrator{s.eng, s.cfg.Now, all}).run(ctx); err != nil {
		return err
	}
	if err := s.identify(ctx); err != nil {
		return err
	}
	if err := s.reload(ctx); err != nil {
		return err
	}
	s.batch = newBatcher(s.eng.flushers, s.eng.flush)
	s.writing <- struct{}{}
	beside, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel, s.ended = cancel, beside.Done()
	s.beside.Go(func() { s.follow(beside) })
	s.beside.Go(func() { s.tick(beside) })
	return nil
}

const metaRows = `
    select name, value
    from   meta`

const firstHead = `
    insert into change_head (name, epoch, seq) values ('head', $1, 0)
    on conflict (name) do nothing`

const firstMeta = `
    insert into meta (name, value) values ($1, $2)
    on conflict (name) do nothing`

// identify sees to it that the change log has an epoch and that the key ring
// is the one this database was sealed with.
func (s *Store) identify(ctx context.Context) error {
	meta := map[string]string{}
	read := func() error {
		return s.eng.query(ctx, metaRows, nil, func(row scanner) error {
			var name, value string
			err := row.Scan(&name, &value)
			meta[name] = value
			return err
		})
	}
	if err := read(); err != nil {
		return err
	}
	if meta["epoch"] == "" || meta["ring"] == "" && s.cfg.RingID != "" {
		if err := s.found(ctx); err != nil {
			return err
		}
		if err := read(); err != nil {
			return err
		}
	}
	if ring := meta["ring"]; s.cfg.RingID != "" && ring != s.cfg.RingID {
		return fmt.Errorf("this database was sealed with another key ring (%s, not %s): bring back the ring that belongs to it", ring, s.cfg.RingID)
	}
	latest, _ := strconv.ParseInt(meta[metaLatest], 10, 64) // absent: 0, never seen
	s.latest.Store(latest)
	s.noted.Store(latest)
	return nil
}

// found writes what a database says of itself once. Of two that try, one wins.
func (s *Store) found(ctx context.Context) error {
	epoch := record.Random(9)
	return s.eng.tx(ctx, writeLimit, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, firstHead, epoch); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, firstMeta, "epoch", epoch); err != nil {
			return err
		}
		if s.cfg.RingID == "" {
			return nil
		}
		_, err := tx.ExecContext(ctx, firstMeta, "ring", s.cfg.RingID)
		return err
	})
}

// exec commits one statement, together with those of others, and returns the
// rows it touched. key is the table and row, see op.
func (s *Store) exec(ctx context.Context, key, q string, args ...any) (int64, error) {
	if _, err := s.clock(); err != nil {
		return 0, err
	}
	return s.batch.exec(ctx, key, q, args...)
}

// Close ends what runs beside, commits what is queued and closes the database.
// The store answers ErrUnavailable from then on.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		s.cancel()
		s.beside.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
		defer cancel()
		if nerr := s.noteLatest(ctx, true); nerr != nil {
			s.cfg.Log.Warn("latest time not noted", "error", nerr)
		}
		s.batch.stop()
		s.health.close()
		err = s.eng.close()
	})
	return err
}
