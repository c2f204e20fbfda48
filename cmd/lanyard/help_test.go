package main

import (
	"strings"
	"testing"
)

func TestExamplesOfTheHelpWork(t *testing.T) {
	d := newDesk(t)
	for _, e := range examples {
		d.says(e.command+" --help", "Examples:\n  lanyard "+e.command)
		for line := range strings.SplitSeq(e.lines, "\n") {
			d.ok(fields2(strings.TrimPrefix(line, "lanyard "))...)
		}
	}
	d.says("who-can operate /club/workshop", "ada")
}

func TestHelpSaysHowADateIsWritten(t *testing.T) {
	d := newDesk(t)
	for _, command := range []string{"award", "member pay", "member add", "grant add", "decide", "tag assign"} {
		d.says(command+" --help", "A DATE is a day as 2026-12-31")
	}
	if out := d.ok("badge", "list", "--help"); strings.Contains(out, "A DATE is") {
		t.Errorf("a command without a date says how one is written:\n%s", out)
	}
}
