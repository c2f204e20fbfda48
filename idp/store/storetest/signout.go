package storetest

import "lanyard/idp/record"

// A sign-out ends what its session gave, but for grants with refresh tokens,
// which are for when the member is away.
func endsOnline(w *world) {
	s := w.process()
	offline := code("offline")
	offline.IdleUntil = idle
	w.ok(s.CreateGrant(w.Context(), code("online")))
	w.ok(s.CreateGrant(w.Context(), offline))
	if n, err := s.EndGrants(w.Context(), record.GrantFilter{Session: "s1", Online: true}, "signed_out", noon); err != nil || n != 1 {
		w.Errorf("EndGrants = %d, %v, want 1", n, err)
	}
	for id, ended := range map[string]bool{"online": true, "offline": false} {
		g, err := s.Grant(w.Context(), id)
		w.ok(err)
		if g.Ended.IsZero() == ended {
			w.Errorf("grant %s: ended %v, want %t", id, g.Ended, ended)
		}
	}
}
