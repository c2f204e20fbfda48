// The client credentials grant (RFC 6749, section 4.4).
//
//   - confidential clients only                          4.4
//   - no refresh token, no ID token                      4.4.3
//   - the subject is the client                          RFC 9068, 2.2
package oauth

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"lanyard/claims"
	"lanyard/idp/record"
)

func (w *work) clientCredentials(ctx context.Context, r *http.Request, form url.Values) (*tokenAnswer, error) {
	if w.client.Auth == claims.AuthNone {
		return nil, oauthErrorf("unauthorized_client", "A public client has no credentials of its own.")
	}
	scopes := slices.DeleteFunc(grantable(w.client, form.Get("scope")), func(s string) bool {
		return s == scopeOpenID || s == scopeOffline || s == scopeDoor // these are about a member
	})
	aud, err := w.p.resources(w.dir, w.client, form, scopes)
	if err != nil {
		return nil, err
	}
	w.grant = record.Grant{
		ID: record.Random(grantLen), Kind: record.GrantClient, Client: w.client.ID,
		Requested: scopes, Scopes: scopes, Audience: aud, Created: w.now, Generation: 1,
	}
	w.generation, w.scopes, w.audience = 1, scopes, aud
	if err := w.setExpiry(); err != nil {
		return nil, err
	}
	w.grant.Expires = w.expires
	ar, err := w.p.fosite.NewAccessRequest(ctx, r, &fositeSession{})
	if err != nil {
		return nil, err
	}
	return w.issue(ctx, ar)
}
