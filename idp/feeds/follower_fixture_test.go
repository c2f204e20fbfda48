package feeds

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// lot is a change log and what clients were told, in memory.
type lot struct {
	box
	dir     *claims.Directory
	changes []claims.Change
	moved   chan struct{}
	place   map[string]claims.Seq
	told    []record.Told
	queued  []record.Loss
	asked   []string // what was read of what was told
	judged  int
	expired bool // Watch has lost the thread
}

func newLot() *lot {
	l := &lot{place: map[string]claims.Seq{}, moved: make(chan struct{})}
	l.dir = claims.NewDirectory(claims.Seq{Epoch: "e"}).With(claims.Seq{Epoch: "e", N: 1}, claims.Core(time.Now())...)
	for i := range 1200 {
		l.told = append(l.told, record.Told{Session: fmt.Sprintf("s%04d", i), Client: "wiki", Member: claims.MemberID(fmt.Sprint("m", i)), Digest: "x"})
	}
	return l
}

// change commits a fact.
func (l *lot) change(facts ...claims.Fact) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range facts {
		n := l.dir.Seq().N + 1
		l.dir = l.dir.With(claims.Seq{Epoch: "e", N: n}, f)
		l.changes = append(l.changes, claims.Change{N: n, At: time.Now(), Fact: f})
	}
	close(l.moved)
	l.moved = make(chan struct{})
}

func (l *lot) directory() *claims.Directory {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dir
}

func (l *lot) Watch(ctx context.Context, after claims.Seq) (record.News, error) {
	for {
		l.mu.Lock()
		if l.expired {
			l.expired = false
			l.mu.Unlock()
			return record.News{}, claims.ErrExpired
		}
		var some []claims.Change
		for _, c := range l.changes {
			if c.N > after.N {
				some = append(some, c)
			}
		}
		at, more := l.dir.Seq(), l.moved
		l.mu.Unlock()
		if len(some) > 0 {
			return record.News{Changes: some, At: at}, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return record.News{}, ctx.Err()
		}
	}
}

func (l *lot) Place(_ context.Context, name string) (claims.Seq, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.place[name]
	if !ok {
		return at, claims.ErrNotFound
	}
	return at, nil
}

func (l *lot) SetPlace(_ context.Context, name string, at claims.Seq) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.place[name] = at
	return nil
}

func (l *lot) ToldOf(_ context.Context, members []claims.MemberID) (all []record.Told, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, fmt.Sprint("of ", members))
	for _, t := range l.told {
		if slices.Contains(members, t.Member) {
			all = append(all, t)
		}
	}
	return all, l.down
}

func (l *lot) ToldAfter(_ context.Context, c claims.ClientID, after record.Told, limit int) (all []record.Told, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, "all at "+string(c))
	for _, t := range l.told {
		if t.Session > after.Session && (c == "" || t.Client == c) && len(all) < limit {
			all = append(all, t)
		}
	}
	return all, l.down
}

func (l *lot) LogOut(_ context.Context, losses []record.Loss, _ time.Time) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, loss := range losses {
		if i := slices.Index(l.told, loss.Told); i >= 0 {
			l.told = slices.Delete(l.told, i, i+1)
			l.queued = append(l.queued, loss)
			n++
		}
	}
	return n, nil
}

// judge finds that whoever is barred lost all.
func (l *lot) judge(d *claims.Directory, t record.Told) (record.Loss, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.judged++
	m, ok := claims.Get[claims.Member](d, string(t.Member))
	if t.Member == "m7" && ok {
		return record.Loss{}, false, errors.New("cannot be judged")
	}
	return record.Loss{Told: t, Reason: "member_barred"}, ok && !m.BarredAt.IsZero(), nil
}

// follow starts followers; the test's end stops them.
func (l *lot) follow(t *testing.T, owners ...string) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for _, owner := range owners {
		f := &Follower{Store: l, Directory: l.directory, Judge: l.judge, Now: time.Now, Owner: owner, Log: slog.New(slog.NewTextHandler(&l.log, nil))}
		all.Go(func() {
			if err := f.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	return func() { cancel(); all.Wait() }
}

// saw is how many were judged, what was queued and what was read by now.
func (l *lot) saw() (judged int, queued []record.Loss, asked []string) {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.judged, slices.Clone(l.queued), slices.Clone(l.asked)
}

func barred(m string) claims.Member {
	return claims.Member{ID: claims.MemberID(m), State: claims.StateActive, BarredAt: time.Now()}
}
