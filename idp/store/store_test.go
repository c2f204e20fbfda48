package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"lanyard/idp/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m.Run)) }

func sqliteURL(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "lanyard.db")
}

func TestSQLite(t *testing.T) { storetest.Run(t, sqliteURL) }

func TestPostgres(t *testing.T) { storetest.Run(t, storetest.Postgres) }
