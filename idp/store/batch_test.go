package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"lanyard/claims"
)

// queued waits until n statements wait behind the one that is under way.
func queued(t *testing.T, b *batcher, n int) {
	t.Helper()
	for range 10_000 {
		if len(b.queue) == n {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%d statements wait, want %d", len(b.queue), n)
}

// busy returns a batcher whose flushers have each begun with one statement and
// wait at f.gate.
func busy(t *testing.T, f *fakeFlush, flushers int) *batcher {
	t.Helper()
	f.gate, f.begun = make(chan struct{}), make(chan struct{}, 100)
	b := newBatcher(flushers, f.flush)
	for i := range flushers {
		go b.exec(context.Background(), fmt.Sprint("first ", i), "q")
		<-f.begun
	}
	return b
}

// fakeFlush commits what it is given, or fails as told.
type fakeFlush struct {
	mu    sync.Mutex
	sizes []int
	gate  chan struct{} // if not nil, a flush waits for it
	begun chan struct{} // is told of each flush that waits
	fail  func([]*op) error
}

func (f *fakeFlush) flush(_ context.Context, ops []*op) error {
	if f.gate != nil {
		f.begun <- struct{}{}
		<-f.gate
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sizes = append(f.sizes, len(ops))
	if f.fail != nil {
		if err := f.fail(ops); err != nil {
			return err
		}
	}
	for _, o := range ops {
		o.n = 1
	}
	return nil
}

func TestWhatQueuesUpSharesACommit(t *testing.T) {
	f := &fakeFlush{}
	b := busy(t, f, 1)
	var all sync.WaitGroup
	for i := range 600 {
		all.Go(func() {
			if n, err := b.exec(t.Context(), fmt.Sprint(i), "q"); n != 1 || err != nil {
				t.Errorf("exec = %d, %v", n, err)
			}
		})
	}
	queued(t, b, 600)
	close(f.gate)
	all.Wait()
	b.stop()
	if fmt.Sprint(f.sizes) != "[1 256 256 88]" {
		t.Errorf("commits of %v statements, want [1 256 256 88]", f.sizes)
	}
}

func TestOneThatSpoilsTheBatchFailsAlone(t *testing.T) {
	bad := &pgconn.PgError{Code: "23505"}
	f := &fakeFlush{fail: func(ops []*op) error {
		for _, o := range ops {
			if o.key == "7" {
				return bad
			}
		}
		return nil
	}}
	b := busy(t, f, 1)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			_, err := b.exec(t.Context(), fmt.Sprint(i), "q")
			if (i == 7) != errors.Is(err, claims.ErrConflict) {
				t.Errorf("statement %d: %v", i, err)
			}
		})
	}
	queued(t, b, 20)
	close(f.gate)
	all.Wait()
	b.stop()
}

func TestALostConnectionIsNotTriedAgain(t *testing.T) {
	tried := 0
	f := &fakeFlush{fail: func([]*op) error { tried++; return errors.New("unexpected EOF") }}
	b := newBatcher(1, f.flush)
	if _, err := b.exec(t.Context(), "k", "q"); !errors.Is(err, claims.ErrUnavailable) || tried != 1 {
		t.Errorf("exec = %v after %d tries; want ErrUnavailable after one, since nobody knows whether it was committed", err, tried)
	}
	b.stop()
}

func TestADeadlockIsTriedAgain(t *testing.T) {
	tried := 0
	f := &fakeFlush{fail: func([]*op) error {
		if tried++; tried < 3 {
			return &pgconn.PgError{Code: "40P01"}
		}
		return nil
	}}
	b := newBatcher(1, f.flush)
	if n, err := b.exec(t.Context(), "k", "q"); n != 1 || err != nil || tried != 3 {
		t.Errorf("exec = %d, %v after %d tries", n, err, tried)
	}
	b.stop()
}

func TestAStatementWhoseCallerHasGoneIsNotBegun(t *testing.T) {
	f := &fakeFlush{}
	b := busy(t, f, 1)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := b.exec(ctx, "second", "q")
		gone <- err
	}()
	queued(t, b, 1)
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("exec = %v, want it to end with its context", err)
	}
	close(f.gate)
	b.stop()
	if fmt.Sprint(f.sizes) != "[1]" {
		t.Errorf("commits of %v statements, want the first alone", f.sizes)
	}
}

func TestWhatIsQueuedAtTheEndIsCommitted(t *testing.T) {
	f := &fakeFlush{}
	b := busy(t, f, 2)
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() {
			if _, err := b.exec(t.Context(), fmt.Sprint(i), "q"); err != nil {
				t.Errorf("a statement that was queued in time: %v", err)
			}
		})
	}
	queued(t, b, 10)
	close(f.gate)
	b.stop()
	all.Wait()
	if _, err := b.exec(t.Context(), "late", "q"); !errors.Is(err, errClosed) {
		t.Errorf("exec after the end = %v, want errClosed", err)
	}
}
