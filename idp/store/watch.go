package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Whoever must do something about a change (end sessions, tell a door) watches
// the change log. The log itself is what waits for the slow, so no writer ever
// does, and the last changes are in memory, so the quick cost no query.

const (
	newsKept   = 2048   // changes in memory
	newsBehind = 20_000 // who is further back reads the Directory anew in less time
)

// news is the end of the change log, in memory.
type news struct {
	mu    sync.Mutex
	last  []claims.Change // without a gap up to at
	at    claims.Seq
	moved chan struct{} // closed when at moves
}

// show makes d the picture, which these changes led to from the one before;
// none: it was read anew.
func (s *Store) show(d *claims.Directory, changes []claims.Change) {
	s.dir.Store(d)
	n := &s.news
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(changes) == 0 {
		n.last = nil
	}
	if n.last = append(n.last, changes...); len(n.last) > newsKept {
		n.last = append([]claims.Change(nil), n.last[len(n.last)-newsKept:]...)
	}
	n.at = d.Seq()
	if n.moved != nil {
		close(n.moved)
		n.moved = nil
	}
}

// after returns the changes kept after a place, if all of them are, and the
// place they lead to; and what is closed when there are more.
func (n *news) after(after claims.Seq) (changes []claims.Change, at claims.Seq, more <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.moved == nil {
		n.moved = make(chan struct{})
	}
	if k := int(n.at.N - min(after.N, n.at.N)); k <= len(n.last) {
		changes = slices.Clip(n.last[len(n.last)-k:])
	}
	return changes, n.at, n.moved
}

// Watch waits for changes after a place in the change log and returns them
// once the Directory has them: this process's at once, those of others and of
// the passing of time (claims.Due) within a second. Go on from News.At; who
// keeps that place, and writes it down only when the changes are dealt with,
// misses none, whatever happens, and may see some twice.
//
// ErrExpired: the place is in an epoch that has ended, or too far back to be
// caught up with; start over from what the Directory says, at its Seq.
func (s *Store) Watch(ctx context.Context, after claims.Seq) (record.News, error) {
	for {
		changes, at, more := s.news.after(after)
		switch {
		case after.Epoch != at.Epoch || after.N > at.N || at.N-after.N > newsBehind:
			return record.News{}, fmt.Errorf("changes after %v: %w", after, claims.ErrExpired)
		case len(changes) > 0:
			return record.News{Changes: changes, At: at}, nil
		case after.N < at.N:
			return s.newsFromLog(ctx, after, at)
		}
		select {
		case <-more:
		case <-ctx.Done():
			return record.News{}, fault(ctx.Err())
		case <-s.ended:
			return record.News{}, errClosed
		}
	}
}

// newsFromLog reads a page of what is no longer in memory, up to at.
func (s *Store) newsFromLog(ctx context.Context, after, at claims.Seq) (record.News, error) {
	page, err := s.Changes(ctx, after, int(min(changesPage, at.N-after.N)))
	if err != nil {
		return record.News{}, fmt.Errorf("changes after %v: %w", after, err)
	}
	if len(page) == 0 || page[0].N != after.N+1 {
		return record.News{}, errGap
	}
	return record.News{Changes: page, At: claims.Seq{Epoch: after.Epoch, N: page[len(page)-1].N}}, nil
}
