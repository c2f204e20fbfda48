package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"

	"lanyard/claims"
)

// batchMax is how many statements share one commit at most.
const batchMax = 256

// errClosed is what a store says after Close.
var errClosed = fmt.Errorf("the store is closed: %w", claims.ErrUnavailable)

// op is one statement that waits for a commit.
type op struct {
	ctx  context.Context // the caller's: an op whose caller has gone is not begun
	key  string          // table and row: ops are run in its order, so that two batches cannot deadlock
	sql  string
	args []any
	n    int64 // rows it touched
	err  error
	done chan struct{} // closed once n and err are final
}

// batcher makes many callers' statements share a commit. It waits for nobody:
// a flusher takes what is queued when it comes free, so an idle store commits
// at once and a busy one in batches.
type batcher struct {
	queue   chan *op
	flush   func(context.Context, []*op) error
	closing chan struct{}
	stopped chan struct{} // closed after the last flush
	once    sync.Once
}

func newBatcher(flushers int, flush func(context.Context, []*op) error) *batcher {
	b := &batcher{
		queue: make(chan *op, 4*batchMax), flush: flush,
		closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	var running sync.WaitGroup
	for range flushers {
		running.Go(b.work)
	}
	go func() {
		running.Wait()
		close(b.stopped)
	}()
	return b
}

// stop lets what is queued be committed and then ends the flushers.
func (b *batcher) stop() {
	b.once.Do(func() { close(b.closing) })
	<-b.stopped
}

// exec runs one statement and returns the rows it touched, once committed.
// When ctx ends first, the statement may yet come to pass.
func (b *batcher) exec(ctx context.Context, key, sql string, args ...any) (int64, error) {
	o := &op{ctx: ctx, key: key, sql: sql, args: args, done: make(chan struct{})}
	select {
	case <-b.closing:
		return 0, errClosed
	default:
	}
	select {
	case b.queue <- o:
	case <-b.closing:
		return 0, errClosed
	case <-ctx.Done():
		return 0, fault(ctx.Err())
	}
	select {
	case <-o.done:
		return o.n, fault(o.err)
	case <-ctx.Done():
		return 0, fault(ctx.Err())
	case <-b.stopped:
	}
	select {
	case <-o.done:
		return o.n, fault(o.err)
	default:
		return 0, errClosed // queued after the last flush
	}
}

func (b *batcher) work() {
	for {
		select {
		case o := <-b.queue:
			runtime.Gosched() // whoever is about to queue does so first: fewer, fuller commits
			b.commit(b.gather(o))
		case <-b.closing:
			for {
				ops := b.gather(nil)
				if len(ops) == 0 {
					return
				}
				b.commit(ops)
			}
		}
	}
}

// gather takes what is queued, without waiting.
func (b *batcher) gather(first *op) []*op {
	var ops []*op
	if first != nil {
		ops = append(ops, first)
	}
	for len(ops) < batchMax {
		select {
		case o := <-b.queue:
			ops = append(ops, o)
		default:
			return ops
		}
	}
	return ops
}

func (b *batcher) commit(ops []*op) {
	live := ops[:0:0]
	for _, o := range ops {
		if err := o.ctx.Err(); err != nil {
			o.settle(err)
			continue
		}
		live = append(live, o)
	}
	if len(live) == 0 {
		return
	}
	slices.SortStableFunc(live, func(a, b *op) int { return cmp.Compare(a.key, b.key) })
	err := b.try(live)
	if err != nil && len(live) > 1 && rolledBack(err) {
		// One spoilt it for all: each on its own, so that its neighbours pass.
		for _, o := range live {
			o.settle(b.try([]*op{o}))
		}
		return
	}
	for _, o := range live {
		o.settle(err)
	}
}

func (b *batcher) try(ops []*op) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	return again(ctx, func() error { return b.flush(ctx, ops) })
}

// rolledBack tells whether the database itself refused a batch for what a
// statement in it said or for a neighbour's sake, so that none of it came to
// pass; else nobody knows, and trying again would be wrong.
func rolledBack(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code[:2] == "40" {
		return true
	}
	return !errors.Is(fault(err), claims.ErrUnavailable)
}

// settle gives the caller the outcome: err, or what the statement itself met.
func (o *op) settle(err error) {
	if err != nil {
		o.err = err
	}
	if o.err != nil {
		o.n = 0
	}
	close(o.done)
}
