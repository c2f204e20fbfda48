package main

import (
	"strings"
	"testing"
)

// TestFaultsSayNamesAndFlags has what a person wrote be called what they call
// it: no id, no field of the domain, no plan.
func TestFaultsSayNamesAndFlags(t *testing.T) {
	d := demoDesk(t)
	d.ok("badge", "requirement", "add", "bandsaw", "first", "--badge", "laser-2")
	d.ok("card", "add", "tom", "01020304")
	for command, want := range map[string]string{
		"member add ada":                            "lanyard: the username ada is, or was, somebody else's: choose another\n",
		"award bandsaw carol":                       "lanyard: bandsaw asks for more first: Laser 2\n",
		"right add operate /space/workshop --acr 1": "there is a right operate at /space/workshop already",
		"client add shop":                           "lanyard: --redirect: is empty",
		"client add shop --redirect shop.example":   `lanyard: --redirect: "shop.example" is no absolute URI`,
		"client add shop --redirect https://shop.example.org/cb --see tag":          `lanyard: --see: "tag": write tag:TAG, or tag:* for every one`,
		"client add shop --redirect https://shop.example.org/cb --see badge:lasr-1": "there is no badge lasr-1; did you mean laser-1?",
		"client add radio --auth none --grant refresh_token":                        "--grant: refresh_token comes with authorization_code or device_code\n",
		"member erase ada":                                          "say why: --reason asked, retention or mistake\n",
		"badge requirement add mill x --kind check":                 `--kind: "check" is none of membership_age, badge, course, form, signoff`,
		"badge requirement add mill x --badge lasr-1":               "lanyard: there is no badge lasr-1; did you mean laser-1?",
		"grant add badge:lasr-1 unlock /space/store":                "lanyard: there is no badge lasr-1; did you mean laser-1?",
		"grant add tag:xyzzyxyzzy unlock /space/store":              "lanyard: there is no tag xyzzyxyzzy: lanyard tag add defines one",
		"grant add everyone role:boss /space":                       "lanyard: there is no role boss\n",
		"opening add badge:lasr-1":                                  "lanyard: there is no badge lasr-1; did you mean laser-1?",
		"location set /space/store --object dleft":                  "there is no object dleft; did you mean delft?",
		"grant add everyone unlock /space/store --until 2020-01-01": "lanyard: --until: 2020-01-01T00:00:00Z has passed",
		"card add ada 01020304":                                     "lanyard: that card is somebody else's\n",
	} {
		d.fails(command, want)
	}
}

func TestFaultsSayWhatToDoNext(t *testing.T) {
	d := demoDesk(t)
	d.ok("location", "add", "/club")
	d.ok("location", "add", "/club/front-door")
	d.fails("door add front", "say where it is: --location PATH")
	d.fails("door add front --location /club/front-door", "unlock is declared neither at /club/front-door nor above it: lanyard right add unlock /club declares it")
	d.ok("right", "add", "unlock", "/club")
	d.says("door add front --location /club/front-door", "Next: lanyard grant add SUBJECT unlock /club/front-door")
	d.fails("grant add everyone unlok /club", "did you mean unlock?")
	d.fails("grant add everyone operate /space", "nor above it: it is, below, at /space/workshop")
	for command, want := range map[string]string{
		"member ad": "did you mean add?", "location rm": "did you mean archive?", "badge ls": "did you mean list?", "client create": "did you mean add?",
		"device list": "did you mean door?", "users": "did you mean member?", "membr": "did you mean member?", "xyzzyxyzzy": "there is no command lanyard xyzzyxyzzy: see lanyard --help",
	} {
		d.fails(command, want)
	}
	if out := d.ok(); !strings.Contains(out, "Usage:") {
		t.Errorf("lanyard alone says:\n%s", out)
	}
}
