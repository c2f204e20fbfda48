package keys

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
)

// keySet is what is published and what signs, until an instant.
type keySet struct {
	all   []key          // every key loaded
	byID  map[string]key // published
	past  map[string]key // gone, but not for long
	signs map[string]key // by alg
	until time.Time      // when this must be worked out again; zero: never
	jwks  []byte
	tag   string
}

// signing returns the key that signs alg at an instant: the newest that has
// begun and is not retired.
func signing(all []key, alg string, at time.Time) (key, bool) {
	var best key
	for _, k := range all {
		if k.Alg == alg && claims.Live(k.From, k.Retired, at) && (best.private == nil || k.From.After(best.From)) {
			best = k
		}
	}
	return best, best.private != nil
}

// render works out what is published and what signs now, and keeps it. The
// caller holds mu.
func (s *Signer) render(all []key, now time.Time) error {
	set := &keySet{all: all, byID: map[string]key{}, past: map[string]key{}, signs: map[string]key{}}
	for _, alg := range Algs {
		if k, ok := signing(all, alg, now); ok {
			set.signs[alg] = k
		}
	}
	var doc jose.JSONWebKeySet
	for _, k := range all {
		for _, edge := range []time.Time{k.From, k.Retired, k.Gone} {
			if edge.After(now) {
				set.until = claims.Earlier(set.until, edge)
			}
		}
		if !claims.Live(time.Time{}, k.Gone, now) {
			set.past[k.ID] = k
			continue
		}
		set.byID[k.ID] = k
		doc.Keys = append(doc.Keys, jose.JSONWebKey{Key: k.private.Public(), KeyID: k.ID, Algorithm: k.Alg, Use: "sig"})
	}
	slices.SortStableFunc(doc.Keys, func(a, b jose.JSONWebKey) int { // RS256 first, and what signs now: some clients try only one
		return cmp.Or(slices.Index(Algs, a.Algorithm)-slices.Index(Algs, b.Algorithm), set.rank(a)-set.rank(b))
	})
	var err error
	if set.jwks, err = json.Marshal(doc); err != nil {
		return fmt.Errorf("render the key set: %w", err)
	}
	sum := sha256.Sum256(set.jwks)
	set.tag = `"` + hex.EncodeToString(sum[:8]) + `"`
	s.set.Store(set)
	return nil
}

// rank puts the key that signs before those that will or did.
func (set *keySet) rank(k jose.JSONWebKey) int {
	if set.signs[k.Algorithm].ID == k.KeyID {
		return 0
	}
	return 1
}

// current returns what holds now.
func (s *Signer) current() *keySet {
	set := s.set.Load()
	if set == nil {
		panic("keys: Signer used before Start")
	}
	now := s.Now()
	if claims.Live(time.Time{}, set.until, now) {
		return set
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if set = s.set.Load(); claims.Live(time.Time{}, set.until, now) {
		return set
	}
	if err := s.render(set.all, now); err != nil {
		return set // the keys were rendered before: they do not fail the second time
	}
	return s.set.Load()
}

// JWKS returns the published keys as JSON (RFC 7517). Callers do not change it.
func (s *Signer) JWKS() []byte { return s.current().jwks }

// JWKSTag returns the strong ETag of JWKS, with its quotes.
func (s *Signer) JWKSTag() string { return s.current().tag }
