package main

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"
)

// examples are command lines that work one after the other on an empty
// organisation, by the command whose help shows them.
var examples = []struct{ command, lines string }{
	{"location add", "lanyard location add /club --name 'Club house'\nlanyard location add /club/workshop --name Workshop"},
	{"right add", "lanyard right add unlock /club\nlanyard right add operate /club"},
	{"member add", "lanyard member add ada --name 'Ada Lovelace' --email ada@example.org --paid-until +365d"},
	{"member pay", "lanyard member pay ada +365d"},
	{"badge add", "lanyard badge add laser --name Laser --earn 'Two hours with a trainer' --valid-for 730d"},
	{"award", "lanyard award laser ada --evidence 'cut a box'"},
	{"tag add", "lanyard tag add key-holder --label 'Key holders'"},
	{"tag assign", "lanyard tag assign key-holder ada --until +90d"},
	{"grant add", "lanyard grant add state:active unlock /club --window '09:00-22:00 mon,tue Europe/Amsterdam'\nlanyard grant add tag:key-holder unlock /club\nlanyard grant add state:active operate /club/workshop"},
	{"gate add", "lanyard gate add /club/workshop laser --right operate"},
	{"door add", "lanyard door add 'Front door' --location /club\nlanyard door add 'Laser lock' --kind interlock --location /club/workshop --needs laser"},
	{"card add", "lanyard card add ada 04:a1:b2:c3"},
	{"client add", "lanyard client add wiki --name Wiki --redirect https://wiki.example.org/callback --see 'badge:*'"},
	{"client try", "lanyard client try wiki ada"},
	{"wifi pass add", "lanyard wifi pass add ada phone"},
	{"decide", "lanyard decide ada unlock /club --explain"},
}

// dates says how a DATE is written, wherever one is.
const dates = "A DATE is a day as 2026-12-31, which begins at 00:00 UTC, an instant as 2026-12-31T18:00:00+01:00, or as +30d and +12h from now."

// explain puts into the help what several commands have in common.
func explain(root *cobra.Command) {
	for _, e := range examples {
		c, _, err := root.Find(strings.Fields(e.command))
		must(err)
		c.Example = "  " + strings.ReplaceAll(e.lines, "\n", "\n  ")
	}
	sayDates(root)
}

func sayDates(c *cobra.Command) {
	if strings.Contains(c.Use+c.LocalFlags().FlagUsages(), "DATE") {
		c.Long = cmp.Or(c.Long, c.Short+".") + "\n\n" + dates
	}
	for _, child := range c.Commands() {
		sayDates(child)
	}
}
