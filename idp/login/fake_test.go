package login

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// fake is a store in memory.
type fake struct {
	handed    []string // sessions handed over, "from to to"
	ended     []string // sessions that ended with what hung on them
	mu        sync.Mutex
	dir       *claims.Directory
	sessions  map[string]record.Session
	passwords map[claims.MemberID]record.Password
	links     map[string]record.Link
	consents  map[string]record.Consent
	factors   []record.Factor
	audited   []record.Audited
	changes   [][]claims.Intent
	actors    []claims.Actor
	asked     []claims.MemberID // whose password was asked for
	grants    []record.GrantFilter
	broken    error // everything fails of it
	changeErr error
}

func (f *fake) Session(_ context.Context, id string) (record.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.sessions[id]
	switch {
	case f.broken != nil:
		return s, f.broken
	case !ok:
		return s, claims.ErrNotFound
	case !s.Ended.IsZero():
		return s, claims.ErrExpired
	}
	return s, nil
}

func (f *fake) CreateSession(_ context.Context, s record.Session) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sessions[s.ID] = s
	return f.broken
}

func (f *fake) TouchSession(_ context.Context, id string, seen time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.sessions[id]
	s.Seen = seen
	f.sessions[id] = s
	return f.broken
}

func (f *fake) EndSession(_ context.Context, id string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, ok := f.sessions[id]; ok {
		s.Ended = now
		f.sessions[id] = s
	}
	if !slices.ContainsFunc(f.handed, func(h string) bool { return strings.HasPrefix(h, id+" to ") }) {
		f.ended = append(f.ended, id)
	}
	return f.broken
}

func (f *fake) EndSessions(_ context.Context, m claims.MemberID, except string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, s := range f.sessions {
		if s.Member == m && id != except {
			s.Ended = now
			f.sessions[id] = s
		}
	}
	return f.broken
}

func (f *fake) HandOver(_ context.Context, from, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.handed = append(f.handed, from+" to "+to)
	return f.broken
}

func (f *fake) Password(_ context.Context, m claims.MemberID) (record.Password, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, m)
	p, ok := f.passwords[m]
	if f.broken == nil && !ok {
		return p, claims.ErrNotFound
	}
	return p, f.broken
}

func (f *fake) SetPassword(_ context.Context, p record.Password) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.passwords[p.Member] = p
	return f.broken
}

func (f *fake) Link(_ context.Context, id string) (record.Link, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, ok := f.links[id]
	if !ok {
		return l, claims.ErrNotFound
	}
	return l, f.broken
}

func (f *fake) UseLink(_ context.Context, id string, now time.Time) (record.Link, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, ok := f.links[id]
	switch {
	case !ok:
		return l, claims.ErrNotFound
	case !l.Used.IsZero():
		return l, claims.ErrReplay
	case !now.Before(l.Expires):
		return l, claims.ErrExpired
	}
	l.Used = now
	f.links[id] = l
	return l, nil
}

func (f *fake) Consent(_ context.Context, m claims.MemberID, c claims.ClientID) (record.Consent, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, ok := f.consents[string(m)+"/"+string(c)]
	if !ok {
		return k, claims.ErrNotFound
	}
	return k, nil
}

func (f *fake) SetConsent(_ context.Context, c record.Consent) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.consents[string(c.Member)+"/"+string(c.Client)] = c
	return nil
}

func (f *fake) Change(_ context.Context, by claims.Actor, _ string, intents ...claims.Intent) (claims.Planned, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changeErr != nil {
		return claims.Planned{}, f.changeErr
	}
	f.changes, f.actors = append(f.changes, intents), append(f.actors, by)
	for _, i := range intents {
		if add, ok := i.(claims.AddMember); ok {
			f.dir = f.dir.With(claims.Seq{N: f.dir.Seq().N + 1}, add.Member)
		}
	}
	return claims.Planned{}, nil
}

func (f *fake) Audit(_ context.Context, a record.Audited) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.audited = append(f.audited, a)
	return nil
}
