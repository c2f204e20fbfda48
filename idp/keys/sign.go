package keys

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Algs are the signature algorithms there is always a key for. RS256 is what
// the standards give every client; ES256 costs a thirtieth of it.
var Algs = []string{"RS256", "ES256"}

// The use of the keys that sign tokens, and where the private half is sealed.
const (
	useOIDC    = "oidc"
	keyTable   = "signing_key"
	keyColumn  = "sealed"
	rsaKeyBits = 2048
)

// KeyStore keeps signing keys, sealed.
type KeyStore interface {
	// SigningKeys returns every key that is not long gone.
	SigningKeys(ctx context.Context) ([]record.SigningKey, error)
	// AddSigningKey adds one; it is durable when this returns.
	AddSigningKey(ctx context.Context, k record.SigningKey) error
}

// Signer signs and verifies tokens. Start must have returned before anything
// else is called; after that it is safe for use at once and touches no store.
type Signer struct {
	Store KeyStore
	Ring  *Ring
	Now   func() time.Time

	mu   sync.Mutex // one Start or render at a time
	set  atomic.Pointer[keySet]
	made sync.Map // kid+" "+typ → jose.Signer
}

// keySet is what is published and what signs, until an instant.
type keySet struct {
	all   []key          // every key loaded
	byID  map[string]key // published
	signs map[string]key // by alg
	until time.Time      // when this must be worked out again; zero: never
	jwks  []byte
	tag   string
}

type key struct {
	record.SigningKey
	private crypto.Signer
}

// Start loads the keys and makes the ones that are missing. It may be called
// again, to learn of keys that another process made.
func (s *Signer) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.load(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	for _, alg := range Algs {
		if _, ok := signing(all, alg, now); ok {
			continue
		}
		k, err := s.newKey(alg, now)
		if err != nil {
			return fmt.Errorf("make a %s signing key: %w", alg, err)
		}
		if err := s.Store.AddSigningKey(ctx, k.SigningKey); err != nil {
			return fmt.Errorf("store a %s signing key: %w", alg, err)
		}
		all = append(all, k)
	}
	return s.render(all, now)
}

func (s *Signer) load(ctx context.Context) ([]key, error) {
	rows, err := s.Store.SigningKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("load signing keys: %w", err)
	}
	var all []key
	for _, row := range rows {
		if row.Use != useOIDC {
			continue
		}
		der, err := s.Ring.Open(keyTable, row.ID, keyColumn, row.Sealed)
		if err != nil {
			return nil, fmt.Errorf("signing key %s: %w", row.ID, err)
		}
		parsed, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return nil, fmt.Errorf("signing key %s: %w", row.ID, err)
		}
		private, ok := parsed.(crypto.Signer)
		if !ok {
			return nil, fmt.Errorf("signing key %s: a %T signs nothing", row.ID, parsed)
		}
		all = append(all, key{row, private})
	}
	return all, nil
}

func (s *Signer) newKey(alg string, now time.Time) (key, error) {
	var private crypto.Signer
	var err error
	switch alg {
	case "RS256":
		private, err = rsa.GenerateKey(rand.Reader, rsaKeyBits)
	case "ES256":
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		err = fmt.Errorf("algorithm %q: %w", alg, claims.ErrInvalid)
	}
	if err != nil {
		return key{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return key{}, err
	}
	print, err := (&jose.JSONWebKey{Key: private.Public()}).Thumbprint(crypto.SHA256) // RFC 7638
	if err != nil {
		return key{}, err
	}
	kid := base64.RawURLEncoding.EncodeToString(print)
	sealed, err := s.Ring.Seal(keyTable, kid, keyColumn, der)
	if err != nil {
		return key{}, err
	}
	return key{record.SigningKey{ID: kid, Use: useOIDC, Alg: alg, Sealed: sealed, Created: now, From: now}, private}, nil
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
	set := &keySet{all: all, byID: map[string]key{}, signs: map[string]key{}}
	var doc jose.JSONWebKeySet
	for _, k := range all {
		for _, edge := range []time.Time{k.From, k.Retired, k.Gone} {
			if edge.After(now) {
				set.until = claims.Earlier(set.until, edge)
			}
		}
		if !claims.Live(time.Time{}, k.Gone, now) {
			continue
		}
		set.byID[k.ID] = k
		doc.Keys = append(doc.Keys, jose.JSONWebKey{Key: k.private.Public(), KeyID: k.ID, Algorithm: k.Alg, Use: "sig"})
	}
	for _, alg := range Algs {
		if k, ok := signing(all, alg, now); ok {
			set.signs[alg] = k
		}
	}
	slices.SortFunc(doc.Keys, func(a, b jose.JSONWebKey) int { // RS256 first: some clients try only one
		return slices.Index(Algs, a.Algorithm) - slices.Index(Algs, b.Algorithm)
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
