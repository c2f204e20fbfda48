package oauth

import (
	"encoding/json"
	"slices"
	"strconv"

	"lanyard/claims"
)

// carrier is where claims are told.
type carrier int

const (
	inIDToken carrier = iota
	inUserInfo
)

// person is what an ID token and userinfo say of a member beside sub. Lists
// that are told are never null: consumers fail the login on a missing or null
// groups (model.md).
type person struct {
	Name       string `json:"name,omitempty"`
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	Username   string `json:"preferred_username,omitempty"`
	Locale     string `json:"locale,omitempty"`
	Email      string `json:"email,omitempty"`
	EmailOK    *bool  `json:"email_verified,omitempty"`
	standard

	Groups       *[]string           `json:"groups,omitempty"`
	Overage      bool                `json:"groups_overage,omitempty"`
	Membership   *claims.Membership  `json:"membership,omitempty"`
	Tags         *[]claims.Slug      `json:"tags,omitempty"`
	Badges       *[]claims.HeldBadge `json:"badges,omitempty"`
	Affiliations *[]claims.HeldKind  `json:"affiliations,omitempty"`
	Version      uint64              `json:"authz_version,omitempty"`
}

// scopeOf names the scope that brings each claim.
var scopeOf = map[string]string{
	"name": scopeProfile, "given_name": scopeProfile, "family_name": scopeProfile,
	"preferred_username": scopeProfile, "locale": scopeProfile,
	"email": scopeEmail, "email_verified": scopeEmail,
	"groups": scopeGroups, "membership": scopeMembership, "tags": scopeTags,
	"badges": scopeBadges, "affiliations": scopeAffiliations,
}

// scopeFor returns the scope that brings a claim; "" if none does.
func scopeFor(name string) string {
	if scope, ok := standardScopes[name]; ok {
		return scope
	}
	return scopeOf[name]
}

// describe returns what a carrier says of a member to a client: what the
// scopes bring, and what the claims parameter named, of what the client may
// ask for at all.
func describe(m claims.Member, p claims.Profile, t claims.Token, c claims.Client, scopes []string, asked claimsParameter, in carrier) person {
	tell := func(name string) bool {
		scope := scopeFor(name)
		return contains(scopes, scope) || asked.names(in, name) && contains(c.Scopes, scope)
	}
	text := func(name, value string) string {
		if !tell(name) {
			return ""
		}
		return value
	}
	who := person{
		Name: text("name", m.Name), GivenName: text("given_name", m.GivenName), FamilyName: text("family_name", m.FamilyName),
		Username: text("preferred_username", m.Username), Locale: text("locale", m.Locale), Email: text("email", m.Email),
		standard: describeStandard(p, tell), Version: t.Version,
	}
	if tell("email_verified") && m.Email != "" {
		who.EmailOK = &m.EmailOK
	}
	if tell("groups") || c.AlwaysGroups {
		who.Groups, who.Overage = listed(t.Groups), t.Overage
	}
	if tell("membership") {
		who.Membership = t.Membership
	}
	if t.Overage && in == inIDToken && (tell("tags") || tell("badges") || tell("affiliations")) {
		who.Overage = true // what makes the groups too many makes these too long
		return who
	}
	if tell("tags") {
		who.Tags = listed(t.Tags)
	}
	if tell("badges") {
		who.Badges = listed(t.Badges)
	}
	if tell("affiliations") {
		who.Affiliations = listed(t.Affiliations)
	}
	return who
}

// calledBy is a member under the name a client knows them by.
func calledBy(d *claims.Directory, c claims.Client, m claims.Member) claims.Member {
	m.Username = d.UsernameAt(c.ID, m)
	return m
}

func listed[T any](list []T) *[]T {
	if list == nil {
		list = []T{}
	}
	return &list
}

// claimsParameter is the claims request parameter (OpenID Connect Core,
// section 5.5), as far as it is honoured: which claims are wanted where, and
// which subject.
type claimsParameter struct {
	IDToken  map[string]*wanted `json:"id_token"`
	UserInfo map[string]*wanted `json:"userinfo"`
}

type wanted struct {
	Value     json.RawMessage   `json:"value"`
	Values    []json.RawMessage `json:"values"`
	Essential bool              `json:"essential"`
}

func (c claimsParameter) names(in carrier, name string) bool {
	where := c.IDToken
	if in == inUserInfo {
		where = c.UserInfo
	}
	_, ok := where[name]
	return ok
}

// subject returns the subject that the ID token must be about; "" for any.
func (c claimsParameter) subject() string {
	if w := c.IDToken["sub"]; w != nil {
		var sub string
		if json.Unmarshal(w.Value, &sub) == nil {
			return sub
		}
	}
	return ""
}

// acceptsACR tells whether a sign-in of this strength will do: an ID token
// with another acr would not, if a client calls it essential and says which
// (OpenID Connect Core, section 5.5.1.1).
func (c claimsParameter) acceptsACR(acr int) bool {
	w := c.IDToken["acr"]
	if w == nil || !w.Essential || len(w.Value) == 0 && len(w.Values) == 0 {
		return true
	}
	return slices.ContainsFunc(append(w.Values, w.Value), func(v json.RawMessage) bool {
		var text string
		return json.Unmarshal(v, &text) == nil && acr > 0 && text == strconv.Itoa(acr)
	})
}

// scopes returns the scopes whose claims are asked for one by one. A member
// consents to them like to the others.
func (c claimsParameter) scopes() []string {
	var scopes []string
	for _, where := range []map[string]*wanted{c.IDToken, c.UserInfo} {
		for name := range where {
			if s := scopeFor(name); s != "" && !slices.Contains(scopes, s) {
				scopes = append(scopes, s)
			}
		}
	}
	slices.Sort(scopes)
	return scopes
}

// parseClaims reads the parameter; "" asks for nothing.
func parseClaims(text string) (claimsParameter, error) {
	var c claimsParameter
	if text == "" {
		return c, nil
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, oauthErrorf("invalid_request", "The claims parameter is not the JSON object it should be.")
	}
	return c, nil
}
