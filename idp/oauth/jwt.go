// Access tokens as JWT (RFC 9068).
//
//   - typ at+jwt, so that no ID token passes for one           2.1
//   - iss, exp, aud, sub, client_id, iat, jti                  2.2
//   - scope as one text                                        2.2.3, RFC 8693 4.2
//   - aud is the resource asked for, else ours                 3
//   - cnf names the key it is bound to, if it is               RFC 9449, 6.1
//   - nothing personal; authz_version says when to look again  model.md
//   - found again by jti, never by how it is spelled           fosite.md, 17
package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"lanyard/claims"
)

const (
	typAccess = "at+jwt"
	typID     = "JWT"
)

// accessJWT is the claims of an at+jwt.
type accessJWT struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Client   string   `json:"client_id"`
	Scope    string   `json:"scope,omitempty"`
	ID       string   `json:"jti"`
	Issued   int64    `json:"iat"`
	Expires  int64    `json:"exp"`
	Version  uint64   `json:"authz_version,omitempty"`
	Bound    *boundTo `json:"cnf,omitempty"`
	Actor    *actor   `json:"act,omitempty"` // of exchanged tokens: RFC 8693, section 4.1
}

// audience is a JSON text when it is one, as most verifiers expect, and a list
// otherwise (RFC 7519, section 4.1.3).
type audience []string

func (a audience) MarshalJSON() ([]byte, error) {
	if len(a) == 1 {
		return json.Marshal(a[0])
	}
	return json.Marshal([]string(a))
}

func (a *audience) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*a = audience{one}
		return nil
	}
	var many []string
	err := json.Unmarshal(b, &many)
	*a = many
	return err
}

// accessToken makes the access token of the work at hand.
func (w *work) accessToken(ctx context.Context) (string, error) {
	if !w.client.AccessJWT {
		return w.p.texts.text(token{
			kind: kindAccess, grant: w.grant.ID, generation: w.generation,
			expires: w.expires, life: w.expires.Sub(w.now.Truncate(time.Second)),
			scopes: uint16(mask(w.grant.Scopes, w.scopes)), audience: uint8(mask(w.grant.Audience, w.audience)),
			key: w.key,
		}), nil
	}
	return w.accessJWT(ctx)
}

func (w *work) accessJWT(ctx context.Context) (string, error) {
	body := accessJWT{
		Issuer: w.p.Issuer, Subject: w.subject(), Client: string(w.client.ID), Scope: strings.Join(w.scopes, " "),
		Audience: w.p.audienceURIs(w.audience), ID: jti(w.grant.ID, w.generation),
		Issued: w.now.Unix(), Expires: w.expires.Unix(), Version: w.told.Version, Actor: w.acts,
		Bound: confirm(w.key),
	}
	if len(body.Audience) == 0 {
		body.Audience = audience{w.p.Issuer}
	}
	return w.p.Signer.Sign(ctx, "ES256", typAccess, body)
}

// subject is who the member is to the client, or the client itself (RFC 9068,
// sections 2.2 and 6).
func (w *work) subject() string {
	if w.grant.Member == "" {
		return string(w.client.ID)
	}
	return w.p.Ring.Subject(w.client, w.member)
}

// readJWT tells what an at+jwt says. Anything wrong with it is ErrNotFound.
func (p *Provider) readJWT(ctx context.Context, text string) (token, error) {
	var body accessJWT
	if err := p.Signer.Verify(ctx, text, typAccess, &body); err != nil {
		return token{}, fmt.Errorf("%w: %w", claims.ErrNotFound, err)
	}
	grant, generation, ok := parseJTI(body.ID)
	if !ok || body.Issuer != p.Issuer {
		return token{}, fmt.Errorf("an at+jwt that is not ours: %w", claims.ErrNotFound)
	}
	t := token{
		kind: kindAccess, grant: grant, generation: generation,
		expires: time.Unix(body.Expires, 0).UTC(), jwt: &body,
	}
	if body.Bound != nil {
		t.key = body.Bound.Key
	}
	return t, nil
}
