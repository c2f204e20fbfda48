package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"lanyard/cmd/lanyard/config"
	"lanyard/idp/record"
	"lanyard/idp/store/storetest"
)

// The program as it is installed, elsewhere than on SQLite and plain HTTP, and
// what a server costs that does nothing.

// installTLS is the program over TLS of its own.
func installTLS(b *testing.B) *installed {
	in := install(b)
	dir := b.TempDir()
	in.trusted = newCertificate(b, dir, 1)
	in.issuer = "https://" + in.host
	in.env = append(in.env, "LANYARD_ISSUER="+in.issuer, "LANYARD_HTTP_TLS_CERT="+filepath.Join(dir, "cert.pem"), "LANYARD_HTTP_TLS_KEY="+filepath.Join(dir, "key.pem"))
	return in
}

// installPostgres is the program on a PostgreSQL: on the one that
// LANYARD_TEST_DATABASE_URL names, which is the durable one to measure, or on
// a private one that does not wait for the disk.
func installPostgres(b *testing.B) (in *installed, database string) {
	database = storetest.Postgres(b)
	in = install(b)
	dir := b.TempDir()
	in.known = populated(b, database, dir)
	in.env = append(in.env, "LANYARD_DATABASE_URL="+database, "LANYARD_KEY_RING="+filepath.Join(dir, "lanyard.keys"))
	return in, database
}

// populated puts the demo into another database.
func populated(b *testing.B, database, dir string) demoSecrets {
	b.Helper()
	cfg, err := config.Load("", nil)
	if err != nil {
		b.Fatal(err)
	}
	cfg.Issuer, cfg.Log.Level = "http://127.0.0.1", "warn"
	cfg.Database.URL, cfg.KeyRing = record.Secret(database), filepath.Join(dir, "lanyard.keys")
	ring, err := openRing(cfg)
	if err != nil {
		b.Fatal(err)
	}
	st, _, err := openStore(b.Context(), cfg, ring, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	cmd := &cobra.Command{}
	cmd.SetContext(b.Context())
	a := &app{now: time.Now, user: "bench"}
	d := &demoRun{app: a, demoOptions: demoOptions{dir: dir}, out: io.Discard, wiki: "http://127.0.0.1:9"}
	d.house = &house{app: a, cmd: cmd, cfg: cfg, ring: ring, store: st, at: time.Now().UTC().Truncate(time.Microsecond)}
	if err := d.populate(); err != nil {
		b.Fatal(err)
	}
	return d.known
}

func BenchmarkInstalledTLS(b *testing.B) {
	in := installTLS(b)
	in.serve(b)
	b.Run("client_credentials", func(b *testing.B) {
		in.charge(b, 64, in.post("/token", "dashboard", url.Values{"grant_type": {"client_credentials"}}, `"access_token"`))
	})
	b.Run("introspect", func(b *testing.B) {
		in.charge(b, 8, in.post("/introspect", "dashboard", url.Values{"token": {"no-token-of-ours"}}, `"active":false`))
	})
}

func BenchmarkInstalledPostgres(b *testing.B) {
	in, database := installPostgres(b)
	in.serve(b)
	for _, connections := range []int{8, 64} {
		b.Run(fmt.Sprintf("client_credentials/connections=%d", connections), func(b *testing.B) {
			before := walAt(b, database)
			in.charge(b, connections, in.post("/token", "dashboard", url.Values{"grant_type": {"client_credentials"}}, `"access_token"`))
			b.ReportMetric(float64(walAt(b, database)-before)/float64(b.N+50), "WAL-B/op")
		})
	}
	b.Run("introspect", func(b *testing.B) {
		in.charge(b, 8, in.post("/introspect", "dashboard", url.Values{"token": {in.ada(b, "openid", "groups").Access}}, `"active":true`))
	})
	in.signing(b, "ES256")
	b.Run("refresh", in.refresh)
	b.Run("code", in.codeFlow)
}

// walAt is how many bytes of write-ahead log a PostgreSQL has written.
func walAt(b *testing.B, database string) (n int64) {
	b.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, "select (pg_current_wal_insert_lsn() - '0/0')::bigint").Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkBareServer is net/http answering three kilobytes, charged as the
// others are: what is above it is ours.
func BenchmarkBareServer(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	host := fmt.Sprintf("127.0.0.1:%d", freePort(b))
	in := &installed{issuer: "http://" + host, process: &process{log: &lockedBuffer{}}}
	b.Cleanup(in.kill)
	in.cmd = exec.Command(self)
	in.cmd.Env = []string{"LANYARD_TEST_IS_BARE=" + host}
	in.cmd.Stdout, in.cmd.Stderr = in.log, in.log
	if err := in.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	in.answers(b, time.Now())
	client := in.keepAlive()
	in.charge(b, 8, func() error {
		r, err := http.NewRequest(http.MethodGet, in.issuer, nil)
		if err != nil {
			return err
		}
		_, err = answer(client, r, "{")
		return err
	})
}

// bare answers three kilobytes at any path, for ever.
func bare(address string) {
	body := append([]byte("{"), make([]byte, 3000)...)
	fmt.Println(http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(body)
	})))
	os.Exit(1)
}
