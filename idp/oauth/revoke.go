// Revocation (RFC 7009).
//
//   - the client proves who it is, and revokes its own only       2.1
//   - a refresh token ends its family; so does an access token,   2.1
//     which has no row of its own
//   - an exchanged token has nothing of its own that could end    2.2.1
//   - a token that is unknown or over already: 200                 2.2
//   - the hint is not needed                                       2.1
package oauth

import (
	"errors"
	"net/http"

	"lanyard/claims"
	"lanyard/idp/web"
)

// Revoke serves the revocation endpoint.
func (p *Provider) Revoke(w http.ResponseWriter, r *http.Request) {
	if err := p.revoke(r); err != nil {
		p.fail(w, r, err)
		return
	}
	noStore(w.Header())
	w.WriteHeader(http.StatusOK)
}

func (p *Provider) revoke(r *http.Request) error {
	form, _, c, err := p.fromClient(r, web.MaxForm)
	if err != nil {
		return err
	}
	text := form.Get("token")
	if text == "" {
		return oauthErrorf("invalid_request", "The parameter token is missing.")
	}
	t, err := p.read(r.Context(), text)
	if err != nil {
		return nil // nothing of ours
	}
	if t.jwt != nil && t.jwt.Actor != nil {
		return revokeExchanged(claims.ClientID(t.jwt.Client), c)
	}
	g, err := p.Vault.GrantFresh(r.Context(), t.grant)
	switch {
	case errors.Is(err, claims.ErrNotFound):
		return nil
	case err != nil:
		return err
	case g.Client != c.ID:
		return oauthErrorf("unauthorized_client", "The token was given to another client.")
	case !g.Ended.IsZero():
		return nil
	}
	return p.end(r.Context(), g.ID, "revoked")
}
