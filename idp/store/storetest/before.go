package storetest

import (
	"fmt"

	"lanyard/claims"
)

// Locations are found as they were after any change, in whatever epoch it was.
func asTheyWere(w *world) {
	s := w.process()
	at := func(i, version int) claims.Location {
		return claims.Location{ID: claims.LocationID(fmt.Sprintf("l%d", i)), Slug: claims.Slug(fmt.Sprintf("v-%d", version)), Inherit: version%2 == 0}
	}
	const many = 450 // more than are asked for at once
	var ids []claims.LocationID
	for version := range 3 {
		var facts []claims.Fact
		for i := range many {
			facts = append(facts, at(i, version))
		}
		w.ok(define(w.Context(), s, facts...))
		if version == 1 {
			w.ok(s.NewEpoch(w.Context()))
		}
	}
	for i := range many {
		ids = append(ids, at(i, 0).ID)
	}
	ids = append(ids, "none")
	for version := range 3 {
		was, err := s.LocationsAt(w.Context(), uint64(many*(version+1)), ids)
		w.ok(err)
		if len(was) != many {
			w.Errorf("after version %d there are %d locations, want %d", version, len(was), many)
		}
		for i := range many {
			if got := was[at(i, 0).ID]; got != at(i, version) {
				w.Fatalf("after version %d it is %+v, want %+v", version, got, at(i, version))
			}
		}
	}
	was, err := s.LocationsAt(w.Context(), 7, ids)
	w.ok(err)
	if len(was) != 7 {
		w.Errorf("after the seventh change there are %d locations", len(was))
	}
}
