package storetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
)

var watchTests = []test{
	{"OwnWritesAndOthersComeInTheOrderOfTheLog", watchInOrder},
	{"ALateReaderReadsTheLog", watchLate},
	{"WhoIsTooFarBehindStartsOver", watchBehind},
	{"AReaderWhoNeverComesBackHoldsNobodyUp", watchIdle},
	{"AClosedStoreEndsTheWait", watchClosed},
	{"SomebodyShutOutElsewhereIsForgottenHere", shutOutElsewhere},
}

// soonNews watches, for ten seconds at most.
func (w *world) soonNews(s *store.Store, after claims.Seq) record.News {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 10*time.Second)
	defer cancel()
	news, err := s.Watch(ctx, after)
	if err != nil {
		w.Fatalf("changes after %v: %v", after, err)
	}
	return news
}

func watchInOrder(w *world) {
	s, other := w.process(), w.process()
	at := s.Directory().Seq()
	go func() {
		for n := range 6 {
			by := s
			if n%2 == 1 {
				by = other
			}
			if err := define(w.Context(), by, tag(2*n), tag(2*n+1)); err != nil {
				w.Error(err)
			}
		}
	}()
	var seen []claims.Change
	for len(seen) < 12 {
		news := w.soonNews(s, at)
		if dir := s.Directory().Seq(); dir.N < news.At.N {
			w.Errorf("news up to %v come before the picture, which is at %v", news.At, dir)
		}
		seen, at = append(seen, news.Changes...), news.At
	}
	for i, c := range seen {
		if c.N != uint64(i)+1 || c.Fact.Key() != tag(i).Key() {
			w.Errorf("number %d of what was seen is change %d, %v", i+1, c.N, c.Fact.Key())
		}
	}
	if at != s.Directory().Seq() {
		w.Errorf("the place after the last is %v, the picture's %v", at, s.Directory().Seq())
	}
}

func watchLate(w *world) {
	s := w.process()
	begin := s.Directory().Seq()
	var many []claims.Fact
	for n := range 2500 {
		many = append(many, tag(n))
	}
	w.ok(define(w.Context(), s, many...))
	w.ok(define(w.Context(), s, claims.Member{ID: "ada", Sub: "s", Username: "ada"}))
	for name, p := range map[string]*store.Store{"the writer": s, "another": w.process()} {
		n, at := uint64(0), begin
		var last record.News
		for at.N < 2501 {
			last = w.soonNews(p, at)
			for _, c := range last.Changes {
				if n++; c.N != n {
					w.Fatalf("%s: change %d comes as number %d", name, c.N, n)
				}
			}
			at = last.At
		}
		members, everybody := last.Concerned()
		if !slices.Equal(members, []claims.MemberID{"ada"}) || !everybody {
			w.Errorf("%s: the last news concern %v and everybody: %v", name, members, everybody)
		}
	}
}

func watchBehind(w *world) {
	s := w.process()
	w.ok(define(w.Context(), s, tag(1)))
	at := s.Directory().Seq()
	for name, after := range map[string]claims.Seq{
		"another epoch": {Epoch: "another", N: 1}, "no place": {}, "a place that is not there yet": {Epoch: at.Epoch, N: at.N + 1},
	} {
		if news, err := s.Watch(w.Context(), after); !errors.Is(err, claims.ErrExpired) {
			w.Errorf("%s: %+v, %v; want ErrExpired", name, news, err)
		}
	}
	w.ok(s.NewEpoch(w.Context()))
	if _, err := s.Watch(w.Context(), at); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("after a restore: %v, want ErrExpired", err)
	}
	now := s.Directory().Seq()
	w.ok(define(w.Context(), s, tag(2)))
	if news := w.soonNews(s, now); len(news.Changes) != 1 {
		w.Errorf("after starting over: %+v", news)
	}
}

func watchIdle(w *world) {
	s := w.process()
	at := s.Directory().Seq()
	gone, cancel := context.WithCancel(w.Context())
	ended := make(chan error)
	go func() {
		_, err := s.Watch(gone, at)
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		w.Errorf("Watch = %v, want context.Canceled", err)
	}
	for n := range 20 {
		w.ok(define(w.Context(), s, tag(n)))
	}
	if news := w.soonNews(s, at); len(news.Changes) != 20 {
		w.Errorf("who comes back gets %d changes, want 20", len(news.Changes))
	}
}

func watchClosed(w *world) {
	s, err := store.Open(w.Context(), w.config())
	w.ok(err)
	ended := make(chan error)
	go func() {
		_, err := s.Watch(w.Context(), s.Directory().Seq())
		ended <- err
	}()
	w.ok(s.Close())
	if err := <-ended; !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("Watch = %v, want ErrUnavailable", err)
	}
}

func shutOutElsewhere(w *world) {
	s, other := w.process(), w.process()
	ada := claims.Member{ID: "ada", Sub: "s", Username: "ada", State: claims.StateActive}
	w.ok(define(w.Context(), other, ada))
	g := code("g")
	g.Member = "ada"
	w.ok(s.CreateGrant(w.Context(), g))
	w.soon("the member", func() bool { _, ok := find(s.Directory(), ada); return ok })
	ada.BarredAt = noon
	at := s.Directory().Seq()
	w.ok(define(w.Context(), other, ada))
	w.soonNews(s, at)
	if got, err := s.Grant(w.Context(), "g"); err != nil || got.Ended.IsZero() {
		w.Errorf("the grant of who was barred elsewhere is %+v, %v; want it ended", got, err)
	}
}
