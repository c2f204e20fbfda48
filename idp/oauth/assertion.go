// Client authentication by an assertion, private_key_jwt (RFC 7521, section
// 4.2; RFC 7523, sections 2.2 and 3; OpenID Connect Core, section 9).
//
//   - signed with a key of the client's own set; see idp/keys         7523, 3 (9)
//   - iss and sub are the client; client_id, if sent, too             7523, 3 (1, 2); 7521, 4.2
//   - aud is one text: the issuer, or, since libraries send them,     7523, 3 (3); rfc7523bis
//     the token endpoint or the endpoint that is called. A list of
//     several could be used elsewhere by whoever else is on it
//   - exp is at most five minutes ahead; iat and nbf have come,        7523, 3 (4, 5, 6)
//     by clocks that differ by half a minute
//   - jti is there, and works once for its client: one insert          7523, 3 (7); Core, 9
//   - no other kind of JWT passes for it: typ                          RFC 8725, 3.11
package oauth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/web"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// How far ahead an assertion may end, and by how much clocks may differ.
const (
	assertionLife = 5 * time.Minute
	clockSkew     = 30 * time.Second
)

// assertionClaims is what an assertion says.
type assertionClaims struct {
	Issuer    string       `json:"iss"`
	Subject   string       `json:"sub"`
	Audience  audience     `json:"aud"`
	ID        string       `json:"jti"`
	Expires   *numericDate `json:"exp"`
	Issued    *numericDate `json:"iat"`
	NotBefore *numericDate `json:"nbf"`
}

// numericDate is seconds since 1970, perhaps with a fraction (RFC 7519, section 2).
type numericDate float64

// past tells whether the instant is there, or will be by a clock that is ahead
// by skew. What is no instant of this age is never past.
func (d *numericDate) past(now time.Time, skew time.Duration) bool {
	return *d > 0 && float64(*d) <= float64(now.Add(skew).UnixMicro())/1e6
}

// readAssertion tells which client an assertion claims to be of.
func readAssertion(kind, text, bodyID string) (keys.Assertion, string, error) {
	if kind != assertionType {
		return keys.Assertion{}, "", unknownClient("the client_assertion_type is not jwt-bearer")
	}
	a, err := keys.ParseAssertion(text)
	if err != nil {
		return a, "", unknownClient(err.Error())
	}
	var said struct {
		Subject string `json:"sub"`
	}
	if err := a.Claimed(&said); err != nil || said.Subject == "" {
		return a, "", unknownClient("the assertion names no client")
	}
	if bodyID != "" && bodyID != said.Subject {
		return a, "", unknownClient("the assertion is of another client than client_id")
	}
	return a, said.Subject, nil
}

// checkAssertion judges an assertion of a client that is known, and uses it
// up. endpoint is the address that was called.
func (p *Provider) checkAssertion(ctx context.Context, c claims.Client, a keys.Assertion, endpoint string) error {
	if c.AssertionAlg != "" && a.Alg != c.AssertionAlg {
		return unknownClient(fmt.Sprintf("the assertion is signed with %s, the client registered %s", a.Alg, c.AssertionAlg))
	}
	switch strings.TrimPrefix(strings.ToLower(a.Type), "application/") {
	case "", "jwt", "client-authentication+jwt":
	default:
		return unknownClient("the assertion is another kind of JWT")
	}
	var said assertionClaims
	if err := p.verifyAssertion(ctx, c, a, &said); err != nil {
		return err
	}
	expires, err := p.readAssertionClaims(c, said, endpoint)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(said.ID)) // of one length, whatever the client sends
	err = p.Vault.UseJTI(ctx, "assertion/"+string(c.ID), letters.EncodeToString(sum[:]), expires)
	if errors.Is(err, claims.ErrReplay) {
		return unknownClient("the assertion was used before")
	}
	return err
}

// verifyAssertion checks the signature. A key that is not known may be new.
func (p *Provider) verifyAssertion(ctx context.Context, c claims.Client, a keys.Assertion, into *assertionClaims) error {
	set, err := p.clientKeys.of(ctx, c, false)
	if err == nil && !set.Has(a) {
		set, err = p.clientKeys.of(ctx, c, true)
	}
	if err != nil {
		return p.noKeys(c, err)
	}
	if err := set.Verify(a, into); err != nil {
		return unknownClient(err.Error())
	}
	return nil
}

// noKeys is for a client whose keys cannot be had: for now, or by a fault of
// its own.
func (p *Provider) noKeys(c claims.Client, err error) error {
	p.Log.Warn("client keys not fetched", web.KeyClient, c.ID, web.KeyError, err)
	if errors.Is(err, claims.ErrUnavailable) {
		return oauthErrorf("temporarily_unavailable", "The client's keys cannot be fetched at the moment.").because(err)
	}
	return unknownClient("its keys cannot be had")
}

// readAssertionClaims holds what an assertion says to the rules, and returns
// until when its jti must be remembered.
func (p *Provider) readAssertionClaims(c claims.Client, said assertionClaims, endpoint string) (time.Time, error) {
	now := p.Now()
	why := ""
	switch {
	case said.Issuer != string(c.ID) || said.Subject != string(c.ID):
		why = "iss and sub are not both the client"
	case len(said.Audience) != 1 || !contains([]string{p.Issuer, p.Issuer + PathToken, endpoint}, said.Audience[0]):
		why = "aud is neither the issuer nor the endpoint, or not alone"
	case said.Expires == nil:
		why = "exp is missing"
	case said.Expires.past(now, 0):
		why = "it has expired"
	case !said.Expires.past(now, assertionLife+clockSkew):
		why = "exp is more than five minutes ahead"
	case said.Issued != nil && !said.Issued.past(now, clockSkew), said.NotBefore != nil && !said.NotBefore.past(now, clockSkew):
		why = "iat or nbf is in the future"
	case said.Issued != nil && *said.Issued > *said.Expires, said.NotBefore != nil && *said.NotBefore > *said.Expires:
		why = "it begins after its end"
	case said.ID == "":
		why = "jti is missing"
	default:
		return now.Add(assertionLife + clockSkew), nil
	}
	return time.Time{}, unknownClient("the assertion: " + why)
}
