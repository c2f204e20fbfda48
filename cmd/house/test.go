package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// event is a line of `go test -json` (see go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Elapsed float64
	Output  string
}

// tally gathers what a test run said.
type tally struct {
	out                     io.Writer
	passed, failed, skipped int
	byPackage               map[string]int
	output                  map[string][]string // of a test or package, until it ends
	left                    []string            // why tests were skipped
	notes                   []string            // lines that tests want the reader to see
	broken                  bool
}

// slowReason is how the reason of a skip begins that a plain run is meant to
// make: the suites that only make test-all runs.
const slowReason = "slow:"

// notePrefix starts a line that tests print for the summary.
const notePrefix = "note: "

// runTests runs the tests, with the checks of vet that go test makes by
// itself, shows a line a package, and says at the
// end what was left out. With CI=true whatever is left out, but for the slow
// suites, is a failure.
func runTests(args []string) error {
	packages := []string{"./..."}
	// What a test finds installed is not in the cache's key: -count=1.
	flags := []string{"test", "-json", "-count=1"}
	for i, a := range args {
		if !strings.HasPrefix(a, "-") {
			packages = args[i:]
			break
		}
		flags = append(flags, a)
	}
	cmd := exec.Command("go", append(flags, packages...)...)
	if !slices.Contains(flags, "-race") {
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	}
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	t := &tally{out: os.Stdout, byPackage: map[string]int{}, output: map[string][]string{}}
	t.read(pipe)
	failed := cmd.Wait() != nil
	return t.close(failed, os.Getenv("CI") == "true", time.Since(start))
}

func vet(packages []string) error {
	cmd := exec.Command("go", append([]string{"vet"}, packages...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go vet found something: %w", err)
	}
	return nil
}

func (t *tally) read(r io.Reader) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(t.out, lines.Text()) // a compiler's message
			continue
		}
		t.take(e)
	}
}

func (t *tally) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		t.line(key, e)
	case "pass", "fail", "skip":
		t.end(key, e)
	}
}

func (t *tally) line(key string, e event) {
	if note, ok := strings.CutPrefix(strings.TrimSpace(e.Output), notePrefix); ok {
		t.notes = append(t.notes, note)
		return
	}
	t.output[key] = append(t.output[key], e.Output)
}

func (t *tally) end(key string, e event) {
	if e.Test == "" {
		t.endPackage(key, e)
		return
	}
	switch e.Action {
	case "pass":
		t.passed++
	case "fail":
		t.failed++
		fmt.Fprint(t.out, strings.Join(t.output[key], ""))
	case "skip":
		t.skipped++
		t.left = append(t.left, e.Test+": "+reason(t.output[key]))
	}
	t.byPackage[e.Package]++
	delete(t.output, key)
}

func (t *tally) endPackage(key string, e event) {
	name := strings.TrimPrefix(e.Package, module+"/")
	switch {
	case e.Action == "fail":
		t.broken = true
		fmt.Fprint(t.out, strings.Join(t.output[key], ""))
		fmt.Fprintf(t.out, "  FAILED  %s\n", name)
	case t.byPackage[e.Package] > 0:
		fmt.Fprintf(t.out, "  ok      %-26s %4d tests  %6.1f s\n", name, t.byPackage[e.Package], e.Elapsed)
	}
	delete(t.output, key)
}

// reason finds what a skipped test gave as its reason.
func reason(output []string) string {
	for _, line := range output {
		if _, why, ok := strings.Cut(line, ".go:"); ok {
			_, why, _ = strings.Cut(why, ": ")
			return strings.TrimSpace(why)
		}
	}
	return "no reason given"
}

// close prints the summary and returns the verdict.
func (t *tally) close(failed, ci bool, took time.Duration) error {
	for _, n := range t.notes {
		fmt.Fprintln(t.out, "  "+n)
	}
	slices.Sort(t.left)
	absent := 0
	for _, l := range t.left {
		if !strings.Contains(l, ": "+slowReason) {
			absent++
		}
		fmt.Fprintln(t.out, "  LEFT OUT  "+l)
	}
	fmt.Fprintf(t.out, "  in %.0f s\n\n%d passed, %d failed, %d skipped\n", took.Seconds(), t.passed, t.failed, t.skipped)
	switch {
	case failed || t.broken || t.failed > 0:
		return fmt.Errorf("there are failures")
	case t.passed == 0:
		return fmt.Errorf("no test ran")
	case ci && absent > 0:
		return fmt.Errorf("%d tests were left out, and CI=true says that everything must run", absent)
	}
	return nil
}
