package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
)

// inMemory is the path of a database that ends with the process.
const inMemory = ":memory:"

// openSQLite opens the file at path, making it (mode 0600) and its directory
// (0700) if they are not there. One connection writes, four read; each commit
// is on the disk before it is answered.
func openSQLite(ctx context.Context, path string, log *slog.Logger) (*engine, error) {
	dsn := func(extra string) string {
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?_busy_timeout=5000&_foreign_keys=1&_synchronous=FULL" + extra
	}
	e := &engine{name: "sqlite:" + path, flushers: 1, oneTx: true, prepare: true}
	var err error
	if path == inMemory {
		// One connection for both sides: a second would see another database.
		e.write, err = sql.Open("sqlite", inMemory+"?_busy_timeout=5000&_foreign_keys=1&_txlock=immediate")
		e.read = e.write
	} else {
		if err := prepareFile(path, log); err != nil {
			return nil, err
		}
		if e.write, err = sql.Open("sqlite", dsn("&_journal_mode=WAL&_txlock=immediate")); err == nil {
			e.read, err = sql.Open("sqlite", dsn("&_query_only=1"))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %s", path, cause(err))
	}
	keepOpen(e.write, 1)
	if e.read != e.write {
		keepOpen(e.read, 4)
	}
	b := &liteBatch{db: e.write, kept: map[string]*sql.Stmt{}}
	e.flush, e.close = b.flush, e.closeSQLite
	// A new file that two open at once can be busy without waiting, while one
	// of them switches it to WAL.
	if err := again(ctx, func() error { return e.write.PingContext(ctx) }); err != nil {
		e.closeSQLite()
		return nil, sqliteSentence(path, err)
	}
	return e, nil
}

func keepOpen(db *sql.DB, n int) {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
}

func (e *engine) closeSQLite() error {
	err := e.write.Close()
	if e.read != e.write && e.read != nil {
		err = errors.Join(e.read.Close(), err)
	}
	return err
}

// prepareFile sees to it that there is a file and that only its owner reads it.
func prepareFile(path string, log *slog.Logger) error {
	if path == "" {
		return errors.New("the database URL names no file: write sqlite:PATH, as in sqlite:var/lanyard.db")
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the database's directory %s is not there and cannot be made: %s", dir, reason(err))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("the database %s cannot be opened for writing: %s", path, reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("the database %s cannot be read: %s", path, reason(err))
	}
	if info.Mode().Perm()&0o077 != 0 {
		log.Warn("database file is open to others", "file", path, "mode", info.Mode().Perm().String())
	}
	return nil
}

func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func sqliteSentence(path string, err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) && lite.Code()&0xff == sqliteNotADB {
		return fmt.Errorf("%s is not a SQLite database", path)
	}
	return fmt.Errorf("the database %s cannot be opened: %s", path, cause(err))
}
