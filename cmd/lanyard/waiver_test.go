package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAWaiverLetsOneMemberPastOneGateForAWhile(t *testing.T) {
	d := demoDesk(t)
	d.says("waiver list", "There are no waivers")
	d.fails("waiver add /space/workshop/laser ada", "always ends", "--until")
	d.fails("waiver add /space/workshop/laser ada --until 2020-01-01", "--until", "has passed")
	d.fails("waiver add /space/workshop/laser ada --from +2d --until +1d", "--until", "not after")
	d.fails("waiver add /space/workshop/laser nobody --until +1d", "no member nobody")
	d.fails("waiver add /space/store ada --until +1d", "no gate stands at /space/store")
	d.fails("waiver add none ada --until +1d", "there is no gate none")
	d.says("waiver list", "There are no waivers")
	d.says("waiver add /space/workshop/laser ada --until 2026-06-03 --reason 'exam week'", "ada needs none of laser-1 or laser-2 at /space/workshop/laser until 2026-06-03")
	d.says("decide ada operate /space/workshop/laser", "allow", "until 2026-06-03")
	d.says("decide ada operate /space/workshop/laser --rules", "waived")
	d.says("waiver add /space/workshop/laser ada --until 2026-06-02", "nothing changed")
	d.ok("gate", "add", "/space/workshop/laser", "site-induction")
	d.fails("waiver add /space/workshop/laser ada --until +1d", "2 gates stand at /space/workshop/laser")

	var list []struct{ ID, Username, Path, Reason string }
	out := d.ok("waiver", "list", "ada", "--json")
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 1 || list[0].Path != "/space/workshop/laser" || list[0].Reason != "exam week" {
		t.Fatalf("%v: %s", err, out)
	}
	d.says("waiver list", "operate", "laser-1 or laser-2", "2026-06-03", "exam week", "operator:op")
	d.says("waiver remove "+list[0].ID, "ada is let past that gate no longer")
	d.says("waiver remove "+list[0].ID, "nothing changed")
	d.says("waiver list ada", "There are no waivers")
	d.says("waiver list --all", "exam week")
	if out, _, code := d.run("decide", "ada", "operate", "/space/workshop/laser"); code != 3 || !strings.Contains(out, "missing_badge") {
		t.Errorf("after the waiver ended: exit %d: %s", code, out)
	}
}
