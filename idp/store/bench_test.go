package store_test

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
	"lanyard/idp/store/storetest"
)

func BenchmarkSQLite(b *testing.B) { bench(b, sqliteURL) }

// The private PostgreSQL runs with fsync=off; name another with
// LANYARD_TEST_DATABASE_URL to measure one that is durable.
func BenchmarkPostgres(b *testing.B) { bench(b, storetest.Postgres) }

func bench(b *testing.B, fresh storetest.Fresh) {
	s, err := store.Open(b.Context(), store.Config{URL: fresh(b), Now: now, Plan: storetest.AsTold})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for _, n := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("CreateGrant/c=%d", n), func(b *testing.B) {
			callers(b, n, func(i int64) error { return s.CreateGrant(b.Context(), benchGrant(b.Name(), b.N, i)) })
		})
	}
	benchTokens(b, s)
	b.Run("Change/c=1", func(b *testing.B) {
		callers(b, 1, func(i int64) error {
			_, err := s.Change(b.Context(), claims.Actor{Kind: claims.ActorOperator}, "", claims.Define{Fact: claims.Tag{
				Slug: claims.Slug(fmt.Sprintf("t%d", i%1000)), Label: fmt.Sprint(i)}})
			return err
		})
	})
}

// benchTokens reads and rotates a thousand grants that have refresh tokens.
func benchTokens(b *testing.B, s *store.Store) {
	idle := now().Add(time.Hour)
	for i := range int64(1000) {
		g := benchGrant("read", 0, i)
		if err := s.CreateGrant(b.Context(), g); err != nil {
			b.Fatal(err)
		}
		if err := s.SpendGrant(b.Context(), g.ID, idle, now()); err != nil {
			b.Fatal(err)
		}
	}
	read := func(i int64) string { return benchGrant("read", 0, i%1000).ID }
	b.Run("Grant/cached/c=8", func(b *testing.B) {
		callers(b, 8, func(i int64) error { _, err := s.Grant(b.Context(), read(i)); return err })
	})
	b.Run("Grant/fresh/c=8", func(b *testing.B) {
		callers(b, 8, func(i int64) error { _, err := s.GrantFresh(b.Context(), read(i)); return err })
	})
	var gens [1000]atomic.Int64
	for _, n := range []int{8, 64} {
		b.Run(fmt.Sprintf("RotateGrant/c=%d", n), func(b *testing.B) {
			callers(b, n, func(i int64) error {
				from := int(gens[i%1000].Load()) + 1
				gen, err := s.RotateGrant(b.Context(), read(i), from, nil, idle, now(), time.Hour)
				gens[i%1000].Store(int64(gen) - 1)
				return err
			})
		})
	}
}

func BenchmarkSQLiteOpen(b *testing.B) { benchOpen(b, sqliteURL) }

func BenchmarkPostgresOpen(b *testing.B) { benchOpen(b, storetest.Postgres) }

// benchOpen opens an organisation of 10,000 members and 40,000 locations, and
// with LANYARD_SLOW one of a university's size.
func benchOpen(b *testing.B, fresh storetest.Fresh) {
	b.Run("50k", func(b *testing.B) { openSized(b, fresh, 10_000, 40_000) })
	if os.Getenv("LANYARD_SLOW") != "" {
		b.Run("full", func(b *testing.B) { openSized(b, fresh, 21_079, 659_205) })
	}
}

// openSized installs members with five badges each, and locations seven deep,
// in one change, and opens them.
func openSized(b *testing.B, fresh storetest.Fresh, members, locations int) {
	facts := make([]claims.Fact, 0, 6*members+locations)
	id := func(sort, i int) string { return fmt.Sprintf("01975b2e-7000-7000-8%03d-%012d", sort, i) }
	for i := range members {
		m := claims.MemberID(id(1, i))
		facts = append(facts, claims.Member{ID: m, Sub: id(2, i), Username: fmt.Sprint("u", i), State: claims.StateActive})
		for j := range 5 {
			facts = append(facts, claims.Award{ID: claims.ID(id(3, 5*i+j)), Badge: claims.Slug(fmt.Sprint("b", (i+j)%40)), Member: m, On: now(), AwardedBy: "operator"})
		}
	}
	for i := range locations {
		l := claims.Location{ID: claims.LocationID(id(4, i)), Slug: claims.Slug(fmt.Sprint("l", i)), Inherit: true}
		if i > 0 {
			l.Parent = claims.LocationID(id(4, (i-1)/8))
		}
		facts = append(facts, l)
	}
	cfg := store.Config{URL: fresh(b), Now: now}
	s, err := store.Open(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	start := b.Elapsed()
	if err := s.Install(b.Context(), facts); err != nil {
		b.Fatal(err)
	}
	installed := b.Elapsed() - start
	s.Close()
	facts = nil
	runtime.GC()
	for b.Loop() {
		s, err := store.Open(b.Context(), cfg)
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
	b.ReportMetric(float64(installed.Milliseconds()), "install-ms")
}

func benchGrant(name string, n int, i int64) record.Grant {
	return record.Grant{
		ID: fmt.Sprintf("%s-%d-%022d", name, n, i), Kind: record.GrantClient, Client: "machine", Scopes: []string{"door"},
		Audience: []string{"/space"}, Created: now(), Generation: 1, Expires: now().Add(time.Hour),
	}
}

// callers shares b.N calls out to n callers at once.
func callers(b *testing.B, n int, call func(i int64) error) {
	var next atomic.Int64
	var all sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range n {
		all.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if err := call(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}
