package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestEarningABadgeByHand(t *testing.T) {
	d := demoDesk(t)
	token := d.file("token", "m00dle-t0ken\n")
	d.says("vle add lms --kind moodle --url https://lms.example.org/moodle/ --secret-file "+token, "lms is there")
	d.says("vle list", "https://lms.example.org/moodle", "yes", "The university's Canvas")
	if out := d.ok("vle", "list", "--json"); strings.Contains(out, "m00dle") || strings.Contains(out, `"secret": "`) || !strings.Contains(out, `"has_token": true`) {
		t.Errorf("a token is shown:\n%s", out)
	}
	d.says("vle secret lms --secret-file "+token, "new token")
	d.fails("vle secret lms", "--secret-file FILE")
	d.fails("vle secret lms --secret-file "+d.file("empty", " \n"), "holds no token")
	d.fails("vle add x --kind moodle --url http://lms.example.org", "only https will do")
	d.says("course add lms 7 --name Sawing", "course lms/7 is there")
	d.says("course add lms 7 --name Sawing", "nothing changed")
	d.fails("course add nosuch 7", "no VLE nosuch")
	d.says("badge add saw-2 --mode auto --valid-for 365d", "is defined")
	d.says("badge requirement add saw-2 course --name 'Sawing course' --course lms/7", "saw-2 asks for Sawing course")
	d.says("badge requirement add saw-2 saw --badge bandsaw", "asks for Bandsaw")
	d.says("badge requirement add saw-2 waiver --form https://forms.example.org/w", "asks for waiver")
	d.fails("badge requirement add saw-2 x", "say what it asks for")
	d.fails("badge requirement add saw-2 x --course lms/8", "no course 8 of lms")
	d.fails("badge requirement add bandsaw x --badge saw-2", "nobody could earn either")
	d.fails("badge requirement add saw-2 course --name Other --course lms/7", "--replace")
	d.says("badge show saw-2", "Sawing course (course lms/7)", "saw (badge bandsaw)")
	d.says("badge requirement list saw-2", "form https://forms.example.org/w")
	d.says("course list", "lms/7", "Sawing", "saw-2")
	d.fails("course remove lms 7", "saw-2 asks for it")

	d.says("vle link lms ada 4711", "ada is 4711 in lms")
	d.fails("vle link lms tom 4711", "somebody else")
	d.says("vle links lms", "ada", "4711")
	d.says("vle unlink lms ada", "nobody in lms")

	d.says("course passed lms 7 ada --on 2026-05-01 --reference 4711/7", "ada has done course of saw-2")
	d.says("course passed lms 7 ada --on 2026-05-01", "recorded already")
	d.says("result add saw-2 waiver ada", "ada has done waiver")
	d.fails("award saw-2 ada", "saw-2 asks for more first: Bandsaw")
	d.says("badge progress saw-2 ada", "Sawing course", "2026-05-01", "lms", "ada still needs: Bandsaw")
	d.says("award bandsaw ada", "ada holds bandsaw")
	d.says("badge progress saw-2 ada", "ada holds saw-2 until")
	d.says("result list ada", "4711/7")
	var v struct {
		Held, Complete bool
		Steps          []stepView
	}
	out := d.ok("badge", "progress", "saw-2", "ada", "--json")
	if err := json.Unmarshal([]byte(out), &v); err != nil || !v.Held || !v.Complete || len(v.Steps) != 3 || !v.Steps[1].Met || v.Steps[1].From != "lms" {
		t.Errorf("%v: %s", err, out)
	}
	d.says("badge requirement remove saw-2 saw", "asks for saw no more")
	d.says("badge requirement remove saw-2 course", "no more")
	d.says("course remove lms 7", "is removed")
	d.says("vle remove lms", "is removed")
}

func TestSignoffsByHand(t *testing.T) {
	d := demoDesk(t)
	d.says("signoff list", "Nobody waits")
	d.fails("signoff request mill ada", "mill asks for more first: milling course in Canvas or milling course in Moodle")
	d.fails("signoff approve mill ada", "has not asked")
	d.says("course passed moodle 42 ada", "ada is to be signed off for mill")
	d.says("signoff list mill", "ada", "open", "site induction, milling course in Moodle")
	d.fails("signoff refuse mill ada", "say what is still to do")
	d.says("signoff refuse mill ada --reason 'no cube yet'", "not signed off")
	d.says("signoff list", "Nobody waits")
	d.says("signoff list --all", "refused", "no cube yet")
	d.says("signoff request mill ada", "to be signed off")
	d.says("signoff request mill ada", "nothing changed")
	d.says("signoff approve mill ada --reason 'a cube'", "ada is signed off for mill", "ada holds mill until 2028-05-31")
	d.says("badge holders mill", "ada", "a cube")
	d.says("decide ada operate /space/workshop/mill", "allow")
	d.says("badge progress mill ada", "a cube milled with a trainer", "operator:op")
	id := ""
	var results []resultView
	if err := json.Unmarshal([]byte(d.ok("result", "list", "--json")), &results); err != nil || len(results) != 1 {
		t.Fatalf("%v: %v", err, results)
	}
	id = string(results[0].ID)
	d.says("result remove "+id, "is not done by ada")
	d.fails("result remove nosuch", "no result nosuch")
	d.says("badge holders mill", "ada") // which ends no award
}

// TestR2ADeviceIsGivenItsRequirementWhenItIsMadeOrChanged shows both, and that
// the badge asked for may itself take a course.
func TestR2ADeviceIsGivenItsRequirementWhenItIsMadeOrChanged(t *testing.T) {
	d := demoDesk(t)
	d.says("location add /space/workshop/lathe", "is added")
	d.fails("door add Lathe --kind interlock --location /space/workshop/lathe --needs nosuch", "no badge nosuch")
	d.says("door add Lathe --kind interlock --location /space/workshop/lathe --needs bandsaw", "Lathe asks for operate")
	d.says("door show Lathe", "bandsaw", "site-induction (by a gate at /space/workshop)")
	lathe := func() string {
		out, _, _ := d.run("decide", "tom", "operate", "/space/workshop/lathe")
		return out
	}
	if out := lathe(); !strings.Contains(out, "missing bandsaw") {
		t.Errorf("made with a badge: %s", out)
	}
	d.says("door needs Lathe mill laser-2", "Lathe needs mill or laser-2")
	d.says("door needs Lathe mill laser-2", "nothing changed")
	if out := lathe(); !strings.Contains(out, "allow") {
		t.Errorf("changed to one he has: %s", out)
	}
	d.says("door needs Lathe mill", "Lathe needs mill")
	if out := lathe(); !strings.Contains(out, "missing mill") {
		t.Errorf("changed to one that takes a course: %s", out)
	}
	d.fails("door needs Lathe", "--nothing")
	d.fails("door needs Lathe mill --nothing", "--nothing")
	d.says("door needs Lathe --nothing", "no badge of its own")
	if out := lathe(); !strings.Contains(out, "allow") {
		t.Errorf("with no badge of its own: %s", out)
	}
}

// TestAnEndIsSaidAsItIsStored has a clock that goes on while a command runs.
func TestAnEndIsSaidAsItIsStored(t *testing.T) {
	d := demoDesk(t)
	d.pace = 1000
	d.ok("course", "passed", "moodle", "42", "ada")
	d.says("signoff approve mill ada", "ada is signed off for mill", "ada holds mill until 2028-05-31 12:00:")
	d.says("badge holders mill", "2028-05-31 12:00:")
	d.says("badge add knife --valid-for 1d", "is defined")
	d.says("award knife ada", "ada holds knife until 2026-06-02 12:00:")
}

func TestWhatAnAwardLeadsToIsSaid(t *testing.T) {
	d := demoDesk(t)
	for _, line := range []string{
		"badge add basics", "badge add saw --mode auto --valid-for 30d", "badge requirement add saw basics --badge basics",
		"badge add lathe --mode signoff", "badge requirement add lathe saw --badge saw", "badge requirement add lathe check --kind signoff",
		"badge add turning --mode auto", "badge requirement add turning lathe --badge lathe",
	} {
		d.ok(fields2(line)...)
	}
	d.says("award basics ada", "ada holds basics until it is revoked\n", "ada holds saw until 2026-07-01", "ada is to be signed off for lathe: lanyard signoff list")
	d.says("signoff approve lathe ada", "ada is signed off for lathe\n", "ada holds lathe until it is revoked\n", "ada holds turning until")
}
