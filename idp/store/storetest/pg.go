package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Where a PostgreSQL to test on is named, and whether there must be one.
const (
	envURL     = "LANYARD_TEST_DATABASE_URL"
	envBin     = "LANYARD_PG_BIN"
	envRequire = "LANYARD_REQUIRE_PG"
)

// server is the one PostgreSQL of this test run, started when first asked for.
var server = struct {
	once sync.Once
	cluster
	err error
	ran atomic.Int64 // tests that got a database
	n   atomic.Int64 // databases made
}{}

// cluster is a running server: somebody else's, or a private one of ours.
type cluster struct {
	url  string    // of the database that others are made from
	cmd  *exec.Cmd // nil: not ours
	dir  string    // ours: data and socket
	gone chan struct{}
}

// Main runs a package's tests and then stops the private server, if one was
// started. TestMain calls it with m.Run and ends with what it returns.
func Main(run func() int) int {
	code := run()
	server.stop()
	if n := server.ran.Load(); n > 0 || server.err != nil { // somebody asked for one
		fmt.Printf("note: postgres: %d tests run\n", n)
	}
	return code
}

// Postgres returns the URL of an empty database for this test: on the server
// that LANYARD_TEST_DATABASE_URL names, else on a private one made from the
// binaries in LANYARD_PG_BIN, PATH or /usr/lib/postgresql. Without either the
// test is skipped, aloud; with CI=true or LANYARD_REQUIRE_PG=1 it fails.
func Postgres(t testing.TB) string {
	t.Helper()
	server.once.Do(func() { server.cluster, server.err = start() })
	if server.err != nil {
		if os.Getenv("CI") == "true" || os.Getenv(envRequire) == "1" {
			t.Fatalf("no PostgreSQL to test on: %v", server.err)
		}
		fmt.Fprintf(os.Stderr, "\n*** SKIPPED on PostgreSQL: %s: %v ***\n*** install PostgreSQL, or set %s or %s\n\n", t.Name(), server.err, envBin, envURL)
		t.Skipf("no PostgreSQL to test on: %v", server.err)
	}
	server.ran.Add(1)
	return server.database(t)
}

// database makes a database that is dropped with the test.
func (c *cluster) database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("lanyard_test_%d_%d", os.Getpid(), server.n.Add(1))
	if err := c.do("create database " + name); err != nil {
		t.Fatalf("create database %s: %v", name, err)
	}
	t.Cleanup(func() {
		if err := c.do("drop database if exists " + name + " with (force)"); err != nil {
			t.Errorf("drop database %s: %v", name, err)
		}
	})
	u, err := url.Parse(c.url)
	if err != nil {
		t.Fatal("the test database's URL cannot be read")
	}
	u.Path = "/" + name
	return u.String()
}

func (c *cluster) do(q string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, q)
	return err
}

func start() (cluster, error) {
	if u := os.Getenv(envURL); u != "" {
		return cluster{url: u}, nil
	}
	bin, err := binaries()
	if err != nil {
		return cluster{}, err
	}
	who, err := unprivileged()
	if err != nil {
		return cluster{}, err
	}
	return private(bin, who)
}

// binaries finds the directory that holds initdb and postgres.
func binaries() (string, error) {
	var dirs []string
	if d := os.Getenv(envBin); d != "" {
		dirs = append(dirs, d)
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	versions, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	slices.Reverse(versions)
	for _, d := range append(dirs, versions...) {
		if runnable(d, "initdb") && runnable(d, "postgres") {
			return d, nil
		}
	}
	return "", errors.New("found no initdb and postgres")
}

func runnable(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && info.Mode()&0o111 != 0
}

// unprivileged returns whom to run the server as: PostgreSQL refuses root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("this is root, which PostgreSQL refuses, and there is no user postgres or nobody")
}

// private makes a cluster in a directory of its own, reached by a socket in
// there only, so that no port can be taken.
func private(bin string, who *syscall.Credential) (cluster, error) {
	dir, err := os.MkdirTemp("", "lanyard-pg-")
	if err != nil {
		return cluster{}, err
	}
	c := cluster{dir: dir, gone: make(chan struct{})}
	if who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			c.stop()
			return cluster{}, err
		}
	}
	data := filepath.Join(dir, "data")
	as := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+dir)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
		return cmd
	}
	if out, err := as("initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", data).CombinedOutput(); err != nil {
		c.stop()
		return cluster{}, fmt.Errorf("initdb: %v: %s", err, lastLine(string(out)))
	}
	c.cmd = as("postgres", "-D", data, "-c", "listen_addresses=", "-c", "unix_socket_directories="+dir,
		"-c", "fsync=off", "-c", "max_connections=300")
	said, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		c.cmd = nil
		c.stop()
		return cluster{}, err
	}
	defer said.Close()
	c.cmd.Stdout, c.cmd.Stderr = said, said
	c.url = "postgres://postgres@/postgres?host=" + url.QueryEscape(dir)
	return c, c.launch()
}

// launch starts the server and waits until it answers.
func (c *cluster) launch() error {
	dieWithUs(c.cmd.SysProcAttr)
	started := make(chan error)
	go runServer(c.cmd, started, c.gone)
	if err := <-started; err != nil {
		c.cmd = nil
		c.stop()
		return fmt.Errorf("start postgres: %w", err)
	}
	var err error
	for range 150 {
		if err = c.do("select 1"); err == nil {
			return nil
		}
		select {
		case <-c.gone:
			out, _ := os.ReadFile(filepath.Join(c.dir, "log")) // what it said is all there is to tell
			c.stop()
			return fmt.Errorf("postgres ended: %s", lastLine(string(out)))
		case <-time.After(100 * time.Millisecond):
		}
	}
	c.stop()
	return fmt.Errorf("postgres does not answer: %w", err)
}

// stop ends a private server by its pid and removes its files.
func (c *cluster) stop() {
	if c.cmd != nil {
		c.cmd.Process.Signal(syscall.SIGQUIT) // "immediate": nothing in it is worth saving
		<-c.gone
	}
	if c.dir != "" {
		os.RemoveAll(c.dir)
	}
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
