package templates

import (
	"testing"
	"time"
)

func TestTimesAreInWords(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	now := time.Date(2026, 5, 1, 22, 30, 0, 0, time.UTC) // 23:30 there
	for _, c := range []struct{ got, want string }{
		{Until(now.Add(20*time.Minute), now, zone).Text, "until 23:50"},
		{Until(now.Add(2*time.Hour), now, zone).Text, "until tomorrow 01:30"},
		{Until(now.Add(25*time.Hour), now, zone).Text, "until 3 May (in 1 day)"},
		{Until(now.AddDate(0, 2, 0), now, zone).Text, "until 1 July"},
		{Until(now.AddDate(1, 0, 0), now, zone).Text, "until 1 May 2027"},
		{Ago("seen", now, now, zone).Text, "seen just now"},
		{Ago("seen", now.Add(-90*time.Minute), now, zone).Text, "seen 1 hour ago"},
		{Ago("made", now.AddDate(0, 0, -3), now, zone).Text, "made 3 days ago"},
		{Clock(now.Add(-time.Minute), now, zone).Text, "today 23:29:00"},
		{Clock(now.AddDate(0, 0, -3), now, zone).Text, "28 April, 23:30"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
