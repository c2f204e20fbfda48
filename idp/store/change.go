package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// replans is how often a change is planned before a writer elsewhere that is
// always faster wins.
const replans = 3

// writeEach is what a change of many facts may take for each beyond
// writeLimit: ten times what it takes on a machine with nothing else to do.
const writeEach = 5 * time.Millisecond

// errMoved is a plan made on a picture that is no longer the newest.
var errMoved = fmt.Errorf("the facts have moved since the plan was made: %w", claims.ErrConflict)

// Change plans intents on the newest picture and applies the outcome: rows,
// change log and audit in one transaction. When another process wrote in
// between it plans again, three times at most, then ErrConflict. Faults of the
// plan come back as they are, with nothing written. The facts it returns are
// in Directory already.
func (s *Store) Change(ctx context.Context, by claims.Actor, requestID string, intents ...claims.Intent) (claims.Planned, error) {
	// What is refused, or long to work out, keeps no other writer waiting: it
	// is planned outside the line, and again inside if others were faster.
	p, err := s.Preview(ctx, by, intents...)
	if err != nil || len(p.Facts) == 0 {
		return p, err
	}
	if err := s.lock(ctx); err != nil {
		return claims.Planned{}, err
	}
	defer s.unlock()
	for n := 1; ; n++ {
		if n > 1 || p.On != s.Directory().Seq() {
			if p, err = s.Preview(ctx, by, intents...); err != nil || len(p.Facts) == 0 {
				return p, err
			}
		}
		err = s.apply(ctx, &p, requestID)
		if errors.Is(err, errMoved) && n < replans {
			continue
		}
		if err != nil {
			return claims.Planned{}, fmt.Errorf("%s: %w", p.What, err)
		}
		return p, nil
	}
}

// Preview tells what Change would do, and does nothing.
func (s *Store) Preview(ctx context.Context, by claims.Actor, intents ...claims.Intent) (claims.Planned, error) {
	now, err := s.clock()
	if err != nil {
		return claims.Planned{}, err
	}
	if err := s.refresh(ctx); err != nil {
		return claims.Planned{}, err
	}
	return s.cfg.Plan(s.Directory(), by, instantOf(micros(now)), intents...)
}

// Install writes the facts every organisation starts with into a database that
// has none; ErrConflict if it has any.
func (s *Store) Install(ctx context.Context, facts []claims.Fact) error {
	now, err := s.clock()
	if err != nil {
		return err
	}
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	if err := s.refresh(ctx); err != nil {
		return err
	}
	on := s.Directory().Seq()
	if on.N != 0 {
		return fmt.Errorf("install: the database is in use: %w", claims.ErrConflict)
	}
	if len(facts) == 0 {
		return nil
	}
	p := claims.Planned{On: on, Facts: facts, At: now, Actor: claims.Actor{Kind: claims.ActorSystem}, What: "install"}
	return s.apply(ctx, &p, "")
}

// lock makes this process's writers stand in line: they would only meet as
// conflicts at change_head.
func (s *Store) lock(ctx context.Context) error {
	select {
	case <-s.writing:
		return nil
	case <-ctx.Done():
		return fault(ctx.Err())
	}
}

func (s *Store) unlock() { s.writing <- struct{}{} }

// apply commits a plan and adds it to the picture. errMoved: plan again.
func (s *Store) apply(ctx context.Context, p *claims.Planned, requestID string) error {
	changes, err := s.changes(p)
	if err != nil {
		return err
	}
	limit := writeLimit + time.Duration(len(changes))*writeEach
	err = s.eng.tx(ctx, limit, func(ctx context.Context, tx *sql.Tx) error {
		return s.commit(ctx, tx, p, changes, requestID)
	})
	if err != nil {
		return err
	}
	s.forgetShutOut(changes)
	s.picture.Lock()
	defer s.picture.Unlock()
	if d := s.Directory(); d.Seq() == p.On {
		s.show(d.Replay(claims.Seq{Epoch: p.On.Epoch, N: changes[len(changes)-1].N}, changes...), changes)
	} // else the follower was faster
	return nil
}

// changes numbers the facts of a plan, rounded to what the database holds.
func (s *Store) changes(p *claims.Planned) ([]claims.Change, error) {
	if p.At.IsZero() {
		p.At = s.cfg.Now()
	}
	p.At = instantOf(micros(p.At))
	facts := make([]claims.Fact, len(p.Facts))
	changes := make([]claims.Change, len(p.Facts))
	for i, fact := range p.Facts {
		t, err := s.tables.of(fact.Key().Entity)
		if err != nil {
			return nil, err
		}
		facts[i] = t.rounded(fact)
		changes[i] = claims.Change{N: p.On.N + uint64(i) + 1, At: p.At, Fact: facts[i], Actor: p.Actor.String()}
	}
	p.Facts = facts
	return changes, nil
}

// The first statement of every change: who comes second finds no row.
const moveHead = `
    update change_head
    set    seq = seq + $1
    where  name = 'head' and epoch = $2 and seq = $3
    returning seq`

// addChanges is followed by the marks of its rows.
const addChanges = `
    insert into change (epoch, seq, entity, id, image, members, actor, at)
    values `

const addAudit = `
    insert into audit (id, at, actor, action, subject, request, epoch, first_seq, last_seq)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

func (s *Store) commit(ctx context.Context, tx *sql.Tx, p *claims.Planned, changes []claims.Change, requestID string) error {
	var head int64
	err := tx.QueryRowContext(ctx, moveHead, len(changes), p.On.Epoch, int64(p.On.N)).Scan(&head)
	if errors.Is(err, sql.ErrNoRows) {
		return errMoved
	}
	if err != nil {
		return err
	}
	if err := s.tables.put(ctx, tx, changes); err != nil {
		return err
	}
	if err := writeLog(ctx, tx, p.On.Epoch, changes); err != nil {
		return err
	}
	if err := s.shutOut(ctx, tx, changes); err != nil {
		return err
	}
	if err := s.warnOfAddresses(ctx, tx, changes); err != nil {
		return err
	}
	if err := s.erase(ctx, tx, changes); err != nil {
		return err
	}
	if changes[0].Fact.Key().Entity == claims.EntityDue {
		return nil // the audit tells who did what, and nobody did this
	}
	first, actor := changes[0], p.Actor.String()
	k := first.Fact.Key()
	_, err = tx.ExecContext(ctx, addAudit, record.NewID(p.At), micros(p.At), actor, p.What,
		string(k.Entity)+":"+k.ID, requestID, p.On.Epoch, int64(first.N), head)
	return err
}

// writeLog adds changes to the change log.
func writeLog(ctx context.Context, tx *sql.Tx, epoch string, changes []claims.Change) error {
	return inRows(changes, func(some []claims.Change) error {
		var args []any
		for _, c := range some {
			k := c.Fact.Key()
			image, err := json.Marshal(c.Fact)
			if err != nil {
				return fmt.Errorf("%v: %w", k, err)
			}
			members, err := json.Marshal(c.Fact.Concerns())
			if err != nil {
				return fmt.Errorf("%v: %w", k, err)
			}
			args = append(args, epoch, int64(c.N), string(k.Entity), k.ID, string(image), string(members), c.Actor, micros(c.At))
		}
		_, err := tx.ExecContext(ctx, addChanges+marks(len(some), len(args)/len(some)), args...)
		return err
	})
}
