package claims

import (
	"errors"
	"testing"
)

// TestR60WhoWaitsAndWhatTheyDidIsForThoseItConcerns goes through who may know
// of ada's way to the mill: she, tom who may give it, boss who manages people.
func TestR60WhoWaitsAndWhatTheyDidIsForThoseItConcerns(t *testing.T) {
	d := ready(t, asks("q", "ada"), LinkIdentity{Identity{VLE: "moodle", Member: "ada", External: "7"}})
	for _, c := range []struct {
		by               Actor
		progress, record bool
		waiting, others  int
	}{
		{as("ada"), true, true, 1, 0}, {as("tom"), true, false, 1, 1}, {as("boss"), true, true, 1, 1}, {operator, true, true, 1, 1},
		{as("bo"), false, false, 0, 0}, {as("eve"), false, false, 0, 0}, {feed, true, false, 1, 1}, {Actor{Kind: ActorClient, ID: "x"}, false, false, 0, 0},
	} {
		v := See(d, c.by, noon)
		p, err := v.Progress("ada", "mill")
		if got := err == nil && len(p.Done()) == 2; got != c.progress || !got && !errors.Is(err, ErrNotFound) {
			t.Errorf("%s sees her progress: %v (%v), want %v", c.by, got, err, c.progress)
		}
		if list := v.Waiting("mill"); len(list) != c.waiting || c.waiting > 0 && (list[0].Username != "ada" || len(list[0].Steps.Lacking()) != 0) {
			t.Errorf("%s sees who waits: %+v, want %d", c.by, list, c.waiting)
		}
		if n := v.SignoffsWaiting(); n != c.others {
			t.Errorf("%d others wait for %s, want %d", n, c.by, c.others)
		}
		r, _ := v.Member("ada")
		if got := len(r.Results) == 1 && len(r.Signoffs) == 1 && len(r.Identities) == 1; got != c.record {
			t.Errorf("%s sees results %v, requests %v, users %v; want them: %v", c.by, r.Results, r.Signoffs, r.Identities, c.record)
		}
	}
}
