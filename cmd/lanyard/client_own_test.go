package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTheCommandLineSaysWhoseOwnAClientIs(t *testing.T) {
	d := demoDesk(t)
	d.says("client take-over wiki", "nothing changed")
	d.fails("client take-over none", "none")
	if out := d.ok("client", "show", "wiki"); strings.Contains(out, "belongs to") {
		t.Errorf("the wiki is somebody's:\n%s", out)
	}
	d.fails("client add git --redirect https://git.example.org/cb --see badges:x", "--see", "write tag:TAG")
	var v map[string]any
	if err := json.Unmarshal([]byte(d.ok("client", "show", "wiki", "--json")), &v); err != nil || v["owner"] != nil || v["registration"] != nil {
		t.Errorf("%v, %v", v, err)
	}
}
