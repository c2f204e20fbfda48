package storetest

import (
	"errors"
	"time"

	"lanyard/claims"
	"lanyard/idp/store"
)

var clockTests = []test{
	{"AClockBehindWhatWasSeenStopsWrites", clockBehind},
	{"TheLatestTimeOutlivesTheProcess", latestOutlives},
	{"AClockBeforeTheBuildStopsWrites", clockBeforeBuild},
	{"AnOperatorMayAcceptTheClock", clockAccepted},
}

// shut holds that s refuses to write and says so.
func shut(w *world, s *store.Store, why string) {
	w.Helper()
	if err := s.Ready(); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("%s: Ready = %v, want ErrUnavailable", why, err)
	}
	if err := s.CreateGrant(w.Context(), code("g")); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("%s: CreateGrant = %v, want ErrUnavailable", why, err)
	}
	if err := define(w.Context(), s, tag(1)); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("%s: Change = %v, want ErrUnavailable", why, err)
	}
	if err := s.Install(w.Context(), []claims.Fact{tag(1)}); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("%s: Install = %v, want ErrUnavailable", why, err)
	}
}

func clockBehind(w *world) {
	s := w.process()
	w.ok(s.Ready())
	w.Move(-time.Minute)
	w.ok(s.Ready())
	w.Move(-time.Microsecond)
	shut(w, s, "a minute behind")
	w.Move(time.Hour)
	w.ok(s.Ready())
	w.ok(s.CreateGrant(w.Context(), code("g")))
}

func latestOutlives(w *world) {
	s, err := store.Open(w.Context(), w.config())
	w.ok(err)
	w.Move(3 * time.Hour)
	w.ok(s.Ready())
	w.ok(s.Close())
	w.Move(-2 * time.Hour)
	again := w.process()
	shut(w, again, "two hours behind")
	w.Move(2 * time.Hour)
	w.ok(again.Ready())
}

func clockBeforeBuild(w *world) {
	cfg := w.config()
	cfg.Built = noon.Add(time.Second)
	s := w.with(cfg)
	shut(w, s, "a second before the build")
	w.Move(time.Second)
	w.ok(s.Ready())
}

func clockAccepted(w *world) {
	s := w.process()
	w.Move(24 * time.Hour)
	w.ok(s.Ready())
	w.Move(-24 * time.Hour)
	shut(w, s, "a day behind")
	w.ok(s.AcceptClock(w.Context()))
	w.ok(s.Ready())
	w.ok(s.CreateGrant(w.Context(), code("g")))
	w.ok(w.process().Ready())
}
