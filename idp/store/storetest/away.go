package storetest

import (
	"errors"
	"strings"
	"testing"

	"lanyard/claims"
)

// Away takes a PostgreSQL database away from a running store and gives it
// back. It takes seconds: staleness is real time.
func Away(t *testing.T) {
	w := &world{T: t, url: Postgres(t), Clock: &Clock{now: noon}}
	name := w.url[strings.LastIndex(w.url, "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	s := w.process()
	w.ok(define(w.Context(), s, tag(1)))
	w.ok(s.CreateGrant(w.Context(), code("known")))
	w.ok(server.do("alter database " + name + " allow_connections false"))
	w.ok(server.do("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'"))
	if err := s.CreateGrant(w.Context(), code("g")); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("CreateGrant = %v, want ErrUnavailable", err)
	}
	if err := define(w.Context(), s, tag(2)); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("Change = %v, want ErrUnavailable", err)
	}
	if err := s.Ready(); err != nil {
		w.Errorf("Ready just after = %v, want nil: the picture is fresh", err)
	}
	w.soon("Ready's ErrUnavailable", func() bool { return errors.Is(s.Ready(), claims.ErrUnavailable) })
	if h := s.Health(); !h.Stale || h.Err == "" {
		w.Errorf("Health = %+v, want it stale and to say why", h)
	}
	same(w.T, "the picture that is kept", s, tag(1))
	if g, err := s.Grant(w.Context(), "known"); err != nil || g.ID != "known" {
		w.Errorf("Grant that is known = %+v, %v", g, err)
	}
	if _, err := s.GrantFresh(w.Context(), "known"); !errors.Is(err, claims.ErrUnavailable) {
		w.Errorf("GrantFresh = %v, want ErrUnavailable", err)
	}
	w.ok(server.do("alter database " + name + " allow_connections true"))
	w.soon("Ready again", func() bool { return s.Ready() == nil })
	w.ok(define(w.Context(), s, tag(2)))
	whole(w, s, 2)
}
