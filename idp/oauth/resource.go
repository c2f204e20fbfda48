// Resource indicators (RFC 8707).
//
//   - an absolute URI without a fragment                              2
//   - one the client is registered for, or, with scope door, one      2; devices.md
//     location, ISSUER/at/PATH: any, unless some are registered
//   - audience may name a client by its ID                            RFC 8693, 2.1
//   - anything else is invalid_target                                 2
//   - a token request may ask for fewer, never for others             2.2
//
// A door's token is for that door alone, so that a reader never holds a token
// worth having elsewhere: a location stands by itself.
package oauth

import (
	"net/url"
	"slices"
	"strings"

	"lanyard/claims"
)

// maxAudience is how many resources one grant may name; token.audience has as many bits.
const maxAudience = 8

// resources returns the audience that a request's parameters ask for, as
// Grant.Audience keeps it: URIs as sent, a location as its path. "audience" is
// another name for it that some libraries send; it may name a client, too, as
// in RFC 8693.
func (p *Provider) resources(d *claims.Directory, c claims.Client, form url.Values, scopes []string) ([]string, error) {
	var audience []string
	for _, name := range []string{"resource", "audience"} {
		for _, uri := range form[name] {
			aud, err := p.resource(d, c, uri, scopes, name == "audience")
			if err != nil {
				return nil, err
			}
			if !slices.Contains(audience, aud) {
				audience = append(audience, aud)
			}
		}
	}
	if len(audience) > maxAudience {
		return nil, oauthErrorf("invalid_target", "That is too many resources.")
	}
	if len(audience) > 1 && slices.ContainsFunc(audience, isLocation) {
		return nil, oauthErrorf("invalid_target", "A location stands alone.")
	}
	return audience, nil
}

// resource is one audience that is asked for, perhaps a client by its ID.
func (p *Provider) resource(d *claims.Directory, c claims.Client, uri string, scopes []string, named bool) (string, error) {
	if path, ok := p.locationOf(uri); ok {
		if !slices.Contains(scopes, scopeDoor) {
			return "", oauthErrorf("invalid_target", "A location needs the scope door.")
		}
		if _, found := d.Locate(path); !found || !mayName(c, path) {
			return "", oauthErrorf("invalid_target", "There is no such location for this client.")
		}
		return string(path), nil
	}
	other, isClient := claims.Get[claims.Client](d, uri)
	if known := absolute(uri) || named && isClient && !disabled(other, p.Now()); !known || !slices.Contains(c.Resources, uri) {
		return "", oauthErrorf("invalid_target", "The client is not registered for this resource.")
	}
	return uri, nil
}

// mayName tells whether a client may ask for a location: any, unless it is
// registered for some.
func mayName(c claims.Client, path claims.Path) bool {
	return slices.Contains(c.Resources, string(path)) || !slices.ContainsFunc(c.Resources, isLocation)
}

// narrower returns the part of a grant's audience that a token request asks
// for; all of it if it names none.
func (p *Provider) narrower(granted []string, form url.Values) ([]string, error) {
	asked := append(slices.Clone(form["resource"]), form["audience"]...)
	var audience []string
	for _, uri := range asked {
		if path, ok := p.locationOf(uri); ok {
			uri = string(path)
		}
		if !slices.Contains(granted, uri) {
			return nil, oauthErrorf("invalid_target", "The grant does not name this resource.")
		}
		audience = append(audience, uri)
	}
	if audience == nil {
		return granted, nil
	}
	return audience, nil
}

// locationOf returns the location that a resource of ours stands for.
func (p *Provider) locationOf(uri string) (claims.Path, bool) {
	rest, ok := strings.CutPrefix(uri, p.Issuer+"/at/")
	if !ok {
		return "", false
	}
	path, err := claims.ParsePath("/" + rest)
	return path, err == nil
}

// audienceURIs is what tokens say of an audience: a location as its URI.
func (p *Provider) audienceURIs(audience []string) []string {
	uris := slices.Clone(audience)
	for i, a := range uris {
		if isLocation(a) {
			uris[i] = p.Issuer + "/at" + a
		}
	}
	return uris
}

func isLocation(audience string) bool { return strings.HasPrefix(audience, "/") }

func absolute(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && u.IsAbs() && !strings.Contains(uri, "#")
}
