// Going away to sign in or consent, and coming back. The address to come back
// to is the authorization request itself with parameters of our own, each
// under a MAC over the whole request, so that nobody sets them who is not us
// and none serves for another request.
//
//   - since=MICROS.MAC: signing in and consenting count from then on
//   - denied=MAC: the member said no
package oauth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// Where the browser is sent, and where it comes back to.
const (
	pathAuthorize = "/authorize"
	paramSince    = "since"
	paramDenied   = "denied"
)

// maxAway is how long a sign-in may take before it counts as not asked for.
const maxAway = 30 * time.Minute

// seal is the MAC of one of our parameters, for one request.
func (p *Provider) seal(what string, form url.Values) string {
	h := hmac.New(sha256.New, p.bind)
	fmt.Fprintf(h, "%s\x00%s", what, form.Encode())
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// takeOurs moves our own parameters out of the address; what is not ours after
// all, or too old, counts for nothing.
func (p *Provider) takeOurs(a *authorization) {
	since, denied := a.address.Get(paramSince), a.address.Get(paramDenied)
	a.address.Del(paramSince)
	a.address.Del(paramDenied)
	micros, mac, _ := strings.Cut(since, ".")
	if at, err := strconv.ParseInt(micros, 10, 64); err == nil && same(mac, p.seal(paramSince+micros, a.address)) {
		if t := time.UnixMicro(at).UTC(); !t.After(p.Now()) && p.Now().Sub(t) < maxAway {
			a.since = t
		}
	}
	a.denied = denied != "" && same(denied, p.seal(paramDenied, a.address))
}

func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// back is the address to come back to.
func (p *Provider) back(a *authorization, name, value string) string {
	form := url.Values{}
	for k, v := range a.address {
		form[k] = v
	}
	if name != "" {
		form.Set(name, value)
	}
	return pathAuthorize + "?" + form.Encode()
}

// away is a page of the sign-in that comes back with since set.
func (p *Provider) away(page string, a *authorization, now time.Time) string {
	since := a.since
	if since.IsZero() {
		since = now
	}
	micros := strconv.FormatInt(since.UnixMicro(), 10)
	to := p.back(a, paramSince, micros+"."+p.seal(paramSince+micros, a.address))
	query := url.Values{"return": {to}}
	if hint := a.form.Get("login_hint"); hint != "" && page == "/login" {
		query.Set("login_hint", hint)
	}
	return page + "?" + query.Encode()
}

// denied is the address that tells the client no.
func (p *Provider) denied(a *authorization) string {
	return p.back(a, paramDenied, p.seal(paramDenied, a.address))
}

// consentScopes is what the member is asked to allow: the scopes, and those of
// claims that are asked for one by one.
func (a *authorization) consentScopes() []string {
	scopes := slices.Clone(a.scopes)
	for _, s := range a.claims.scopes() {
		if !contains(scopes, s) && contains(a.client.Scopes, s) {
			scopes = append(scopes, s)
		}
	}
	return scopes
}

// ConsentDetails reads an address that Authorize sent to the consent page:
// which client asks, for which scopes, and the origin that its answer goes to
// (for the page's form-action). Anything else is ErrInvalid.
func (p *Provider) ConsentDetails(returnURL string) (claims.Client, []string, string, error) {
	a, err := p.returned(returnURL)
	if err != nil {
		return claims.Client{}, nil, "", err
	}
	u, err := url.Parse(a.redirect)
	if err != nil {
		return claims.Client{}, nil, "", err
	}
	origin := u.Scheme + ":"
	if u.Host != "" {
		origin += "//" + u.Host
	}
	return a.client, a.consentScopes(), origin, nil
}

// DenyURL is where the consent page sends a member who says no; "/" if the
// address is none of Authorize's.
func (p *Provider) DenyURL(returnURL string) string {
	a, err := p.returned(returnURL)
	if err != nil {
		return "/"
	}
	return p.denied(a)
}

// returned reads a return address as Authorize will.
func (p *Provider) returned(returnURL string) (*authorization, error) {
	bad := &claims.Invalid{Field: "return", Problem: "is not an authorization request"}
	query, ok := strings.CutPrefix(web.SafeReturn(returnURL), pathAuthorize+"?")
	if !ok {
		return nil, bad
	}
	form, err := url.ParseQuery(query)
	if err != nil {
		return nil, bad
	}
	d, err := p.directory()
	if err != nil {
		return nil, err
	}
	a, err := p.readRequest(context.Background(), d, form)
	if a == nil || err != nil {
		return nil, bad
	}
	return a, nil
}
