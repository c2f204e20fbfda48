package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheModelPageShowsWhatCommandsSay runs the commands in docs/model.md, in
// their order, on the demo organisation. -update writes what they say into it.
func TestTheModelPageShowsWhatCommandsSay(t *testing.T) {
	const page = "../../docs/model.md"
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	d := demoDesk(t)
	var want strings.Builder
	output := false // within what a command said when the page was written
	for line := range strings.Lines(string(have)) {
		command, is := strings.CutPrefix(line, "$ lanyard ")
		if output = output && line != "```\n"; output && !is {
			continue
		}
		want.WriteString(line)
		if is {
			output = true
			out, errs, code := d.run(fields2(strings.TrimSpace(command))...)
			if code != 0 && code != int(refused) {
				t.Errorf("lanyard %s: exit %d\n%s", command, code, errs)
			}
			want.WriteString(opaque.ReplaceAllString(out, "…"))
		}
	}
	if *update {
		if err := os.WriteFile(page, []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), string(have)); diff != "" {
		t.Errorf("docs/model.md differs from what is said (-said +written); go test ./cmd/lanyard -update writes it anew:\n%s", diff)
	}
}
