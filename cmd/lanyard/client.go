package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/record"
)

func clientCommand(a *app) *cobra.Command {
	return parent("client", "Clients: applications that sign people in, and what they are told", clientAdd(a), clientList(a), clientShow(a), clientDisable(a), clientEnable(a), clientTakeOver(a), clientSecret(a), clientAlias(a), clientTry(a), clientMeter(a), clientRecipes(a), clientRegistration(a))
}

const clientsAre = "lanyard client list shows them"

func clientAdd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "add ID", Short: "Register an application, or change one that is there; a new secret is shown once",
		Long: "An application sees none of a member's facts until a --see flag says so: tag:TAG, badge:BADGE, type:TYPE, object:OBJECT\nor member (the state of membership); tag:*, badge:* and type:* stand for every one.",
		Args: need(1, 1), RunE: a.in(func(h *house, args []string) error { return h.addClient(args[0]) }),
	}
	clientFlags(c)
	return c
}

// addClient registers a client, or changes it, as the flags say.
func (h *house) addClient(id string) error {
	cooked, err := h.cook()
	if err != nil {
		return err
	}
	want, err := h.wantedClient(id)
	if err == nil {
		err = h.checkSector(want)
	}
	if err != nil {
		return err
	}
	var secret record.Secret
	old, there := claims.Get[claims.Client](h.dir(), id)
	if err := freshClientID(id, there); err != nil {
		return err
	}
	if want.Auth.HasSecret() && len(want.Secrets) == 0 {
		secret = record.Secret(record.Random(32))
		want.Secrets = []claims.Secret{organisation.NewSecret(h.env(), secret)}
	}
	changed, err := h.change(claims.Define{Fact: want})
	if err != nil {
		return err
	}
	if cooked != "" {
		defer h.say("docs/recipes/%s.md says what to set there; the issuer is %s", cooked, h.cfg.Issuer)
	}
	if secret != "" {
		defer h.secret("The secret of "+id, secret)
	}
	if !there && want.Filter.None() && len(want.RedirectURIs) > 0 {
		h.say("note: %s is told no groups; say which with --see, as --see 'badge:*'", want.ID)
	}
	if !there {
		h.say("client %s is registered", want.ID)
		return nil
	}
	return h.sayChanged(changed, old)
}

func clientFlags(c *cobra.Command) {
	f := c.Flags()
	f.String("recipe", "", "how other people's application `NAME` is registered, but for what other flags say; lanyard client recipes lists them")
	f.String("url", "", "with --recipe: the `URL` where it is")
	f.String("source", "", "with --recipe: what it calls Lanyard in its redirect address")
	f.String("name", "", "what members read")
	f.StringSlice("redirect", nil, "where people are sent back to, a `URL`; may be given several times")
	f.StringSlice("logout-redirect", nil, "where they are sent after signing out, a `URL`")
	f.String("backchannel-logout", "", "the `URL` where it is told that a sign-in has ended, or that somebody lost what it was told of them (backchannel_logout_uri)")
	f.Bool("backchannel-logout-sid", false, "it needs to be told which sign-in (backchannel_logout_session_required)")
	f.StringSlice("grant", []string{"authorization_code"}, "grant types: authorization_code, refresh_token, client_credentials, device_code, token_exchange")
	f.StringSlice("scope", []string{"openid", "profile", "groups"}, "scopes it may ask for")
	f.StringSlice("resource", nil, "audiences it may ask for: `URL`s, or other clients by their ids")
	f.StringSlice("exchange-to", nil, "audiences it may exchange members' tokens for, with the grant token_exchange: `URL`s or clients")
	f.String("auth", string(claims.AuthBasic), "client_secret_basic, client_secret_post, none (a public client) or private_key_jwt")
	f.String("jwks", "", "a `FILE` with its public keys, for private_key_jwt")
	f.String("jwks-uri", "", "or the `URL` where they are")
	f.String("auth-alg", "", "what it signs with to prove itself: RS256, PS256, ES256 or EdDSA (default: any of them)")
	f.String("id-token-alg", "", "RS256 (default), ES256 or EdDSA")
	f.String("subject-type", "", "public (default), or pairwise: members are known to it by subjects of their own")
	f.String("sector-uri", "", "the `URL` of the list of all redirect addresses that share those subjects (sector_identifier_uri)")
	f.Bool("access-jwt", false, "access tokens are JWTs instead of opaque")
	f.Bool("first-party", false, "ask no consent")
	f.Bool("always-groups", false, "send groups also without the scope")
	f.Bool("pkce-optional", false, "it is too old for PKCE")
	f.Bool("introspect", false, "may introspect tokens that are not meant for it")
	f.Bool("require-par", false, "it must push its authorization requests ahead (PAR)")
	f.Bool("require-dpop", false, "its tokens must be bound to a key of its own (DPoP)")
	f.StringSlice("see", nil, "what it may see of members: tag:TAG, badge:BADGE, type:TYPE, object:OBJECT, member")
	f.StringToString("rename", nil, "other names for groups, as tag.admin=admins")
	f.StringToString("names", nil, "templates for the names of groups, as 'tag={name}', 'badge=badge:{name}', 'affiliation={object}/{kind}' (or with {type}), 'member={state}'")
	f.Int("cap", 0, "how many groups a token lists at most (default 64); more are left to userinfo")
}

// wantedClient is the client as it is with the flags that were written.
func (h *house) wantedClient(id string) (claims.Client, error) {
	c, there := claims.Get[claims.Client](h.dir(), id)
	c.ID = claims.ClientID(id)
	set := func(flag string) bool { return !there || h.given(flag) }
	if set("name") {
		c.Name = h.text("name")
	}
	if c.Name == "" {
		c.Name = id
	}
	for flag, field := range map[string]*[]string{
		"redirect": &c.RedirectURIs, "logout-redirect": &c.LogoutURIs, "grant": &c.GrantTypes, "scope": &c.Scopes, "resource": &c.Resources, "exchange-to": &c.ExchangeTo,
	} {
		if set(flag) {
			*field = h.list(flag)
		}
	}
	c.GrantTypes = organisation.GrantTypes(c.GrantTypes)
	for flag, field := range map[string]*bool{
		"access-jwt": &c.AccessJWT, "first-party": &c.FirstParty, "always-groups": &c.AlwaysGroups, "pkce-optional": &c.PKCEOptional, "introspect": &c.Introspect,
		"require-par": &c.RequirePushed, "backchannel-logout-sid": &c.BackchannelSID, "require-dpop": &c.RequireDPoP,
	} {
		if set(flag) {
			*field = h.on(flag)
		}
	}
	for flag, field := range map[string]*string{"id-token-alg": &c.IDTokenAlg, "subject-type": &c.SubjectType, "sector-uri": &c.SectorURI, "backchannel-logout": &c.BackchannelURI} {
		if set(flag) {
			*field = h.text(flag)
		}
	}
	if err := h.proof(&c, set); err != nil {
		return c, err
	}
	return c, h.filter(&c.Filter, set)
}

func (h *house) filter(f *claims.ClaimFilter, set func(string) bool) error {
	if set("rename") {
		m, err := h.cmd.Flags().GetStringToString("rename")
		must(err)
		f.Rename = m
	}
	if set("cap") {
		f.Cap = h.number("cap")
	}
	if set("names") {
		m, err := h.cmd.Flags().GetStringToString("names")
		must(err)
		if f.Names, err = organisation.GroupNames(m); err != nil {
			return fmt.Errorf("--names: %w", err)
		}
	}
	if !set("see") {
		return nil
	}
	if err := f.See(h.list("see")); err != nil {
		return fmt.Errorf("--see: %s", strings.Replace(err.Error(), "see: ", "", 1))
	}
	return nil
}

// clientView is a client without its secrets' hashes.
type clientView struct {
	claims.Client
	Secrets      []secretView         `json:"secrets,omitempty"`
	Registration *claims.Registration `json:"registration,omitempty"` // without its token
}

type secretView struct {
	Created time.Time `json:"created,omitzero"`
	Expires time.Time `json:"expires,omitzero"`
}

func viewClient(c claims.Client) clientView {
	v := clientView{Client: c}
	if c.Registration != nil {
		r := *c.Registration
		r.Token, v.Registration = "", &r
	}
	for _, s := range c.Secrets {
		v.Secrets = append(v.Secrets, secretView{s.Created, s.Expires})
	}
	return v
}

// sees is a claim filter for people.
func sees(f claims.ClaimFilter) string { return words(f.Sees()...) }

// calls is how a claim filter names groups, for people.
func calls(f claims.ClaimFilter) string {
	var parts []string
	if n := f.Names; n != nil {
		for what, t := range map[string]claims.NameTemplate{"tags": n.Tag, "badges": n.Badge, "affiliations": n.Affiliation, "states": n.Member} {
			parts = append(parts, yes(len(t) > 0, what+" "+t.String()))
		}
	}
	for from, to := range f.Rename {
		parts = append(parts, from+" "+to)
	}
	return sortedWords(parts)
}

func clientList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List applications and devices that are clients", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []clientView
		for _, c := range sorted(h, func(c claims.Client) bool { return true }) {
			views = append(views, viewClient(c))
		}
		return table[clientView]{
			empty: "There are no clients. lanyard client add ID --redirect URL registers one.", head: []string{"client", "name", "grants", "sees", "notes"},
			row: func(v clientView) []string {
				return []string{string(v.ID), v.Name, words(v.GrantTypes...), sees(v.Filter), words(
					yes(!v.Disabled.IsZero(), "disabled"), yes(v.Auth == claims.AuthNone, "public"), yes(v.AccessJWT, "JWT access"), yes(v.Introspect, "introspects"), yes(v.Owner != "", "of "+h.actorName(v.Owner)), yes(v.Client.Registration != nil, "registered itself"))}
			},
		}.print(h, views)
	})}
}

func clientShow(a *app) *cobra.Command {
	return &cobra.Command{Use: "show ID", Short: "Show a client, never its secret", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		c, err := named[claims.Client](h, "client", args[0], clientsAre)
		if err != nil {
			return err
		}
		return h.show(viewClient(c), append([]string{"client", string(c.ID)}, h.clientPairs(c)...)...)
	})}
}

// clientPairs is all of a client but its id, as names and values for people.
func (h *house) clientPairs(c claims.Client) []string {
	var secrets []string
	for _, s := range c.Secrets {
		secrets = append(secrets, "made "+stamp(s.Created, "")+yes(!s.Expires.IsZero(), ", until "+stamp(s.Expires, "")))
	}
	return []string{"name", c.Name, "auth", words(string(c.Auth), c.AssertionAlg), "secrets", strings.Join(secrets, "\n"), "keys", keysOfClient(c),
		"redirect URIs", strings.Join(c.RedirectURIs, "\n"), "after sign-out", strings.Join(c.LogoutURIs, "\n"), "told of sign-outs at", c.BackchannelURI, "grants", words(slices.Clone(c.GrantTypes)...),
		"scopes", words(slices.Clone(c.Scopes)...), "resources", words(slices.Clone(c.Resources)...), "exchanges for", words(slices.Clone(c.ExchangeTo)...), "ID token", c.IDTokenAlg, "subjects for", c.Sector(), "access token", yes(c.AccessJWT, "JWT"),
		"sees", sees(c.Filter), "calls", calls(c.Filter), "most groups", yes(c.Filter.Cap > 0, fmt.Sprint(c.Filter.Cap)),
		"notes", words(yes(c.FirstParty, "asks no consent"), yes(c.AlwaysGroups, "always groups"), yes(c.PKCEOptional, "PKCE optional"), yes(c.Introspect, "introspects any token"),
			yes(c.RequirePushed, "pushed requests only"), yes(c.RequireDPoP, "bound tokens only")),
		"belongs to", h.actorName(c.Owner), "registered itself", registered(c), "disabled", stamp(c.Disabled, ""), "issuer", h.cfg.Issuer}
}

// registered says when a client registered itself.
func registered(c claims.Client) string {
	if c.Registration == nil {
		return ""
	}
	return words(stamp(c.Registration.At, ""), c.Registration.SoftwareID, c.Registration.URI)
}

func clientTakeOver(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "take-over ID", Short: "Make an application that is somebody's own the organisation's", Args: need(1, 1),
		Long: "Make an application that is somebody's own the organisation's. Its owner, and the application itself if it registered\nitself, change it no more; from then on it may be first-party.",
		RunE: a.in(func(h *house, args []string) error {
			c, err := named[claims.Client](h, "client", args[0], clientsAre)
			if err != nil {
				return err
			}
			changed, err := h.change(claims.TakeOver{Client: c.ID})
			if err != nil {
				return err
			}
			if err := h.done(changed, "client %s is nobody's own", c.ID); err != nil || !changed || !c.Auth.HasSecret() {
				return err
			}
			h.say("Whoever had it knows its secret: lanyard client secret rotate %s", c.ID)
			return nil
		}),
	}
}
