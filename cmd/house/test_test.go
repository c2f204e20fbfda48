package main

import (
	"io"
	"strings"
	"testing"
	"time"
)

const sample = `{"Action":"run","Package":"lanyard/x","Test":"TestA"}
{"Action":"pass","Package":"lanyard/x","Test":"TestA"}
{"Action":"output","Package":"lanyard/x","Test":"TestB","Output":"    b_test.go:9: no radclient here\n"}
{"Action":"skip","Package":"lanyard/x","Test":"TestB"}
{"Action":"pass","Package":"lanyard/x","Elapsed":0.5}
`

func tallied(s string) (*tally, *strings.Builder) {
	var out strings.Builder
	t := &tally{out: &out, byPackage: map[string]int{}, output: map[string][]string{}}
	t.read(strings.NewReader(s))
	return t, &out
}

func TestASkipIsSaidAloudAndFailsCI(t *testing.T) {
	got, out := tallied(sample)
	if err := got.close(false, false, time.Second); err != nil {
		t.Errorf("a local run with a skip: %v", err)
	}
	for _, want := range []string{"LEFT OUT  TestB: no radclient here", "\n1 passed, 0 failed, 1 skipped\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("summary lacks %q:\n%s", want, out)
		}
	}
	got.out = io.Discard
	if err := got.close(false, true, time.Second); err == nil {
		t.Error("with CI=true a skipped test must fail the run")
	}
}

func TestASlowSuiteMayBeLeftOutInCI(t *testing.T) {
	got, _ := tallied(strings.Replace(sample, "no radclient here", "slow: make test-all runs it", 1))
	if err := got.close(false, true, time.Second); err != nil {
		t.Errorf("close = %v, want nil", err)
	}
}

func TestAFailureFails(t *testing.T) {
	got, out := tallied(`{"Action":"output","Package":"lanyard/x","Test":"TestA","Output":"    a_test.go:1: wrong\n"}
{"Action":"fail","Package":"lanyard/x","Test":"TestA"}
{"Action":"fail","Package":"lanyard/x","Elapsed":0.5}
`)
	if err := got.close(true, false, time.Second); err == nil || !strings.Contains(out.String(), "a_test.go:1: wrong") {
		t.Errorf("close = %v, output %q", err, out)
	}
	none, _ := tallied("")
	if err := none.close(false, false, 0); err == nil {
		t.Error("a run without a test must fail")
	}
}
