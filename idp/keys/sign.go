package keys

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Algs are the signature algorithms there is always a key for. RS256 is what
// the standards give every client; the others cost a thirtieth of it.
var Algs = []string{"RS256", "ES256", "EdDSA"}

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
	// AddSigningKey adds one; it is durable when this returns. ErrConflict if there is one of its use and
	// algorithm that nobody has told when to retire.
	AddSigningKey(ctx context.Context, k record.SigningKey) error
	// ReplaceSigningKey writes when old retires and is gone and what follows it, or ErrConflict if old.Retired is
	// another by now.
	ReplaceSigningKey(ctx context.Context, old record.SigningKey, retired, gone time.Time, next record.SigningKey) error
}

// Signer signs and verifies tokens. Start must have returned before anything
// else is called; after that it is safe for use at once and touches no store.
type Signer struct {
	Store    KeyStore
	Ring     *Ring
	Now      func() time.Time
	Schedule Schedule

	mu   sync.Mutex // one Start or render at a time
	set  atomic.Pointer[keySet]
	made sync.Map // kid+" "+typ → jose.Signer
}

type key struct {
	record.SigningKey
	private crypto.Signer
}

// load reads the keys that tell anything yet. The caller holds mu.
func (s *Signer) load(ctx context.Context) ([]key, error) {
	rows, err := s.Store.SigningKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("load signing keys: %w", err)
	}
	opened := map[string]crypto.Signer{} // by what is sealed
	if set := s.set.Load(); set != nil {
		for _, k := range set.all {
			opened[k.Sealed] = k.private
		}
	}
	var all []key
	for _, row := range rows {
		if row.Use != useOIDC || !row.Gone.IsZero() && s.Now().After(row.Gone.Add(hintsFor)) {
			continue
		}
		private := opened[row.Sealed]
		if private == nil {
			if private, err = s.open(row); err != nil {
				return nil, fmt.Errorf("signing key %s: %w", row.ID, err)
			}
		}
		all = append(all, key{row, private})
	}
	return all, nil
}

func (s *Signer) open(row record.SigningKey) (crypto.Signer, error) {
	der, err := s.Ring.Open(keyTable, row.ID, keyColumn, row.Sealed)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	private, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("a %T signs nothing", parsed)
	}
	return private, nil
}

// newKey makes a key that signs from an instant on.
func (s *Signer) newKey(alg string, now, from time.Time) (key, error) {
	var private crypto.Signer
	var err error
	switch alg {
	case "RS256":
		private, err = rsa.GenerateKey(rand.Reader, rsaKeyBits)
	case "ES256":
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "EdDSA":
		_, private, err = ed25519.GenerateKey(rand.Reader)
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
	return key{record.SigningKey{ID: kid, Use: useOIDC, Alg: alg, Sealed: sealed, Created: now, From: from}, private}, nil
}
