package main

import (
	"strings"
	"testing"
)

func TestImportsFollowTheMap(t *testing.T) {
	found, err := scan("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 15 {
		t.Fatalf("read only %d packages: is this the repository's root?", len(found))
	}
	for _, wrong := range breaches(found) {
		t.Error(wrong)
	}
	for dir := range mayImport {
		if _, ok := found[dir]; !ok {
			t.Errorf("the map names %s, which does not exist", dir)
		}
	}
}

func TestChainsStayShort(t *testing.T) {
	found, err := scan("../..")
	if err != nil {
		t.Fatal(err)
	}
	if c := longestChain(found); len(c) > 6 {
		t.Errorf("the longest chain of imports has %d packages: %s", len(c), strings.Join(c, " → "))
	}
}

func TestABreachIsSeen(t *testing.T) {
	cases := map[string]map[string]imported{
		"claims imports os":                       {"claims": {code: []string{"os"}}},
		"claims imports net/http":                 {"claims": {code: []string{"net/http"}}},
		"radius imports idp/store":                {"radius": {code: []string{"lanyard/idp/store"}}},
		"idp/login imports github.com/ory/fosite": {"idp/login": {code: []string{"github.com/ory/fosite/compose"}}},
		"idp/attic is not in":                     {"idp/attic": {}},
		"radius imports example.org/x":            {"radius": {code: []string{"example.org/x"}}},
	}
	for want, found := range cases {
		got := breaches(found)
		if len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("breaches(%v) = %q, want one that says %q", found, got, want)
		}
	}
}
