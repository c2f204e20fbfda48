package radius

import (
	"fmt"
	"testing"
	"time"

	"lanyard/claims"
)

func TestSixthFailureInAMinuteWaits(t *testing.T) {
	tl := newTally()
	for i := range failures {
		if tl.fail("ap", "ada", noon.Add(time.Duration(i)*time.Second)) {
			t.Fatalf("failure %d waits, want none of the first %d to", i+1, failures)
		}
	}
	if !tl.fail("ap", "ada", noon.Add(10*time.Second)) {
		t.Error("the sixth failure in a minute does not wait")
	}
	if tl.fail("ap", "ben", noon.Add(10*time.Second)) || tl.fail("ap2", "ada", noon.Add(10*time.Second)) {
		t.Error("another login or another access point waits for ada's failures")
	}
	if tl.fail("ap", "ada", noon.Add(failureSpan)) {
		t.Error("a failure after a quiet minute waits")
	}
}

func TestFailuresWatchedAreBounded(t *testing.T) {
	tl := newTally()
	for i := range 2 * failureLimit {
		tl.fail(claims.ID("ap"), fmt.Sprint("guess", i), noon)
	}
	if len(tl.of) > failureLimit {
		t.Errorf("%d logins are watched, want at most %d", len(tl.of), failureLimit)
	}
	tl.fail("ap", "later", noon.Add(2*failureSpan))
	if len(tl.of) != 1 {
		t.Errorf("%d logins are watched long after, want 1", len(tl.of))
	}
}
