package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"lanyard/cmd/lanyard/demo"
)

func TestApplyTwiceOnADatabaseChangesNothing(t *testing.T) {
	d := newDesk(t)
	file := d.file("demo.toml", string(demo.File))
	first := d.ok("apply", file)
	if strings.Count(first, "shown once") != 6 || !strings.Contains(first, "+ member ada") || !strings.Contains(first, ", changed 0.") {
		t.Errorf("the first time:\n%s", first)
	}
	d.says("apply "+file, "Nothing to change: the organisation is what the file says.")
	var v struct{ Changes, Secrets []any }
	if err := json.Unmarshal([]byte(d.ok("apply", file, "--json")), &v); err != nil || len(v.Changes)+len(v.Secrets) > 0 {
		t.Errorf("%v: %+v", err, v)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	d := newDesk(t)
	file := d.file("demo.toml", string(demo.File))
	out := d.ok("apply", file, "--dry-run")
	if strings.Contains(out, "shown once") || !strings.Contains(out, "Nothing was changed (--dry-run).") {
		t.Errorf("the dry run says:\n%s", out)
	}
	d.says("member list", "There are no such members")
	d.says("client list", "There are no clients")
	golden(t, "apply.txt", out)
}

func TestApplyShowsWhatDiffers(t *testing.T) {
	d := demoDesk(t)
	out := d.ok("apply", d.file("change.toml", `
[[members]]
username = "ada"
name = "Ada King"
[[badges]]
slug = "bandsaw"
name = "Bandsaw"
earn = "Ask Tom."
valid_for = "30d"
[[locations]]
path = "/space/workshop/bandsaw"
name = "Bandsaw"
inherit = false
`))
	golden(t, "change.txt", out)
}

func TestApplyOfABadFileChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.fails("apply "+d.file("bad.toml", "[[tags]]\nslug='a'\n[[badges]]\nslug='b'\nnaem='B'\n"), "line 5: badges[1].naem: there is no such key; did you mean name?", "nothing was changed")
	d.fails("apply "+d.file("bad.toml", "[[tags]]\nslug='a'\n[[grants]]\nto='tag:a'\nright='fly'\nat='/wifi/x'\n"), "line 3: grants[1]", "nothing was changed")
	if out := d.ok("tag", "list"); strings.Contains(out, "\na ") {
		t.Errorf("the tag was written:\n%s", out)
	}
}

func TestADryRunOnNothingLeavesNothing(t *testing.T) {
	d := newDesk(t)
	file := d.file("club.toml", "[[tags]]\nslug = \"helper\"\n")
	_, errs, _ := d.run("apply", file, "--dry-run")
	if errs != "" {
		t.Errorf("it says beside the output: %s", errs)
	}
	d.says("apply "+file+" --dry-run", "+ tag helper", "Would add 1 and change 0")
	left, err := os.ReadDir(d.dir)
	if err != nil || len(left) != 1 {
		t.Errorf("a dry run leaves %v, %v", left, err)
	}
	d.says("apply "+file, "Added 1")
	d.says("apply "+file+" --dry-run", "Nothing to change")
}
