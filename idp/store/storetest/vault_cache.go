package storetest

import (
	"time"

	"lanyard/idp/record"
)

func callersOwn(w *world) {
	s := w.process()
	g := code("g")
	w.ok(s.CreateGrant(w.Context(), g))
	g.Scopes[0] = "spoilt by the writer"
	for range 2 {
		got, err := s.Grant(w.Context(), "g")
		w.ok(err)
		if got.Scopes[0] != "openid" {
			w.Fatalf("Scopes = %v, want [openid]", got.Scopes)
		}
		got.Scopes[0] = "spoilt by a reader"
	}
}

func cacheOwn(w *world) {
	s := w.process()
	family(w, s, "g")
	for n := 2; n < 20; n++ {
		if _, err := s.Grant(w.Context(), "g"); err != nil {
			w.Fatal(err)
		}
		if _, err := s.RotateGrant(w.Context(), "g", n-1, nil, idle, noon, 0); err != nil {
			w.Fatal(err)
		}
		if g, _ := s.Grant(w.Context(), "g"); g.Generation != n {
			w.Fatalf("Generation = %d just after it was set to %d", g.Generation, n)
		}
	}
}

func cacheOther(w *world) {
	s, other := w.process(), w.process()
	w.ok(s.CreateGrant(w.Context(), code("g")))
	w.ok(other.EndGrant(w.Context(), "g", "revoked", noon))
	if g, err := s.GrantFresh(w.Context(), "g"); err != nil || g.Ended.IsZero() {
		w.Errorf("GrantFresh = %+v, %v; want it ended at once", g, err)
	}
	w.soon("the end of the grant", func() bool {
		g, err := s.Grant(w.Context(), "g")
		return err == nil && !g.Ended.IsZero()
	})
}

func sweeps(w *world) {
	s := w.process()
	for id, g := range map[string]record.Grant{
		"live":         {Expires: noon.Add(time.Hour)},
		"just over":    {Expires: noon.Add(-time.Hour)},
		"long over":    {Expires: noon.Add(-25 * time.Hour)},
		"just ended":   {Expires: noon.Add(time.Hour), Ended: noon.Add(-time.Hour)},
		"long ended":   {Expires: noon.Add(time.Hour), Ended: noon.Add(-25 * time.Hour)},
		"for ever":     {},
		"longer over":  {Expires: noon.Add(-26 * time.Hour)},
		"one more":     {Expires: noon.Add(-27 * time.Hour)},
		"and one":      {Ended: noon.Add(-28 * time.Hour)},
		"and the last": {Ended: noon.Add(-29 * time.Hour)},
	} {
		g.ID = id
		w.ok(s.CreateGrant(w.Context(), g))
	}
	if n, err := s.SweepGrants(w.Context(), noon, 2); n != 2 || err != nil {
		w.Errorf("SweepGrants(limit 2) = %d, %v", n, err)
	}
	if n, err := s.Sweep(w.Context(), noon, 2); n != 4 || err != nil {
		w.Errorf("Sweep = %d, %v; want the four that are left", n, err)
	}
	for _, id := range []string{"live", "just over", "just ended", "for ever"} {
		if _, err := s.GrantFresh(w.Context(), id); err != nil {
			w.Errorf("%q was swept: %v", id, err)
		}
	}
}
