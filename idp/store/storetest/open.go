package storetest

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	// The drivers are the store's; the tests speak to the database behind its back.
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"lanyard/claims"
	"lanyard/idp/store"
)

var openTests = []test{
	{"AnEmptyDatabaseIsReady", emptyIsReady},
	{"AnotherKeyRingIsRefused", otherRing},
	{"ARingMayBeNamedLater", ringLater},
	{"ANewerDatabaseIsRefusedAndLeftAlone", newerDatabase},
	{"AnEditedMigrationIsRefused", editedMigration},
	{"AMigrationThatWasCutShortIsFinished", cutShort},
	{"TwoThatOpenAtOnceBothSucceed", openTogether},
	{"AClosedStoreSaysSo", closedSays},
}

// behind runs one statement on the database without the store.
func behind(w *world, q string) {
	w.Helper()
	driver, dsn := "pgx", w.url
	if path, ok := strings.CutPrefix(w.url, "sqlite:"); ok {
		driver, dsn = "sqlite", path
	}
	db, err := sql.Open(driver, dsn)
	w.ok(err)
	defer db.Close()
	if _, err := db.ExecContext(w.Context(), q); err != nil {
		w.Fatalf("%s: %v", q, err)
	}
}

// refused holds that opening fails with a sentence that says words.
func refused(w *world, cfg store.Config, words ...string) {
	w.Helper()
	s, err := store.Open(w.Context(), cfg)
	if err == nil {
		s.Close()
		w.Fatalf("Open succeeded, want an error that says %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			w.Errorf("Open = %v; want it to say %q", err, word)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		w.Errorf("Open's error is more than one line: %q", err)
	}
}

func emptyIsReady(w *world) {
	s := w.process()
	w.ok(s.Ready())
	d := s.Directory()
	if d.Seq().N != 0 || d.Seq().Epoch == "" {
		w.Errorf("an empty database is at %v, want 0 of some epoch", d.Seq())
	}
	h := s.Health()
	if h.Stale || h.Err != "" || !h.Heard.Equal(noon) || s.Age() != 0 {
		w.Errorf("Health = %+v", h)
	}
	if again := w.process().Directory().Seq(); again != d.Seq() {
		w.Errorf("opened again it is at %v, was at %v", again, d.Seq())
	}
}

func otherRing(w *world) {
	w.process()
	cfg := w.config()
	cfg.RingID = "ring-2"
	refused(w, cfg, "another key ring", "ring-1", "ring-2")
	cfg.RingID = ""
	w.ok(w.with(cfg).Ready())
}

func ringLater(w *world) {
	cfg := w.config()
	cfg.RingID = ""
	w.with(cfg)
	w.process()
	cfg.RingID = "ring-2"
	refused(w, cfg, "another key ring")
}

func newerDatabase(w *world) {
	w.ok(w.process().Ready())
	behind(w, "insert into migration (number, name, checksum, steps, at) values (9999, '9999_later.sql', 'x', 1, 0)")
	refused(w, w.config(), "newer lanyard", "9999")
}

func editedMigration(w *world) {
	w.ok(w.process().Ready())
	behind(w, "update migration set checksum = 'other' where number = 2")
	refused(w, w.config(), "0002_badges.sql", "never edited")
}

func cutShort(w *world) {
	s, err := store.Open(w.Context(), w.config())
	w.ok(err)
	w.ok(s.Close())
	behind(w, "drop table wifi_pass")
	behind(w, "update migration set steps = 2 where number = 7")
	behind(w, "delete from migration where number > 7")
	w.ok(define(w.Context(), w.process(), claims.WiFiPass{ID: "p", Login: "ada.phone"}))
}

func openTogether(w *world) {
	for i, err := range together(4, func(int) error {
		s, err := store.Open(w.Context(), w.config())
		if err != nil {
			return err
		}
		return errors.Join(s.Ready(), s.Close())
	}) {
		if err != nil {
			w.Errorf("opener %d: %v", i, err)
		}
	}
}

func closedSays(w *world) {
	s, err := store.Open(w.Context(), w.config())
	w.ok(err)
	w.ok(define(w.Context(), s, tag(1)))
	w.ok(s.Close())
	w.ok(s.Close())
	ctx := context.WithoutCancel(w.Context())
	_, fresh := s.GrantFresh(ctx, "g")
	for name, err := range map[string]error{
		"Ready": s.Ready(), "CreateGrant": s.CreateGrant(ctx, code("g")),
		"Change": define(ctx, s, tag(2)), "GrantFresh": fresh,
	} {
		if !errors.Is(err, claims.ErrUnavailable) {
			w.Errorf("%s = %v, want ErrUnavailable", name, err)
		}
	}
	same(w.T, "the picture after Close", s, tag(1))
}
