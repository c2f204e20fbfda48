package organisation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/record"
)

// NewSecret is a client's secret as it is stored.
func NewSecret(env Env, secret record.Secret) claims.Secret {
	return claims.Secret{SHA256: secret.SHA256(), Created: env.Now}
}

func (b *builder) clients() {
	seen := map[string]int{}
	for i, c := range b.f.Clients {
		key := b.once(seen, "clients", i, "id", c.ID)
		if c.ID == "" {
			continue
		}
		want := claims.Client{
			ID: claims.ClientID(c.ID), Name: or(c.Name, c.ID), Auth: b.auth(key, c.Auth), RedirectURIs: c.RedirectURIs, LogoutURIs: c.LogoutURIs,
			GrantTypes: GrantTypes(orList(c.GrantTypes, "authorization_code")), Scopes: orList(c.Scopes, "openid", "profile", "groups"),
			Resources: c.Resources, IDTokenAlg: c.IDTokenAlg, AccessJWT: c.AccessJWT, FirstParty: c.FirstParty, AlwaysGroups: c.AlwaysGroups,
			PKCEOptional: c.PKCEOptional, Introspect: c.Introspect, RequirePushed: c.RequirePushed, RequireDPoP: c.RequireDPoP, Filter: b.filter(key+".filter", c.Filter),
			JWKS: b.keySet(key+".jwks_file", c.JWKSFile), JWKSURI: c.JWKSURI, AssertionAlg: c.AssertionAlg,
			SubjectType: c.SubjectType, SectorURI: c.SectorURI, ExchangeTo: c.ExchangeTo,
			BackchannelURI: c.BackchannelURI, BackchannelSID: c.BackchannelSID,
		}
		b.sector(key+".sector_identifier_uri", want)
		if slices.Contains(want.GrantTypes, "authorization_code") && len(want.RedirectURIs) == 0 {
			b.fault(key, "needs redirect_uris, since people sign in to it")
		}
		b.client(key, "client", c.ID, want)
	}
}

// client plans a client; a new one gets a secret, if it is to have one.
func (b *builder) client(key, what, name string, want claims.Client) {
	if have, ok := claims.Get[claims.Client](b.d, string(want.ID)); ok {
		want.Disabled = have.Disabled
		if want.Auth.HasSecret() {
			want.Secrets = have.Secrets
		}
		if !want.Auth.HasSecret() || len(want.Secrets) > 0 {
			define(b, key, want)
			return
		}
	}
	if want.Auth.HasSecret() {
		want.Secrets = []claims.Secret{NewSecret(b.env, b.generate(what, name))}
	}
	b.add(key, claims.Define{Fact: want})
	if slug, err := claims.ParseSlug(string(want.ID)); err == nil {
		b.places["/apps/"+claims.Path(slug)] = claims.LocationID("app-" + string(slug)) // the client brings it
	}
}

func (b *builder) sector(key string, want claims.Client) {
	switch {
	case want.SectorURI == "":
	case b.env.CheckSector == nil:
		b.fault(key, "cannot be fetched here")
	default:
		if err := b.env.CheckSector(want); err != nil {
			b.fault(key, "%v", err)
		}
	}
}

// keySet reads a client's public keys from a file; no name, no keys.
func (b *builder) keySet(key, name string) string {
	if name == "" {
		return ""
	}
	if b.env.ReadFile == nil {
		b.fault(key, "cannot be read here")
		return ""
	}
	text, err := b.env.ReadFile(name)
	if err == nil {
		_, err = keys.ParseClientKeys(text)
	}
	if err != nil {
		b.fault(key, "%s: %v", name, err)
		return ""
	}
	return string(text)
}

func (b *builder) auth(key, text string) claims.AuthMethod {
	all := []claims.AuthMethod{claims.AuthBasic, claims.AuthPost, claims.AuthNone, claims.AuthPrivateKey}
	m := claims.AuthMethod(or(text, string(claims.AuthBasic)))
	if !slices.Contains(all, m) {
		b.fault(key+".auth", "%q is none of client_secret_basic, client_secret_post, none, private_key_jwt", text)
	}
	return m
}

func (b *builder) filter(key string, f Filter) claims.ClaimFilter {
	names, err := GroupNames(f.Names)
	if err != nil {
		b.fault(key+".names", "%v", err)
	}
	return claims.ClaimFilter{
		Tags: b.names(key+".tags", f.Tags), Badges: b.names(key+".badges", f.Badges), Types: b.names(key+".types", f.Types),
		Objects: b.names(key+".objects", f.Objects), Member: f.Member, Rename: maps.Clone(f.Rename), Names: names, Cap: f.Cap,
	}
}

// GroupNames reads templates by what they are for: tag, badge, affiliation
// and member. None is nil.
func GroupNames(texts map[string]string) (*claims.GroupNames, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	n := &claims.GroupNames{}
	for what, text := range texts {
		into := map[string]*claims.NameTemplate{"tag": &n.Tag, "badge": &n.Badge, "affiliation": &n.Affiliation, "member": &n.Member}[what]
		if into == nil {
			return nil, fmt.Errorf("%q is none of tag, badge, affiliation and member", what)
		}
		var err error
		if *into, err = claims.ParseNameTemplate(text); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// names reads slugs, or "*".
func (b *builder) names(key string, texts []string) []claims.Slug {
	var out []claims.Slug
	for i, text := range texts {
		if text == string(claims.Every) {
			out = append(out, claims.Every)
			continue
		}
		out = append(out, b.slug(fmt.Sprintf("%s[%d]", key, i), text))
	}
	return out
}

func orList(list []string, otherwise ...string) []string {
	if len(list) == 0 {
		return otherwise
	}
	return slices.Clone(list)
}

// GrantTypes returns grant types as they are stored: device_code and
// token_exchange stand for the long names that RFC 8628 and RFC 8693 give them.
func GrantTypes(texts []string) []string {
	long := map[string]string{"device_code": claims.GrantTypeDevice, "token_exchange": claims.GrantTypeExchange}
	types := slices.Clone(texts)
	for i, text := range types {
		types[i] = or(long[text], text)
	}
	return types
}

func cutKind(text string) (object, kind string, ok bool) {
	object, kind, ok = strings.Cut(text, "#")
	return object, kind, ok && object != "" && kind != ""
}
