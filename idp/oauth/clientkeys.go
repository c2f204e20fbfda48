package oauth

import (
	"context"
	"fmt"
	"mime"
	"sync"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
)

// Fetcher gets documents from addresses that clients named, and only from
// where it is safe; idp/outbound has one.
type Fetcher interface {
	// Get returns a document and its media type, or why there is none: ErrDenied, ErrUnavailable, ErrInvalid.
	Get(ctx context.Context, address, accept string) (kind string, body []byte, err error)
}

// How long fetched keys are taken for new; how soon after a fetch an unknown
// kid, or a failure, makes us ask again; how long keys that cannot be fetched
// anew are still taken; how many key sets are remembered.
const (
	keysFresh  = 10 * time.Minute
	keysAgain  = time.Minute
	keysFailed = 10 * time.Second
	keysStale  = time.Hour
	keySetsMax = 1024
)

// clientKeys remembers the key sets of clients. It is safe for use at once.
type clientKeys struct {
	fetch Fetcher // nil: nothing is fetched
	now   func() time.Time
	mu    sync.Mutex
	sets  map[string]*keySet // by address, or by the set's own text; guarded by mu
}

// keySet is one set, or why there is none.
type keySet struct {
	mu    sync.Mutex // held while it is fetched, so that many who need it fetch it once
	keys  keys.ClientKeys
	got   time.Time // zero: never
	tried time.Time
	err   error // of the last try
}

func newClientKeys(fetch Fetcher, now func() time.Time) *clientKeys {
	return &clientKeys{fetch: fetch, now: now, sets: map[string]*keySet{}}
}

// of returns a client's keys: as they are remembered, or with anew as they
// are now, unless that was asked a moment ago.
func (k *clientKeys) of(ctx context.Context, c claims.Client, anew bool) (keys.ClientKeys, error) {
	if c.JWKS != "" {
		s := k.set(c.JWKS)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.got.IsZero() {
			s.keys, s.err = keys.ParseClientKeys([]byte(c.JWKS))
			s.got = k.now()
		}
		return s.keys, s.err
	}
	s := k.set(c.JWKSURI)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := k.now()
	if s.due(now, anew) {
		s.tried = now
		got, err := k.get(ctx, c.JWKSURI)
		if s.err = err; err == nil {
			s.keys, s.got = got, now
		}
	}
	if !s.got.IsZero() && now.Before(s.got.Add(keysStale)) {
		return s.keys, nil
	}
	return keys.ClientKeys{}, s.err
}

// due tells whether a set is to be fetched.
func (s *keySet) due(now time.Time, anew bool) bool {
	wait := keysAgain
	if s.err != nil {
		wait = keysFailed
	}
	if !s.tried.IsZero() && now.Before(s.tried.Add(wait)) {
		return false
	}
	return anew || s.got.IsZero() || !now.Before(s.got.Add(keysFresh))
}

// get fetches a set, for all who wait for it: it goes on when one of them leaves.
func (k *clientKeys) get(ctx context.Context, address string) (keys.ClientKeys, error) {
	if k.fetch == nil {
		return keys.ClientKeys{}, fmt.Errorf("fetch %s: nothing is fetched here: %w", address, claims.ErrDenied)
	}
	kind, body, err := k.fetch.Get(context.WithoutCancel(ctx), address, "application/jwk-set+json, application/json")
	if err != nil {
		return keys.ClientKeys{}, err
	}
	if media, _, _ := mime.ParseMediaType(kind); media != "application/json" && media != "application/jwk-set+json" {
		return keys.ClientKeys{}, fmt.Errorf("fetch %s: %q is no key set: %w", address, kind, claims.ErrInvalid)
	}
	return keys.ParseClientKeys(body)
}

func (k *clientKeys) set(name string) *keySet {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.sets[name]
	if !ok {
		for old := range k.sets {
			if len(k.sets) < keySetsMax {
				break
			}
			delete(k.sets, old)
		}
		s = &keySet{}
		k.sets[name] = s
	}
	return s
}
