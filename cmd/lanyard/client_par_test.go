package main

import (
	"strings"
	"testing"
)

func TestAClientIsHeldToPushingByHandAndByFile(t *testing.T) {
	d := demoDesk(t)
	d.ok(fields2("client add git --redirect https://git.example.org/cb --require-par --see 'badge:*'")...)
	d.says("client show git", "pushed requests only")
	d.ok(fields2("client add git --require-par=false")...)
	if out := d.ok("client", "show", "git"); strings.Contains(out, "pushed requests only") {
		t.Errorf("it is let off, and still held: %s", out)
	}
	file := d.file("git.toml", "[[clients]]\nid = 'git'\nredirect_uris = ['https://git.example.org/cb']\nrequire_pushed_authorization_requests = true\n")
	d.ok("apply", file)
	d.says("client show git", "pushed requests only")
	d.says("apply "+file, "Nothing to change")
}
