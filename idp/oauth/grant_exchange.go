// Token exchange (RFC 8693): a service that was called with a member's access
// token gets one of its own, to call the next service for the same member.
//
//   - for clients that prove who they are and have the grant type           2.1, 5
//   - the subject token is an access token of ours, about a member, whose    1.1, 5; ours
//     aud names the client: who merely got hold of one cannot use it here
//   - for the resources and audiences that the client may exchange for,      2.1, 2.2.2
//     one at least; anything else is invalid_target
//   - scope may shrink, never grow; exp neither                              2.1; protocols
//   - the client is the actor: actor_token is refused by name                2.1
//   - act names the client, and in it who acted before; two at most          4.1
//   - no refresh token                                                       2.2.1; protocols
//   - what comes out is an at+jwt whose jti names the subject token's        ADR 2, 13
//     grant and generation: it needs no row, and ends with them
package oauth

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// The token types of RFC 8693, section 3, that there are here.
const (
	typeAccess = "urn:ietf:params:oauth:token-type:access_token"
	typeJWT    = "urn:ietf:params:oauth:token-type:jwt"
)

// maxActors is how often a member's token is passed on.
const maxActors = 2

// actor says who acts for the subject of a token (RFC 8693, section 4.1).
type actor struct {
	Subject string `json:"sub"` // a client's ID
	Before  *actor `json:"act,omitempty"`
}

func (a *actor) depth() int {
	if a == nil {
		return 0
	}
	return 1 + a.Before.depth()
}

func (w *work) exchange(ctx context.Context, form url.Values) (*tokenAnswer, error) {
	if w.client.Auth == claims.AuthNone {
		return nil, oauthErrorf("unauthorized_client", "A public client exchanges no tokens.")
	}
	issued, err := readExchange(form)
	if err != nil {
		return nil, err
	}
	t, a, err := w.subjectToken(ctx, form)
	if err != nil {
		return nil, err
	}
	if w.audience, err = w.targets(form); err != nil {
		return nil, err
	}
	if err := w.passedScopes(a.Scopes, form.Get("scope")); err != nil {
		return nil, err
	}
	if err := w.passOn(ctx, a); err != nil {
		return nil, err
	}
	w.acts = &actor{Subject: string(w.client.ID)}
	if t.jwt != nil {
		w.acts.Before = t.jwt.Actor
	}
	if err := w.p.useProof(ctx, w.proof); err != nil {
		return nil, err
	}
	text, err := w.accessJWT(ctx)
	if err != nil {
		return nil, err
	}
	w.p.Log.Info("token passed on", web.KeyClient, w.client.ID, web.KeyMember, a.Member, web.KeyGrant, a.Grant, web.KeyUntil, w.expires)
	answer := w.answer(text)
	answer.IssuedType = issued
	return answer, nil
}

// readExchange reads what kinds of tokens are meant, and returns the one that
// is asked for. An at+jwt is both.
func readExchange(form url.Values) (string, error) {
	for _, name := range []string{"actor_token", "actor_token_type"} {
		if form.Has(name) {
			return "", oauthErrorf("invalid_request", "The parameter %s is not supported: the client itself is the actor.", name)
		}
	}
	for _, name := range []string{"subject_token", "subject_token_type"} {
		if !form.Has(name) {
			return "", oauthErrorf("invalid_request", "The parameter %s is missing.", name)
		}
	}
	switch kind := form.Get("subject_token_type"); {
	case kind == typeAccess, kind == typeJWT && strings.HasPrefix(form.Get("subject_token"), "eyJ"):
	default:
		return "", oauthErrorf("invalid_request", "The subject_token_type is not that of an access token.")
	}
	switch kind := form.Get("requested_token_type"); kind {
	case "":
		return typeAccess, nil
	case typeAccess, typeJWT:
		return kind, nil
	}
	return "", oauthErrorf("invalid_request", "The only requested_token_type is access_token, which is a jwt.")
}

// subjectToken reads the token that is to be exchanged, and sees that it was
// meant for the client. Whatever is wrong with it reads alike, so that nobody
// learns of a stranger's token whether it lives.
func (w *work) subjectToken(ctx context.Context, form url.Values) (token, Active, error) {
	unusable := oauthErrorf("invalid_request", "The subject_token is no live access token that was made for this client.")
	t, g, err := w.p.find(ctx, form.Get("subject_token"))
	if errors.Is(err, claims.ErrNotFound) || errors.Is(err, claims.ErrExpired) {
		return t, Active{}, unusable.because(err)
	}
	if err != nil {
		return t, Active{}, err
	}
	a := w.p.active(t, g)
	if t.kind != kindAccess || a.Member == "" || !contains(a.Audience, string(w.client.ID)) {
		w.p.Log.Warn("exchange of a token for others", web.KeyClient, w.client.ID, web.KeyGrant, g.ID)
		return t, a, unusable
	}
	if t.jwt != nil && t.jwt.Actor.depth() >= maxActors {
		return t, a, oauthErrorf("invalid_request", "The subject_token was passed on twice already.")
	}
	w.grant, w.generation = g, t.generation
	return t, a, nil
}

// targets returns the audience that is asked for, of what the client may
// exchange for. A location is never among it.
func (w *work) targets(form url.Values) ([]string, error) {
	var audience []string
	for _, name := range []string{"resource", "audience"} {
		for _, target := range form[name] {
			other, isClient := claims.Get[claims.Client](w.dir, target)
			_, isPlace := w.p.locationOf(target)
			known := absolute(target) && !isPlace || name == "audience" && isClient && !disabled(other, w.now)
			if !known || !contains(w.client.ExchangeTo, target) {
				return nil, oauthErrorf("invalid_target", "The client may not exchange tokens for this target.")
			}
			if !contains(audience, target) {
				audience = append(audience, target)
			}
		}
	}
	if len(audience) == 0 {
		return nil, oauthErrorf("invalid_request", "Name whom the token is for, by resource or audience.")
	}
	return audience, nil
}

// passedScopes tells what the new token is for: what was asked of the subject
// token's scopes, or all of it, as far as the client may have it.
func (w *work) passedScopes(had []string, asked string) error {
	for s := range strings.FieldsSeq(asked) {
		if !contains(had, s) {
			return oauthErrorf("invalid_scope", "The scope is more than the subject_token has.")
		}
	}
	if asked == "" {
		asked = strings.Join(had, " ")
	}
	w.scopes = slices.DeleteFunc(grantable(w.client, asked), func(s string) bool {
		return s == scopeOffline || s == scopeDoor // no refresh token, no door
	})
	return nil
}

// passOn decides again, now, whether the member may use the client that they
// signed in to, and when the token ends: no later than what it came from.
func (w *work) passOn(ctx context.Context, a Active) error {
	m, _, dec, err := w.p.judge(ctx, w.dir, a)
	if err != nil {
		return err
	}
	if !dec.Allow {
		return oauthErrorf("invalid_request", "The member may not use this now.").because(claims.ErrDenied)
	}
	w.member = m
	if w.told, err = claims.TokenClaims(w.dir, m.ID, w.client.Filter, w.now); err != nil {
		return err
	}
	w.expires = w.now.Add(w.p.Lifetimes.AccessJWT)
	for _, end := range []time.Time{a.Expires, w.grant.Expires, dec.Until, w.told.Ends} {
		w.expires = claims.Earlier(w.expires, end)
	}
	w.expires = w.expires.Truncate(time.Second)
	if !w.now.Before(w.expires) {
		return oauthErrorf("invalid_request", "The subject_token ends now.").because(claims.ErrExpired)
	}
	return nil
}

// revokeExchanged answers who would revoke an exchanged token: it cannot be,
// by itself, and what it came from is not its holder's to end.
func revokeExchanged(holder claims.ClientID, c claims.Client) error {
	if holder != c.ID {
		return oauthErrorf("unauthorized_client", "The token was given to another client.")
	}
	return oauthErrorf("unsupported_token_type", "An exchanged token ends with the token it came from, or within minutes.")
}
