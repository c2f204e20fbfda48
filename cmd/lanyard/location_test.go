package main

import "testing"

func TestAPlaceMovesWithItsRules(t *testing.T) {
	d := demoDesk(t)
	d.ok("right", "add", "browse", "/bodies/delft", "--not-physical")
	d.ok("location", "add", "/bodies/netcom/shelf")
	d.ok("right", "add", "browse", "/bodies/netcom/shelf", "--not-physical")
	log := d.ok("changes", "--last", "1", "--json")
	d.fails("location move /space/workshop /space/workshop/laser/workshop", "parent", "cycle")
	d.fails("location move /space/store /space/annex", "/space/annex is there already")
	d.fails("location move /space/store /nowhere/store", "no location /nowhere")
	d.fails("location move /nowhere /space/store", "no location /nowhere")
	d.fails("location move /space/store /space/Store", "only a-z")
	d.fails("location move /space/store /space/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p", "deeper than 16")
	d.fails("location move /space /bodies/space", "at the top")
	d.fails("location move /space/store /store", "at the top")
	d.fails("location move /bodies/netcom/shelf /bodies/delft/shelf", "browse", "once on a line")
	if now := d.ok("changes", "--last", "1", "--json"); now != log {
		t.Errorf("refused moves changed something: %s", now)
	}
	d.says("decide tom operate /space/workshop/laser", "allow")
	d.says("location move /space/workshop/laser /space/workshop/cutter", "/space/workshop/laser is now /space/workshop/cutter")
	d.says("location move /space/workshop/cutter /space/workshop/cutter", "nothing changed")
	d.says("decide tom operate /space/workshop/cutter", "allow")
	d.says("location move /space/store /space/workshop/store", "/space/store is now /space/workshop/store")
	if out, _, code := d.run("decide", "bea", "unlock", "/space/workshop/store"); code != 3 {
		t.Errorf("bea, at the moved store: exit %d: %s", code, out)
	}
	d.says("location show /space/workshop/store", "tag:board-member")
	// the workshop's gate is before it now
	d.ok("tag", "assign", "board-member", "bea")
	if out, _, code := d.run("decide", "bea", "unlock", "/space/workshop/store"); code != 3 {
		t.Errorf("bea, without the induction the workshop asks for: exit %d: %s", code, out)
	}
}
