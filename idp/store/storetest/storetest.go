// Package storetest holds the store to its contract, the same on every engine:
// Run is called once for each with a way to get an empty database. It also
// finds or starts the PostgreSQL to test on.
package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/store"
)

// Fresh returns the URL of an empty database that goes with the test.
type Fresh func(testing.TB) string

// Run holds one engine to the contract.
func Run(t *testing.T, fresh Fresh) {
	for _, c := range []struct {
		name  string
		tests []test
	}{
		{"open", openTests}, {"facts", factTests}, {"change", changeTests}, {"vault", vaultTests},
		{"race", raceTests}, {"signin", signinTests}, {"journal", journalTests}, {"clock", clockTests}, {"asof", asOfTests}, {"erase", eraseTests}, {"due", dueTests}, {"watch", watchTests}, {"outbox", outboxTests}, {"mail", mailTests},
	} {
		for _, test := range c.tests {
			t.Run(c.name+"/"+test.name, func(t *testing.T) {
				t.Parallel()
				test.run(&world{T: t, url: fresh(t), Clock: &Clock{now: noon}})
			})
		}
	}
}

type test struct {
	name string
	run  func(*world)
}

// noon is when tests begin.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Clock is a clock that a test moves.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the time it was moved to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves it, forward or back.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is one database and the processes on it.
type world struct {
	*testing.T
	*Clock
	url string
}

// config is what processes of this world open with; a test may change its copy.
func (w *world) config() store.Config {
	return store.Config{URL: w.url, Now: w.Now, RingID: "ring-1", Plan: AsTold}
}

// process opens the database once more, as another process would.
func (w *world) process() *store.Store {
	w.Helper()
	return w.with(w.config())
}

func (w *world) with(cfg store.Config) *store.Store {
	w.Helper()
	s, err := store.Open(w.Context(), cfg)
	if err != nil {
		w.Fatalf("open: %v", err)
	}
	w.Cleanup(func() {
		if err := s.Close(); err != nil {
			w.Errorf("close: %v", err)
		}
	})
	return s
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// soon waits for what another process should see within a second; it gives a
// busy machine ten.
func (w *world) soon(what string, seen func() bool) {
	w.Helper()
	for range 200 {
		if seen() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.Errorf("%s: not seen", what)
}

// AsTold is a planner that takes definitions and new members as they come,
// without a rule: for tests of the store itself.
func AsTold(d *claims.Directory, by claims.Actor, now time.Time, intents ...claims.Intent) (claims.Planned, error) {
	p := claims.Planned{On: d.Seq(), At: now, Actor: by, What: "as told"}
	for _, i := range intents {
		switch i := i.(type) {
		case claims.Define:
			p.Facts = append(p.Facts, i.Fact)
		case claims.AddMember:
			p.Facts = append(p.Facts, i.Member)
		default:
			return claims.Planned{}, fmt.Errorf("%T: %w", i, claims.ErrInvalid)
		}
	}
	return p, nil
}

var ada = claims.Actor{Kind: claims.ActorMember, ID: "ada"}

// define writes facts as they are.
func define(ctx context.Context, s *store.Store, facts ...claims.Fact) error {
	intents := make([]claims.Intent, len(facts))
	for i, f := range facts {
		intents[i] = claims.Define{Fact: f}
	}
	_, err := s.Change(ctx, ada, "request-1", intents...)
	return err
}

func tag(n int) claims.Tag {
	return claims.Tag{Slug: claims.Slug(fmt.Sprintf("tag-%d", n)), Label: fmt.Sprint(n)}
}

// together calls do n times at once and returns what each said.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	gun := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-gun
			errs[i] = do(i)
		})
	}
	close(gun)
	all.Wait()
	return errs
}
