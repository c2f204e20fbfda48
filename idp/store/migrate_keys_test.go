package store

import (
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/migrations"
)

// TestTwoFirstKeysBecomeOne has a database on which two first starts crossed,
// before the newest key of each algorithm was kept single.
func TestTwoFirstKeysBecomeOne(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	eng, err := openSQLite(ctx, filepath.Join(t.TempDir(), "x.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer eng.close()
	all, err := migrations.All()
	if err != nil {
		t.Fatal(err)
	}
	upTo := slices.IndexFunc(all, func(m migrations.Migration) bool { return m.Name == "0012_signing_keys.sql" })
	if err := (&migrator{eng, func() time.Time { return now }, all[:upTo]}).run(ctx); err != nil {
		t.Fatal(err)
	}
	rows := signingKeyTable()
	for _, k := range []record.SigningKey{
		{ID: "a", Use: "oidc", Alg: "ES256", Created: now, From: now}, {ID: "b", Use: "oidc", Alg: "ES256", Created: now, From: now},
		{ID: "c", Use: "oidc", Alg: "RS256", Created: now, From: now}, {ID: "d", Use: "oidc", Alg: "RS256", Created: now, From: now.Add(time.Second)},
		{ID: "e", Use: "other", Alg: "RS256", Created: now, From: now},
	} {
		if _, err := eng.write.ExecContext(ctx, rows.insert, rows.values(&k)...); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&migrator{eng, func() time.Time { return now }, all}).run(ctx); err != nil {
		t.Fatal(err)
	}
	after, err := allOf(ctx, eng, rows, " order by id")
	if err != nil {
		t.Fatal(err)
	}
	var stay []string
	for _, k := range after {
		if k.Retired.IsZero() {
			stay = append(stay, k.ID)
		} else if !claims.Live(time.Time{}, k.Gone, now.AddDate(1, 0, 0)) {
			t.Errorf("key %s is gone while what it signed lives", k.ID)
		}
	}
	if want := []string{"a", "d", "e"}; !slices.Equal(stay, want) {
		t.Errorf("%v stay, want %v", stay, want)
	}
}
