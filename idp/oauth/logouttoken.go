// Logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.4).
//
//   - iss, sub, aud, iat, exp, jti, events; sid where there is one      2.4
//   - sub is who the member is to this client                           Core, 8
//   - never a nonce: it must not pass for an ID token, nor by its typ   2.4
//   - signed with the client's algorithm for ID tokens                  2.4
//   - two minutes, and another jti for each attempt                     2.4
package oauth

import (
	"context"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

const (
	typLogout   = "logout+jwt"
	logoutEvent = "http://schemas.openid.net/event/backchannel-logout"
	logoutLife  = 2 * time.Minute
)

type logoutToken struct {
	Issuer   string              `json:"iss"`
	Subject  string              `json:"sub"`
	Audience string              `json:"aud"`
	Issued   int64               `json:"iat"`
	Expires  int64               `json:"exp"`
	ID       string              `json:"jti"`
	Events   map[string]struct{} `json:"events"`
	Session  string              `json:"sid,omitempty"`
}

// LogoutToken says to a client that a member's sign-in in a browser session is
// over. Its text is a secret: whoever holds it can sign the member out there.
func (p *Provider) LogoutToken(ctx context.Context, c claims.Client, m claims.Member, session string) (record.Secret, error) {
	now := p.Now()
	text, err := p.Signer.Sign(ctx, idAlg(c), typLogout, logoutToken{
		Issuer: p.Issuer, Subject: p.Ring.Subject(c, m), Audience: string(c.ID), Issued: now.Unix(), Expires: now.Add(logoutLife).Unix(),
		ID: record.Random(16), Events: map[string]struct{}{logoutEvent: {}}, Session: p.SID(session),
	})
	return record.Secret(text), err
}
