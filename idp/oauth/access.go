package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Active is what a live token or pass is.
type Active struct {
	Kind     record.GrantKind
	Grant    string          // record.Grant.ID
	Member   claims.MemberID // empty for client credentials
	Client   claims.ClientID // who it was given to; empty for a door pass
	Began    claims.ClientID // where the member signed in: Client, unless the token was exchanged
	Scopes   []string
	Audience []string // resources; a location by its path
	AuthTime time.Time
	ACR      int
	Issued   time.Time
	Expires  time.Time
}

// find reads a token or a pass, and its grant, and sees that both
// are live. With ErrExpired it returns what they were.
//
// An access token is good for its own generation and the next, so that two
// requests of one client that cross a refresh both get through.
func (p *Provider) find(ctx context.Context, text string) (token, record.Grant, error) {
	t, err := p.read(ctx, text)
	if err != nil {
		return token{}, record.Grant{}, err
	}
	look := p.Vault.Grant
	if t.kind == kindPass {
		look = p.Vault.GrantFresh // works once
	}
	g, err := look(ctx, t.grant)
	if err == nil && g.Generation < t.generation || errors.Is(err, claims.ErrNotFound) {
		g, err = p.Vault.GrantFresh(ctx, t.grant) // the one at hand is older than the token
	}
	if err != nil {
		return token{}, record.Grant{}, err
	}
	if p.Now().Before(p.endOf(t, g)) && g.Ended.IsZero() && current(t, g) {
		return t, g, nil
	}
	return t, g, fmt.Errorf("grant %s is over: %w", g.ID, claims.ErrExpired)
}

// read tells what a text says, without a look-up.
func (p *Provider) read(ctx context.Context, text string) (token, error) {
	if strings.HasPrefix(text, "eyJ") {
		return p.readJWT(ctx, text)
	}
	t, ok := p.texts.parse(text)
	if ok && (t.kind == kindAccess || t.kind == kindRefresh || t.kind == kindPass) {
		return t, nil
	}
	return token{}, fmt.Errorf("not a token of ours: %w", claims.ErrNotFound)
}

func current(t token, g record.Grant) bool {
	switch t.kind {
	case kindAccess:
		return g.Kind != record.GrantPass && t.generation > 0 && t.generation <= g.Generation && t.generation >= g.Generation-1
	case kindRefresh:
		return t.generation == g.Generation && !g.IdleUntil.IsZero()
	case kindPass:
		return g.Kind == record.GrantPass && g.Spent.IsZero()
	}
	return false
}

// endOf is when a token ends by time alone.
func (p *Provider) endOf(t token, g record.Grant) time.Time {
	switch t.kind {
	case kindRefresh:
		return claims.Earlier(g.IdleUntil, g.Expires)
	case kindPass:
		return claims.Earlier(g.CodeExpires, g.Expires)
	}
	return claims.Earlier(t.expires, g.Expires)
}

// active puts a token and its grant together.
func (p *Provider) active(t token, g record.Grant) Active {
	a := Active{
		Kind: g.Kind, Grant: g.ID, Member: g.Member, Client: g.Client, Began: g.Client, Scopes: g.Scopes, Audience: g.Audience,
		AuthTime: g.AuthTime, ACR: g.ACR, Issued: g.Created, Expires: p.endOf(t, g),
	}
	switch {
	case t.jwt != nil:
		a.Client = claims.ClientID(t.jwt.Client)
		a.Scopes, a.Audience, a.Issued = strings.Fields(t.jwt.Scope), p.audienceOf(t.jwt.Audience), time.Unix(t.jwt.Issued, 0).UTC()
	case t.kind == kindAccess:
		a.Scopes, a.Audience = masked(g.Scopes, uint64(t.scopes)), masked(g.Audience, uint64(t.audience))
		a.Issued = t.expires.Add(-t.life)
	case t.kind == kindRefresh && !g.Rotated.IsZero():
		a.Issued = g.Rotated
	}
	return a
}

// audienceOf is the inverse of what an at+jwt's aud says.
func (p *Provider) audienceOf(aud []string) []string {
	var audience []string
	for _, a := range aud {
		if path, ok := p.locationOf(a); ok {
			a = string(path)
		}
		if a != p.Issuer { // the default: no resource in particular
			audience = append(audience, a)
		}
	}
	return audience
}

// mayLogIn decides whether a member may use a client (model.md, "What tokens
// say": the right login at /apps/CLIENT). Nobody may use one that is disabled.
func mayLogIn(d *claims.Directory, c claims.Client, m claims.MemberID, acr int, now time.Time) (claims.Decision, error) {
	if disabled(c, now) {
		return claims.Decision{Member: m, Place: claims.ClientPlace(c.ID), Reason: claims.ReasonClientDisabled}, nil
	}
	ask := claims.Ask{Member: m, Right: "login", At: now, ACR: acr}
	if id := claims.ClientPlace(c.ID); d.PathOf(id) != "" {
		ask.Place = id
	} else if path, err := claims.ParsePath("/apps/" + string(c.ID)); err == nil {
		ask.Path = path
	} else {
		ask.Path = "/apps" // its location is not there yet
	}
	return claims.Decide(d, ask)
}

// bearer returns the live grant of a request's access token, for endpoints
// that serve whom the token is about. One that is bound to a key must come by
// DPoP, with a proof.
func (p *Provider) bearer(r *http.Request, text string, dpop bool) (Active, record.Grant, error) {
	invalid := oauthErrorf("invalid_token", "The access token is not valid.")
	t, g, err := p.find(r.Context(), text)
	if errors.Is(err, claims.ErrNotFound) || errors.Is(err, claims.ErrExpired) || errors.Is(err, claims.ErrInvalid) {
		return Active{}, g, invalid.because(fmt.Errorf("%v: %w", err, claims.ErrUnknownCaller))
	}
	if err != nil {
		return Active{}, g, err
	}
	if t.kind != kindAccess {
		return Active{}, g, invalid
	}
	if err := p.possessed(r, t, text, dpop); err != nil {
		return Active{}, g, err
	}
	return p.active(t, g), g, nil
}

// forUs tells whether a token is meant for this program's own endpoints: one
// that was made for a resource is not.
func forUs(a Active, issuer string) bool {
	return len(a.Audience) == 0 || slices.Contains(a.Audience, issuer)
}
