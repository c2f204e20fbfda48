package recipe

// All are the recipes, in order of the alphabet.
var All = []Recipe{
	{
		Name: "apache", Title: "Members' pages", URL: "https://www.example.org/secret",
		Redirects: []string{"{url}/oidc"}, Logouts: []string{"{origin}/"},
		Scopes: []string{"openid", "profile", "email", "groups"}, Auth: basic, Alg: "RS256", See: []string{"badge:*", "tag:*", "member"},
		Checked: "mod_auth_openidc 2.4.12.3", Run: "Apache 2.4 with mod_auth_openidc 2.4.12.3 (Debian 12)",
	},
	{
		Name: "dokuwiki", Title: "DokuWiki", URL: "https://wiki.example.org",
		Redirects: []string{"{url}/doku.php"},
		Scopes:    []string{"openid", "profile", "email", "groups"}, Auth: post, Alg: "RS256", NoPKCE: true, See: []string{"badge:*", "tag:*", "member"},
		Checked: "the source of the plugins oauth (2025-10-23) and oauthgeneric (2023-03-21)",
	},
	{
		Name: "gitea", Title: "Gitea", URL: "https://git.example.org", Source: "lanyard",
		Redirects: []string{"{url}/user/oauth2/{source}/callback"},
		Scopes:    []string{"openid", "profile", "email", "groups"}, Auth: basic, Alg: "RS256", NoPKCE: true, See: []string{"tag:*", "type:*"},
		Checked: "the command line of Gitea 1.25 and Forgejo, and their issues about PKCE",
	},
	{
		Name: "grafana", Title: "Grafana", URL: "https://grafana.example.org",
		Redirects: []string{"{url}/login/generic_oauth"}, Logouts: []string{"{url}/login"}, Grants: []string{"authorization_code", "refresh_token"},
		Scopes: []string{"openid", "profile", "email", "groups", "offline_access"}, Auth: basic, Alg: "RS256", See: []string{"tag:*", "type:*"},
		Checked: "Grafana's documentation of generic OAuth, version 12",
	},
	{
		Name: "homeassistant", Title: "Home Assistant", URL: "https://home.example.org",
		Redirects: []string{"{url}/auth/oidc/callback"},
		Scopes:    []string{"openid", "profile", "groups"}, Auth: public, Alg: "RS256", See: []string{"tag:*"},
		Checked: "the documentation of hass-oidc-auth 1.0",
	},
	{
		Name: "kubelogin", Title: "Kubernetes",
		Redirects: []string{"http://localhost:8000", "http://localhost:18000"}, Grants: []string{"authorization_code", "refresh_token", "device_code"},
		Scopes: []string{"openid", "profile", "groups", "offline_access"}, Auth: public, Alg: "RS256", See: []string{"tag:*", "type:*"},
		Checked: "kubelogin's documentation of its flags",
	},
	{
		Name: "mediawiki", Title: "MediaWiki", URL: "https://wiki.example.org",
		Redirects: []string{"{url}/index.php/Special:PluggableAuthLogin", "{url}/wiki/Special:PluggableAuthLogin", "{url}/index.php?title=Special:PluggableAuthLogin"},
		Logouts:   []string{"{url}/index.php/Main_Page", "{url}/wiki/Main_Page"},
		Scopes:    []string{"openid", "profile", "email", "groups"}, Auth: basic, Alg: "RS256", See: []string{"tag:*", "type:*"},
		Checked: "the source of the extensions OpenIDConnect 8.3 and PluggableAuth 7",
	},
	{
		Name: "nextcloud", Title: "Nextcloud", URL: "https://cloud.example.org",
		Redirects: []string{"{url}/apps/user_oidc/code", "{url}/index.php/apps/user_oidc/code"}, Logouts: []string{"{url}/"},
		Scopes: []string{"openid", "profile", "email", "groups"}, Auth: post, Alg: "RS256", See: []string{"tag:*", "type:*"},
		Checked: "the source of user_oidc 8.11",
	},
	{
		Name: "oauth2-proxy", Title: "Internal pages", URL: "https://internal.example.org",
		Redirects: []string{"{url}/oauth2/callback"}, Logouts: []string{"{url}/"}, Grants: []string{"authorization_code", "refresh_token"},
		Scopes: []string{"openid", "profile", "email", "groups", "offline_access"}, Auth: basic, Alg: "RS256", See: []string{"badge:*", "tag:*", "member"},
		Checked: "oauth2-proxy 7.15.6", Run: "oauth2-proxy 7.15.6",
	},
	{
		Name: "vault", Title: "Vault", URL: "https://vault.example.org", Source: "oidc",
		Redirects: []string{"{url}/ui/vault/auth/{source}/oidc/callback", "http://localhost:8250/oidc/callback"},
		Scopes:    []string{"openid", "profile", "groups"}, Auth: basic, Alg: "RS256", See: []string{"tag:*", "type:*"},
		Checked: "the documentation of OpenBao's and Vault's jwt auth method",
	},
	{
		Name: "wikijs", Title: "Wiki.js", URL: "https://wiki.example.org",
		Ask:       "which key the strategy has in Wiki.js: it stands in the callback URL there, between login/ and /callback",
		Redirects: []string{"{url}/login/{source}/callback"}, Logouts: []string{"{url}/"},
		Scopes: []string{"openid", "profile", "email", "groups"}, Auth: post, Alg: "RS256", NoPKCE: true, Always: true, See: []string{"tag:*", "type:*"},
		Names:   []string{"tag={name}"},
		Checked: "the source of Wiki.js 2.5", Run: "passport-openidconnect 0.1.2, which is what Wiki.js signs in with",
	},
}

// The ways to prove oneself (OpenID Connect Core, section 9).
const (
	basic  = "client_secret_basic"
	post   = "client_secret_post"
	public = "none"
)
