package oauth

import (
	"slices"
	"strings"

	"lanyard/claims"
)

// The scopes there are. Whatever else is asked for is dropped.
const (
	scopeOpenID       = "openid"
	scopeProfile      = "profile"
	scopeEmail        = "email"
	scopePhone        = "phone"
	scopeAddress      = "address"
	scopeGroups       = "groups"
	scopeMembership   = "membership"
	scopeTags         = "tags"
	scopeBadges       = "badges"
	scopeAffiliations = "affiliations"
	scopeOffline      = "offline_access"
	scopeDoor         = "door" // with resource = a location: its door takes the access token
)

var knownScopes = []string{
	scopeOpenID, scopeProfile, scopeEmail, scopePhone, scopeAddress, scopeGroups, scopeMembership,
	scopeTags, scopeBadges, scopeAffiliations, scopeOffline, scopeDoor,
}

// grantable returns, once each and in the order asked for, the scopes that
// exist and that the client may ask for (RFC 6749, section 3.3: the answer
// says so when they are fewer).
func grantable(c claims.Client, asked string) []string {
	scopes := []string{}
	for s := range strings.FieldsSeq(asked) {
		if slices.Contains(knownScopes, s) && slices.Contains(c.Scopes, s) && !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	return scopes
}

// still returns those of a grant's scopes that the client may have today.
func still(c claims.Client, scopes []string) []string {
	if !slices.ContainsFunc(scopes, func(s string) bool { return !slices.Contains(c.Scopes, s) }) {
		return scopes
	}
	return grantable(c, strings.Join(scopes, " "))
}

// mayUse tells whether a client is registered for a grant type; with none
// registered it is for authorization_code (OpenID Connect Registration, 2).
func mayUse(c claims.Client, grantType string) bool {
	if len(c.GrantTypes) == 0 {
		return grantType == grantCode
	}
	return slices.Contains(c.GrantTypes, grantType)
}
