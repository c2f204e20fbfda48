package main

import (
	"os"
	"strings"
	"testing"
)

// TestTheRunningPageBuildsAnOrganisationFromNothing types what docs/running.md
// says under that heading, line by line.
func TestTheRunningPageBuildsAnOrganisationFromNothing(t *testing.T) {
	page, err := os.ReadFile("../../docs/running.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "## An organisation from nothing\n")
	_, block, opened := strings.Cut(section, "```sh\n")
	block, _, closed := strings.Cut(block, "```\n")
	if !found || !opened || !closed {
		t.Fatal("the page has no such section")
	}
	d := newDesk(t)
	var decided []string
	for line := range strings.Lines(block) {
		args, is := strings.CutPrefix(strings.TrimSpace(line), "lanyard ")
		if !is {
			continue
		}
		out, errs, code := d.run(fields2(args)...)
		if strings.HasPrefix(args, "decide ") {
			decided = append(decided, out)
		} else if code != 0 {
			t.Errorf("lanyard %s: exit %d\n%s", args, code, errs)
		}
	}
	if len(decided) != 2 || !strings.HasPrefix(decided[0], "deny ") || !strings.Contains(decided[0], "Still: Induction.") || !strings.HasPrefix(decided[1], "allow ") {
		t.Errorf("the laser answers %q", decided)
	}
}
