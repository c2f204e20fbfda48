package store

import (
	"context"
	"runtime/debug"
	"time"

	"lanyard/claims"
)

// pollEvery is how often other processes' writes are looked for.
const pollEvery = 500 * time.Millisecond

// loadGC is how much of what is in use, in percent, may be garbage while the
// tables are read.
const loadGC = 40

// pollLimit bounds one look.
const pollLimit = 3 * time.Second

// changesPage is how many changes are read at once.
const changesPage = 1000

// Directory returns the current picture: this process's writes at once, those
// of others within a second. It is immutable; ask again for a newer one.
func (s *Store) Directory() *claims.Directory { return s.dir.Load() }

// follow keeps the picture in step with the change log until ctx ends.
func (s *Store) follow(ctx context.Context) {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		poll, cancel := context.WithTimeout(ctx, pollLimit)
		err := s.refresh(poll)
		if err == nil {
			err = s.noteLatest(poll, false)
		}
		cancel()
		if err != nil && ctx.Err() == nil && s.health.failed(err) {
			s.cfg.Log.Error("database does not answer", "database", s.eng.name, "error", cause(err))
		}
	}
}

// tick counts half seconds, whatever the database does.
func (s *Store) tick(ctx context.Context) {
	ticker := time.NewTicker(beatEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.beat.Add(1)
		}
	}
}

const readHead = `
    select epoch, seq
    from   change_head
    where  name = 'head'`

func (s *Store) head(ctx context.Context) (head claims.Seq, err error) {
	err = s.eng.one(ctx, readHead, nil, &head.Epoch, &head.N)
	return head, err
}

// refresh brings the picture to where the change log's head is. What is
// committed precedes the picture of it, so a picture that is ahead of the log
// shows facts that a restored backup has taken back: it goes.
func (s *Store) refresh(ctx context.Context) error {
	head, err := s.head(ctx)
	if err != nil {
		return err
	}
	s.picture.Lock()
	defer s.picture.Unlock()
	d := s.Directory()
	at := d.Seq()
	if at.Epoch == head.Epoch && at.N > head.N { // our own write, since head was read?
		if head, err = s.head(ctx); err != nil {
			return err
		}
	}
	switch {
	case at.Epoch == head.Epoch && at.N > head.N:
		s.cfg.Log.Error("database went back in time, as after a restore: its facts are read anew",
			"database", s.eng.name, "known", at.N, "found", head.N)
		fallthrough
	case at.Epoch != head.Epoch:
		if err := s.load(ctx); err != nil {
			return err
		}
	case at.N < head.N:
		if err := s.catchUp(ctx, d, head); err != nil {
			return err
		}
	}
	s.heard()
	return nil
}

func (s *Store) heard() {
	if s.health.ok(s.cfg.Now()) {
		s.cfg.Log.Info("database answers again", "database", s.eng.name)
	}
}

// catchUp adds what was committed after d, up to head. s.picture is held.
func (s *Store) catchUp(ctx context.Context, d *claims.Directory, head claims.Seq) error {
	var last []claims.Change
	for at := d.Seq(); at.N < head.N; at = d.Seq() {
		page, err := s.Changes(ctx, at, changesPage)
		if err != nil {
			return err
		}
		if len(page) == 0 || page[0].N != at.N+1 {
			return errGap
		}
		d = d.Replay(claims.Seq{Epoch: at.Epoch, N: page[len(page)-1].N}, page...)
		s.forgetShutOut(page)
		if last = append(last, page...); len(last) > newsKept {
			last = last[len(last)-newsKept:]
		}
	}
	s.show(d, last)
	return nil
}

func (s *Store) reload(ctx context.Context) error {
	s.picture.Lock()
	defer s.picture.Unlock()
	if err := s.load(ctx); err != nil {
		return err
	}
	s.heard()
	return nil
}

// load makes the picture from the tables. s.picture is held.
func (s *Store) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, loadLimit)
	defer cancel()
	tx, err := s.eng.read.BeginTx(ctx, s.eng.loadOpts)
	if err != nil {
		return fault(err)
	}
	defer tx.Rollback() // it wrote nothing
	var head claims.Seq
	if err := tx.QueryRowContext(ctx, readHead).Scan(&head.Epoch, &head.N); err != nil {
		return fault(err)
	}
	// Fact by fact, so that there is never a list of all of them beside the
	// picture, and with garbage collected before it is as much again.
	defer debug.SetGCPercent(debug.SetGCPercent(loadGC))
	d := claims.Load(head, func(yield func(claims.Change) bool) {
		err = s.tables.load(ctx, tx, func(c claims.Change) { yield(c) })
	})
	if err != nil {
		return fault(err)
	}
	s.show(d, nil)
	return nil
}

const readChanges = `
    select seq, entity, image, actor, at
    from   change
    where  epoch = $1 and seq > $2
    order  by seq
    limit  $3`

// Changes returns up to limit changes after a place in the log, oldest first.
// A place in an epoch that has ended is ErrExpired: read the Directory anew.
// An empty epoch is the current one.
func (s *Store) Changes(ctx context.Context, after claims.Seq, limit int) ([]claims.Change, error) {
	epoch := s.Directory().Seq().Epoch
	if after.Epoch != "" && after.Epoch != epoch {
		return nil, claims.ErrExpired
	}
	var out []claims.Change
	err := s.eng.query(ctx, readChanges, []any{epoch, int64(after.N), limit}, func(row scanner) error {
		var c claims.Change
		var n int64
		var entity claims.Entity
		var image string
		if err := row.Scan(&n, &entity, &image, &c.Actor, (*instant)(&c.At)); err != nil {
			return err
		}
		fact, err := s.tables.decode(entity, image)
		c.N, c.Fact = uint64(n), fact
		out = append(out, c)
		return err
	})
	return out, err
}
