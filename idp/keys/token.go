// Signed tokens (RFC 7515, RFC 7519, RFC 8725).
//
//   - the algorithm is the key's, whatever the header says        RFC 8725, 3.1
//   - a key is found by its kid among ours, never in the token    RFC 8725, 3.10
//   - one kind of token does not pass for another: typ             RFC 8725, 3.11
//   - compact serialisation only                                   RFC 7519, 1
package keys

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"lanyard/claims"
)

// Sign returns claims, as JSON, signed with alg's current key. typ and kid are
// always in the header. Claims that are JSON already ([]byte) are taken as
// they are.
func (s *Signer) Sign(ctx context.Context, alg, typ string, body any) (string, error) {
	k, ok := s.current().signs[alg]
	if !ok {
		return "", fmt.Errorf("sign: no key for algorithm %q: %w", alg, claims.ErrInvalid)
	}
	plain, ok := body.([]byte)
	if !ok {
		var err error
		if plain, err = json.Marshal(body); err != nil {
			return "", fmt.Errorf("sign: %w", err)
		}
	}
	signer, err := s.signer(k, typ)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	jws, err := signer.Sign(plain)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return jws.CompactSerialize()
}

func (s *Signer) signer(k key, typ string) (jose.Signer, error) {
	name := k.ID + " " + typ
	if made, ok := s.made.Load(name); ok {
		return made.(jose.Signer), nil
	}
	opts := (&jose.SignerOptions{}).WithType(jose.ContentType(typ))
	made, err := jose.NewSigner(jose.SigningKey{
		Algorithm: jose.SignatureAlgorithm(k.Alg),
		Key:       jose.JSONWebKey{Key: k.private, KeyID: k.ID},
	}, opts)
	if err != nil {
		return nil, err
	}
	s.made.Store(name, made)
	return made, nil
}

// Verify checks a token's signature and typ and reads its claims into into. It
// knows nothing of times: exp is the caller's to check. Whatever is wrong with
// the token is ErrInvalid.
func (s *Signer) Verify(ctx context.Context, token, typ string, into any) error {
	set := s.current()
	return verify(token, typ, into, func(kid string) (key, bool) {
		k, ok := set.byID[kid]
		return k, ok
	})
}

// VerifyHint is Verify for a token that only says whom somebody means: one of
// a key that is gone, but not for long, will do.
func (s *Signer) VerifyHint(ctx context.Context, token, typ string, into any) error {
	set := s.current()
	return verify(token, typ, into, func(kid string) (key, bool) {
		k, ok := set.byID[kid]
		if !ok {
			k, ok = set.past[kid]
		}
		return k, ok
	})
}

func verify(token, typ string, into any, find func(kid string) (key, bool)) error {
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA})
	if err != nil {
		return fmt.Errorf("verify: %v: %w", err, claims.ErrInvalid)
	}
	head := jws.Signatures[0].Protected
	k, ok := find(head.KeyID)
	if !ok || head.Algorithm != k.Alg {
		return fmt.Errorf("verify: no key %q for %s: %w", head.KeyID, head.Algorithm, claims.ErrInvalid)
	}
	if got, _ := head.ExtraHeaders[jose.HeaderType].(string); got != typ {
		return fmt.Errorf("verify: typ %q, want %q: %w", got, typ, claims.ErrInvalid)
	}
	plain, err := jws.Verify(k.private.Public())
	if err != nil {
		return fmt.Errorf("verify: %v: %w", err, claims.ErrInvalid)
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("verify: %v: %w", err, claims.ErrInvalid)
	}
	return nil
}
