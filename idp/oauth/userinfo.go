// UserInfo (OpenID Connect Core, section 5.3).
//
//   - GET or POST, a bearer token in the header or, by POST, the form   5.3.1; RFC 6750, 2
//   - or a token by DPoP, with a proof; see dpop.go                     RFC 9449, 7.1
//   - a token of scope openid, made for no other resource               5.3; RFC 8707
//   - the whole list of groups, where tokens hold groups_overage       model.md
//   - live: who may not use the client any more is told nothing; who    model.md
//     is barred or left loses the grant
//   - 401 and 403 say why in WWW-Authenticate                           5.3.3; RFC 6750, 3
package oauth

import (
	"context"
	"net/http"
	"strings"

	"lanyard/claims"
	"lanyard/idp/web"
)

// UserInfo serves the userinfo endpoint.
func (p *Provider) UserInfo(w http.ResponseWriter, r *http.Request) {
	info, err := p.userInfo(r)
	if err != nil {
		p.bearerFail(w, r, err)
		return
	}
	noStore(w.Header())
	web.JSON(w, http.StatusOK, info)
}

type userInfo struct {
	Subject string `json:"sub"`
	person
}

func (p *Provider) userInfo(r *http.Request) (*userInfo, error) {
	text, dpop, err := accessText(r)
	if err != nil {
		return nil, err
	}
	d, err := p.directory()
	if err != nil {
		return nil, err
	}
	a, g, err := p.bearer(r, text, dpop)
	if err != nil {
		return nil, err
	}
	invalid := oauthErrorf("invalid_token", "The access token is not valid.")
	if a.Member == "" || !forUs(a, p.Issuer) {
		return nil, invalid
	}
	if !contains(a.Scopes, scopeOpenID) {
		return nil, oauthErrorf("insufficient_scope", "The access token lacks the scope openid.")
	}
	m, c, ok, err := p.standing(r.Context(), d, a)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, invalid
	}
	var asked claimsParameter
	if a.Client == g.Client { // who exchanged the token asked for nothing
		if asked, err = parseClaims(g.Claims); err != nil {
			return nil, err
		}
	}
	told, err := uncapped(d, c, m.ID, p.Now())
	if err != nil {
		return nil, err
	}
	scopes := still(c, a.Scopes)
	if a.Client == g.Client {
		if err := p.noteInfo(r.Context(), g, c, told, scopes, asked); err != nil {
			return nil, err
		}
	}
	return p.tellAll(d, c, m, told, scopes, asked), nil
}

// tellAll is what userinfo says. A token whose groups were too many leaves
// them to it, so what is told is uncapped.
func (p *Provider) tellAll(d *claims.Directory, c claims.Client, m claims.Member, told claims.Token, scopes []string, asked claimsParameter) *userInfo {
	return &userInfo{p.Ring.Subject(c, m), describe(calledBy(d, c, m), d.ProfileOf(m.ID), told, c, scopes, asked, inUserInfo)}
}

// standing finds the member and the client of a token, and decides whether the
// one may still use the other.
func (p *Provider) standing(ctx context.Context, d *claims.Directory, a Active) (m claims.Member, c claims.Client, ok bool, err error) {
	m, c, dec, err := p.judge(ctx, d, a)
	return m, c, dec.Allow, err
}

// judge is standing with the decision: whether the member may use the client
// that they signed in to, while who holds the token may act. A grant that is
// seen of somebody who is shut out for good ends: it does not come back with them.
func (p *Provider) judge(ctx context.Context, d *claims.Directory, a Active) (m claims.Member, c claims.Client, dec claims.Decision, err error) {
	c, ok := claims.Get[claims.Client](d, string(a.Client))
	if !ok || disabled(c, p.Now()) {
		return m, c, dec, nil
	}
	began := c
	if a.Began != a.Client {
		if began, ok = claims.Get[claims.Client](d, string(a.Began)); !ok || disabled(began, p.Now()) {
			return m, c, dec, nil
		}
	}
	m, ok = claims.Get[claims.Member](d, string(a.Member))
	if !ok || !m.ErasedAt.IsZero() {
		return m, c, dec, nil
	}
	dec, err = mayLogIn(d, began, m.ID, a.ACR, p.Now())
	if err == nil && !dec.Allow && forGood(dec.Reason) {
		if err := p.end(ctx, a.Grant, string(dec.Reason)); err != nil {
			p.Log.Warn("grant not ended", web.KeyGrant, a.Grant, web.KeyError, err) // what it is for is refused all the same
		}
	}
	return m, c, dec, err
}

// accessText finds the one access token of a request, and whether it comes by
// DPoP.
func accessText(r *http.Request) (text string, dpop bool, err error) {
	_, inHeader := r.Header["Authorization"]
	text, dpop, ok := web.AccessToken(r)
	switch {
	case r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		form, err := web.ReadForm(r, web.MaxForm)
		if err != nil {
			return "", false, err
		}
		if inBody := form.Get("access_token"); inBody != "" {
			if inHeader {
				return "", false, oauthErrorf("invalid_request", "The access token is sent twice.")
			}
			text, ok = inBody, true
		}
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		return "", false, oauthErrorf("invalid_request", "This endpoint takes GET and POST.")
	}
	if !ok {
		return "", false, oauthErrorf("invalid_token", "")
	}
	return text, dpop, nil
}
