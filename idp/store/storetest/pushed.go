package storetest

import (
	"errors"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// pushedRequest is one that is good until a minute after noon.
func pushedRequest(id string) record.Pushed {
	return record.Pushed{ID: id, Client: "wiki", Form: "client_id=wiki", Expires: noon.Add(time.Minute)}
}

func pushedOnce(w *world) {
	s, ctx := w.process(), w.Context()
	r := pushedRequest("r")
	w.ok(s.CreatePushed(ctx, r))
	if err := s.CreatePushed(ctx, r); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("the second CreatePushed = %v, want ErrConflict", err)
	}
	compare(w, r)(s.Pushed(ctx, "r"))
	if err := s.UsePushed(ctx, "none", noon); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("UsePushed of none = %v, want ErrNotFound", err)
	}
	r.Used = noon.Add(time.Hour) // begun in time, and long at the sign-in page
	w.ok(s.UsePushed(ctx, "r", r.Used))
	compare(w, r)(w.process().Pushed(ctx, "r"))
	if err := s.UsePushed(ctx, "r", noon); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("the second UsePushed = %v, want ErrReplay", err)
	}
}

func pushedRace(w *world) {
	s := pair(w)
	w.ok(s[0].CreatePushed(w.Context(), pushedRequest("r")))
	tally(w, together(16, func(i int) error { return s[i%2].UsePushed(w.Context(), "r", noon) }), claims.ErrReplay)
}

func pushedSwept(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreatePushed(ctx, pushedRequest("r")))
	end := noon.Add(time.Minute + time.Hour)
	_, err := s.Sweep(ctx, end, 10)
	w.ok(err)
	_, err = s.Pushed(ctx, "r")
	w.ok(err)
	_, err = s.Sweep(ctx, end.Add(time.Second), 10)
	w.ok(err)
	if _, err := s.Pushed(ctx, "r"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("an hour after its end: %v, want ErrNotFound", err)
	}
}
