package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSmallOrganisationByHand(t *testing.T) {
	d := newDesk(t)
	d.says("member add Dora --name 'Dora D' --email dora@example.org --paid-until 2026-12-31", "dora is a member (active)")
	d.says("location add /space", "/space is added. Next: lanyard right add RIGHT /space")
	d.says("location add /space/lab --name Lab", "/space/lab is added")
	d.says("right add unlock /space", "unlock is declared at /space")
	d.says("badge add safety --earn 'Come on Monday' --valid-for 365d", "badge safety is defined")
	d.says("grant add state:active unlock /space/lab --reason ours", "allow: state:active unlock at /space/lab")
	d.says("gate add /space/lab safety", "/space/lab needs safety")
	d.says("location show /space/lab", "allow state:active unlock", "every physical right needs safety")

	out, _, code := d.run("decide", "dora", "unlock", "/space/lab", "--explain")
	if code != 3 || !strings.Contains(out, "missing_badge, missing safety") || !strings.Contains(out, "Come on Monday") {
		t.Errorf("exit %d: %s", code, out)
	}
	d.says("award safety dora --evidence 'saw her do it'", "dora holds safety until 2027-06-01")
	d.says("badge holders safety", "Dora D", "saw her do it")
	d.says("decide dora unlock /space/lab", "allow  dora unlock /space/lab, until 2026-12-31")
	d.says("who-can unlock /space/lab", "dora", "2026-12-31")

	d.says("lockdown start /space --reason fire", "/space is locked down")
	d.says("lockdown list", "/space", "fire")
	if out, _, code := d.run("decide", "dora", "unlock", "/space/lab"); code != 3 || !strings.Contains(out, ": lockdown") {
		t.Errorf("exit %d: %s", code, out)
	}
	d.says("lockdown lift /space", "is lifted")
	d.says("revoke safety dora --reason careless", "dora no longer holds safety")
	d.says("audit", "operator:op", "revoke safety")
}

func TestR17ListWhoHoldsABadge(t *testing.T) {
	d := demoDesk(t)
	d.says("badge holders site-induction", "ada", "tom", "sam")
	d.says("member list --badge laser-2", "tom")
	if out := d.ok("member", "list", "--badge", "laser-2"); strings.Contains(out, "ada") {
		t.Errorf("ada does not hold laser-2:\n%s", out)
	}
}

func TestMembersLifeByHand(t *testing.T) {
	d := demoDesk(t)
	d.says("member pay ada +30d", "until 2026-07-01 12:00:0")
	d.says("member pay ada 2026-12-31 --grace 2027-01-31", "until 2026-12-31")
	d.says("member state ada suspended", "ada is now suspended")
	d.says("member state ada suspended", "nothing changed")
	d.says("member state ada active", "active")
	d.says("member bar ada --reason 'left the laser on'", "ada is barred")
	if out, _, code := d.run("decide", "ada", "leave", "/space/exit"); code != 3 || !strings.Contains(out, "member_barred") {
		t.Errorf("exit %d: %s", code, out)
	}
	d.says("member unbar ada", "ada is not barred")
	d.says("member set ada --name 'Ada King' --username ada.king", "ada.king is changed")
	d.fails("member show ada", "is now called ada.king")
	d.fails("member add ada", "ada")
	d.says("member set ada.king --phone +441234567890 --birthdate 1815-12-10 --locality London", "ada.king is changed")
	d.says("member show ada.king", "+441234567890", "1815-12-10", "London", "profile changed")
	d.fails("member set ada.king --picture ada.png", "picture")
	d.says("tag assign teacher ada.king --until 2026-09-01", "ada.king has the tag teacher")
	d.says("member list --tag teacher", "Ada King")
	d.says("tag unassign teacher ada.king", "lost the tag")
	d.says("tag unassign teacher ada.king", "nothing changed")
	d.says("affiliation add ada.king delft#board --title chair", "ada.king is board of delft")
	d.says("affiliation list --object delft", "ada.king", "chair")
	d.says("affiliation end ada.king delft#board", "no longer board")
}

func TestPeriodsByHand(t *testing.T) {
	d := demoDesk(t)
	d.says("period list", "There are no periods")
	d.says("period add year-2026 --from 2025-09-01 --until 2026-08-01 --current", "year-2026 is defined")
	d.says("period add year-2027 --from 2026-08-01 --until 2027-08-01 --label 'The year after'", "year-2027 is defined")
	d.fails("period add week --kind week --from 2026-08-01 --until 2026-08-08", "a period is a year, term or season")
	d.fails("period add year-2027 --from 2026-08-01", "")
	d.says("affiliation add ada delft#board --period year-2027", "ada is board of delft")
	d.says("decide bea edit /bodies/delft", "allow")
	if out, _, code := d.run("decide", "ada", "edit", "/bodies/delft"); code != 3 || !strings.Contains(out, "no_grant, try again at 2026-08-01") {
		t.Errorf("before the period: exit %d: %s", code, out)
	}
	d.says("decide ada edit /bodies/delft --at 2026-09-01", "until 2027-08-01")
	d.says("award laser-1 ada --period year-2026", "ada holds laser-1 until 2026-08-01")
	d.fails("tag assign teacher ada --period nowhere", "nowhere")
	d.says("grant add tag:teacher unlock /space/store --period year-2027", "unlock at /space/store")
	d.says("grant list /space/store", "in year-2027")
	d.says("period current year-2027", "year-2027 is the current year")
	d.says("period list", "The year after", "yes")
	d.says("period current year-2027", "nothing changed")
}

func TestLinksWorkOnceAndAreShownOnce(t *testing.T) {
	d := demoDesk(t)
	d.says("admin link", "http://127.0.0.1:8080/setup/", "until 2026-06-02")
	out := d.ok("member", "link", "ada", "--for", "2h", "--json")
	var v struct{ URL, Purpose string }
	if err := json.Unmarshal([]byte(out), &v); err != nil || v.Purpose != "password" || !strings.HasPrefix(v.URL, "http://127.0.0.1:8080/password/") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestThingsByHand(t *testing.T) {
	d := demoDesk(t)
	secret := d.ok("client", "add", "git", "--redirect", "https://git.example.org/cb", "--see", "type:body", "--see", "badge:*")
	if !strings.Contains(secret, "shown once") {
		t.Errorf("no secret was shown:\n%s", secret)
	}
	if again := d.ok("client", "add", "git", "--name", "Git"); strings.Contains(again, "shown once") {
		t.Errorf("a second secret was made:\n%s", again)
	}
	d.says("client show git", "https://git.example.org/cb", "badge:*, type:body", "Git")
	d.says("client alias list", "There are no aliases")
	d.says("client alias set git ada 'Ada L.'", "git calls ada Ada L.")
	d.fails("client alias set git tom ada", "somebody else's username")
	d.says("client alias list", "Ada L.")
	d.says("client try git ada --scope openid,profile", `"preferred_username": "Ada L."`, `"username": "Ada L."`)
	d.says("client alias remove git ada", "by their username")
	d.says("client try git ada --scope openid,profile", `"preferred_username": "ada"`)
	d.says("client secret rotate git --overlap 24h", "shown once")
	d.says("client show git", "until 2026-06-02")
	d.says("client secret rotate git", "shown once")
	if out := d.ok("client", "show", "git"); strings.Contains(out, "until") {
		t.Errorf("an old secret works on:\n%s", out)
	}
	d.ok("client", "add", "git", "--names", "badge={name},affiliation={object}/{kind}", "--cap", "10")
	d.says("client show git", "badge:*, type:body", "affiliations {object}/{kind}, badges {name}")
	if out := d.ok("claims", "tom", "--client", "git"); !strings.Contains(out, `"laser-1"`) || strings.Contains(out, "badge.laser-1") {
		t.Errorf("badges do not go by the template:\n%s", out)
	}
	d.fails("client add git --names 'badge={name},affiliation={kind}'", "both be called", "the map names both")
	d.fails("client add git --names 'badge={slug}'", "the fields are {name}")
	d.fails("client add git --names 'person={name}'", "none of tag, badge, affiliation and member")
	d.says("client remove git", "disabled")
	d.fails("client secret rotate app", "has no secret")
	d.fails("client secret rotate git --overlap soon", "--overlap")
	d.says("door add 'Store door' --location /space/store", "as client store-door", "shown once")
	d.fails("door add 'Store door' --location /space/store", "already")
	d.says("door maintenance 'Store door' on", "is on")
	d.says("door show 'Store door'", "in maintenance")
	d.says("door remove 'Store door'", "is removed")
	d.says("card add ada 04:11:22:33 --label blue", "ada has a card")
	d.says("card add ada uid:04112233", "nothing changed")
	d.fails("card add tom uid:04112233", "")
	d.says("card lost 04:11:22:33", "lost")
	d.says("card list ada", "blue", "lost")
	d.says("card found 04:11:22:33", "active")
	d.says("wifi pass add ada phone", "ada.phone", "shown once")
	d.says("wifi pass list ada", "ada.phone")
	d.says("wifi pass revoke ada.phone", "revoked")
	d.says("wifi network add guests --ssid Guests --vlan 40 --rule 'tag:teacher = 41'", "/wifi/guests")
	d.says("wifi network list", "tag:teacher = 41")
	d.says("wifi network remove guests", "removed")
	d.says("wifi ap add attic --address 10.1.0.0/16 --network wood-wire", "10.1.0.0/16", "shown once")
	d.says("wifi ap remove attic", "removed")
}

func TestRulesByHand(t *testing.T) {
	d := demoDesk(t)
	d.says("type add event", "type event is defined")
	d.says("kind add event organiser", "defined")
	d.says("object add fair --type event", "event fair is there")
	d.says("location add /bodies/delft/fair --object fair", "is added")
	d.says("object override chapter-x board archive", "exactly these rights: archive")
	d.says("role add reader /bodies view", "role reader is defined")
	d.says("grant add user:gus role:reader /bodies/delft --window '09:00-17:00 mon Europe/Amsterdam'", "user:gus")
	var grants []struct{ ID, For string }
	if err := json.Unmarshal([]byte(d.ok("grant", "list", "--json")), &grants); err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if g.For == "user:gus" {
			d.says("grant show "+g.ID, "role:reader", "mon Europe/Amsterdam")
			d.says("grant remove "+g.ID, "removed: allow user:gus")
		}
	}
	if out := d.ok("grant", "list"); strings.Contains(out, "user:gus") {
		t.Errorf("the grant is still there:\n%s", out)
	}
	d.says("grant add badge:laser-inductor award /badges/laser-2", "/badges/laser-2")
	d.says("location list /badges", "/laser-2")
	d.says("location set /space/annex --inherit", "changed")
	d.says("location archive /space/annex", "archived")
	d.says("badge retire bandsaw", "retired")
	d.says("object archive chapter-x", "archived")
	d.says("tag remove day-member", "nobody has the tag day-member")
	if out := d.ok("grant", "list"); strings.Contains(out, "tag:day-member") {
		t.Errorf("a grant to the tag is still there:\n%s", out)
	}
	d.fails("tag remove admin", "stays")
}

func TestErrorsAreOneSentenceThatHelps(t *testing.T) {
	d := demoDesk(t)
	for command, want := range map[string]string{
		"award":                          "write: lanyard award BADGE MEMBER",
		"award laser-9 ada":              "there is no badge laser-9; did you mean laser-",
		"award laser-1 adda":             "there is no member adda; did you mean ada?",
		"award laser-1 ada --until soon": `--until: date: "soon" is no date: write 2026-12-31`,
		"member frob":                    "there is no command lanyard member frob: see lanyard member --help",
		"frob":                           "there is no command lanyard frob: see lanyard --help",
		"member list --frob":             "unknown flag: --frob (see lanyard member list --help)",
		"member state ada asleep":        `"asleep" is none of guest`,
		"member bar ada":                 "say why: --reason",
		"revoke laser-1 ada --reason x":  "ada does not hold laser-1",
		"grant add nobody unlock /space": "subject",
		"grant add everyone fly /space":  "fly",
		"gate add /space nothing":        "there is no badge nothing",
		"location add /a/b":              "there is no location /a",
		"location show nowhere":          "must start with a slash",
		"decide ada unlock /nope/":       "location",
		"who-can unlock /nope":           "unknown_location",
		"affiliation add ada delft":      "write OBJECT#KIND",
		"affiliation add ada delft#bord": "did you mean board?",
		"claims ada --client ''":         "name a client: lanyard client list",
		"card add ada zz":                "hexadecimal",
		"door add x":                     "--location",
		"wifi ap add x --address here":   "--address",
		"client add x --see everything":  "write tag:TAG",
		"apply /nowhere.toml":            "/nowhere.toml",
		"wifi try ada.phone --ap none":   "there is no access point none",
		"lockdown lift /space":           "nothing is locked down",
		"--config /nowhere.toml check":   "",
	} {
		if want != "" {
			d.fails(command, want)
		}
	}
}

func TestCheckMakesNothing(t *testing.T) {
	d := newDesk(t)
	d.says("check", "the first start makes")
	left, err := os.ReadDir(d.dir)
	if err != nil || len(left) != 0 {
		t.Errorf("check made %v, %v", left, err)
	}
	d.ok("member", "list")
	d.says("check", "ok   key ring", "ok   database", "ok   clock")
	if err := os.Remove(filepath.Join(d.dir, "lanyard.keys")); err != nil {
		t.Fatal(err)
	}
	if out, _, code := d.run("check"); code != 1 || !strings.Contains(out, "BAD  ") {
		t.Errorf("a key ring that is gone: exit %d\n%s", code, out)
	}
	d.fails("member list", "lanyard.keys is gone", "from a backup")
	if _, err := os.Stat(filepath.Join(d.dir, "lanyard.keys")); err == nil {
		t.Error("another key ring was made in the place of the one that is gone")
	}
}

func TestAWrongDatabaseIsOneSentence(t *testing.T) {
	d := newDesk(t)
	d.env = []string{"LANYARD_DATABASE_URL=sqlite:" + d.file("text", "this is no database, and long enough to tell: "+strings.Repeat("x", 600))}
	d.fails("member list", "text")
	d.env = []string{"LANYARD_DATABASE_URL=sqlite:" + filepath.Join(d.file("file", "x"), "under", "lanyard.db")}
	d.fails("member list", "cannot be made")
	d.env = []string{"LANYARD_DATABSE_URL=x"}
	d.fails("member list", "did you mean LANYARD_DATABASE_URL?")
}
