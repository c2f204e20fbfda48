package login

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// queued is how many may wait per worker: at some 45 ms a hash, the last one
// in waits less than a second.
const queued = 16

// pool runs costly work, a bounded number at once and a bounded number
// waiting. Whoever comes beyond that is sent away at once.
type pool struct {
	full    func(workers int) // nil, or told when the last of the workers begins
	slots   chan struct{}
	waiting atomic.Int64
	most    int64 // that may wait
}

func newPool(workers int) *pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &pool{slots: make(chan struct{}, workers), most: int64(workers * queued)}
}

// do runs work when a worker is free. ErrUnavailable, with when to come back,
// if too many wait or ctx ends first; work has not run then.
func (p *pool) do(ctx context.Context, work func()) error {
	select {
	case p.slots <- struct{}{}:
	default:
		if p.waiting.Add(1) > p.most {
			p.waiting.Add(-1)
			return web.RetryAfter(fmt.Errorf("too many passwords are being checked: %w", claims.ErrUnavailable), 2*time.Second)
		}
		defer p.waiting.Add(-1)
		select {
		case p.slots <- struct{}{}:
		case <-ctx.Done():
			return fmt.Errorf("wait for a worker: %w: %w", claims.ErrUnavailable, ctx.Err())
		}
	}
	defer func() { <-p.slots }()
	if p.full != nil && len(p.slots) == cap(p.slots) {
		p.full(cap(p.slots))
	}
	work()
	return nil
}
