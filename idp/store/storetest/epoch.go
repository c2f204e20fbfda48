package storetest

import (
	"errors"

	"lanyard/claims"
)

// After a restore, a place in the old epoch is worth nothing, in every
// process, and facts and numbers go on.
func restoreStartsAnEpoch(w *world) {
	s, other := w.process(), w.process()
	w.ok(define(w.Context(), s, tag(1)))
	old := s.Directory().Seq()
	w.ok(s.NewEpoch(w.Context()))
	if now := s.Directory().Seq(); now.Epoch == old.Epoch || now.N != old.N {
		w.Errorf("after NewEpoch the picture is at %v, before at %v", now, old)
	}
	if _, err := s.Changes(w.Context(), old, 10); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("Changes after a place in the old epoch: %v, want ErrExpired", err)
	}
	w.ok(define(w.Context(), s, tag(2)))
	w.soon("the other process", func() bool {
		_, first := find(other.Directory(), tag(1))
		_, second := find(other.Directory(), tag(2))
		return first && second
	})
}
