package storetest

import (
	"errors"
	"fmt"
	"time"

	"lanyard/claims"
)

var asOfTests = []test{
	{"TheLogIsReplayedToAnInstant", replayedTo},
	{"BeforeTheLogBeginsNothingIsKnown", beforeTheLog},
	{"TheFutureIsNotKnown", notYet},
	{"APlanIsReplayedWholeOverPages", replayedInPages},
	{"ARestoreDoesNotHideWhatWasBefore", overEpochs},
}

func replayedTo(w *world) {
	s := w.process()
	first, later := tag(1), tag(1)
	later.Label = "renamed"
	w.ok(define(w.Context(), s, first))
	w.Move(time.Hour)
	w.ok(define(w.Context(), s, later, tag(2)))
	w.Move(time.Hour)
	w.ok(define(w.Context(), s, tag(3)))
	w.Move(time.Hour)
	for name, want := range map[string]struct {
		at    time.Duration
		seq   uint64
		label string
	}{
		"at the first change": {0, 1, "1"}, "a moment before the second": {time.Hour - time.Microsecond, 1, "1"},
		"at the second": {time.Hour, 3, "renamed"}, "now": {3 * time.Hour, 4, "renamed"},
	} {
		d, err := s.AsOf(w.Context(), noon.Add(want.at))
		if err != nil {
			w.Errorf("%s: %v", name, err)
			continue
		}
		got, _ := claims.Get[claims.Tag](d, string(first.Slug))
		if d.Seq().N != want.seq || d.Seq().Epoch != s.Directory().Seq().Epoch || got.Label != want.label {
			w.Errorf("%s: it is at %v and the tag says %q, want %d and %q", name, d.Seq(), got.Label, want.seq, want.label)
		}
	}
	if _, ok := find(s.Directory(), tag(3)); !ok {
		w.Error("looking back moved the current picture")
	}
}

func beforeTheLog(w *world) {
	s := w.process()
	if _, err := s.AsOf(w.Context(), w.Now()); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("AsOf on an empty database = %v, want ErrNotFound", err)
	}
	w.ok(define(w.Context(), s, tag(1)))
	if _, err := s.AsOf(w.Context(), noon.Add(-time.Microsecond)); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("AsOf before the first change = %v, want ErrNotFound", err)
	}
}

func notYet(w *world) {
	s := w.process()
	w.ok(define(w.Context(), s, tag(1)))
	if _, err := s.AsOf(w.Context(), w.Now().Add(time.Second)); !errors.Is(err, claims.ErrInvalid) {
		w.Errorf("AsOf the future = %v, want ErrInvalid", err)
	}
}

// replayedInPages writes more than one page of the log, and reads it in
// another process.
func replayedInPages(w *world) {
	s := w.process()
	var many []claims.Fact
	for i := range 2500 {
		many = append(many, claims.Location{ID: claims.LocationID(fmt.Sprintf("l%d", i)), Slug: claims.Slug(fmt.Sprintf("l%d", i))})
	}
	w.ok(define(w.Context(), s, many...))
	d, err := w.process().AsOf(w.Context(), w.Now())
	w.ok(err)
	if d.Seq() != s.Directory().Seq() {
		w.Errorf("replayed it is at %v, want %v", d.Seq(), s.Directory().Seq())
	}
	if n := len(d.Children("")); n != len(many) {
		w.Errorf("replayed it has %d locations, want %d", n, len(many))
	}
}

// overEpochs looks back past a restore: numbers go on, so does the log.
func overEpochs(w *world) {
	s := w.process()
	w.ok(define(w.Context(), s, tag(1)))
	w.ok(s.NewEpoch(w.Context()))
	w.Move(time.Hour)
	w.ok(define(w.Context(), s, tag(2)))
	for at, want := range map[time.Time]int{noon: 1, w.Now(): 2} {
		d, err := s.AsOf(w.Context(), at)
		if err != nil {
			w.Errorf("AsOf %v: %v", at, err)
			continue
		}
		n := 0
		for range claims.All[claims.Tag](d) {
			n++
		}
		if n != want {
			w.Errorf("as of %v there are %d tags, want %d", at, n, want)
		}
	}
}
