// The token endpoint (RFC 6749, section 3.2).
//
//   - POST, form-encoded, nothing twice, nothing but text    3.2
//   - the client proves who it is first                      3.2.1
//   - a proof binds what it gets to a key; see dpop.go       RFC 9449, 5
//   - one grant type, one handler                            4
//   - what is refused is refused with its code               5.2
//   - answers are in no cache                                5.1
//   - nothing is answered before it is written               ADR 2
package oauth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ory/fosite"

	"lanyard/claims"
	"lanyard/idp/web"
)

// The grant types there are.
const (
	grantCode     = "authorization_code"
	grantRefresh  = "refresh_token"
	grantClient   = "client_credentials"
	grantDevice   = claims.GrantTypeDevice
	grantExchange = claims.GrantTypeExchange
)

// Token serves the token endpoint.
func (p *Provider) Token(w http.ResponseWriter, r *http.Request) {
	answer, err := p.token(r)
	p.reply(w, r, http.StatusOK, answer, err)
}

// tokenAnswer is RFC 6749, section 5.1.
type tokenAnswer struct {
	Access     string `json:"access_token"`
	IssuedType string `json:"issued_token_type,omitempty"` // of an exchange: RFC 8693, section 2.2.1
	Type       string `json:"token_type"`
	ExpiresIn  int64  `json:"expires_in"`
	Refresh    string `json:"refresh_token,omitempty"`
	ID         string `json:"id_token,omitempty"`
	Scope      string `json:"scope"`
}

func (p *Provider) token(r *http.Request) (*tokenAnswer, error) {
	form, d, c, err := p.fromClient(r, web.MaxForm)
	if err != nil {
		return nil, err
	}
	w := &work{p: p, now: p.Now(), dir: d, client: c}
	if err := w.prove(r); err != nil {
		return nil, err
	}
	ctx := w.context(r.Context())
	grantType := form.Get("grant_type")
	switch grantType {
	case grantCode, grantRefresh, grantClient, grantDevice, grantExchange:
		if !mayUse(c, grantType) {
			return nil, oauthErrorf("unauthorized_client", "The client is not registered for this grant type.")
		}
	case "":
		return nil, oauthErrorf("invalid_request", "The parameter grant_type is missing.")
	default:
		return nil, oauthErrorf("unsupported_grant_type", "This grant type is not offered.")
	}
	switch grantType {
	case grantCode:
		return w.redeem(ctx, r, form)
	case grantRefresh:
		return w.refresh(ctx, r, form)
	case grantDevice:
		return w.poll(ctx, r, form)
	case grantExchange:
		return w.exchange(ctx, form)
	}
	return w.clientCredentials(ctx, r, form)
}

// reply answers a client that called directly: with what it asked for, or with
// what went wrong.
func (p *Provider) reply(w http.ResponseWriter, r *http.Request, status int, answer any, err error) {
	if err != nil {
		p.fail(w, r, err)
		return
	}
	noStore(w.Header())
	web.JSON(w, status, answer)
}

// fromClient reads the form of an endpoint that clients call directly, and who
// calls, proved in its own way; d is the picture that holds the client.
func (p *Provider) fromClient(r *http.Request, limit int64) (form url.Values, d *claims.Directory, c claims.Client, err error) {
	if form, err = p.post(r, limit); err != nil {
		return nil, nil, c, err
	}
	if d, err = p.directory(); err != nil {
		return nil, nil, c, err
	}
	c, err = p.authenticate(d, r, form)
	return form, d, c, err
}

// post reads the form of an endpoint that clients call directly.
func (p *Provider) post(r *http.Request, limit int64) (url.Values, error) {
	if r.Method != http.MethodPost {
		return nil, oauthErrorf("invalid_request", "This endpoint takes POST.")
	}
	form, err := web.ReadForm(r, limit, "resource", "audience")
	return dropEmpty(form), err
}

// tokenScopes tells what an access token of this grant is for, of what the
// request asked: all of it, or less.
func (w *work) tokenScopes(asked string, form url.Values) error {
	w.scopes = still(w.client, w.grant.Scopes)
	if asked != "" {
		var fewer []string
		for s := range strings.FieldsSeq(asked) {
			if !contains(w.grant.Scopes, s) {
				return oauthErrorf("invalid_scope", "The scope is more than was granted.")
			}
			if contains(w.scopes, s) && !contains(fewer, s) {
				fewer = append(fewer, s)
			}
		}
		w.scopes = fewer
	}
	var err error
	w.audience, err = w.p.narrower(w.grant.Audience, form)
	return err
}

// decide asks again, now, whether the member may use the client, and what
// tokens say of them, and from both when the tokens end. Who is shut out for
// good loses the grant; who merely lapsed finds it again when they are back.
func (w *work) decide(ctx context.Context) error {
	m, ok := claims.Get[claims.Member](w.dir, string(w.grant.Member))
	if !ok {
		return oauthErrorf("invalid_grant", "The member is unknown.").because(claims.ErrNotFound)
	}
	dec, err := mayLogIn(w.dir, w.client, m.ID, w.grant.ACR, w.now)
	if err != nil {
		return err
	}
	if !dec.Allow {
		if forGood(dec.Reason) {
			if err := w.p.end(ctx, w.grant.ID, string(dec.Reason)); err != nil {
				return err
			}
		}
		return oauthErrorf("invalid_grant", "The member may not use this client now.").because(fmt.Errorf("%s: %w", dec.Reason, claims.ErrDenied))
	}
	w.member = m
	if w.told, err = claims.TokenClaims(w.dir, m.ID, w.client.Filter, w.now); err != nil {
		return err
	}
	w.sayOverage()
	w.told.Ends = claims.Earlier(w.told.Ends, dec.Until)
	return w.setExpiry()
}

func forGood(r claims.Reason) bool {
	return r == claims.ReasonMemberBarred || r == claims.ReasonUnknownMember || r == claims.ReasonMember+claims.Reason(claims.StateLeft)
}

// ends is when what tokens say stops being sure.
func (w *work) ends() time.Time { return claims.Earlier(w.told.Ends, w.grant.Expires) }

func (w *work) setExpiry() error {
	life := w.p.Lifetimes.Access
	if w.client.AccessJWT {
		life = w.p.Lifetimes.AccessJWT
	}
	w.expires = claims.Earlier(w.now.Add(life), w.ends()).Truncate(time.Second)
	if !w.now.Before(w.expires) {
		return oauthErrorf("invalid_grant", "The grant ends now.").because(claims.ErrExpired)
	}
	return nil
}

// issue lets fosite make the tokens, writes what that came to, and only then
// has an answer.
func (w *work) issue(ctx context.Context, ar fosite.AccessRequester) (*tokenAnswer, error) {
	if err := w.p.useProof(ctx, w.proof); err != nil {
		return nil, err
	}
	resp, err := w.p.fosite.NewAccessResponse(ctx, ar)
	if err != nil {
		return nil, err
	}
	a := w.answer(resp.GetAccessToken())
	a.Refresh, _ = resp.GetExtra("refresh_token").(string)
	if w.grant.Member != "" && contains(w.scopes, scopeOpenID) {
		if a.ID, err = w.idToken(ctx, a.Access); err != nil {
			return nil, err
		}
	}
	if err := w.note(ctx); err != nil {
		return nil, err
	}
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	return a, nil
}

// answer says of an access token what every grant's answer says.
func (w *work) answer(access string) *tokenAnswer {
	kind := "Bearer"
	if w.key != "" {
		kind = "DPoP"
	}
	return &tokenAnswer{
		Access: access, Type: kind, Scope: strings.Join(w.scopes, " "), ExpiresIn: int64(w.expires.Sub(w.now) / time.Second),
	}
}
