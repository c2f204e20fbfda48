package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestChangesGoOnFromAPlace(t *testing.T) {
	d := demoDesk(t)
	var all []changeView
	if err := json.Unmarshal([]byte(d.ok("changes", "--json", "--last", "100000")), &all); err != nil || len(all) < 100 {
		t.Fatalf("%d changes, %v", len(all), err)
	}
	place := all[len(all)-1].Place
	d.says("changes --since "+place, "Nothing has changed since", "lanyard changes --since "+place)
	d.ok("award", "laser-1", "ada")
	d.says("changes --since "+place, "award laser-1 to ada", "operator:op", "2026-06-01 12:00")
	var since []changeView
	out := d.ok("changes", "--since", place, "--json")
	if err := json.Unmarshal([]byte(out), &since); err != nil || len(since) != 1 || len(since[0].Members) != 1 || since[0].Place == place {
		t.Errorf("%v: %s", err, out)
	}
	d.says("changes --last 1", "award laser-1 to ada")
	d.fails("changes --since nowhere", "EPOCH.NUMBER")
	d.fails("changes --since another.1", "no place another.1", "read the organisation anew")
	d.ok("check", "--restored")
	d.fails("changes --since "+place, "read the organisation anew")
}

func TestChangesShowNoSecrets(t *testing.T) {
	d := demoDesk(t)
	out := d.ok("changes", "--json", "--last", "100000")
	for _, word := range []string{"sealed", "lookup", "sha256", "verifier", `"secret"`} {
		if strings.Contains(out, word) {
			t.Errorf("the list of changes has %s", word)
		}
	}
}

func TestChangesFollow(t *testing.T) {
	d := demoDesk(t)
	d.set(d.clock().AddDate(0, 0, 1))
	ctx, interrupt := context.WithCancel(t.Context())
	var out lockedBuffer
	ended := make(chan int)
	now := d.clock()
	root := rootCommand(&app{now: d.clock, environ: d.env, user: "op"})
	root.SetOut(&out)
	root.SetErr(&out)
	go func() { ended <- run(ctx, root, []string{"changes", "--last", "1", "--follow"}, &out) }()
	waitFor(t, func() bool { return strings.Contains(out.String(), "\n") })
	other := &desk{t: t, dir: d.dir, env: d.env}
	other.set(now)
	other.ok("award", "laser-1", "ada")
	waitFor(t, func() bool { return strings.Contains(out.String(), "award laser-1 to ada  ada  operator:op") })
	interrupt()
	if code := <-ended; code != 0 {
		t.Errorf("interrupted it ends with %d: %s", code, out.String())
	}
}
