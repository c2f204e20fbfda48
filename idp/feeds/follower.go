package feeds

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// LossStore is what a Follower follows, and where it queues what it finds.
type LossStore interface {
	// Watch waits for changes after a place; ErrExpired: look at everything and go on from the Directory's.
	Watch(ctx context.Context, after claims.Seq) (record.News, error)
	Place(ctx context.Context, name string) (claims.Seq, error)
	SetPlace(ctx context.Context, name string, at claims.Seq) error
	Lease(ctx context.Context, name, owner string, length time.Duration) (bool, error)

	ToldOf(ctx context.Context, members []claims.MemberID) ([]record.Told, error)
	// ToldAfter lists a page of what one client was told, or all were if it is empty.
	ToldAfter(ctx context.Context, c claims.ClientID, after record.Told, limit int) ([]record.Told, error)
	// LogOut queues losses, unless the client was told something else meanwhile.
	LogOut(ctx context.Context, losses []record.Loss, now time.Time) (int, error)
}

const (
	lossName = "logout" // its lease, and its place in the change log

	// settle is how long after a change it is looked at. By then no process
	// gives out tokens by the picture before it (model.md, invariant 8), whose
	// digests would come too late; and what comes in a burst is one look.
	settle = 2 * time.Second

	page      = 500
	noneKnown = time.Second // after a failure, or while another process looks
)

// Follower watches the change log, by which the passing of time comes too, and
// queues a logout wherever a client was told what no longer holds.
type Follower struct {
	Store     LossStore
	Directory func() *claims.Directory
	// Judge tells whether what a client was told no longer holds.
	Judge func(d *claims.Directory, t record.Told) (record.Loss, bool, error)
	Now   func() time.Time
	Log   *slog.Logger
	Owner string // of leases; another in each process

	settle time.Duration // in tests, another
}

// Run follows until ctx ends. Where it was is kept in the store: what changed
// while nobody served is looked at first.
func (f *Follower) Run(ctx context.Context) error {
	if f.settle == 0 {
		f.settle = settle
	}
	var at claims.Seq
	failed := false
	for ctx.Err() == nil {
		next, err := f.step(ctx, at)
		if err == nil {
			at, failed = next, false
			continue
		}
		if !failed && ctx.Err() == nil {
			f.Log.Warn("what changes mean for sign-ins is not looked at", web.KeyError, err)
		}
		failed = true
		sleep(ctx, noneKnown)
	}
	return nil
}

// step waits for changes after a place, deals with them and returns the place
// after them.
func (f *Follower) step(ctx context.Context, at claims.Seq) (claims.Seq, error) {
	if at.Epoch == "" {
		return f.begin(ctx)
	}
	news, err := f.Store.Watch(ctx, at)
	touched := claims.SignIns{All: true}
	switch {
	case errors.Is(err, claims.ErrExpired):
		news.At = f.Directory().Seq()
	case err != nil:
		return at, err
	default:
		touched = claims.TouchedSignIns(f.Directory(), news.Changes)
	}
	if touched.None() {
		return news.At, nil
	}
	if sleep(ctx, f.settle); ctx.Err() != nil {
		return at, nil
	}
	return f.deal(ctx, touched, news.At)
}

// begin returns where to follow from.
func (f *Follower) begin(ctx context.Context) (claims.Seq, error) {
	at, err := f.Store.Place(ctx, lossName)
	if errors.Is(err, claims.ErrNotFound) { // nothing was told yet
		at = f.Directory().Seq()
		err = f.Store.SetPlace(ctx, lossName, at)
	}
	return at, err
}

// deal looks at what is touched, or waits until another process has.
func (f *Follower) deal(ctx context.Context, touched claims.SignIns, at claims.Seq) (claims.Seq, error) {
	for ctx.Err() == nil {
		mine, err := f.hold(ctx)
		if err != nil {
			return at, err
		}
		place, err := f.Store.Place(ctx, lossName)
		if err != nil && !errors.Is(err, claims.ErrNotFound) {
			return at, err
		}
		if err == nil && place.Epoch == at.Epoch && place.N >= at.N {
			return at, nil
		}
		if !mine {
			sleep(ctx, noneKnown)
			continue
		}
		if err := f.look(ctx, touched); err != nil {
			return at, err
		}
		return at, f.Store.SetPlace(ctx, lossName, at)
	}
	return at, ctx.Err()
}

func (f *Follower) hold(ctx context.Context) (bool, error) {
	return f.Store.Lease(ctx, lossName, f.Owner, leaseHeld)
}

// look judges what clients were told of whom is touched.
func (f *Follower) look(ctx context.Context, touched claims.SignIns) error {
	if touched.All {
		return f.lookThrough(ctx, "")
	}
	for _, c := range touched.Clients {
		if err := f.lookThrough(ctx, c); err != nil {
			return err
		}
	}
	told, err := f.Store.ToldOf(ctx, touched.Members)
	if err != nil {
		return err
	}
	for len(told) > 0 {
		n := min(page, len(told))
		if err := f.judge(ctx, told[:n]); err != nil {
			return err
		}
		told = told[n:]
	}
	return nil
}

// lookThrough judges all that a client was told, or that all were.
func (f *Follower) lookThrough(ctx context.Context, c claims.ClientID) error {
	var last record.Told
	for {
		told, err := f.Store.ToldAfter(ctx, c, last, page)
		if err != nil || len(told) == 0 {
			return err
		}
		if err := f.judge(ctx, told); err != nil {
			return err
		}
		if last = told[len(told)-1]; len(told) < page {
			return nil
		}
		if _, err := f.hold(ctx); err != nil {
			return err
		}
	}
}

func (f *Follower) judge(ctx context.Context, told []record.Told) error {
	d := f.Directory()
	var losses []record.Loss
	for _, t := range told {
		l, lost, err := f.Judge(d, t)
		if err != nil { // the others are not to wait for it
			f.Log.Warn("what a client was told cannot be judged", web.KeyClient, t.Client, web.KeyMember, t.Member, web.KeyError, err)
			continue
		}
		if lost {
			losses = append(losses, l)
		}
	}
	if len(losses) == 0 {
		return nil
	}
	n, err := f.Store.LogOut(ctx, losses, f.Now())
	if n > 0 {
		f.Log.Info("sign-ins elsewhere are over", web.KeyCount, n)
	}
	return err
}
