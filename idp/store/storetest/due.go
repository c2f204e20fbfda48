package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"lanyard/claims"
	"lanyard/idp/store"
)

var dueTests = []test{
	{"ALeaseIsOneOwnersUntilItRunsOut", leaseRunsOut},
	{"OfSixteenThatTakeALeaseOneGetsIt", leaseRace},
	{"AnInstantIsToldOnceByTwoProcesses", toldOnce},
	{"WhatWasMissedIsToldAtTheStart", toldAtStart},
	{"ALostProcessesLeaseIsTakenOver", lostKeeper},
	{"AClockThatIsWrongTellsNothing", wrongClockTellsNothing},
	{"VersionsAfterADueAreTheSameInEveryProcess", dueVersions},
	{"TheLogIsReplayedThroughADue", dueReplayed},
}

func leaseRunsOut(w *world) {
	s, other := w.process(), w.process()
	lease := func(s *store.Store, owner string, want bool) {
		w.Helper()
		if got, err := s.Lease(w.Context(), "job", owner, time.Minute); got != want || err != nil {
			w.Errorf("%s takes the lease: %v, %v; want %v", owner, got, err, want)
		}
	}
	lease(s, "a", true)
	lease(other, "b", false)
	w.Move(50 * time.Second)
	lease(s, "a", true) // renewed
	w.Move(50 * time.Second)
	lease(other, "b", false)
	w.Move(10 * time.Second)
	lease(other, "b", true) // a was lost
	lease(s, "a", false)
	w.ok(s.Release(w.Context(), "job", "a")) // which is b's, and stays so
	lease(s, "a", false)
	w.ok(other.Release(w.Context(), "job", "b"))
	lease(s, "a", true)
	if _, err := s.Lease(w.Context(), "job", "", time.Minute); !errors.Is(err, claims.ErrInvalid) {
		w.Errorf("a lease without an owner: %v, want ErrInvalid", err)
	}
}

func leaseRace(w *world) {
	s := pair(w)
	tally(w, together(16, func(i int) error {
		got, err := s[i%2].Lease(w.Context(), "job", fmt.Sprint("owner-", i), time.Minute)
		if err == nil && !got {
			err = claims.ErrConflict
		}
		return err
	}), claims.ErrConflict)
}

// planned is a process whose planner is the real one.
func (w *world) planned() *store.Store {
	w.Helper()
	cfg := w.config()
	cfg.Plan = nil
	return w.with(cfg)
}

// keep tells the time until the test ends, or stop is called.
func (w *world) keep(s *store.Store) (stop func()) {
	ctx, cancel := context.WithCancel(w.Context())
	done := make(chan error, 1)
	go func() { done <- s.KeepTime(ctx) }()
	w.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			w.Errorf("KeepTime: %v", err)
		}
		done <- nil
	})
	return cancel
}

// dues returns what was told, oldest first.
func (w *world) dues(s *store.Store) (all []claims.Due) {
	w.Helper()
	log, err := s.Changes(w.Context(), claims.Seq{}, 100_000)
	w.ok(err)
	for _, c := range log {
		if due, ok := c.Fact.(claims.Due); ok {
			if all = append(all, due); c.Actor != "system:time" || c.At.Before(due.At) {
				w.Errorf("%+v was written by %s at %v", due, c.Actor, c.At)
			}
		}
	}
	return all
}

// people are members whose membership ends an hour after each other's, first
// at noon and an hour.
func people(names ...string) (facts []claims.Fact) {
	for i, name := range names {
		facts = append(facts, claims.Member{ID: claims.MemberID(name), Sub: "sub-" + name, Username: name,
			State: claims.StateActive, PaidUntil: noon.Add(time.Duration(i+1) * time.Hour)})
	}
	return facts
}

// told waits until the last Due is this one.
func (w *world) told(s *store.Store, at time.Time, members ...claims.MemberID) {
	w.Helper()
	w.soon(fmt.Sprintf("due at %v", at), func() bool {
		all := w.dues(s)
		if len(all) == 0 {
			return false
		}
		last := all[len(all)-1]
		return last.At.Equal(at) && slices.Equal(last.Members, members)
	})
}

func toldOnce(w *world) {
	cfg := w.config()
	cfg.Plan = asToldInTime
	s := []*store.Store{w.with(cfg), w.with(cfg)}
	w.ok(define(w.Context(), s[0], people("ada", "bo", "cy")...))
	w.keep(s[0])
	w.keep(s[1])
	w.told(s[0], noon)
	for i, m := range []claims.MemberID{"ada", "bo", "cy"} {
		w.Move(time.Hour)
		w.ok(define(w.Context(), s[i%2], tag(i))) // a write wakes them; a hand's clock does not
		w.told(s[1], noon.Add(time.Duration(i+1)*time.Hour), m)
	}
	if all := w.dues(s[0]); len(all) != 4 {
		w.Errorf("two processes told of the beginning and three ends: %+v", all)
	}
	lines, err := s[0].AuditLog(w.Context(), 100)
	w.ok(err)
	for _, l := range lines {
		if l.Actor == "system:time" {
			w.Errorf("the audit says %+v", l)
		}
	}
}

// asToldInTime is AsTold, with the real planner for Tell.
func asToldInTime(d *claims.Directory, by claims.Actor, now time.Time, intents ...claims.Intent) (claims.Planned, error) {
	if len(intents) == 1 {
		if _, ok := intents[0].(claims.Tell); ok {
			return claims.Plan(d, by, now, intents...)
		}
	}
	return AsTold(d, by, now, intents...)
}

func toldAtStart(w *world) {
	first := w.planned()
	w.ok(first.Install(w.Context(), people("ada", "bo", "cy")))
	stop := w.keep(first)
	w.told(first, noon)
	stop()
	w.Move(2 * time.Hour)
	second := w.planned()
	w.keep(second)
	w.told(second, noon.Add(2*time.Hour), "ada", "bo")
	if all := w.dues(second); len(all) != 2 {
		w.Errorf("what was missed is told as %+v, want one Due", all[1:])
	}
}

func lostKeeper(w *world) {
	s := w.planned()
	w.ok(s.Install(w.Context(), people("ada")))
	if ok, err := s.Lease(w.Context(), "due", "a process that died", 10*time.Second); !ok || err != nil {
		w.Fatal(ok, err)
	}
	w.keep(s)
	time.Sleep(50 * time.Millisecond)
	if all := w.dues(s); len(all) != 0 {
		w.Errorf("while another process holds the lease %+v is told", all)
	}
	w.Move(10 * time.Second)
	w.told(s, w.Now())
}

func wrongClockTellsNothing(w *world) {
	s := w.planned()
	w.ok(s.Install(w.Context(), people("ada")))
	w.Move(24 * time.Hour)
	w.ok(s.Ready())
	w.Move(-12 * time.Hour)
	if _, err := s.Change(w.Context(), claims.Actor{Kind: claims.ActorSystem}, "", claims.Tell{}); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("telling by a clock that went back: %v, want ErrUnavailable", err)
	}
	if all := w.dues(s); len(all) != 0 {
		w.Errorf("it told %+v", all)
	}
}

func dueVersions(w *world) {
	s, follower := w.process(), w.process()
	ctx := w.Context()
	var some []claims.MemberID
	facts := people("bo", "cy")
	for i := range 30 {
		m := claims.MemberID(fmt.Sprint("m", i))
		some = append(some, m)
		facts = append(facts, people(string(m))...)
	}
	w.ok(define(ctx, s, facts...))
	w.ok(define(ctx, s, claims.Due{Part: claims.DueMembers, At: noon, Members: append([]claims.MemberID{"bo"}, some...)}))
	w.ok(define(ctx, s, claims.Due{Part: claims.DueMembers, At: noon.Add(time.Hour), Members: []claims.MemberID{"cy"}}))
	w.soon("the follower", func() bool { return follower.Directory().Seq() == s.Directory().Seq() })
	want := fmt.Sprint(versions(w, s))
	if want != "[33 34]" {
		w.Errorf("authz_version of bo and cy is %s, want that of the Due that concerned each", want)
	}
	for name, p := range map[string]*store.Store{"the follower": follower, "one opened later": w.process()} {
		if got := fmt.Sprint(versions(w, p)); got != want {
			w.Errorf("%s says authz_version of bo and cy is %s, the writer %s", name, got, want)
		}
		if told := p.Directory().Told(); !told.Equal(noon.Add(time.Hour)) {
			w.Errorf("%s was told up to %v", name, told)
		}
	}
}

func dueReplayed(w *world) {
	s := w.planned()
	w.ok(s.Install(w.Context(), people("ada")))
	w.keep(s)
	w.told(s, noon)
	d, err := s.AsOf(w.Context(), noon)
	w.ok(err)
	if m, ok := claims.Get[claims.Member](d, "ada"); !ok || d.StateAt(m, noon.Add(2*time.Hour)) != claims.StateSuspended || !d.Told().Equal(noon) {
		w.Errorf("as of noon there is %+v, told up to %v", m, d.Told())
	}
}
