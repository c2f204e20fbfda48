package store

import (
	"context"
	"errors"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

const (
	dueLease = "due"            // the lease of who tells the time
	dueHeld  = 10 * time.Second // how long it is held: how late time is told when who held it has died
	dueLook  = time.Minute      // how often the clock is looked at, should it have been set
	dueAgain = time.Second      // after a failure, or while another process tells
	dueLate  = 2 * time.Second  // how late another process's write may become known here
	duePause = 250 * time.Millisecond
)

// clockwork is who writes a Due.
var clockwork = claims.Actor{Kind: claims.ActorSystem, ID: "time"}

// KeepTime writes a claims.Due whenever something begins or ends by itself,
// until ctx ends: at that instant or up to a second later, never before.
// Everybody who serves calls it; which of them writes is settled by a lease
// and, should two hold it, by the plan, which tells of no instant twice. What
// passed while nobody served is told at once, as one change.
//
// It sleeps from one instant to the next. A change of facts that brings no
// earlier one costs it a look at what changed.
func (s *Store) KeepTime(ctx context.Context) error {
	k := timekeeper{s: s, owner: record.NewID(s.cfg.Now())}
	for ctx.Err() == nil {
		idle, err := k.step(ctx)
		if err != nil && ctx.Err() == nil && !k.failed {
			s.cfg.Log.Warn("the passing of time is not told", "error", cause(err))
		}
		k.failed = err != nil
		if err := k.listen(ctx, idle); err != nil {
			return err
		}
	}
	if !k.held {
		return nil
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), readLimit)
	defer cancel()
	return s.Release(last, dueLease, k.owner)
}

// timekeeper knows when the next instant comes, as of a place in the log.
type timekeeper struct {
	s      *Store
	owner  string
	held   bool // the lease, once
	failed bool // the last time

	at     claims.Seq // next is known as of here; zero: it is not known
	next   time.Time  // zero: nothing ever begins or ends
	begins bool       // time was never told, or by a clock that was ahead: tell now
}

// step tells the time if it is due, and returns for how long nothing is.
func (k *timekeeper) step(ctx context.Context) (time.Duration, error) {
	now := k.s.cfg.Now()
	if k.at.Epoch == "" {
		k.begin(now)
	}
	switch {
	case k.begins:
	case k.next.IsZero():
		return dueLook, nil
	case k.next.After(now):
		return min(k.next.Sub(now), dueLook), nil
	}
	if mine, err := k.s.Lease(ctx, dueLease, k.owner, dueHeld); err != nil || !mine {
		return dueAgain, err
	}
	k.held = true
	var tell claims.Tell
	if !k.begins {
		tell.From = k.next.Add(-dueLate)
	}
	p, err := k.s.Change(ctx, clockwork, "", tell)
	if err != nil {
		return dueAgain, err
	}
	k.begins = false
	if len(p.Facts) == 0 { // else the news of it will say what is next
		k.next, _ = claims.NextEdge(k.s.Directory(), p.At)
	}
	return 0, wait(ctx, duePause) // what ends in quick succession is told together
}

// begin reads off the picture what is to be told next.
func (k *timekeeper) begin(now time.Time) {
	d := k.s.Directory()
	told := d.Told()
	k.at, k.next = d.Seq(), time.Time{}
	if k.begins = told.IsZero() || now.Before(told); !k.begins {
		k.next, _ = claims.NextEdge(d, told)
	}
}

// listen waits, and returns early when facts have changed.
func (k *timekeeper) listen(ctx context.Context, most time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	news, err := k.s.Watch(ctx, k.at)
	switch {
	case errors.Is(err, claims.ErrExpired):
		k.at = claims.Seq{}
	case errors.Is(err, errClosed):
		return err
	case err != nil:
		<-ctx.Done() // it was that, or the database: the next step will tell
	}
	if err != nil {
		return nil
	}
	d := k.s.Directory()
	for _, c := range news.Changes {
		// What began by the time of its own commit was told by that.
		if _, told := c.Fact.(claims.Due); told {
			k.next, _ = claims.NextEdge(d, c.At)
		} else if edge, ok := claims.EdgeAfter(d, c.Fact, c.At); ok {
			k.next = claims.Earlier(k.next, edge)
		}
	}
	k.at = news.At
	return nil
}
