package record

import (
	"strings"
	"testing"
	"time"
)

func TestRandomIsNoOptionOnACommandLine(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		text := Random(16)
		if strings.HasPrefix(text, "-") || len(text) != 22 || seen[text] {
			t.Fatalf("Random(16) = %q", text)
		}
		seen[text] = true
	}
}

func TestIDsSortByTheirTime(t *testing.T) {
	noon := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	early, late := NewID(noon), NewID(noon.Add(time.Millisecond))
	if early >= late || len(early) != 36 || early[14] != '7' {
		t.Errorf("NewID = %s, then %s; want UUIDv7 in the order of time", early, late)
	}
}
