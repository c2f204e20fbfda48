package main

import (
	"slices"
	"testing"
)

func TestEveryAttackHasATestThatIsThere(t *testing.T) {
	tests, err := testsIn("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range missingTests(attacks, tests) {
		t.Errorf("what is tried has no test: %s", what)
	}
}

func TestAnAttackWithoutATestIsSeen(t *testing.T) {
	all := []section{{"s", []attack{
		{"tested", "something", []string{"p.TestA"}}, {"renamed", "something", []string{"p.TestA", "p.TestGone"}},
		{"forgotten", "something", nil}, {"later", unbuilt + ": nothing", nil}, {"built by now", unbuilt, []string{"p.TestA"}},
	}}}
	want := []string{"renamed: p.TestGone", "forgotten", "built by now"}
	if got := missingTests(all, []string{"p.TestA", "p.TestB"}); !slices.Equal(got, want) {
		t.Errorf("missingTests = %q, want %q", got, want)
	}
}
