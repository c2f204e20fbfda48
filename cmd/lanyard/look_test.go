package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestWhoCanTellsExactlyWhen(t *testing.T) {
	d := demoDesk(t)
	d.says("who-can unlock /space/annex --until +2d", "No member may between")
	if out := d.ok("who-can", "unlock", "/space/annex", "--until", "+2d", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("nobody as JSON: %s", out)
	}
	d.ok("tag", "assign", "day-member", "ada")
	d.says("who-can unlock /space/annex --until 2026-06-03", "ada", "2026-06-01 15:00:00Z", "2026-06-02 07:00:00Z", "2026-06-02 15:00:00Z")
	var list []allowedWhen
	out := d.ok("who-can", "unlock", "/space/annex", "--until", "2026-06-03", "--json")
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 1 || len(list[0].Intervals) != 2 {
		t.Errorf("%v: %s", err, out)
	}
	d.fails("who-can leave /space/exit --until +2d", "way out")
	d.fails("who-can unlock /nowhere --until +2d", "unknown_location")
	d.fails("who-can unlock /space/annex --until 2020-01-01", "not after")
	d.says("who-can leave /space/exit", "sam")
}

func TestRightsListsWhatAMemberMayDo(t *testing.T) {
	d := demoDesk(t)
	d.says("rights tom /space/workshop/laser", "operate", "maintain", "Work on a machine")
	if out := d.ok("rights", "bea", "/bodies/chapter-x"); strings.Contains(out, "edit") {
		t.Errorf("bea may edit a body whose board she is not on:\n%s", out)
	}
	d.says("rights ada /space/store", "ada may do nothing at /space/store")
	d.fails("rights ada /nowhere", "no location /nowhere")
	d.fails("rights nobody /space", "no member nobody")
	var held []struct{ Right string }
	out := d.ok("rights", "bea", "/bodies/delft", "--json")
	if err := json.Unmarshal([]byte(out), &held); err != nil || len(held) != 2 || held[0].Right != "edit" || held[1].Right != "view" {
		t.Errorf("%v: %s", err, out)
	}
}

func TestWhatIfChangesNothing(t *testing.T) {
	d := demoDesk(t)
	log := d.ok("audit")
	d.says("what-if revoke site-induction ada", "ada", "loses", "/space/workshop", "Between 2026-06-01 12:00:04Z and 2026-06-08 12:00:04Z:", "the whole time")
	d.says("what-if expire site-induction", "tom", "ada")
	d.says("what-if retire laser-1", "Nobody would lose or gain anything")
	d.says("what-if remove-grant app-wiki-login", "loses  login  /apps/wiki")
	d.says("what-if stop /space/workshop", "loses  leave", "sam")
	d.says("what-if stop /space/store", "It is so already")
	d.says("what-if bar ada", "loses  unlock", "/space/front-door")
	d.says("what-if lockdown /space --until +1d", "loses  unlock")
	d.says("what-if untag board-member carol", "carol", "/space/store")
	d.says("what-if archive /space/workshop/bandsaw", "ada     loses  unlock  /space/workshop/bandsaw")
	d.fails("what-if remove-grant none", "there is no grant none")
	d.fails("what-if stop /nowhere", "no location /nowhere")
	d.fails("what-if revoke laser-1 nobody", "no member nobody")
	d.fails("what-if bar ada --until 2020-01-01", "not after")
	var v struct {
		Change string
		Shifts []shiftView
	}
	out := d.ok("what-if", "bar", "ada", "--json")
	if err := json.Unmarshal([]byte(out), &v); err != nil || v.Change == "" || len(v.Shifts) == 0 || v.Shifts[0].Username != "ada" {
		t.Errorf("%v: %s", err, out)
	}
	if after := d.ok("audit"); after != log {
		t.Errorf("the audit says that something was done:\n%s", after)
	}
}

func TestAsOfAsksThePast(t *testing.T) {
	d := demoDesk(t)
	before := d.clock().Format("2006-01-02T15:04:05Z")
	d.set(d.clock().AddDate(0, 1, 0))
	d.ok("award", "laser-1", "ada")
	d.ok("member", "set", "ada", "--username", "augusta")
	d.says("decide augusta operate /space/workshop/laser", "allow")
	out, _, code := d.run("decide", "ada", "operate", "/space/workshop/laser", "--as-of", before)
	if code != int(refused) || !strings.Contains(out, "missing_badge") {
		t.Errorf("as of %s: exit %d: %s", before, code, out)
	}
	if out := d.ok("who-can", "operate", "/space/workshop/laser", "--as-of", before); strings.Contains(out, "ada") {
		t.Errorf("as of %s ada could: %s", before, out)
	}
	d.fails("decide ada operate /space/workshop/laser --as-of 2020-01-01", "nothing was known at 2020-01-01", "begins at 2026-06-01")
	d.fails("decide ada operate /space/workshop/laser --as-of +1d", "has not come yet")
}
