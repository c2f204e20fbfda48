package e2e

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// password is everybody's.
const password = "a walk to the open evening"

// house is the program, serving two members to every test of this package.
type house struct {
	dir, binary, issuer string
	env                 []string
	server              *exec.Cmd
}

var open = sync.OnceValues(openHouse)

func TestMain(m *testing.M) {
	code := m.Run()
	if opened {
		if h, _ := open(); h != nil {
			h.close()
		}
	}
	os.Exit(code)
}

var opened bool // whether a test asked for the house; written before any other test runs

// theHouse is the one house. Tests of this package run one after the other.
func theHouse(t *testing.T) *house {
	t.Helper()
	opened = true
	h, err := open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if text, err := os.ReadFile(filepath.Join(h.dir, "log")); t.Failed() && err == nil {
			t.Logf("Lanyard said:\n%s", text)
		}
	})
	return h
}

func openHouse() (*house, error) {
	dir, err := os.MkdirTemp("", "lanyard-e2e-")
	if err != nil {
		return nil, err
	}
	h := newHouse(dir, filepath.Join(dir, "lanyard"))
	if out, err := exec.Command("go", "build", "-o", h.binary, "lanyard/cmd/lanyard").CombinedOutput(); err != nil {
		return h, fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return h, h.begin()
}

// newHouse is a house that has not begun.
func newHouse(dir, binary string) *house {
	port := freePort()
	h := &house{dir: dir, binary: binary, issuer: fmt.Sprintf("http://127.0.0.1:%d", port)}
	h.env = []string{
		"PATH=" + os.Getenv("PATH"), "LANYARD_ISSUER=" + h.issuer, fmt.Sprintf("LANYARD_HTTP_LISTEN=127.0.0.1:%d", port),
		"LANYARD_DATABASE_URL=sqlite:" + filepath.Join(dir, "lanyard.db"), "LANYARD_LOG_LEVEL=warn", "LANYARD_REGISTRATION_ENABLED=true",
	}
	return h
}

// begin applies the organisation, serves it and gives its members passwords.
func (h *house) begin() error {
	organisation, err := filepath.Abs("testdata/organisation.toml")
	if err != nil {
		return err
	}
	if _, err := h.run("apply", organisation); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(h.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	h.server = h.command("serve")
	h.server.Stderr = log
	if err := h.server.Start(); err != nil {
		return err
	}
	if err := answers(h.issuer + "/readyz"); err != nil {
		return err
	}
	for _, who := range []string{"ada", "tom"} {
		if err := h.givePassword(who); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) command(args ...string) *exec.Cmd {
	cmd := exec.Command(h.binary, args...)
	cmd.Dir, cmd.Env = h.dir, h.env
	return cmd
}

func (h *house) run(args ...string) (string, error) {
	out, err := h.command(args...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("lanyard %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), err
}

// close ends the server and takes everything away.
func (h *house) close() {
	if h.server != nil {
		h.server.Process.Kill()
		h.server.Wait()
	}
	os.RemoveAll(h.dir)
}

// givePassword sets a member's password as the member does, by a link.
func (h *house) givePassword(who string) error {
	out, err := h.run("member", "link", who)
	if err != nil {
		return err
	}
	address, _, _ := strings.Cut(out, "\n")
	res, err := http.PostForm(address, url.Values{"password": {password}, "again": {password}})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("set the password of %s: %s", who, res.Status)
	}
	return nil
}

// register adds a client and returns its secret; of one that an earlier run of
// the same test added, a new one.
func (h *house) register(t *testing.T, id string, flags ...string) string {
	t.Helper()
	shown := regexp.MustCompile(`(?m)^    (\S+)$`)
	for _, args := range [][]string{append([]string{"client", "add", id}, flags...), {"client", "secret", "rotate", id}} {
		out, err := h.run(args...)
		if err != nil {
			t.Fatal(err)
		}
		if secret := shown.FindStringSubmatch(out); secret != nil {
			return secret[1]
		}
	}
	t.Fatalf("the client %s has no secret", id)
	return ""
}

// freePort returns a port nobody listens on now.
func freePort() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// answers waits until something answers at address.
func answers(address string) error {
	var last error
	for range 600 {
		res, err := http.Get(address)
		if err == nil {
			res.Body.Close()
			if res.StatusCode < 500 {
				return nil
			}
			err = fmt.Errorf("%s", res.Status)
		}
		last = err
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s does not answer: %w", address, last)
}

// tool finds a program, or leaves the test out; with CI=true it fails.
func tool(t *testing.T, name, get string, elsewhere ...string) string {
	t.Helper()
	for _, candidate := range append([]string{name}, elsewhere...) {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	leaveOut(t, "no "+name+" ("+get+")")
	return ""
}

func leaveOut(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why + ", and CI=true says that everything must run")
	}
	t.Skip(why)
}

// start starts somebody else's program until the test is over. What it says is
// shown if the test fails.
func start(t *testing.T, cmd *exec.Cmd, address string) {
	t.Helper()
	startWith(t, cmd, func() error { return answers(address) })
}

// startWith is start for a program that is ready once wait returns.
func startWith(t *testing.T, cmd *exec.Cmd, wait func() error) {
	t.Helper()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), said.String())
		}
	})
	ready := make(chan error, 1)
	go func() { ready <- wait() }()
	select {
	case err := <-ready:
		if err != nil {
			t.Fatal(err)
		}
	case err := <-ended:
		ended <- err
		t.Fatalf("%s ended at once: %v", filepath.Base(cmd.Path), err)
	}
}

// fence returns a page's block of one language, with what a reader puts in
// their own place of put in its place: pairs of old and new.
func fence(t *testing.T, page, language string, put ...string) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/recipes/" + page + ".md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, ok := strings.Cut(string(text), "```"+language+"\n")
	block, _, closed := strings.Cut(block, "\n```")
	if !ok || !closed {
		t.Fatalf("%s has no block of %s", page, language)
	}
	for i := 0; i < len(put); i += 2 {
		if !strings.Contains(block, put[i]) {
			t.Fatalf("%s does not say %s", page, put[i])
		}
		block = strings.ReplaceAll(block, put[i], put[i+1])
	}
	return block
}
