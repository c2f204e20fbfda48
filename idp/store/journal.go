package store

import (
	"context"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// What is only written down: the audit and the swipes.

// eventsKept is how many access events are kept, if Config.Events says no
// other. A twentieth of that may come before the oldest are deleted.
const eventsKept = 10_000

// Audit writes a line of the audit that no Change writes: a sign-in, a failed
// attempt, a key used.
func (s *Store) Audit(ctx context.Context, a record.Audited) error {
	id := record.NewID(a.At)
	if _, err := s.exec(ctx, "audit/"+id, addAudit, id, micros(a.At), a.Actor, a.Action, a.Subject, a.Request, "", 0, 0); err != nil {
		return fmt.Errorf("audit %s: %w", a.Action, err)
	}
	return nil
}

const readAudit = `
    select at, actor, action, subject, request
    from   audit
    order  by at desc, id desc
    limit  $1`

// AuditLog returns the newest lines of the audit, newest first.
func (s *Store) AuditLog(ctx context.Context, limit int) ([]record.Audited, error) {
	var all []record.Audited
	err := s.eng.query(ctx, readAudit, []any{limit}, func(row scanner) error {
		var a record.Audited
		err := row.Scan((*instant)(&a.At), &a.Actor, &a.Action, &a.Subject, &a.Request)
		all = append(all, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the audit: %w", err)
	}
	return all, nil
}

const addEvent = `
    insert into access_event (id, at, front, device, point, member, right_slug, location, allow, reason)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

const pruneEvents = `
    delete from access_event
    where  at < (
        select at
        from   access_event
        order  by at desc
        limit  1 offset $1)`

// AccessEvent writes down that somebody stood before a door or asked for the
// WiFi. The newest ones are kept, see Config.Events.
func (s *Store) AccessEvent(ctx context.Context, e record.Event) error {
	id := record.NewID(e.At)
	_, err := s.exec(ctx, "access_event/"+id, addEvent, id, micros(e.At), e.Front, string(e.Device), string(e.Point),
		string(e.Member), string(e.Right), string(e.Location), e.Allow, string(e.Reason))
	if err == nil && s.swipes.Add(1)%int64(s.cfg.Events/20+1) == 0 {
		_, err = s.exec(ctx, "access_event", pruneEvents, s.cfg.Events-1)
	}
	if err != nil {
		return fmt.Errorf("note access event: %w", err)
	}
	return nil
}

const readEvents = `
    select at, front, device, point, member, right_slug, location, allow, reason
    from   access_event`

// Events returns the newest access events, newest first.
func (s *Store) Events(ctx context.Context, limit int) ([]record.Event, error) {
	return s.events(ctx, readEvents+" order by at desc, id desc limit $1", limit)
}

// EventsOf returns a member's newest access events, newest first.
func (s *Store) EventsOf(ctx context.Context, m claims.MemberID, limit int) ([]record.Event, error) {
	return s.events(ctx, readEvents+" where member = $1 order by at desc, id desc limit $2", string(m), limit)
}

func (s *Store) events(ctx context.Context, q string, args ...any) ([]record.Event, error) {
	var all []record.Event
	err := s.eng.query(ctx, q, args, func(row scanner) error {
		var e record.Event
		err := row.Scan((*instant)(&e.At), &e.Front, &e.Device, &e.Point, &e.Member, &e.Right, &e.Location, &e.Allow, &e.Reason)
		all = append(all, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read access events: %w", err)
	}
	return all, nil
}

// The tables that only grow until somebody sweeps them.
const (
	sweepJTI = `
    delete from used_jti
    where  expires < $1`
	sweepSessions = `
    delete from browser_session
    where  expires > 0 and expires < $1 or ended > 0 and ended < $1`
	sweepLinks = `
    delete from one_time_link
    where  expires < $1`
	sweepPushed = `
    delete from pushed_request
    where  expires < $1`
	sweepDevices = `
    delete from device_code
    where  expires < $1`
	sweepTold = `
    delete from told
    where  at < $1`
	sweepOutbox = `
    delete from outbox
    where  created < $1 and done > 0`
	sweepMails = `
    delete from mail_message
    where  created < $1`
	sweepMailPace = `
    delete from mail_pace
    where  began < $1`
)

// spentFor is how long links and factors are kept after their end.
const spentFor = 30 * 24 * time.Hour

// sessionFor is how long sessions are: a browser counts as known for as long.
const sessionFor = 90 * 24 * time.Hour

// toldFor is how long it is kept what a client was told: as long as a sign-in
// there is expected to last at most without a new token.
const toldFor = 90 * 24 * time.Hour

// pushedFor is how long a pushed request is kept after its end, since who began
// with it in time may take a while to sign in; and a device code.
const pushedFor = time.Hour

// Sweep deletes what nobody can use any more: dead grants, limit of them at a
// time so that others may write in between, identifiers of tokens that have
// expired, links, registration tokens and what people signed in with a month
// after their end, sessions three months after theirs, pushed requests and
// device codes an hour after, what clients were told three months after the
// last time, and messages and letters a month after they were written. It returns how many rows went.
func (s *Store) Sweep(ctx context.Context, now time.Time, limit int) (int, error) {
	total := 0
	for {
		n, err := s.SweepGrants(ctx, now, limit)
		if total += n; err != nil {
			return total, err
		}
		if n == 0 || n < limit {
			break
		}
	}
	for _, q := range []struct {
		table, sql string
		before     time.Time
	}{
		{"used_jti", sweepJTI, now.Add(-clockSlack)},
		{"browser_session", sweepSessions, now.Add(-sessionFor)},
		{"one_time_link", sweepLinks, now.Add(-spentFor)},
		{"registration_token", sweepRegistrationTokens, now.Add(-spentFor)},
		{"factor", sweepFactors, now.Add(-spentFor)},
		{"pushed_request", sweepPushed, now.Add(-pushedFor)},
		{"device_code", sweepDevices, now.Add(-pushedFor)},
		{"told", sweepTold, now.Add(-toldFor)},
		{"outbox", sweepOutbox, now.Add(-spentFor)},
		{"mail_message", sweepMails, now.Add(-spentFor)},
		{"mail_pace", sweepMailPace, now.Add(-mailHour)},
	} {
		n, err := s.exec(ctx, q.table, q.sql, micros(q.before))
		if err != nil {
			return total, fmt.Errorf("sweep %s: %w", q.table, err)
		}
		total += int(n)
	}
	return total, nil
}
