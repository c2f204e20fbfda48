package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/ory/fosite"

	"lanyard/claims"
	"lanyard/idp/record"
)

// work is one request's unit of work: the one row that its grant is, and what
// fosite's calls come to. The endpoint makes it before it calls fosite, loads
// it at most once, and writes it with one conditional write afterwards
// (flush), before the answer. It belongs to one goroutine.
//
// fosite thinks in sessions for codes, verifiers and tokens; here they are all
// this row. Nothing is deleted, so that a code's challenge cannot go missing
// before the code does (fosite.md, 21).
type work struct {
	p      *Provider
	now    time.Time
	dir    *claims.Directory
	client claims.Client // who calls; authenticated
	grant  record.Grant
	loaded bool  // grant is a row
	shown  token // the code or refresh token that was presented

	// What the tokens made now say.
	generation int
	scopes     []string
	audience   []string
	expires    time.Time // of the access token
	member     claims.Member
	told       claims.Token // what tokens for this client say of the member
	proof      proof        // that came with a token request
	key        string       // thumbprint of the key that what is made now is bound to; "": none
	acts       *actor       // who acts for the member, in exchanged tokens

	create, spend, rotate bool
	replay                bool  // what works once was presented again
	failed                error // what fosite swallowed: a family that could not be ended
}

type workKey struct{}

func workOf(ctx context.Context) *work { return ctx.Value(workKey{}).(*work) }

func (w *work) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, workKey{}, w)
}

// load reads the row that a presented code or refresh token names. Only the
// database will do: these work once.
func (w *work) load(ctx context.Context) error {
	g, err := w.p.Vault.GrantFresh(ctx, w.shown.grant)
	if errors.Is(err, claims.ErrNotFound) {
		return oauthErrorf("invalid_grant", "The grant is unknown.").because(err)
	}
	if err != nil {
		return err
	}
	w.grant, w.loaded = g, true
	return nil
}

// idle is until when a refresh token that is made now may wait.
func (w *work) idle() time.Time {
	return claims.Earlier(w.now.Add(w.p.Lifetimes.Idle), w.grant.Expires)
}

// flush writes what fosite's calls came to.
func (w *work) flush(ctx context.Context) error {
	switch {
	case w.create:
		return w.p.Vault.CreateGrant(ctx, w.grant)
	case w.spend:
		var idle time.Time
		if w.refreshable() {
			idle = w.idle()
		}
		return w.p.Vault.SpendGrant(ctx, w.grant.ID, idle, w.now)
	case w.rotate:
		_, err := w.p.Vault.RotateGrant(ctx, w.grant.ID, w.shown.generation, w.grant.Scopes, w.idle(), w.now, w.p.Lifetimes.Grace)
		return err
	}
	return errors.New("oauth: tokens were made and nothing was written")
}

// refreshable tells whether the grant comes with refresh tokens.
func (w *work) refreshable() bool {
	return contains(w.grant.Scopes, scopeOffline) && mayUse(w.client, grantRefresh)
}

// asRequest is the row as fosite sees it. The form holds what fosite compares
// at the token endpoint.
func (w *work) asRequest() *fosite.Request {
	g := w.grant
	form := url.Values{}
	if g.RedirectURI != "" {
		form.Set("redirect_uri", g.RedirectURI)
	}
	if g.Challenge != "" {
		form.Set("code_challenge", g.Challenge)
		form.Set("code_challenge_method", "S256")
	}
	return &fosite.Request{
		ID: g.ID, RequestedAt: g.Created, Client: fositeClient{claims.Client{ID: g.Client, GrantTypes: w.client.GrantTypes}},
		RequestedScope: g.Requested, GrantedScope: g.Scopes, RequestedAudience: g.Audience, GrantedAudience: g.Audience,
		Form: form, Session: &fositeSession{},
	}
}

// storage is fosite's view of the unit of work in ctx. It has no state.
type storage struct{}

func (storage) GetClient(ctx context.Context, id string) (fosite.Client, error) {
	if w := workOf(ctx); string(w.client.ID) == id {
		return fositeClient{w.client}, nil
	}
	return nil, fosite.ErrNotFound
}

// Client assertions are refused before fosite is asked.
func (storage) ClientAssertionJWTValid(context.Context, string) error { return fosite.ErrJTIKnown }
func (storage) SetClientAssertionJWT(context.Context, string, time.Time) error {
	return fosite.ErrJTIKnown
}

func (storage) CreateAuthorizeCodeSession(ctx context.Context, _ string, _ fosite.Requester) error {
	workOf(ctx).create = true
	return nil
}

func (storage) GetAuthorizeCodeSession(ctx context.Context, _ string, _ fosite.Session) (fosite.Requester, error) {
	w := workOf(ctx)
	switch {
	case !w.loaded || w.grant.Kind != record.GrantCode:
		return nil, fosite.ErrNotFound
	case !w.grant.Spent.IsZero():
		w.replay = true
		return w.asRequest(), fosite.ErrInvalidatedAuthorizeCode
	case !w.grant.Ended.IsZero():
		return nil, fosite.ErrNotFound
	}
	return w.asRequest(), nil
}

func (storage) InvalidateAuthorizeCodeSession(ctx context.Context, _ string) error {
	workOf(ctx).spend = true
	return nil
}

func (storage) CreatePKCERequestSession(context.Context, string, fosite.Requester) error { return nil }

func (storage) GetPKCERequestSession(ctx context.Context, _ string, _ fosite.Session) (fosite.Requester, error) {
	w := workOf(ctx)
	if !w.loaded {
		return nil, fosite.ErrNotFound
	}
	return w.asRequest(), nil
}

func (storage) DeletePKCERequestSession(context.Context, string) error { return nil }

func (storage) CreateAccessTokenSession(ctx context.Context, _ string, _ fosite.Requester) error {
	if w := workOf(ctx); !w.loaded {
		w.create = true // client_credentials
	}
	return nil
}

func (storage) GetAccessTokenSession(context.Context, string, fosite.Session) (fosite.Requester, error) {
	return nil, fosite.ErrNotFound // access tokens are looked at in access.go
}

func (storage) DeleteAccessTokenSession(context.Context, string) error { return nil }

func (storage) CreateRefreshTokenSession(context.Context, string, string, fosite.Requester) error {
	return nil
}

// GetRefreshTokenSession tells a token that may be used from one that was:
// the present generation, or, for as long as an answer may be lost, the one before.
func (storage) GetRefreshTokenSession(ctx context.Context, _ string, _ fosite.Session) (fosite.Requester, error) {
	w := workOf(ctx)
	if !w.loaded || !w.grant.Ended.IsZero() {
		return nil, fosite.ErrNotFound
	}
	switch w.grant.Generation {
	case w.shown.generation:
		return w.asRequest(), nil
	case w.shown.generation + 1:
		if w.now.Sub(w.grant.Rotated) <= w.p.Lifetimes.Grace {
			return w.asRequest(), nil
		}
	}
	w.replay = true
	return w.asRequest(), fosite.ErrInactiveToken
}

// refused names what fosite refused, for the log, a replay if it was one.
func (w *work) refused(err error) error {
	if !w.replay {
		return err
	}
	return tell(err).because(fmt.Errorf("grant %s: %w", w.grant.ID, claims.ErrReplay))
}

func (storage) DeleteRefreshTokenSession(context.Context, string) error { return nil }

func (storage) RotateRefreshToken(ctx context.Context, _, _ string) error {
	workOf(ctx).rotate = true
	return nil
}

// RevokeRefreshToken and RevokeAccessToken are called when something that
// works once was used again: the family ends, at once.
func (storage) RevokeRefreshToken(ctx context.Context, _ string) error {
	w := workOf(ctx)
	w.failed = w.p.end(ctx, w.grant.ID, "reuse")
	return w.failed
}

func (storage) RevokeAccessToken(context.Context, string) error { return nil }
