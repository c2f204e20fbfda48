package main

import (
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

func TestR60PagesReadMembersThroughTheGuardAlone(t *testing.T) {
	wrong, err := unguardedReads("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

func TestAReadPastTheGuardIsSeen(t *testing.T) {
	const text = `package admin
func f(d *claims.Directory) {
	m, _ := claims.Get[claims.Member](d, "x")
	for range claims.All[claims.Award](d) {
	}
	look := d.AwardsOf
	a.Directory().MemberByUsername("ada")
	claims.Get[claims.Badge](d, "x")
	v.see.Member(m.ID)
}`
	file, err := parser.ParseFile(token.NewFileSet(), "f.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, what := range readsOf(file) {
		got = append(got, what)
	}
	slices.Sort(got)
	want := []string{"Directory().MemberByUsername", "claims.All[Award]", "claims.Get[Member]", "d.AwardsOf"}
	if !slices.Equal(got, want) {
		t.Errorf("seen: %q, want %q", got, want)
	}
}
