package store_test

import (
	"database/sql"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
	"lanyard/idp/store/storetest"
)

func TestMain(m *testing.M) {
	storetest.Child()
	os.Exit(storetest.Main(m.Run))
}

func sqliteURL(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "lanyard.db")
}

func TestSQLite(t *testing.T) { storetest.Run(t, sqliteURL) }

func TestPostgres(t *testing.T) { storetest.Run(t, storetest.Postgres) }

func TestSQLiteKeepsWhatItAcknowledgedThroughKills(t *testing.T) { storetest.Kill(t, sqliteURL) }

func TestPostgresKeepsWhatItAcknowledgedThroughKills(t *testing.T) {
	storetest.Kill(t, storetest.Postgres)
}

func TestPictureOutlivesTheDatabaseBeingAway(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	storetest.Away(t)
}

func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func open(t *testing.T, url string) (*store.Store, error) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{URL: url, Now: now, Plan: storetest.AsTold})
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

func TestWhatCannotBeOpenedIsSaidInOneSentence(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	text := filepath.Join(dir, "text.db")
	for _, f := range []string{file, text} {
		if err := os.WriteFile(f, []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	for _, c := range []struct {
		url, says string
		kind      error
	}{
		{"", "must begin with sqlite: or postgres://", nil},
		{"mysql://root:hunter2@db/x", "must begin with sqlite: or postgres://", nil},
		{"sqlite:", "names no file", nil},
		{"sqlite:" + file + "/lanyard.db", "cannot be made: not a directory", nil},
		{"sqlite:" + dir, "cannot be opened for writing: is a directory", nil},
		{"sqlite:" + text, "is not a SQLite database", nil},
		{"postgres://bo:hunter2@db:port/x", "cannot be read", nil},
		{"postgres://bo:hunter2@" + closed + "/x", "cannot be reached", claims.ErrUnavailable},
	} {
		_, err := open(t, c.url)
		if err == nil {
			t.Fatalf("Open(%q) succeeded", c.url)
		}
		if text := err.Error(); !strings.Contains(text, c.says) || strings.Contains(text, "hunter2") || strings.Contains(text, "\n") {
			t.Errorf("Open(%q) = %q; want one line that says %q and no password", c.url, text, c.says)
		}
		if c.kind != nil && !errors.Is(err, c.kind) {
			t.Errorf("Open(%q) = %v, want %v", c.url, err, c.kind)
		}
	}
}

func TestAStoreNeedsAClock(t *testing.T) {
	if _, err := store.Open(t.Context(), store.Config{URL: sqliteURL(t)}); err == nil {
		t.Error("Open without a clock succeeded")
	}
}

func TestADirectoryThatCannotBeWrittenIsLeftAsItWas(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
	if os.Geteuid() == 0 {
		dir = "/proc/self/task" // where not even root may make a file
	}
	before, _ := os.ReadDir(dir)
	if _, err := open(t, "sqlite:"+filepath.Join(dir, "lanyard.db")); err == nil || !strings.Contains(err.Error(), "lanyard.db cannot be") {
		t.Errorf("Open = %v, want a sentence that says what cannot be done", err)
	}
	if left, _ := os.ReadDir(dir); os.Geteuid() != 0 && len(left) != len(before) {
		t.Errorf("Open left %v behind", left)
	}
}

func TestADatabaseFileIsItsOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "lanyard.db")
	s, err := open(t, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Install(t.Context(), []claims.Fact{claims.Tag{Slug: "t"}}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatalf("Glob = %v, %v; want the database and its log", files, err)
	}
	for _, f := range append(files, filepath.Dir(path)) {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v (%v), want it closed to others", f, info.Mode(), err)
		}
	}
}

func TestOddFileNamesAreTakenAsTheyAre(t *testing.T) {
	for _, name := range []string{"a b.db", "what?mode=memory.db", "100%.db", "#1.db", "ü.db"} {
		path := filepath.Join(t.TempDir(), name)
		if _, err := open(t, "sqlite:"+path); err != nil {
			t.Errorf("Open(%q): %v", name, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q is not where it should be: %v", name, err)
		}
	}
}

func TestInMemoryDatabaseWorks(t *testing.T) {
	s, err := open(t, "sqlite::memory:")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Install(t.Context(), []claims.Fact{claims.Tag{Slug: "t"}}); err != nil {
		t.Fatal(err)
	}
	if _, ok := claims.Get[claims.Tag](s.Directory(), "t"); !ok || s.Ready() != nil {
		t.Errorf("the fact is there: %v, Ready = %v", ok, s.Ready())
	}
}

func TestAWriterElsewhereIsWaitedFor(t *testing.T) {
	url := sqliteURL(t)
	s, err := open(t, url)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 2)
	go func() { done <- s.Install(t.Context(), []claims.Fact{claims.Tag{Slug: "t"}}) }()
	go func() { done <- s.CreateGrant(t.Context(), record.Grant{ID: "g"}) }()
	select {
	case err := <-done:
		t.Errorf("a write ended while another process held the database: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	if _, err := s.GrantFresh(t.Context(), "none"); !errors.Is(err, claims.ErrNotFound) {
		t.Errorf("a read in the meantime = %v, want its answer", err)
	}
	tx.Rollback()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
