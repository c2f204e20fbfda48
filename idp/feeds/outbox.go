package feeds

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// OutboxStore keeps messages.
type OutboxStore interface {
	// DueMessages lists what is to be said by now, at most each of them to one receiver.
	DueMessages(ctx context.Context, now time.Time, limit, each int) ([]record.Message, error)
	// TakeMessage makes one more attempt the caller's; false if somebody else has it.
	TakeMessage(ctx context.Context, m record.Message, next time.Time) (bool, error)
	// SettleMessage notes what came of an attempt; an empty outcome: that there will be another.
	SettleMessage(ctx context.Context, id, outcome, answer string, now time.Time) error
	Lease(ctx context.Context, name, owner string, length time.Duration) (bool, error)
	Release(ctx context.Context, name, owner string) error
	Audit(ctx context.Context, a record.Audited) error
}

// again is how long after each attempt the next one comes. After the last one
// a message has failed: that is most of a day after the first.
var again = []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour}

const (
	leaseHeld = 30 * time.Second // how late messages are when who sent them has died

	perRound  = 20               // messages said at once, and so in a second
	perClient = 4                // of them to one receiver: the slow ones must not keep the others waiting
	roundGap  = time.Second      // from the end of one round to the next
	quietFor  = 30 * time.Second // a receiver that gave no answer is let be
)

// What an attempt may come to, beside faults.
var (
	errUnwanted = errors.New("nobody wants to hear of it any more")
	errFinal    = errors.New("it is no use to try again")
)

// Outbox says what is to be said to others, until they took it or it is too
// late.
type Outbox struct {
	Name  string // of its lease: of one name, one works at a time
	Store OutboxStore
	// Deliver makes one attempt, in a few seconds. The answer is for people, in
	// a few words without a secret; the error is why it was in vain.
	Deliver func(ctx context.Context, m record.Message) (answer string, err error)
	Now     func() time.Time
	Log     *slog.Logger
	Owner   string // of leases; another in each process

	mu    sync.Mutex
	quiet map[claims.ClientID]time.Time // until when; guarded by mu
}

// Run says what is due until ctx ends. It never gives up.
func (o *Outbox) Run(ctx context.Context) error {
	failed := false
	for ctx.Err() == nil {
		err := o.round(ctx)
		if err != nil && !failed && ctx.Err() == nil {
			o.Log.Warn("the outbox is not worked at", web.KeyReason, o.Name, web.KeyError, err)
		}
		failed = err != nil
		sleep(ctx, roundGap)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), roundGap)
	defer cancel()
	if err := o.Store.Release(last, o.Name, o.Owner); err != nil {
		o.Log.Debug("the lease was not given up; it runs out", web.KeyError, err)
	}
	return nil
}

// round makes one attempt at each of the messages that are due, up to a bound.
func (o *Outbox) round(ctx context.Context) error {
	due, err := o.Store.DueMessages(ctx, o.Now(), 5*perRound, perClient)
	if err != nil || len(due) == 0 {
		return err
	}
	if mine, err := o.Store.Lease(ctx, o.Name, o.Owner, leaseHeld); err != nil || !mine {
		return err
	}
	var all sync.WaitGroup
	n := 0
	for _, m := range due {
		if o.isQuiet(m.To) {
			continue
		}
		if n++; n > perRound {
			break
		}
		all.Go(func() {
			if err := o.attempt(ctx, m); err != nil && ctx.Err() == nil {
				o.Log.Warn("what came of a message was not written down", web.KeyClient, m.To, web.KeyError, err)
			}
		})
	}
	all.Wait()
	return nil
}

// attempt says one message, if nobody else does.
func (o *Outbox) attempt(ctx context.Context, m record.Message) error {
	last := m.Attempts >= len(again)
	next := o.Now().Add(leaseHeld) // should this process be lost
	if !last {
		next = o.Now().Add(again[m.Attempts])
	}
	mine, err := o.Store.TakeMessage(ctx, m, next)
	if err != nil || !mine {
		return err
	}
	answer, err := o.Deliver(ctx, m)
	if ctx.Err() != nil {
		return nil // it is due again
	}
	ctx = context.WithoutCancel(ctx)
	switch {
	case err == nil:
		return o.Store.SettleMessage(ctx, m.ID, record.OutcomeDelivered, answer, o.Now())
	case errors.Is(err, errUnwanted):
		return o.Store.SettleMessage(ctx, m.ID, record.OutcomeDropped, answer, o.Now())
	case errors.Is(err, claims.ErrUnavailable):
		o.letBe(m.To)
	}
	last = last || errors.Is(err, errFinal)
	o.Log.Warn("a message was not taken", web.KeyClient, m.To, web.KeyMember, m.Member, web.KeyReason, m.Reason, web.KeyCount, m.Attempts+1, web.KeyError, err)
	if !last {
		return o.Store.SettleMessage(ctx, m.ID, "", answer, o.Now())
	}
	if err := o.Store.SettleMessage(ctx, m.ID, record.OutcomeFailed, answer, o.Now()); err != nil {
		return err
	}
	return o.Store.Audit(ctx, record.Audited{
		At: o.Now(), Actor: claims.Actor{Kind: claims.ActorSystem, ID: o.Name}.String(),
		Action: givenUp(m), Subject: "member:" + string(m.Member),
	})
}

func givenUp(m record.Message) string {
	if m.Kind == record.MessageMail {
		return fmt.Sprintf("give up a letter (%s)", m.Reason)
	}
	return fmt.Sprintf("give up telling client %s of a %s (%s)", m.To, m.Kind, m.Reason)
}

// letBe leaves a receiver that gave no answer alone for a while: each of its
// messages would take all the time that one may take.
func (o *Outbox) letBe(c claims.ClientID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.quiet == nil {
		o.quiet = map[claims.ClientID]time.Time{}
	}
	o.quiet[c] = o.Now().Add(quietFor)
}

func (o *Outbox) isQuiet(c claims.ClientID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	until, ok := o.quiet[c]
	if ok && !o.Now().Before(until) {
		delete(o.quiet, c)
		return false
	}
	return ok
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
