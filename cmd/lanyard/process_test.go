package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/idp/store/storetest"
)

// TestMain lets this test binary be the program itself: tests that need a
// process of their own, to kill it for example, start it again.
func TestMain(m *testing.M) {
	if os.Getenv("LANYARD_TEST_IS_PROGRAM") == "1" {
		main()
	}
	if address := os.Getenv("LANYARD_TEST_IS_BARE"); address != "" {
		bare(address)
	}
	code := storetest.Main(m.Run)
	if installedIn != "" {
		os.RemoveAll(installedIn)
	}
	os.Exit(code)
}

// process is the program, run in a directory of its own.
type process struct {
	t    *testing.T
	dir  string
	args []string
	env  []string
	cmd  *exec.Cmd
	log  *lockedBuffer
}

func newProcess(t *testing.T, args ...string) *process {
	return &process{t: t, dir: t.TempDir(), args: args, log: &lockedBuffer{}}
}

func (p *process) command(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Dir = p.dir
	cmd.Env = append([]string{"LANYARD_TEST_IS_PROGRAM=1", "PATH=" + os.Getenv("PATH"), "HOME=" + p.dir}, p.env...)
	return cmd
}

// run runs the program to its end and returns what it printed and its code.
func (p *process) run(args ...string) (string, int) {
	p.t.Helper()
	cmd := p.command(args...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// start starts the program and returns when it answers at address.
func (p *process) start(address string) {
	p.t.Helper()
	p.startWith(http.DefaultClient, address)
}

// startWith is start for an address that client alone trusts.
func (p *process) startWith(client *http.Client, address string) {
	p.t.Helper()
	p.cmd = p.command(p.args...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.kill)
	waitFor(p.t, func() bool {
		res, err := client.Get(address + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// kill ends the program as a power cut would.
func (p *process) kill() {
	if p.cmd != nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
		p.cmd = nil
	}
}

// freePort returns a port nobody listens on now.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// served is a process that serves on a free port.
func served(t *testing.T) (*process, string) {
	port := freePort(t)
	p := newProcess(t, "serve")
	address := fmt.Sprintf("http://127.0.0.1:%d", port)
	p.env = []string{"LANYARD_ISSUER=" + address, fmt.Sprintf("LANYARD_HTTP_LISTEN=127.0.0.1:%d", port), "LANYARD_DATABASE_URL=sqlite:data/lanyard.db"}
	return p, address
}

func TestFirstStartInvitesAnAdministratorAndHasNoPassword(t *testing.T) {
	p, address := served(t)
	p.start(address)
	var link []string
	waitFor(t, func() bool { // the log comes through a pipe, a little later
		link = regexp.MustCompile(`url=(http://\S+/setup/\S+)`).FindStringSubmatch(p.log.String())
		return link != nil
	})
	res, err := http.Get(link[1])
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if page, _ := io.ReadAll(res.Body); res.StatusCode != 200 || !bytes.Contains(page, []byte(`name="password"`)) {
		t.Errorf("GET the one-time address = %d, want a form", res.StatusCode)
	}
	out, code := p.run("member", "list", "--json")
	var members []any
	if json.Unmarshal([]byte(out), &members); code != 0 || len(members) != 0 {
		t.Errorf("a new database has members: %s", out)
	}
	for _, name := range []string{"data/lanyard.db", "data/lanyard.keys"} {
		info, err := os.Stat(filepath.Join(p.dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want a file only its owner reads", name, info, err)
		}
	}
}

func TestKilledAtAnyMomentNoCommittedFactIsLost(t *testing.T) {
	p, address := served(t)
	p.start(address)
	told := 0
	for round := range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := 0; ctx.Err() == nil; i++ {
				if _, code := p.run("tag", "add", fmt.Sprintf("t-%d-%d", round, i)); code == 0 {
					told++
				}
			}
		}()
		time.Sleep(400 * time.Millisecond)
		p.kill()
		cancel()
		<-done
		p.start(address)
	}
	out, _ := p.run("tag", "list", "--json")
	if n := strings.Count(out, `"t-`); n < told || told == 0 {
		t.Errorf("%d tags were acknowledged, %d are there:\n%s", told, n, out)
	}
}

func TestStoppedGentlyItLeavesAtOnceWithoutError(t *testing.T) {
	p, address := served(t)
	p.start(address)
	p.cmd.Process.Signal(os.Interrupt)
	err := p.cmd.Wait()
	p.cmd = nil
	if err != nil {
		t.Errorf("the program ended with %v:\n%s", err, p.log)
	}
}

func TestBadStartsAreOneSentence(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cases := map[string]struct {
		env  []string
		file string
		want string
	}{
		"a port in use":           {env: []string{"LANYARD_HTTP_LISTEN=" + taken.Addr().String()}, want: "is taken by another program"},
		"an unknown key":          {file: "[htp]\nlisten = \"x\"\n", want: "htp"},
		"an unknown variable":     {env: []string{"LANYARD_HTP_LISTEN=x"}, want: "LANYARD_HTP_LISTEN"},
		"an unreachable database": {env: []string{"LANYARD_DATABASE_URL=postgres://127.0.0.1:1/x"}, want: "cannot be reached: connection refused"},
		"an unwritable directory": {env: []string{"LANYARD_DATABASE_URL=sqlite:/proc/nowhere/lanyard.db", "LANYARD_KEY=" + strings.Repeat("ab", 32)}, want: "/proc/nowhere"},
		"an issuer without https": {env: []string{"LANYARD_ISSUER=http://id.example.org"}, want: "https"},
		"plain HTTP for anybody":  {env: []string{"LANYARD_ISSUER=https://id.example.org", "LANYARD_HTTP_LISTEN=:8443"}, want: "would take plain HTTP from anybody"},
		"a certificate of no use": {file: "issuer = \"https://id.example.org\"\n[http]\ntls_cert = \"bad.toml\"\ntls_key = \"bad.toml\"\n", want: "bad.toml are of no use"},
		"an authority of no use":  {file: "[mail]\nserver = \"127.0.0.1:25\"\nfrom = \"id@example.org\"\nca = \"bad.toml\"\n", want: "bad.toml holds no certificate"},
		"every front off":         {env: []string{"LANYARD_HTTP_ENABLED=false", "LANYARD_DOORS_ENABLED=false"}, want: "switched off"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newProcess(t)
			p.env = c.env
			args := []string{"serve"}
			if c.file != "" {
				if err := os.WriteFile(filepath.Join(p.dir, "bad.toml"), []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
				args = append(args, "--config", "bad.toml")
			}
			out, code := p.run(args...)
			out = strings.TrimSpace(out)
			if code == 0 || !strings.Contains(out, c.want) {
				t.Errorf("exit code %d, output %q; want a failure that says %q", code, out, c.want)
			}
			if lines := strings.Split(out, "\n"); len(lines) > 2 || strings.Contains(out, "goroutine") {
				t.Errorf("that is not one sentence:\n%s", out)
			}
		})
	}
}

func TestTheTourGoesAsExpected(t *testing.T) {
	p := newProcess(t)
	out, code := p.run("demo", "--tour", "--port", fmt.Sprint(freePort(t)))
	if code != 0 || !strings.Contains(out, "lines as expected") {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	if strings.Contains(out, "level=WARN") || strings.Contains(out, "level=ERROR") {
		t.Errorf("the log complains during the tour:\n%s", out)
	}
	out, code = p.run("demo", "--tour", "--keep", "--port", fmt.Sprint(freePort(t)))
	if code != 0 || !strings.Contains(out, "lines as expected") {
		t.Errorf("the same data a second time, exit code %d:\n%s", code, out)
	}
}

func TestDemoTakesTheNextFreePortAndSaysSo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	out, code := newProcess(t).run("demo", "--tour", "--port", fmt.Sprint(port))
	if code != 0 || !strings.Contains(out, fmt.Sprintf("Port %d is taken", port)) {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// lockedBuffer is a buffer that a process writes and a test reads.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
