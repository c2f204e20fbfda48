package claims

import (
	"slices"
	"strings"
)

// What a client may be (RFC 6749, 2; RFC 7591, 2; RFC 8252; RFC 9700).
//
//   - one authentication method; secrets for those that use one, none else   OIDC Core 9
//   - a client without a secret has no client_credentials                     RFC 6749, 4.4
//   - redirect URIs: exact, absolute, no fragment; see validate_uri.go        RFC 6749, 3.1.2
//   - token exchange for who proves who they are, and for what is listed      RFC 8693, 2.1, 5
//   - only grant types and scopes this program knows                          ours
//   - no two sources of groups under one name, unless the map says so         ours

const (
	grantCode     = "authorization_code"
	grantRefresh  = "refresh_token"
	grantClient   = "client_credentials"
	grantDevice   = GrantTypeDevice
	grantExchange = GrantTypeExchange

	scopeDoor = "door"
)

// GrantTypeDevice is the name of the device authorization grant (RFC 8628, section 3.4).
const GrantTypeDevice = "urn:ietf:params:oauth:grant-type:device_code"

// GrantTypeExchange is the name of token exchange (RFC 8693, section 2.1).
const GrantTypeExchange = "urn:ietf:params:oauth:grant-type:token-exchange"

// KnownGrantTypes are the grant types a client may have.
var KnownGrantTypes = []string{grantCode, grantRefresh, grantClient, grantDevice, grantExchange}

// KnownIDTokenAlgs are the algorithms that ID tokens can be signed with.
var KnownIDTokenAlgs = []string{"RS256", "ES256", "EdDSA"}

// KnownScopes are the scopes a client may ask for.
var KnownScopes = []string{"openid", "profile", "email", "address", "phone", "groups", "membership",
	"tags", "badges", "affiliations", "offline_access", scopeDoor}

func checkClient(c Client) error {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }
	if c.ID == "" || len(c.ID) > 128 || strings.ContainsFunc(string(c.ID), odd) {
		return invalid("id", "%q must be 1 to 128 printable ASCII characters without a space or a colon", c.ID)
	}
	if c.ID == clientSystem {
		return invalid("id", "%s stands for this program itself", clientSystem)
	}
	if c.IDTokenAlg != "" && !slices.Contains(KnownIDTokenAlgs, c.IDTokenAlg) {
		return invalid("id_token_alg", "%q is none of %s", c.IDTokenAlg, strings.Join(KnownIDTokenAlgs, ", "))
	}
	return check(checkLine("name", c.Name, 200), checkSecrets(c), checkKeys(c), checkGrantTypes(c), checkSubjects(c),
		allKnown("scopes", c.Scopes, KnownScopes), checkRedirects(c))
}

func checkSecrets(c Client) error {
	switch c.Auth {
	case AuthBasic, AuthPost:
		if len(c.Secrets) == 0 {
			return invalid("secrets", "%s needs a secret; use none for a client that can keep no secret", c.Auth)
		}
	case AuthNone, AuthPrivateKey:
		if len(c.Secrets) > 0 {
			return invalid("secrets", "a client with authentication %s has none", c.Auth)
		}
	default:
		return invalid("auth", "%q is none of none, client_secret_basic, client_secret_post, private_key_jwt", c.Auth)
	}
	if c.Auth == AuthNone && c.PKCEOptional {
		return invalid("pkce_optional", "a client without a secret always uses PKCE")
	}
	for _, s := range c.Secrets {
		if !isSHA256(s.SHA256) {
			return invalid("secrets", "a secret is stored as its SHA-256, 64 lower-case hex digits")
		}
	}
	return nil
}

func checkGrantTypes(c Client) error {
	if len(c.GrantTypes) == 0 {
		return invalid("grant_types", "is empty: name at least one of %s", strings.Join(KnownGrantTypes, ", "))
	}
	if err := allKnown("grant_types", c.GrantTypes, KnownGrantTypes); err != nil {
		return err
	}
	for _, t := range []string{grantClient, grantExchange} {
		if c.Auth == AuthNone && slices.Contains(c.GrantTypes, t) {
			return invalid("grant_types", "%s needs a client that can prove who it is", t)
		}
	}
	if len(c.ExchangeTo) > 0 && !slices.Contains(c.GrantTypes, grantExchange) {
		return invalid("exchange_targets", "goes with the grant type %s", grantExchange)
	}
	if slices.Contains(c.GrantTypes, grantRefresh) && !slices.Contains(c.GrantTypes, grantCode) && !slices.Contains(c.GrantTypes, grantDevice) {
		return invalid("grant_types", "%s comes with %s or %s", grantRefresh, grantCode, grantDevice)
	}
	return nil
}

func allKnown(field string, have, known []string) error {
	for _, s := range have {
		if !slices.Contains(known, s) {
			return invalid(field, "%q is none of %s", s, strings.Join(known, ", "))
		}
	}
	return nil
}

func checkRedirects(c Client) error {
	if len(c.RedirectURIs) == 0 && slices.Contains(c.GrantTypes, grantCode) {
		return invalid("redirect_uris", "is empty: %s needs at least one", grantCode)
	}
	for _, u := range c.RedirectURIs {
		if err := checkRedirect("redirect_uris", u); err != nil {
			return err
		}
	}
	for _, u := range c.LogoutURIs {
		if err := checkRedirect("post_logout_redirect_uris", u); err != nil {
			return err
		}
	}
	return checkBackchannel(c)
}

// checkAudiences holds that audiences are absolute URIs without a fragment
// (RFC 8707, 2), clients that there are, or, but for exchanged tokens, paths of
// locations, for tokens that open doors.
func (p *planner) checkAudiences(c Client) error {
	for _, r := range c.Resources {
		if _, err := ParsePath(r); err != nil && !p.isAudience(r) {
			return invalid("resources", "%q is neither an absolute URI without a fragment, nor a location such as /space/front-door, nor a client: define it first", r)
		}
	}
	for _, r := range c.ExchangeTo {
		if !p.isAudience(r) {
			return invalid("exchange_targets", "%q is neither an absolute URI without a fragment nor a client: define it first", r)
		}
	}
	return nil
}

func (p *planner) isAudience(text string) bool {
	if u, ok := splitURI(text); ok {
		return !u.fragment && u.host+u.rest != ""
	}
	_, ok := Get[Client](p.d, text)
	return ok && !strings.HasPrefix(text, "/") // which would be a location
}

// checkFilter holds that a filter names what exists, and gives no two sources
// of groups one name unless its map spells out both.
func (p *planner) checkFilter(f ClaimFilter) error {
	if f.Cap < 0 || f.Cap > 1000 {
		return invalid("filter.cap", "%d is not within 0 (the usual 64) and 1000", f.Cap)
	}
	err := check(listed[Tag](p, "filter.tags", f.Tags), listed[Badge](p, "filter.badges", f.Badges),
		listed[ObjectType](p, "filter.types", f.Types), listed[Object](p, "filter.objects", f.Objects))
	if err != nil {
		return err
	}
	return p.checkGroups(&f)
}

// listed holds that each entry names a fact of type T, or is Every.
func listed[T Fact](p *planner, field string, entries []Slug) error {
	for _, s := range entries {
		if s == Every && field != "filter.objects" {
			continue
		}
		if _, ok := Get[T](p.d, string(s)); !ok {
			return invalid(field, "there is no %s %q; define it first", strings.TrimSuffix(strings.TrimPrefix(field, "filter."), "s"), s)
		}
	}
	return nil
}

// isGroup tells whether a name is one that a source of groups has by itself.
func (p *planner) isGroup(name string) bool {
	parts := strings.Split(name, ".")
	switch {
	case len(parts) == 3:
		o, ok := Get[Object](p.d, parts[1])
		return ok && string(o.Type) == parts[0] && p.hasKind(o.Type, Slug(parts[2]))
	case len(parts) != 2:
		return false
	case parts[0] == "tag":
		_, ok := Get[Tag](p.d, parts[1])
		return ok
	case parts[0] == "badge":
		_, ok := Get[Badge](p.d, parts[1])
		return ok
	case parts[0] == "member":
		return slices.Contains(States, State(parts[1]))
	}
	return false
}
