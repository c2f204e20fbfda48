package admin

import (
	"cmp"
	"slices"

	"lanyard/claims"
	"lanyard/templates"
)

// flag is something an application is or is not.
type flag struct {
	name, words string
	field       *bool
}

// flags are those of an application that a caller may set.
func flags(c *claims.Client, trusted bool) []flag {
	list := []flag{
		{"access_jwt", "Access tokens are JWTs", &c.AccessJWT},
		{"pkce_optional", "It is too old for PKCE", &c.PKCEOptional},
		{"require_par", "It pushes its requests ahead (PAR)", &c.RequirePushed},
		{"require_dpop", "Its tokens are bound to a key of its own (DPoP)", &c.RequireDPoP},
	}
	if trusted || c.AlwaysGroups { // who may not say so may take it back
		list = append(list, flag{"always_groups", "Groups come without their scope, too", &c.AlwaysGroups})
	}
	if trusted && c.Owner == "" {
		list = append(list, flag{"first_party", "It is the organisation's: nobody is asked for consent", &c.FirstParty},
			flag{"introspect", "It may ask about any token", &c.Introspect})
	}
	return list
}

// scopes are those that the caller may have an application ask for.
func (v *visit) scopes(c claims.Client) []string {
	_, trusted := v.see.Registers()
	return slices.DeleteFunc(slices.Clone(claims.KnownScopes), func(s string) bool { return s == "door" && !trusted && !slices.Contains(c.Scopes, s) })
}

// grantWords are the grant types there are, each with what it is for.
func grantWords() []string {
	words := map[string]string{"authorization_code": "people sign in (authorization_code)", "refresh_token": "and stay signed in (refresh_token)",
		"client_credentials":   "it acts by itself (client_credentials)",
		claims.GrantTypeDevice: "on devices without a browser (device_code)", claims.GrantTypeExchange: "it passes members' tokens on (token_exchange)"}
	pairs := twice(claims.KnownGrantTypes)
	for i := 0; i < len(pairs); i += 2 {
		pairs[i+1] = cmp.Or(words[pairs[i]], pairs[i])
	}
	return pairs
}

func twice(values []string) []string {
	var pairs []string
	for _, v := range values {
		pairs = append(pairs, v, v)
	}
	return pairs
}

// options makes choices of pairs of value and words.
func options(chosen []string, pairs ...string) []templates.Option {
	var list []templates.Option
	for pair := range slices.Chunk(pairs, 2) {
		list = append(list, templates.Option{Value: pair[0], Text: pair[1], Chosen: slices.Contains(chosen, pair[0])})
	}
	return list
}

// scopeHints is what an application gets with each scope.
var scopeHints = map[string]string{
	"openid":         "that they signed in, and a number that is always theirs; every sign-in needs it",
	"profile":        "name, username and what else the profile tells",
	"email":          "e-mail address, and whether it is verified",
	"address":        "postal address",
	"phone":          "telephone number",
	"groups":         "one list of the groups that you name below; most applications read this",
	"membership":     "whether they are members, and until when",
	"tags":           "the tags among those groups, as a list of their own",
	"badges":         "the badges among them, with when they end",
	"affiliations":   "the roles among them, with body and kind",
	"offline_access": "tokens that work on after they signed out here",
	"door":           "passes for the doors among its audiences",
}

// hinted gives options their hints.
func hinted(list []templates.Option, hints map[string]string) []templates.Option {
	for i := range list {
		list[i].Hint = hints[list[i].Value]
	}
	return list
}

// apart takes the options with these values out of a list.
func apart(list []templates.Option, values ...string) (rest, out []templates.Option) {
	for _, o := range list {
		if slices.Contains(values, o.Value) {
			out = append(out, o)
		} else {
			rest = append(rest, o)
		}
	}
	return rest, out
}
