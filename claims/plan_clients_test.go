package claims

import (
	"strings"
	"testing"
)

var hex64 = strings.Repeat("0a", 32)

// wiki is a client that is fine.
func wiki(change func(*Client)) Client {
	c := Client{ID: "wiki", Name: "Wiki", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}},
		RedirectURIs: []string{"https://wiki.example.org/callback"},
		GrantTypes:   []string{grantCode, grantRefresh}, Scopes: []string{"openid", "groups"},
		Filter: ClaimFilter{Tags: []Slug{"board-member"}, Badges: []Slug{Every}, Member: true}}
	if change != nil {
		change(&c)
	}
	return c
}

func TestClientsAreHeldToTheirForm(t *testing.T) {
	d := built(t)
	wrong := func(name, field, words string, change func(*Client)) refusal {
		return refusal{name, ErrInvalid, field, words, Define{wiki(change)}}
	}
	refuseAll(t, d, []refusal{
		wrong("no id", "id", "1 to 128", func(c *Client) { c.ID = "" }),
		wrong("an id with a colon", "id", "colon", func(c *Client) { c.ID = "a:b" }),
		wrong("the program's own id", "id", "this program", func(c *Client) { c.ID = "system" }),
		wrong("no auth", "auth", "none of", func(c *Client) { c.Auth = "" }),
		wrong("a secret that is missing", "secrets", "needs a secret", func(c *Client) { c.Secrets = nil }),
		wrong("a secret too many", "secrets", "has none", func(c *Client) { c.Auth = AuthNone }),
		wrong("a secret in clear", "secrets", "SHA-256", func(c *Client) { c.Secrets[0].SHA256 = "hunter2" }),
		wrong("public without PKCE", "pkce_optional", "always", func(c *Client) { c.Auth, c.Secrets, c.PKCEOptional = AuthNone, nil, true }),
		wrong("no grant types", "grant_types", "is empty", func(c *Client) { c.GrantTypes = nil }),
		wrong("the password grant", "grant_types", "none of", func(c *Client) { c.GrantTypes = []string{"password"} }),
		wrong("refresh alone", "grant_types", "comes with", func(c *Client) { c.GrantTypes = []string{grantRefresh} }),
		wrong("public machine", "grant_types", "prove", func(c *Client) { c.Auth, c.Secrets, c.GrantTypes = AuthNone, nil, []string{grantClient} }),
		wrong("an unknown scope", "scopes", "none of", func(c *Client) { c.Scopes = []string{"root"} }),
		wrong("an unknown algorithm", "id_token_alg", "none of", func(c *Client) { c.IDTokenAlg = "none" }),
		wrong("a key without its method", "jwks", "goes with", func(c *Client) { c.JWKS = keySet(ecJWK) }),
		wrong("a method without its key", "jwks", "needs one", func(c *Client) { c.Auth, c.Secrets = AuthPrivateKey, nil }),
		wrong("a secret beside a key", "secrets", "has none", func(c *Client) { c.Auth, c.JWKS = AuthPrivateKey, keySet(ecJWK) }),
		wrong("no redirect", "redirect_uris", "at least one", func(c *Client) { c.RedirectURIs = nil }),
		wrong("logout over http", "post_logout_redirect_uris", "plain http", func(c *Client) { c.LogoutURIs = []string{"http://x.example.org/"} }),
		wrong("a resource that is none", "resources", "absolute", func(c *Client) { c.Resources = []string{"shop"} }),
		wrong("an audience with a fragment", "resources", "fragment", func(c *Client) { c.Resources = []string{"https://api.example.org/#x"} }),
		wrong("public exchange", "grant_types", "prove", func(c *Client) { c.Auth, c.Secrets, c.GrantTypes = AuthNone, nil, []string{grantCode, grantExchange} }),
		wrong("targets without the grant", "exchange_targets", "token-exchange", func(c *Client) { c.ExchangeTo = []string{"https://api.example.org/"} }),
		wrong("a target there isn't", "exchange_targets", "define it first", func(c *Client) {
			c.GrantTypes, c.ExchangeTo = []string{grantCode, grantExchange}, []string{"shop"}
		}),
		wrong("a target that is a place", "exchange_targets", "nor a client", func(c *Client) {
			c.GrantTypes, c.ExchangeTo = []string{grantCode, grantExchange}, []string{"/space/front-door"}
		}),
		wrong("a tag there isn't", "filter.tags", "no tag \"x\"", func(c *Client) { c.Filter.Tags = []Slug{"x"} }),
		wrong("a badge there isn't", "filter.badges", "define it first", func(c *Client) { c.Filter.Badges = []Slug{"x"} }),
		wrong("a type there isn't", "filter.types", "define it first", func(c *Client) { c.Filter.Types = []Slug{"x"} }),
		wrong("an object there isn't", "filter.objects", "define it first", func(c *Client) { c.Filter.Objects = []Slug{"x"} }),
		wrong("no source", "filter.rename", "names no source", func(c *Client) { c.Filter.Rename = map[string]string{"admin": "x"} }),
		wrong("no name", "filter.rename", "1 to 128", func(c *Client) { c.Filter.Rename = map[string]string{"tag.admin": ""} }),
		wrong("another source's name", "filter.rename", "two sources", func(c *Client) { c.Filter.Rename = map[string]string{"tag.admin": "badge.laser-1"} }),
		wrong("too many groups", "filter.cap", "1000", func(c *Client) { c.Filter.Cap = 5000 }),
		wrong("disabled tomorrow", "disabled", "future", func(c *Client) { c.Disabled = noon.AddDate(0, 0, 1) }),
	})
	grow(t, d, operator, Define{wiki(func(c *Client) {
		c.Filter.Rename = map[string]string{"tag.admin": "admins", "badge.laser-1": "admins", "body.delft.board": "delft", "member.active": "members"}
	})})
}

func TestAClientIsAnAudienceAndAServiceSignsNobodyIn(t *testing.T) {
	service := wiki(func(c *Client) {
		c.ID, c.GrantTypes, c.RedirectURIs, c.ExchangeTo = "api", []string{grantClient, grantExchange}, nil, []string{"https://files.example.org", "https://files.example.org"}
	})
	d := built(t, Define{service}, Define{wiki(func(c *Client) { c.Resources = []string{"api", "https://api.example.org"} })})
	if _, open := Get[Grant](d, "app-api-login"); open {
		t.Error("members may sign in at a service")
	}
	if c, _ := Get[Client](d, "api"); len(c.ExchangeTo) != 1 {
		t.Errorf("it exchanges for %v", c.ExchangeTo)
	}
}

func TestRedirectURIsAreExactAndSafe(t *testing.T) {
	for _, ok := range []string{
		"https://a.example.org", "https://a.example.org:8443/cb?x=1", "https://a.example.org/%C3%A9", "http://localhost/cb",
		"http://127.0.0.1:3000/cb", "http://[::1]:3000/cb", "com.example.app:/cb", "com.example.app://cb",
	} {
		if err := checkRedirect("u", ok); err != nil {
			t.Errorf("%s: %v; want it taken", ok, err)
		}
	}
	for uri, words := range map[string]string{
		"":                                 "absolute",
		"/cb":                              "absolute",
		"//evil.example.org/cb":            "absolute",
		"https:":                           "no host",
		"https:///cb":                      "no host",
		"https:/a.example.org":             "no host",
		"https://":                         "no host",
		"https://a.example.org/#x":         "fragment",
		"https://a.example.org/cb#":        "fragment",
		"https://*.example.org/cb":         "wildcard",
		"https://a.example.org/*":          "wildcard",
		"https://u@a.example.org/":         "user",
		"https://a.example.org@evil.org/":  "user",
		"https://a.example.org/../b":       ".. in its path",
		"https://a.example.org/%2e%2e/b":   ".. in its path",
		"https://a.example.org\\@evil.org": "absolute",
		"https://a.example.org/a b":        "absolute",
		"https://a.example.org/\u00e9":     "absolute",
		"https://a.example.org/%zz":        "absolute",
		"https://a.example.org/\n":         "absolute",
		"https://A.example.org/":           "lower case",
		"HTTPS://a.example.org/":           "absolute",
		"https://a.example.org:0/":         "absolute",
		"https://a.example.org:+80/":       "absolute",
		"https://a.example.org:99999/":     "absolute",
		"https://a.example.org./":          "no host",
		"https://a..example.org/":          "no host",
		"https://[::1/":                    "no host",
		"http://a.example.org/":            "plain http",
		"http://127.0.0.1.example.org/":    "plain http",
		"http://localhost.example.org/":    "plain http",
		"javascript:alert(1)":              "domain name",
		"data:text/html,x":                 "domain name",
		"myapp:/cb":                        "domain name",
		"com.example.app:":                 "ends after",
	} {
		if err := checkRedirect("u", uri); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v; want it refused, saying %q", uri, err, words)
		}
	}
}

func TestPrefixesAreAddresses(t *testing.T) {
	for _, ok := range []string{"10.0.3.7", "10.0.0.0/16", "0.0.0.0/0", "fd00::/8", "::1", "2001:db8::1/128", "1:2:3:4:5:6:7:8"} {
		if err := checkPrefix(ok); err != nil {
			t.Errorf("%s: %v; want it taken", ok, err)
		}
	}
	for _, bad := range []string{"", "10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "::1/129",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "fd00:::1", "fe80::1%eth0", "12345::", ":1", "1:2:3:4::5:6:7:8"} {
		if err := checkPrefix(bad); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}

func TestAClientBringsThePlaceWhereLoginIsAsked(t *testing.T) {
	door := Client{ID: "door-1", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}
	odd := wiki(func(c *Client) { c.ID = "https//odd" })
	d := built(t, define(wiki(nil), door, odd)...)
	if at := d.PathOf("app-wiki"); at != "/apps/wiki" || ClientPlace("wiki") != "app-wiki" {
		t.Errorf("the wiki's place is %q at %q, want app-wiki at /apps/wiki", ClientPlace("wiki"), at)
	}
	for _, c := range []struct {
		client ClientID
		member MemberID
		want   Reason
	}{{"wiki", "ada", ReasonOK}, {"wiki", "out", "member_left"}, {"door-1", "ada", ReasonNoGrant}, {"https//odd", "ada", ReasonOK}} {
		dec := must(Decide(d, Ask{Member: c.member, Right: "login", Place: ClientPlace(c.client), At: noon}))
		if dec.Reason != c.want {
			t.Errorf("%s signs in to %s: %s, want %s", c.member, c.client, dec.Reason, c.want)
		}
	}
	d, _ = grow(t, d, operator, Remove{Key: Key{EntityGrant, "app-wiki-login"}})
	d, planned := grow(t, d, operator, Define{wiki(func(c *Client) { c.Name = "The wiki" })})
	if len(planned.Facts) != 1 {
		t.Errorf("a change of the client plans %v; want the client only", planned.Facts)
	}
	if g, _ := Get[Grant](d, "app-wiki-login"); g.Removed.IsZero() {
		t.Error("the login grant came back")
	}
	taken := built(t, Define{Location{ID: "app-wiki", Parent: "space", Slug: "wiki", Inherit: true}})
	refused(t, taken, operator, ErrConflict, "", "place of client wiki", Define{wiki(nil)})
	refused(t, NewDirectory(Seq{}), operator, ErrNotFound, "", "/apps", Define{wiki(func(c *Client) { c.Filter = ClaimFilter{} })})
}

func TestARegistrantOwnsWhatTheyRegistered(t *testing.T) {
	d := built(t, AddGrant{Grant{ID: "r", At: "core-apps", Subject: must(ParseSubject("user:ada")), Right: "register"}})
	refused(t, d, as("tom"), ErrDenied, "manage", "/apps/wiki", Define{wiki(nil)})
	refused(t, d, as("ada"), ErrDenied, "manage", "first_party", Define{wiki(func(c *Client) { c.FirstParty = true })})
	refused(t, d, as("ada"), ErrDenied, "manage", "introspect", Define{wiki(func(c *Client) { c.Introspect = true })})
	d, _ = grow(t, d, as("ada"), Define{wiki(nil)})
	d, _ = grow(t, d, as("ada"), Define{wiki(func(c *Client) { c.Name = "Mine" })})
	d, _ = grow(t, d, operator, Define{wiki(func(c *Client) { c.ID = "other" })})
	refused(t, d, as("ada"), ErrDenied, "manage", "/apps/other", Define{wiki(func(c *Client) { c.ID, c.Name = "other", "Mine" })})
	refused(t, d, as("ada"), ErrDenied, "grant", "/apps/wiki", AddGrant{Grant{ID: "x", At: "app-wiki", Subject: Subject{Kind: SubjectEveryone}, Right: "login"}})
}
