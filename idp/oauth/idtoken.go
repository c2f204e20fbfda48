// ID tokens (OpenID Connect Core, section 2).
//
//   - iss, sub, aud, exp, iat, auth_time; nonce when one was sent     2
//   - at_hash of the access token beside it                           3.1.3.6
//   - a refreshed one: the same sub and auth_time, no nonce           12.2
//   - signed with the client's algorithm, kid in the header           2; fosite.md, 18
//   - sid in every one                                                Back-Channel Logout, 2.1
//   - it ends no later than the right to log in, nor than anything    model.md
//     it lists
package oauth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"strconv"

	"lanyard/claims"
)

type idToken struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience string   `json:"aud"`
	Expires  int64    `json:"exp"`
	Issued   int64    `json:"iat"`
	AuthTime int64    `json:"auth_time,omitempty"`
	Nonce    string   `json:"nonce,omitempty"`
	AtHash   string   `json:"at_hash,omitempty"`
	Session  string   `json:"sid,omitempty"`
	AMR      []string `json:"amr,omitempty"`
	ACR      string   `json:"acr,omitempty"`
	person
}

// idToken makes the ID token that goes with an access token.
func (w *work) idToken(ctx context.Context, access string) (string, error) {
	body, err := w.idTokenBody(access)
	if err != nil {
		return "", err
	}
	return w.p.Signer.Sign(ctx, idAlg(w.client), typID, body)
}

func (w *work) idTokenBody(access string) (idToken, error) {
	g, p := w.grant, w.p
	asked, err := parseClaims(g.Claims)
	if err != nil {
		return idToken{}, err
	}
	body := idToken{
		Issuer: p.Issuer, Subject: w.subject(), Audience: string(w.client.ID),
		Issued: w.now.Unix(), Expires: claims.Earlier(w.now.Add(p.Lifetimes.ID), w.ends()).Unix(),
		AtHash: halfHash(idAlg(w.client), access), Session: p.SID(g.Session), AMR: g.AMR,
		person: describe(calledBy(w.dir, w.client, w.member), w.dir.ProfileOf(w.member.ID), w.told, w.client, w.scopes, asked, inIDToken),
	}
	if !g.AuthTime.IsZero() {
		body.AuthTime = g.AuthTime.Unix()
	}
	if g.ACR > 0 {
		body.ACR = strconv.Itoa(g.ACR)
	}
	if w.spend {
		body.Nonce = g.Nonce
	}
	return body, nil
}

func idAlg(c claims.Client) string {
	if c.IDTokenAlg == "" {
		return "RS256"
	}
	return c.IDTokenAlg
}

// halfHash is the left half of the hash that goes with an algorithm: SHA-256,
// and SHA-512 with EdDSA, whose curve is Ed25519 (RFC 8032, section 5.1).
func halfHash(alg, access string) string {
	if alg == "EdDSA" {
		sum := sha512.Sum512([]byte(access))
		return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
	}
	sum := sha256.Sum256([]byte(access))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// SID names a browser session to clients without saying how it is stored; "" if
// there was none.
func (p *Provider) SID(session string) string {
	if session == "" {
		return ""
	}
	h := hmac.New(sha256.New, p.sidKey)
	h.Write([]byte(session))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}
