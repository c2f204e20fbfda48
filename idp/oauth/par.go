// Pushed authorization requests (RFC 9126).
//
//   - the client proves who it is as at the token endpoint; one that    2
//     has no secret names itself, and is held to PKCE as ever
//   - request_uri is not a parameter; request is refused by name        2.1
//   - all that is checked at the authorization endpoint is checked      2.1
//     here, and once more there: what a client may do can change
//   - a request_uri names 128 random bits under a MAC, for its client   2.2; 7.1
//     alone, and is good for a minute and a half
//   - it comes to one code; until then the page may be loaded again     4; 7.3
//   - beside it the authorization endpoint heeds client_id alone        4; RFC 9101, 6.3
//   - a proof binds the code to its key                                 RFC 9449, 10.1
//   - a client may be held to it                                        6
package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

const (
	// requestURI is how the name of a pushed request begins.
	requestURI = "urn:ietf:params:oauth:request_uri:"
	// pushedLife is how soon a browser must begin with a pushed request. From
	// then on it has maxAway to sign in, as with any other.
	pushedLife = 90 * time.Second
	// maxPushed is the longest pushed request, in bytes of its form.
	maxPushed = 16 << 10
)

// Push serves the pushed authorization request endpoint.
func (p *Provider) Push(w http.ResponseWriter, r *http.Request) {
	answer, err := p.push(r)
	p.reply(w, r, http.StatusCreated, answer, err)
}

// pushAnswer is RFC 9126, section 2.2.
type pushAnswer struct {
	RequestURI string `json:"request_uri"`
	ExpiresIn  int64  `json:"expires_in"`
}

func (p *Provider) push(r *http.Request) (*pushAnswer, error) {
	form, d, c, err := p.fromClient(r, maxPushed)
	if err != nil {
		return nil, err
	}
	if err := p.mayBegin(r, c); err != nil {
		return nil, err
	}
	asked := askedFor(c, form)
	if asked.Has("request_uri") {
		return nil, oauthErrorf("invalid_request", "A pushed request has no request_uri.")
	}
	shown, err := p.boundByProof(r, asked)
	if err != nil {
		return nil, err
	}
	a := &authorization{form: asked, pushed: record.Random(grantLen)}
	if err := p.readClient(d, a); err != nil {
		return nil, err
	}
	if err := p.readRest(r.Context(), d, a); err != nil {
		return nil, err
	}
	if err := p.useProof(r.Context(), shown); err != nil {
		return nil, err
	}
	row := record.Pushed{ID: a.pushed, Client: c.ID, Form: asked.Encode(), Expires: p.Now().Add(pushedLife)}
	if err := p.Vault.CreatePushed(r.Context(), row); err != nil {
		return nil, err
	}
	name := requestURI + p.texts.text(token{kind: kindPushed, grant: row.ID})
	return &pushAnswer{name, int64(pushedLife / time.Second)}, nil
}

// boundByProof makes the key of a proof that comes with a pushed request the one
// that its code is bound to (RFC 9449, section 10.1).
func (p *Provider) boundByProof(r *http.Request, asked url.Values) (proof, error) {
	shown, err := p.readProof(r, "")
	if err != nil || shown.key == "" {
		return shown, err
	}
	if named := asked.Get("dpop_jkt"); named != "" && named != shown.key {
		return shown, badProof("it is by another key than dpop_jkt")
	}
	asked.Set("dpop_jkt", shown.key)
	return shown, nil
}

// askedFor is what a form asks, without what proves the client and what only
// we may set.
func askedFor(c claims.Client, form url.Values) url.Values {
	asked := url.Values{}
	for name, values := range form {
		switch name {
		case "client_secret", "client_assertion", "client_assertion_type", paramSince, paramDenied:
		default:
			asked[name] = values
		}
	}
	asked.Set("client_id", string(c.ID)) // an assertion or Basic may have named it
	return asked
}

// mayBegin holds clients that prove nothing to a measure of what we store for
// whoever takes their name.
func (p *Provider) mayBegin(r *http.Request, c claims.Client) error {
	if c.Auth != claims.AuthNone {
		return nil
	}
	from := web.ClientAddr(r)
	if wait := p.begun.wait(string(c.ID), from); wait > 0 {
		return web.RetryAfter(fmt.Errorf("client %s: began too often: %w", c.ID, claims.ErrTooMany), wait)
	}
	p.begun.count(string(c.ID), from)
	return nil
}

// takePushed makes a the request that its request_uri names. One that has
// expired goes on only where the browser began with it in time, as our own
// parameters say.
func (p *Provider) takePushed(ctx context.Context, a *authorization) error {
	name := a.address.Get("request_uri")
	unknown := oauthErrorf("invalid_request_uri", "This sign-in was not begun by the application, or too long ago.")
	t, ok := p.texts.parse(strings.TrimPrefix(name, requestURI))
	if !ok || t.kind != kindPushed {
		return unknown
	}
	client := a.address.Get("client_id")
	sent := a.address
	a.address = url.Values{"client_id": {client}, "request_uri": {name}}
	for _, ours := range []string{paramSince, paramDenied} {
		if sent.Has(ours) {
			a.address.Set(ours, sent.Get(ours))
		}
	}
	p.takeOurs(a)
	row, err := p.Vault.Pushed(ctx, t.grant)
	switch {
	case errors.Is(err, claims.ErrNotFound):
		return unknown.because(err)
	case err != nil:
		return err
	case string(row.Client) != client:
		return unknown
	case !row.Used.IsZero():
		return usedUp(claims.ErrReplay)
	case !p.Now().Before(row.Expires) && a.since.IsZero() && !a.denied:
		return unknown.because(claims.ErrExpired)
	}
	a.pushed = row.ID
	a.form, err = url.ParseQuery(row.Form)
	return err
}

// usePushed uses up the pushed request that a is, if it is one; ErrReplay if
// somebody else did.
func (p *Provider) usePushed(ctx context.Context, a *authorization, now time.Time) error {
	if a.pushed == "" {
		return nil
	}
	err := p.Vault.UsePushed(ctx, a.pushed, now)
	if errors.Is(err, claims.ErrReplay) {
		return usedUp(err)
	}
	return err
}

func usedUp(err error) error {
	return oauthErrorf("invalid_request_uri", "This sign-in is done already.").because(err)
}
