package main

import (
	"strings"
	"testing"
)

func TestADisabledApplicationSaysSoAndComesBack(t *testing.T) {
	d := demoDesk(t)
	d.says("client disable wiki", "client wiki is disabled; lanyard client enable wiki")
	d.says("client remove wiki", "nothing changed") // what it was called before
	d.says("client try wiki ada", "Nobody may sign in to wiki: it is disabled (lanyard client enable wiki)")
	d.says("client meter wiki", ": 0 members may sign in", "wiki is disabled")
	d.says("decide ada login /apps/wiki", "note: the application wiki is disabled", "lanyard client enable wiki")
	d.says("client add wiki --name Wiki2", "    name: The wiki -> Wiki2\n", "wiki is disabled, so nobody signs in to it: lanyard client enable wiki")
	d.says("client enable wiki", "client wiki is enabled")
	d.says("client enable wiki", "nothing changed")
	d.says("client try wiki ada", "ada may sign in to wiki.")
	if out := d.ok("decide", "ada", "login", "/apps/wiki"); strings.Contains(out, "note:") {
		t.Errorf("of an application that is enabled decide says:\n%s", out)
	}
	d.fails("client enable wikki", "did you mean wiki?")
}

func TestChangingAClientSaysWhatChanged(t *testing.T) {
	d := newDesk(t)
	d.says("client add git --redirect https://git.example.org/cb", "client git is registered")
	d.says("client add git --redirect https://git.example.org/other --first-party", "client git is changed\n",
		"    redirect URIs: https://git.example.org/cb -> https://git.example.org/other\n", "    notes: none -> asks no consent\n")
	d.says("client add git --redirect https://git.example.org/other", "client git is there already, as it is written; nothing changed")
	d.says("client add git --auth client_secret_post", "    auth: client_secret_basic -> client_secret_post\n")
}

func TestNoTwoClientsDifferByCapitalsAlone(t *testing.T) {
	d := newDesk(t)
	d.ok("client", "add", "git", "--redirect", "https://git.example.org/cb")
	d.fails("client add Git --redirect https://git.example.org/cb", `id: "Git"`, "small letters", "lanyard apply")
	d.ok("apply", d.file("odd.toml", "[[clients]]\nid = \"Odd_One\"\nredirect_uris = [\"https://odd.example.org/cb\"]\n"))
	d.says("client add Odd_One --name Odd", "client Odd_One is changed")
}
