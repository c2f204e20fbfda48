package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// postDesk has the demo organisation, an Ada with an address, and a mail server
// that nobody runs.
func postDesk(t *testing.T) *desk {
	d := demoDesk(t)
	d.ok("member", "set", "ada", "--email", "ada@example.net")
	d.ok("member", "set", "tom", "--email", "")
	d.env = append(d.env, "LANYARD_MAIL_SERVER=127.0.0.1:1", "LANYARD_MAIL_TLS=none", "LANYARD_MAIL_FROM=id@example.org")
	return d
}

// mails is what lanyard mail list says.
func (d *desk) mails(flags ...string) (all []mailView) {
	d.t.Helper()
	if err := json.Unmarshal([]byte(d.ok(append([]string{"mail", "list", "--json"}, flags...)...)), &all); err != nil {
		d.t.Fatal(err)
	}
	return all
}

func TestOfOneKindAMemberIsSentThreeLettersInAnHour(t *testing.T) {
	d := postDesk(t)
	for range 3 {
		d.says("member link ada --mail", "ada@example.net")
	}
	if _, says, code := d.run("member", "link", "ada", "--mail"); code != 1 || !strings.Contains(says, "was sent three links within an hour") {
		t.Errorf("a fourth: exit %d, %s", code, says)
	}
	for range 5 {
		d.ok("member", "sign-out", "ada")
	}
	d.run("member", "factors", "ada", "--end") // which complains that she has no password
	count := map[string]int{}
	for _, m := range d.mails() {
		count[string(m.Kind)]++
	}
	if count["password_link"] != 3 || count["signed_out"] != 3 || count["factors_ended"] != 1 {
		t.Errorf("written: %v", count)
	}
	d.set(d.clock().Add(time.Hour))
	d.ok("member", "link", "ada", "--mail")
}

func TestMailIsListedWithoutWhatItSays(t *testing.T) {
	d := postDesk(t)
	d.ok("member", "link", "ada", "--mail")
	d.ok("member", "set", "ada", "--email", "new@example.net")
	for _, all := range [][]mailView{d.mails(), d.mails("--undelivered")} {
		if len(all) != 2 || all[0].Kind != "address_changed" || all[0].Address != "ada@example.net" || all[1].Member != "ada" || all[1].State != "waiting" {
			t.Errorf("listed: %+v", all)
		}
	}
	if out := d.ok("mail", "list") + d.ok("mail", "list", "--json"); strings.Contains(out, "/password/") || !strings.Contains(out, "waiting until") {
		t.Errorf("the list says:\n%s", out)
	}
}

func TestMailNeedsAnAddressAndAServer(t *testing.T) {
	d := postDesk(t)
	if _, says, code := d.run("member", "link", "tom", "--mail"); code != 1 || !strings.Contains(says, "tom has no e-mail address") {
		t.Errorf("without an address: exit %d, %s", code, says)
	}
	d.ok("member", "sign-out", "tom")
	if all := d.mails(); len(all) > 0 {
		t.Errorf("written: %+v", all)
	}
	if _, says, code := d.run("mail", "test", "ada@example.net"); code != 1 || !strings.Contains(says, "nothing listens there") {
		t.Errorf("mail test: exit %d, %s", code, says)
	}
	d.env = append(d.env, "LANYARD_MAIL_SERVER=")
	d.says("member link ada --mail", "/password/", "no mail is set up")
	d.ok("member", "set", "ada", "--email", "new@example.net")
	if all := d.mails(); len(all) > 0 {
		t.Errorf("written without a mail server: %+v", all)
	}
	if _, says, code := d.run("mail", "test", "ada@example.net"); code != 1 || !strings.Contains(says, "no mail server is set up") {
		t.Errorf("mail test: exit %d, %s", code, says)
	}
}
