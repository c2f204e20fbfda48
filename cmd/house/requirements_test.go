package main

import "testing"

func TestEveryClaimedRequirementHasATest(t *testing.T) {
	tests, err := shown("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range unshown(tests) {
		t.Errorf("R%d (%s) is claimed, but no test is named TestR%d…", r.n, r.text, r.n)
	}
}

func TestAClaimWithoutATestIsSeen(t *testing.T) {
	all := map[int][]string{}
	for _, r := range claimed {
		all[r.n] = []string{"x.TestR"}
	}
	delete(all, 12)
	if got := unshown(all); len(got) != 1 || got[0].n != 12 {
		t.Errorf("unshown = %v, want R12 alone", got)
	}
}
