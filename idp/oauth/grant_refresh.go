// The refresh grant (RFC 6749, section 6).
//
//   - the client that got the token is the one that presents it; another   6
//     client's attempt harms nobody                                        fosite.md, 3
//   - one that is bound to a key needs its proof                           RFC 9449, 5
//   - a token works once; used again later, its whole family ends          RFC 9700, 4.14.2
//   - an answer may get lost: for 30 s the same token gets the same        ADR 2
//     successor, however many ask at once
//   - scope may shrink for the access token, never grow; the refresh       6
//     token keeps what was granted
//   - whether the member may use the client, and what is said of them,     ours
//     is decided again, now
package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"lanyard/claims"
	"lanyard/idp/web"
)

func (w *work) refresh(ctx context.Context, r *http.Request, form url.Values) (*tokenAnswer, error) {
	if form.Get("refresh_token") == "" {
		return nil, oauthErrorf("invalid_request", "The parameter refresh_token is missing.")
	}
	t, ok := w.p.texts.parse(form.Get("refresh_token"))
	if !ok || t.kind != kindRefresh {
		return nil, oauthErrorf("invalid_grant", "The refresh token is not one of ours.")
	}
	w.shown = t
	if err := w.load(ctx); err != nil {
		return nil, err
	}
	if w.grant.Client != w.client.ID {
		w.p.Log.Warn("refresh token of another client", web.KeyClient, w.client.ID, web.KeyGrant, w.grant.ID)
		return nil, oauthErrorf("invalid_grant", "The refresh token was given to another client.")
	}
	if err := w.holdsKey(); err != nil {
		return nil, err
	}
	w.generation = t.generation + 1
	ar, err := w.p.fosite.NewAccessRequest(ctx, r, &fositeSession{})
	if w.failed != nil {
		return nil, w.failed
	}
	if err != nil {
		return nil, w.refused(err)
	}
	if err := w.tokenScopes(form.Get("scope"), form); err != nil {
		return nil, err
	}
	if err := w.decide(ctx); err != nil {
		return nil, err
	}
	answer, err := w.issue(ctx, ar)
	if errors.Is(err, claims.ErrReplay) {
		w.p.Log.Warn("refresh token reused", web.KeyClient, w.client.ID, web.KeyGrant, w.grant.ID)
		if e := w.p.end(ctx, w.grant.ID, "reuse"); e != nil {
			return nil, e
		}
		return nil, oauthErrorf("invalid_grant", "The refresh token was used already.").because(err)
	}
	return answer, err
}
