// Client authentication (RFC 6749, section 2.3; OpenID Connect Core, section 9).
//
//   - one method a client, the registered one                        Core, 9
//   - not two at once                                                 6749, 2.3
//   - a secret never in the query                                     6749, 2.3.1
//   - a client without a secret is none: no secret is ever empty      ours
//   - or an assertion that the client signed; see assertion.go        Core, 9
//   - guessing is slowed before anything is computed                  6749, 2.3.1
//   - secrets are 256 random bits, so SHA-256 is all they need        ADR 8
package oauth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// AuthenticateClient tells which client sent r, by an access token of its own,
// by Basic or, in a form, by post, assertion or none. Whatever is wrong is ErrUnknownCaller; ErrTooMany after many
// wrong secrets.
//
// How old the picture may be is for the caller to say: a door goes on for
// longer than the endpoints here.
func (p *Provider) AuthenticateClient(r *http.Request) (claims.Client, error) {
	d := p.Directory()
	if d == nil {
		return claims.Client{}, fmt.Errorf("the picture of the organisation is not loaded: %w", claims.ErrUnavailable)
	}
	var err error
	var form url.Values
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err = web.ReadForm(r, web.MaxForm); err != nil {
			return claims.Client{}, err
		}
	}
	c, ok, err := p.byOwnToken(d, r)
	if !ok {
		c, err = p.authenticate(d, r, form)
	}
	if e, ok := errors.AsType[*oauthError](err); ok && !isFault(e.cause) {
		return c, e.because(claims.ErrUnknownCaller)
	}
	return c, err
}

// byOwnToken tells which client sent r by an access token that it got for
// itself; ok is false if r brings no access token.
func (p *Provider) byOwnToken(d *claims.Directory, r *http.Request) (c claims.Client, ok bool, err error) {
	text, dpop, ok := web.AccessToken(r)
	if !ok {
		return c, false, nil
	}
	a, _, err := p.bearer(r, text, dpop)
	if err != nil {
		return c, true, err
	}
	c, known := claims.Get[claims.Client](d, string(a.Client))
	elsewhere := slices.ContainsFunc(a.Audience, func(aud string) bool { return aud != p.Issuer }) // others have seen it
	if !known || disabled(c, p.Now()) || a.Kind != record.GrantClient || elsewhere {
		return claims.Client{}, true, oauthErrorf("invalid_token", "The access token is not the client's own.")
	}
	return c, true, nil
}

// credential is what a client proves itself with, and how.
type credential struct {
	method    claims.AuthMethod
	id        string
	secret    string
	assertion keys.Assertion
}

// authenticate is AuthenticateClient with the form read already.
func (p *Provider) authenticate(d *claims.Directory, r *http.Request, form url.Values) (claims.Client, error) {
	shown, err := credentials(r, form)
	if err != nil {
		return claims.Client{}, err
	}
	now := p.Now()
	c, ok := claims.Get[claims.Client](d, shown.id)
	if !ok || disabled(c, now) {
		return claims.Client{}, unknownClient("there is no such client, or it is disabled")
	}
	if c.Auth != shown.method {
		return claims.Client{}, unknownClient(fmt.Sprintf("the client is registered for %s", c.Auth))
	}
	if c.Auth == claims.AuthNone {
		return c, nil
	}
	from := web.ClientAddr(r)
	if wait := p.wrong.wait(shown.id, from); wait > 0 {
		return claims.Client{}, web.RetryAfter(fmt.Errorf("client %s: wrong proofs: %w", shown.id, claims.ErrTooMany), wait)
	}
	if c.Auth == claims.AuthPrivateKey {
		err = p.checkAssertion(r.Context(), c, shown.assertion, p.Issuer+r.URL.Path)
	} else if !rightSecret(c.Secrets, shown.secret, now) {
		err = unknownClient("the secret is wrong")
	}
	if err != nil {
		return claims.Client{}, p.refused(shown.id, from, err)
	}
	return c, nil
}

// refused counts and logs a proof that was wrong, and returns err; what we
// could not judge is no fault of the client's.
func (p *Provider) refused(id string, from netip.Addr, err error) error {
	if e, ok := errors.AsType[*oauthError](err); ok && e.code == "invalid_client" {
		p.wrong.count(id, from)
		p.Log.Warn("client refused", web.KeyClient, id, web.KeyAddress, from.String(), web.KeyReason, e.cause)
	}
	return err
}

// unknownClient says the same to the caller whatever is wrong; the log is told.
func unknownClient(why string) error {
	e := oauthErrorf("invalid_client", "The client did not prove who it is.")
	return e.because(fmt.Errorf("%s: %w", why, claims.ErrUnknownCaller))
}

// credentials finds what a client proves itself with.
func credentials(r *http.Request, form url.Values) (credential, error) {
	_, inHeader := r.Header["Authorization"]
	bodyID, bodySecret := form.Get("client_id"), form.Get("client_secret")
	switch {
	case form.Has("client_assertion") || form.Has("client_assertion_type"):
		if inHeader || bodySecret != "" {
			return credential{}, oauthErrorf("invalid_request", "The client proves itself twice.")
		}
		a, id, err := readAssertion(form.Get("client_assertion_type"), form.Get("client_assertion"), bodyID)
		return credential{method: claims.AuthPrivateKey, id: id, assertion: a}, err
	case inHeader:
		id, secret, ok := web.Basic(r)
		if !ok || id == "" {
			return credential{}, unknownClient("the Authorization header is not Basic")
		}
		if bodySecret != "" || bodyID != "" && bodyID != id {
			return credential{}, oauthErrorf("invalid_request", "The client is named twice.")
		}
		if secret == "" {
			return credential{}, unknownClient("the secret is empty")
		}
		return credential{method: claims.AuthBasic, id: id, secret: secret}, nil
	case bodyID == "":
		return credential{}, unknownClient("no client is named")
	case bodySecret != "":
		return credential{method: claims.AuthPost, id: bodyID, secret: bodySecret}, nil
	}
	return credential{method: claims.AuthNone, id: bodyID}, nil
}

func rightSecret(secrets []claims.Secret, secret string, now time.Time) bool {
	sum := sha256.Sum256([]byte(secret))
	var text [2 * sha256.Size]byte
	hex.Encode(text[:], sum[:])
	right := 0
	for _, s := range secrets {
		if claims.Live(time.Time{}, s.Expires, now) && s.SHA256 != "" {
			right |= subtle.ConstantTimeCompare([]byte(s.SHA256), text[:])
		}
	}
	return right == 1 && secret != ""
}

// errDisabled is for the log: somebody came from a client that is disabled.
var errDisabled = errors.New("disabled")

func disabled(c claims.Client, now time.Time) bool {
	return !claims.Live(time.Time{}, c.Disabled, now)
}
