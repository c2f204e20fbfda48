package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"lanyard/idp/record"
	"lanyard/idp/store"
	"lanyard/radius"
)

// events writes down who stood before which door and who asked for the WiFi,
// behind the answers: no door waits for it. It holds a bounded number; what
// does not fit is counted and said.
type events struct {
	store *store.Store
	log   *slog.Logger
	queue chan record.Event
	lost  atomic.Int64
	now   func() time.Time

	mu   sync.Mutex
	told map[record.Event]time.Time // outcomes, without their instant, written lately; guarded by mu
}

// The same outcome on the WiFi is written once in toldFor, the same refusal at
// a door once in refusedFor: a phone that comes and goes, or a card held to a
// reader all day, must not push out everybody else's history. Of different
// outcomes, mostTold are remembered.
const (
	toldFor    = time.Minute
	refusedFor = 10 * time.Second
	mostTold   = 4096
)

func newEvents(st *store.Store, log *slog.Logger, now func() time.Time) *events {
	return &events{store: st, log: log, now: now, queue: make(chan record.Event, 4096), told: map[record.Event]time.Time{}}
}

// AccessEvent takes a door's event. It never waits.
func (e *events) AccessEvent(_ context.Context, ev record.Event) error {
	if !ev.Allow && e.toldLately(ev, refusedFor) {
		return nil
	}
	e.put(ev)
	return nil
}

func (e *events) put(ev record.Event) {
	select {
	case e.queue <- ev:
	default:
		e.lost.Add(1)
	}
}

// wifi takes a login's outcome.
func (e *events) wifi(o radius.Outcome) {
	ev := record.Event{
		At: o.At, Front: "wifi", Point: o.Point, Member: o.Member, Right: "join", Location: o.Location, Allow: o.Allow, Reason: o.Reason,
	}
	if !e.toldLately(ev, toldFor) {
		e.put(ev)
	}
}

// toldLately tells whether the same was written within so long, and if not
// takes it as written now.
func (e *events) toldLately(ev record.Event, within time.Duration) bool {
	now := e.now()
	ev.At = time.Time{}
	e.mu.Lock()
	defer e.mu.Unlock()
	if at, ok := e.told[ev]; ok && now.Sub(at) < within {
		return true
	}
	if len(e.told) >= mostTold {
		clear(e.told)
	}
	e.told[ev] = now
	return false
}

// writers is how many events are written at once, so that the store can put
// them into one transaction.
const writers = 16

// run writes until ctx ends, and then what is still in the queue.
func (e *events) run(ctx context.Context) error {
	var all sync.WaitGroup
	for range writers {
		all.Go(func() { e.writeUntil(ctx) })
	}
	all.Wait()
	return nil
}

func (e *events) writeUntil(ctx context.Context) {
	for {
		select {
		case ev := <-e.queue:
			e.write(ev)
		case <-ctx.Done():
			e.drain()
			return
		}
	}
}

func (e *events) drain() {
	for {
		select {
		case ev := <-e.queue:
			e.write(ev)
		default:
			return
		}
	}
}

func (e *events) write(ev record.Event) {
	if n := e.lost.Swap(0); n > 0 {
		e.log.Warn("access events were dropped: they came faster than they could be written", "count", n)
	}
	if err := e.store.AccessEvent(context.Background(), ev); err != nil {
		e.log.Warn("an access event was not written", "err", err)
	}
}
