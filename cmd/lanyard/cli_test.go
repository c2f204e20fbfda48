package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"lanyard/cmd/lanyard/demo"
)

var update = flag.Bool("update", false, "write the golden files anew")

// desk is somebody at a terminal, with a database of their own.
type desk struct {
	t   *testing.T
	dir string
	us  atomic.Int64 // the instant, in microseconds: a server that a test started reads it too
	// pace is how far the clock moves each time a command reads it, in
	// microseconds; 0: it stands still while a command runs.
	pace int64
	env  []string
}

func newDesk(t *testing.T) *desk {
	dir := t.TempDir()
	d := &desk{t: t, dir: dir, env: []string{
		"LANYARD_DATABASE_URL=sqlite:" + filepath.Join(dir, "lanyard.db"), "LANYARD_LOG_LEVEL=error",
	}}
	d.set(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
	return d
}

func (d *desk) clock() time.Time { return time.UnixMicro(d.us.Load()).UTC() }

// tick is the clock as a command reads it.
func (d *desk) tick() time.Time { return time.UnixMicro(d.us.Add(d.pace)).UTC() }

func (d *desk) set(now time.Time) { d.us.Store(now.UnixMicro()) }

// rootWithContext is a command to open a house with.
func rootWithContext(t *testing.T, a *app) *cobra.Command {
	root := rootCommand(a)
	root.SetContext(t.Context())
	return root
}

// waitFor waits until a follower of the database has seen something.
func waitFor(t *testing.T, seen func() bool) {
	t.Helper()
	for range 3000 {
		if seen() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it was not seen within half a minute")
}

// demoDesk has the demo organisation.
func demoDesk(t *testing.T) *desk {
	d := newDesk(t)
	d.ok("member", "list") // makes the database, a second earlier
	d.ok("apply", d.file("demo.toml", string(demo.File)))
	return d
}

func (d *desk) file(name, text string) string {
	d.t.Helper()
	file := filepath.Join(d.dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return file
}

// run runs one command and returns what it wrote and its exit code.
func (d *desk) run(args ...string) (stdout, stderr string, code int) {
	d.t.Helper()
	var out, errs bytes.Buffer
	d.set(d.clock().Add(time.Second))
	root := rootCommand(&app{now: d.tick, environ: d.env, user: "op"})
	root.SetOut(&out)
	root.SetErr(&errs)
	code = run(context.Background(), root, args, &errs)
	return out.String(), errs.String(), code
}

// ok runs a command that must succeed and returns what it wrote.
func (d *desk) ok(args ...string) string {
	d.t.Helper()
	out, errs, code := d.run(args...)
	if code != 0 {
		d.t.Fatalf("lanyard %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// says runs a command that must succeed and say all of words.
func (d *desk) says(command string, words ...string) {
	d.t.Helper()
	out := d.ok(fields2(command)...)
	for _, w := range words {
		if !strings.Contains(out, w) {
			d.t.Errorf("lanyard %s does not say %q:\n%s", command, w, out)
		}
	}
}

// fails runs a command that must fail with one sentence that has all of words.
func (d *desk) fails(command string, words ...string) {
	d.t.Helper()
	out, errs, code := d.run(fields2(command)...)
	if code == 0 || errs == "" {
		d.t.Errorf("lanyard %s: exit %d, wants a failure in words\n%s", command, code, out)
	}
	if !strings.HasPrefix(errs, "lanyard:") || strings.Contains(errs, "Usage:") {
		d.t.Errorf("lanyard %s does not fail in a sentence:\n%s", command, errs)
	}
	for _, w := range words {
		if !strings.Contains(errs, w) {
			d.t.Errorf("lanyard %s fails without %q:\n%s", command, w, errs)
		}
	}
}

// fields2 parts a command line at spaces outside single quotes.
func fields2(command string) []string {
	var args []string
	for i, part := range strings.Split(command, "'") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args
}

var opaque = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|("?sub"?:? +"?)\S{22}|[A-Za-z0-9_-]{43}`)

// golden compares text, its random parts left out, with a file.
func golden(t *testing.T, name, text string) {
	t.Helper()
	text = opaque.ReplaceAllString(text, "${1}…")
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s differs (-want +got); go test ./cmd/lanyard -update writes it anew:\n%s", file, diff)
	}
}

// lists are the commands that print a list, some with the arguments they need.
var lists = []string{
	"tag list", "badge list", "badge holders laser-1", "member list", "affiliation list", "type list", "kind list", "object list",
	"location list", "right list", "role list", "grant list", "gate list", "waiver list", "lockdown list", "client list", "door list", "card list",
	"wifi network list", "wifi ap list", "wifi pass list", "who-can operate /space/workshop/laser", "audit", "events",
	"opening list", "request list",
}

var shows = []string{
	"tag show teacher", "badge show laser-1", "member show ada", "location show /space/workshop/laser", "client show wiki",
	"door show 'Laser lock'", "decide tom operate /space/workshop/laser", "claims tom --client wiki", "config check", "check",
}

func TestEveryListAndShowReads(t *testing.T) {
	d := demoDesk(t)
	var b strings.Builder
	for _, command := range append(append([]string{}, lists...), shows...) {
		out := d.ok(fields2(command)...)
		if !strings.HasPrefix(command, "config") && command != "check" {
			b.WriteString("$ lanyard " + command + "\n" + out + "\n")
		}
	}
	golden(t, "lists.txt", b.String())
}

func TestEveryListAndShowHasJSON(t *testing.T) {
	d := demoDesk(t)
	for i, command := range append(append([]string{}, lists...), shows...) {
		out := d.ok(append(fields2(command), "--json")...)
		var v any
		if err := json.Unmarshal([]byte(out), &v); err != nil {
			t.Errorf("lanyard %s --json: %v\n%s", command, err, out)
		}
		if _, isList := v.([]any); i < len(lists) && !isList {
			t.Errorf("lanyard %s --json is no list", command)
		}
		if regexp.MustCompile(`"(sha256|sealed|lookup|verifier|secret)":|04a1b2c3`).MatchString(out) {
			t.Errorf("lanyard %s --json shows what nobody should read:\n%s", command, out)
		}
	}
}

func TestEmptyListsSayWhatToDo(t *testing.T) {
	d := newDesk(t)
	for _, command := range lists {
		if strings.Contains(command, "laser") || strings.HasPrefix(command, "tag ") || strings.HasPrefix(command, "location") || command == "audit" {
			continue // of a thing that is not there, or never empty
		}
		out := d.ok(fields2(command)...)
		if strings.Count(out, "\n") != 1 || !strings.Contains(out, "lanyard ") && command != "events" {
			t.Errorf("lanyard %s says: %s", command, out)
		}
		if out = d.ok(append(fields2(command), "--json")...); strings.TrimSpace(out) != "[]" {
			t.Errorf("lanyard %s --json says: %s", command, out)
		}
	}
}

func TestAClockThatRanAheadIsAcceptedOnCommand(t *testing.T) {
	d := newDesk(t)
	d.set(d.clock().AddDate(1, 0, 0))
	d.ok("tag", "add", "early")
	d.set(d.clock().AddDate(-1, 0, 0))
	d.fails("tag add late", "set the clock")
	d.ok("check", "--accept-clock")
	d.ok("tag", "add", "late")
}

func TestAddOverWhatIsThereAsksForReplace(t *testing.T) {
	d := newDesk(t)
	d.ok("badge", "add", "laser-1", "--name", "Laser 1", "--earn", "Ask Tom")
	d.ok("badge", "add", "laser-1", "--name", "Laser 1", "--earn", "Ask Tom") // the same: nothing to do
	d.fails("badge add laser-1 --name Laser", "--replace")
	d.says("badge show laser-1", "Ask Tom")
	d.ok("badge", "add", "laser-1", "--name", "Laser", "--replace")
	d.fails("tag add admin --label Boss", "--replace")
}

func TestAnEndThatComesTooLateIsNotTakenInSilence(t *testing.T) {
	d := newDesk(t)
	d.ok("member", "add", "ada", "--state", "active")
	d.ok("tag", "add", "helper")
	d.ok("tag", "assign", "helper", "ada")
	d.fails("tag assign helper ada --until 2027-01-01", "unassign it first")
}
