package oauth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// signingKey is a key that a client of the tests has.
type signingKey struct {
	kid, alg string
	private  crypto.Signer
}

func (k signingKey) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: k.private.Public(), KeyID: k.kid, Use: "sig"}
}

// Client signer's keys, made once; foreign is of nobody that is known.
var (
	ecKey   = signingKey{"ec-1", "ES256", must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))}
	rsaKey  = signingKey{"rsa-1", "RS256", must(rsa.GenerateKey(rand.Reader, 2048))}
	edKey   = signingKey{"ed-1", "EdDSA", ed25519.NewKeyFromSeed(make([]byte, 32))}
	foreign = signingKey{"ec-1", "ES256", must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))}

	clientKeySet = keySetOf(ecKey, rsaKey, edKey)
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func keySetOf(all ...signingKey) string {
	var set jose.JSONWebKeySet
	for _, k := range all {
		set.Keys = append(set.Keys, k.public())
	}
	return string(must(json.Marshal(set)))
}

// sign makes a compact JWT; header adds to or replaces what is in it.
func (k signingKey) sign(alg string, body map[string]any, header map[jose.HeaderKey]any) string {
	opts := &jose.SignerOptions{}
	for name, value := range header {
		opts.WithHeader(name, value)
	}
	key := jose.JSONWebKey{Key: k.private, KeyID: k.kid}
	s := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: key}, opts))
	return must(must(s.Sign(must(json.Marshal(body)))).CompactSerialize())
}

var assertions atomic.Int64 // how many were made: each has a jti of its own

// assertion is what client would say to the token endpoint, changed by
// changes; a nil value takes a claim away.
func (w *world) assertion(client string, changes map[string]any) map[string]any {
	now := w.clock()
	body := map[string]any{
		"iss": client, "sub": client, "aud": w.server.URL, "jti": fmt.Sprint("jti-", assertions.Add(1)),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	for name, value := range changes {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	return body
}

// prove posts to an endpoint with an assertion for proof.
func (w *world) prove(path, assertion string, form url.Values) reply {
	w.t.Helper()
	f := url.Values{"client_assertion_type": {assertionType}, "client_assertion": {assertion}}
	for name, values := range form {
		f[name] = values
	}
	return w.post(path, "", f)
}

var forItself = url.Values{"grant_type": {grantClient}}

// fakeWeb is the documents that can be fetched.
type fakeWeb struct {
	mu    sync.Mutex
	kind  string // media type; "": application/json
	body  string
	err   error
	asked int
}

// Get implements Fetcher.
func (f *fakeWeb) Get(context.Context, string, string) (string, []byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.err != nil {
		return "", nil, f.err
	}
	if f.kind == "" {
		return "application/json", []byte(f.body), nil
	}
	return f.kind, []byte(f.body), nil
}

// serve says what is at every address from now on.
func (f *fakeWeb) serve(kind, body string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kind, f.body, f.err = kind, body, err
}

func (f *fakeWeb) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

// signRaw is sign with a payload as it is.
func (k signingKey) signRaw(alg, payload string) string {
	key := jose.JSONWebKey{Key: k.private, KeyID: k.kid}
	s := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: key}, nil))
	return must(must(s.Sign([]byte(payload))).CompactSerialize())
}
