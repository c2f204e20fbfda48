package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"lanyard/claims"
	"lanyard/idp/store"
)

var changeTests = []test{
	{"OwnWritesShowAtOnceAndOthersWithinASecond", writesShow},
	{"AWriterElsewhereMakesThePlanBeMadeAgain", planIsMadeAgain},
	{"AWriterWhoIsAlwaysFasterIsAConflict", alwaysFaster},
	{"ParallelWritersInTwoProcessesLeaveNoGap", noGaps},
	{"APlanThatFailsWritesNothing", failedPlan},
	{"AChangeThatFailsWritesNothing", failedChange},
	{"APlanWithoutFactsWritesNothing", emptyPlan},
	{"TheLogTellsWhoWhenAndWhat", logTells},
	{"AnotherEpochsCursorHasExpired", epochExpired},
	{"ARestoreStartsAnEpoch", restoreStartsAnEpoch},
	{"InstallIsForAnEmptyDatabaseOnly", installOnce},
	{"PreviewWritesNothing", previewWritesNothing},
	{"AuthzVersionIsTheSameInEveryProcess", sameVersion},
	{"TheRealPlannersFactsComeBack", realPlanner},
	{"APlanOfManyFactsIsOneChange", manyFacts},
	{"LocationsAreFoundAsTheyWere", asTheyWere},
}

func writesShow(w *world) {
	s, other := w.process(), w.process()
	w.ok(define(w.Context(), s, tag(1)))
	same(w.T, "own write", s, tag(1))
	w.soon("the other process", func() bool {
		_, ok := find(other.Directory(), tag(1))
		return ok
	})
	if a, b := s.Directory().Seq(), other.Directory().Seq(); a != b {
		w.Errorf("one process is at %v, the other at %v", a, b)
	}
}

// interrupted returns a config whose planner lets do happen while it plans.
func interrupted(w *world, do func(n int)) (store.Config, *atomic.Int64) {
	var plans atomic.Int64
	cfg := w.config()
	cfg.Plan = func(d *claims.Directory, by claims.Actor, now time.Time, intents ...claims.Intent) (claims.Planned, error) {
		do(int(plans.Add(1)))
		return AsTold(d, by, now, intents...)
	}
	return cfg, &plans
}

func planIsMadeAgain(w *world) {
	other := w.process()
	cfg, plans := interrupted(w, func(n int) {
		if n == 1 {
			w.ok(define(w.Context(), other, tag(1)))
		}
	})
	s := w.with(cfg)
	w.ok(define(w.Context(), s, tag(2)))
	if n := plans.Load(); n != 2 {
		w.Errorf("planned %d times, want twice", n)
	}
	same(w.T, "the other's write", s, tag(1))
	same(w.T, "own write", s, tag(2))
}

func alwaysFaster(w *world) {
	other := w.process()
	cfg, plans := interrupted(w, func(n int) { w.ok(define(w.Context(), other, tag(n))) })
	s := w.with(cfg)
	if err := define(w.Context(), s, tag(99)); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("Change = %v, want ErrConflict", err)
	}
	if n := plans.Load(); n != 3 {
		w.Errorf("planned %d times, want 3", n)
	}
	if _, ok := find(w.process().Directory(), tag(99)); ok {
		w.Error("the loser's fact was written")
	}
}

func noGaps(w *world) {
	both := []*store.Store{w.process(), w.process()}
	const each = 12
	lost := 0
	for i, err := range together(2*each, func(i int) error {
		return define(w.Context(), both[i%2], tag(2*i), tag(2*i+1))
	}) {
		if errors.Is(err, claims.ErrConflict) {
			lost++ // three times slower than the other process
		} else if err != nil {
			w.Errorf("writer %d: %v", i, err)
		}
	}
	whole(w, both[0], 2*(2*each-lost))
}

// whole holds that the log has n changes without a gap and that the tables
// agree with it.
func whole(w *world, s *store.Store, n int) {
	w.Helper()
	log, err := s.Changes(w.Context(), claims.Seq{}, 1_000_000)
	w.ok(err)
	if len(log) != n {
		w.Errorf("the log has %d changes, want %d", len(log), n)
	}
	again := w.process()
	for i, c := range log {
		if c.N != uint64(i)+1 {
			w.Fatalf("change %d has number %d", i+1, c.N)
		}
		same(w.T, "read from its table", again, c.Fact)
	}
	if at := again.Directory().Seq().N; at != uint64(len(log)) {
		w.Errorf("the head is at %d, the log ends at %d", at, len(log))
	}
}

func failedPlan(w *world) {
	s := w.process()
	_, err := s.Change(w.Context(), ada, "", claims.Bar{Member: "eve"})
	if !errors.Is(err, claims.ErrInvalid) {
		w.Errorf("Change = %v, want the planner's fault", err)
	}
	untouched(w, s)
}

// untouched holds that nothing was ever written.
func untouched(w *world, s *store.Store) {
	w.Helper()
	if n := w.process().Directory().Seq().N; n != 0 {
		w.Errorf("the change log is at %d, want 0", n)
	}
	if lines, err := s.AuditLog(w.Context(), 10); err != nil || len(lines) != 0 {
		w.Errorf("the audit has %v (%v), want nothing", lines, err)
	}
}

func failedChange(w *world) {
	s := w.process()
	err := define(w.Context(), s,
		tag(1),
		claims.Member{ID: "a", Username: "ada", Sub: "sub-a"},
		claims.Member{ID: "b", Username: "ada", Sub: "sub-b"})
	if !errors.Is(err, claims.ErrConflict) {
		w.Errorf("two members of one name: %v, want ErrConflict", err)
	}
	untouched(w, s)
	if _, ok := find(s.Directory(), tag(1)); ok {
		w.Error("the fact before the failing one is in the picture")
	}
	w.ok(define(w.Context(), s, tag(1)))
}

func emptyPlan(w *world) {
	s := w.process()
	if _, err := s.Change(w.Context(), ada, ""); err != nil {
		w.Errorf("Change without intents = %v", err)
	}
	untouched(w, s)
}

func logTells(w *world) {
	s := w.process()
	m := claims.Member{ID: "m1", Username: "bo", Sub: "sub-1"}
	w.ok(define(w.Context(), s, m, tag(7)))
	w.Move(time.Hour)
	w.ok(define(w.Context(), s, tag(8)))
	log, err := s.Changes(w.Context(), claims.Seq{N: 1}, 1)
	w.ok(err)
	if len(log) != 1 || log[0].N != 2 || log[0].Fact.Key() != tag(7).Key() || log[0].Actor != "member:ada" || !log[0].At.Equal(noon) {
		w.Errorf("Changes(after 1, limit 1) = %+v", log)
	}
	lines, err := s.AuditLog(w.Context(), 10)
	w.ok(err)
	if len(lines) != 2 {
		w.Fatalf("the audit has %d lines, want one for each change", len(lines))
	}
	if l := lines[1]; !l.At.Equal(noon) || l.Actor != "member:ada" || l.Action != "as told" || l.Subject != "member:m1" || l.Request != "request-1" {
		w.Errorf("the older line is %+v", l)
	}
}

func epochExpired(w *world) {
	s := w.process()
	if _, err := s.Changes(w.Context(), claims.Seq{Epoch: "another", N: 3}, 10); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("Changes = %v, want ErrExpired", err)
	}
}

func installOnce(w *world) {
	s := w.process()
	w.ok(s.Install(w.Context(), []claims.Fact{tag(1), tag(2)}))
	same(w.T, "own write", s, tag(2))
	if err := s.Install(w.Context(), []claims.Fact{tag(3)}); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("the second Install = %v, want ErrConflict", err)
	}
	whole(w, s, 2)
}

func previewWritesNothing(w *world) {
	s := w.process()
	p, err := s.Preview(w.Context(), ada, claims.Define{Fact: tag(1)})
	if err != nil || len(p.Facts) != 1 {
		w.Errorf("Preview = %+v, %v", p, err)
	}
	untouched(w, s)
}

func sameVersion(w *world) {
	s, follower := w.process(), w.process()
	ctx := w.Context()
	w.ok(define(ctx, s, claims.Member{ID: "bo", Username: "bo", Sub: "s1"}, claims.Member{ID: "cy", Username: "cy", Sub: "s2"}))
	w.ok(define(ctx, s, tag(1)))
	w.ok(define(ctx, s, claims.Assignment{ID: "a", Tag: "tag-1", Target: claims.TargetMember, TargetID: "bo", AssignedAt: noon}))
	w.soon("the follower", func() bool { return follower.Directory().Seq() == s.Directory().Seq() })
	want := fmt.Sprint(versions(w, s))
	for name, p := range map[string]*store.Store{"the follower": follower, "one opened later": w.process()} {
		if got := fmt.Sprint(versions(w, p)); got != want {
			w.Errorf("%s says authz_version of bo and cy is %s, the writer %s", name, got, want)
		}
	}
}

func versions(w *world, s *store.Store) (all []uint64) {
	for _, m := range []claims.MemberID{"bo", "cy"} {
		tok, err := claims.TokenClaims(s.Directory(), m, claims.ClaimFilter{}, noon)
		w.ok(err)
		all = append(all, tok.Version)
	}
	return all
}

func realPlanner(w *world) {
	cfg := w.config()
	cfg.Plan = nil
	s, ctx := w.with(cfg), w.Context()
	w.ok(s.Install(ctx, claims.Core(noon)))
	operator := claims.Actor{Kind: claims.ActorOperator, ID: "root"}
	_, err := s.Change(ctx, operator, "",
		claims.AddMember{Member: claims.Member{ID: "ada", Sub: "sub-ada", Username: "ada", State: claims.StateActive}},
		claims.Assign{Assignment: claims.Assignment{ID: "a1", Tag: "admin", Target: claims.TargetMember, TargetID: "ada"}})
	w.ok(err)
	ask := claims.Ask{Member: "ada", Right: "manage", Path: "/people", At: noon}
	for name, p := range map[string]*store.Store{"the writer": s, "another process": w.process()} {
		if dec, err := claims.Decide(p.Directory(), ask); err != nil || !dec.Allow {
			w.Errorf("%s: may the first administrator manage /people: %+v, %v", name, dec, err)
		}
	}
	at := s.Directory().Seq()
	_, err = s.Change(ctx, operator, "", claims.SetPaid{Member: "nobody", PaidUntil: noon})
	if !errors.Is(err, claims.ErrNotFound) || s.Directory().Seq() != at {
		w.Errorf("an intent about nobody = %v at %v, want ErrNotFound at %v", err, s.Directory().Seq(), at)
	}
}

func manyFacts(w *world) {
	s := w.process()
	var facts []claims.Fact
	for i := range 233 {
		facts = append(facts, tag(i), claims.Badge{Slug: tag(i).Slug})
	}
	later := claims.Tag{Slug: tag(0).Slug, Label: "the later state of two in one plan"}
	w.ok(define(w.Context(), s, append(facts, later)...))
	log, err := s.Changes(w.Context(), claims.Seq{}, 1000)
	w.ok(err)
	again := w.process()
	if at := again.Directory().Seq().N; at != 467 || len(log) != 467 || log[466].N != 467 {
		w.Errorf("467 facts: the head is at %d, the log has %d", at, len(log))
	}
	for _, f := range append(facts[1:], later) {
		same(w.T, "own write", s, f)
		same(w.T, "read from its table", again, f)
	}
	if lines, err := s.AuditLog(w.Context(), 10); err != nil || len(lines) != 1 {
		w.Errorf("the audit has %d lines (%v), want one", len(lines), err)
	}
}
