package main

import "testing"

func TestARuleAtThePlaceOfNothingIsRefused(t *testing.T) {
	d := demoDesk(t)
	d.fails("grant add user:tom award /badges/lasre-1", "there is no badge lasre-1; did you mean laser-1?")
	d.fails("grant add user:tom assign /tags/techer", "there is no tag techer; did you mean teacher?")
	d.fails("gate add /apps/wikki laser-1 --right login", "there is no client wikki; did you mean wiki?")
	d.fails("grant add user:tom affiliate /objects/xyzzyxyzzy", "there is no object xyzzyxyzzy: lanyard object list")
	d.fails("grant add user:tom recover /people/addda", "there is no member addda; did you mean ada?")
	d.says("grant add user:tom award /badges/laser-2", "award at /badges/laser-2")
	d.says("grant add user:tom recover /people/ada", "at /people/ada")
	d.fails("apply "+d.file("typo.toml", "[[grants]]\nat = \"/badges/lasre-1\"\nto = \"user:tom\"\nright = \"award\"\n"), "there is no badge lasre-1; did you mean laser-1?", "line 2")
	d.ok("apply", d.file("new.toml", "[[badges]]\nslug = \"knots\"\n[[grants]]\nat = \"/badges/knots\"\nto = \"user:tom\"\nright = \"award\"\n"))
}

func TestAMistypedPlaceGetsASuggestion(t *testing.T) {
	d := demoDesk(t)
	d.fails("location show /space/workshp", "there is no location /space/workshp; did you mean /space/workshop?")
	d.fails("grant add everyone unlock /space/workshop/lasr", "did you mean /space/workshop/laser?")
}
