package storetest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"lanyard/idp/record"
)

var journalTests = []test{
	{"TheAuditIsReadNewestFirst", auditNewestFirst},
	{"EveryFieldOfAnEventComesBack", eventComesBack},
	{"OnlyTheNewestEventsAreKept", eventsPruned},
}

func auditNewestFirst(w *world) {
	s, ctx := w.process(), w.Context()
	var want []record.Audited
	for i := range 5 {
		a := filled(record.Audited{})
		a.At, a.Action = noon.Add(time.Duration(i)*time.Minute), fmt.Sprint("action ", i)
		w.ok(s.Audit(ctx, a))
		want = append([]record.Audited{a}, want...)
	}
	got, err := s.AuditLog(ctx, 3)
	if diff := cmp.Diff(want[:3], got); err != nil || diff != "" {
		w.Errorf("AuditLog(3): %v (-want +got):\n%s", err, diff)
	}
}

func eventComesBack(w *world) {
	s, ctx := w.process(), w.Context()
	e := filled(record.Event{})
	w.ok(s.AccessEvent(ctx, e))
	compare(w, []record.Event{e})(s.Events(ctx, 10))
	compare(w, []record.Event{e})(s.EventsOf(ctx, e.Member, 10))
	if all, err := s.EventsOf(ctx, "somebody else", 10); err != nil || len(all) != 0 {
		w.Errorf("EventsOf(somebody else) = %v, %v", all, err)
	}
}

func eventsPruned(w *world) {
	cfg, ctx := w.config(), w.Context()
	cfg.Events = 200
	s := w.with(cfg)
	const n = 300
	for i, err := range together(n, func(i int) error {
		return s.AccessEvent(ctx, record.Event{At: noon.Add(time.Duration(i) * time.Second), Front: "door"})
	}) {
		if err != nil {
			w.Fatalf("event %d: %v", i, err)
		}
	}
	w.ok(s.AccessEvent(ctx, record.Event{At: noon.Add(n * time.Second), Front: "door"}))
	all, err := s.Events(ctx, 2*n)
	w.ok(err)
	if len(all) < 200 || len(all) > 220 {
		w.Errorf("%d events are kept, want the newest 200 and a twentieth more at most", len(all))
	}
	if len(all) > 0 && !all[0].At.Equal(noon.Add(n*time.Second)) {
		w.Errorf("the newest event kept is of %v", all[0].At)
	}
}
