package main

import (
	"log/slog"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/radius"
)

func TestTheSameOnTheWiFiIsOneLineAMinute(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	e := newEvents(nil, slog.New(slog.DiscardHandler), func() time.Time { return now })
	ada := radius.Outcome{Point: "ap", Member: "ada", Allow: true, Reason: claims.ReasonOK}
	refused := ada
	refused.Allow, refused.Reason = false, claims.ReasonMissingBadge
	for range 5 {
		e.wifi(ada)
		e.wifi(refused)
	}
	if n := len(e.queue); n != 2 {
		t.Errorf("%d lines are to be written, want 2: one for each outcome", n)
	}
	now = now.Add(toldFor)
	e.wifi(ada)
	if n := len(e.queue); n != 3 {
		t.Errorf("a minute later, %d lines, want 3", n)
	}
	for i := range 3 * mostTold {
		e.wifi(radius.Outcome{Point: claims.ID(time.Duration(i).String())})
	}
	if len(e.told) > mostTold {
		t.Errorf("%d outcomes are remembered, want %d at most", len(e.told), mostTold)
	}
}

func TestARefusalRepeatedAtADoorIsOneLineAndEveryOpeningIsOne(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	e := newEvents(nil, slog.New(slog.DiscardHandler), func() time.Time { return now })
	for i := range 5 {
		at := now.Add(time.Duration(i) * time.Millisecond)
		e.AccessEvent(t.Context(), record.Event{At: at, Front: "door", Device: "laser", Member: "ada", Reason: claims.ReasonMissingBadge})
		e.AccessEvent(t.Context(), record.Event{At: at, Front: "door", Device: "laser", Member: "tom", Allow: true, Reason: claims.ReasonOK})
	}
	if n := len(e.queue); n != 6 {
		t.Errorf("%d lines are to be written, want 1 refusal and 5 openings", n)
	}
}
