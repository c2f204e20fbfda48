package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestR25NotesAreKeptAndTakenAwayByHand(t *testing.T) {
	d := demoDesk(t)
	d.says("note list ada", "no notes about ada", "lanyard note add ada")
	out := d.ok("note", "add", "ada", "keeps the spare keys")
	id := strings.TrimSpace(out[strings.LastIndex(out, " "):])
	d.says("note list ada", "keeps the spare keys", "operator:op")
	for _, command := range []string{"member show ada", "member list", "member export", "claims ada --client wiki", "decide ada operate /space/workshop/laser --explain", "audit"} {
		if out, _, _ := d.run(append(fields2(command), "--json")...); strings.Contains(out, "spare keys") {
			t.Errorf("lanyard %s tells of it:\n%s", command, out)
		}
	}
	d.fails("note add ada ''", "text")
	d.says("note remove "+id, "is gone")
	d.says("note list ada", "no notes about ada")
	d.fails("note remove ghost", "there is no note ghost")
}

func TestR44TheOperatorLooksThroughSomebodysEyes(t *testing.T) {
	d := demoDesk(t)
	d.ok("grant", "add", "aff:@body#board", "view", "/people", "--reason", "boards know their members")
	d.ok("affiliation", "add", "gus", "delft#member")
	out := d.ok("member", "list", "--as", "bea")
	if !strings.Contains(out, "gus") || !strings.Contains(out, "bea") || strings.Contains(out, "ada") {
		t.Errorf("bea, of delft's board, sees:\n%s", out)
	}
	d.says("member show gus --as bea", "gus")
	if out := d.ok("member", "show", "gus", "--as", "bea"); strings.Contains(out, "sub ") || strings.Contains(out, "paid until") {
		t.Errorf("bea sees too much of gus:\n%s", out)
	}
	d.fails("member show ada --as bea", "bea does not see ada", "view or manage at /people/ada", "no_grant")
	var seen []struct {
		Level  string `json:"seen_as"`
		Member struct{ Username string }
	}
	if err := json.Unmarshal([]byte(d.ok("member", "export", "--as", "bea")), &seen); err != nil || len(seen) != 2 {
		t.Errorf("bea's export: %v, %v", seen, err)
	}
	if err := json.Unmarshal([]byte(d.ok("member", "export")), &seen); err != nil || len(seen) < 5 || seen[0].Level != "manage" {
		t.Errorf("the operator's export: %v, %v", seen, err)
	}
	d.fails("member list --as ghost", "no member ghost")
}

func TestAMemberIsErasedOnceTheNameIsWritten(t *testing.T) {
	d := demoDesk(t)
	before := d.clock().Format("2006-01-02T15:04:05Z")
	id := memberID(t, d, "ada")
	d.fails("member erase ada", "reason", "asked")
	d.fails("member erase ada --reason asked", "nothing was erased")
	d.says("member show ada", "Ada Lovelace")
	d.says("member erase ada --reason asked --yes", "ada is erased", id)
	d.fails("member show ada", "who was called ada is erased")
	d.fails("member add ada", "somebody else's")
	if out := d.ok("member", "list"); strings.Contains(out, "Lovelace") {
		t.Errorf("she is still listed:\n%s", out)
	}
	if out := d.ok("member", "export"); strings.Contains(out, "Lovelace") || strings.Contains(out, "ada@") {
		t.Errorf("she is still exported:\n%s", out)
	}
	d.says("audit", "erase member "+id+", asked")
	d.says("decide "+id+" leave /space/exit --as-of "+before, "allow")
	d.fails("member set "+id+" --name Ada", "erased")
}

func memberID(t *testing.T, d *desk, name string) string {
	t.Helper()
	var v struct{ ID string }
	if err := json.Unmarshal([]byte(d.ok("member", "show", name, "--json")), &v); err != nil {
		t.Fatal(err)
	}
	return v.ID
}

func TestRequestsByHand(t *testing.T) {
	d := demoDesk(t)
	d.says("opening add tag:teacher --text 'What do you teach?' --until +30d", "members may ask for")
	d.says("opening list", "tag:teacher", "What do you teach?", "aff:@body#member")
	out := d.ok("request", "ask", "ada", "aff:delft#member", "--text", "to build boats")
	id := strings.TrimSpace(out[strings.LastIndex(out, " "):])
	d.fails("request ask ada aff:delft#member", "already asked for")
	d.fails("request ask ada tag:day-member", "cannot be asked for")
	d.says("request list", "ada", "to build boats", "open")
	d.says("request approve "+id+" --text welcome", "approved for ada")
	d.says("member show ada", "delft#member")
	d.says("request list", "Nobody waits")
	d.says("request list --all", "approved", "welcome")
	d.fails("request refuse "+id, "was approved")
	d.fails("request withdraw "+id, "is approved")
	d.says("opening close tag:teacher", "cannot ask")
	d.fails("request ask ada tag:teacher", "cannot be asked for")
	d.fails("opening close tag:ghost", "no opening tag:ghost")
}
