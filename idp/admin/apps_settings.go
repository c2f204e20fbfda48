package admin

import (
	"cmp"
	"fmt"
	"slices"

	"lanyard/claims"
	"lanyard/templates"
)

// settings lists what an application is set to, as its page shows it.
func (a *Admin) settings(v *appVisit) []templates.Setting {
	c := v.client
	list := []templates.Setting{
		{Name: "Issuer", Lines: told(a.Issuer)},
		{Name: "Sends people back to", Lines: c.RedirectURIs},
		{Name: "After signing out", Lines: c.LogoutURIs},
		{Name: "Is told of sign-outs", Lines: told(c.BackchannelURI)},
		{Name: "May ask for", Lines: told(joined(c.Scopes))},
		{Name: "Audiences", Lines: c.Resources},
		{Name: "Exchanges tokens for", Lines: c.ExchangeTo},
		{Name: "Is told of", Lines: told(cmp.Or(joined(c.Filter.Sees()), "no groups"))},
		{Name: "Groups go by", Lines: names(c.Filter)},
		{Name: "Most groups in a token", Lines: told(number(c.Filter.Cap, 64))},
		{Name: "Proves itself by", Lines: told(string(c.Auth), c.AssertionAlg, c.JWKSURI, when(c.JWKS != "", "keys that are kept here"))},
		{Name: "Ways to get tokens", Lines: told(joined(c.GrantTypes))},
		{Name: "PKCE", Lines: told(pkce(c))},
		{Name: "ID tokens signed with", Lines: told(cmp.Or(c.IDTokenAlg, "RS256"))},
		{Name: "Access tokens", Lines: told(access(c))},
		{Name: "Lifetimes", Lines: told(a.Lifetimes)},
		{Name: "Members are known to it by", Lines: told(subjects(c))},
		{Name: "Consent", Lines: told(consent(c))},
		{Name: "Special", Lines: told(when(c.Introspect, "asks about any token"), when(c.AlwaysGroups, "groups also without the scope"),
			when(c.RequirePushed, "pushes its requests ahead (PAR)"), when(c.RequireDPoP, "tokens are bound to its key (DPoP)"))},
		{Name: "Belongs to", Lines: told(v.actorName(c.Owner))},
	}
	if r := c.Registration; r != nil {
		list = append(list, templates.Setting{Name: "Registered itself", Lines: append(told(a.day(v.visit, r.At), r.SoftwareID, r.SoftwareVersion, r.URI, r.PolicyURI, r.TermsURI), r.Contacts...)})
	}
	return slices.DeleteFunc(list, func(s templates.Setting) bool { return len(s.Lines) == 0 })
}

func number(n, otherwise int) string {
	if n == 0 {
		n = otherwise
	}
	return fmt.Sprint(n)
}

// names lists the other names that a filter gives to groups.
func names(f claims.ClaimFilter) []string {
	var list []string
	if n := f.Names; n != nil {
		for what, t := range map[string]claims.NameTemplate{"tags": n.Tag, "badges": n.Badge, "affiliations": n.Affiliation, "states": n.Member} {
			list = append(list, when(len(t) > 0, what+" as "+t.String()))
		}
	}
	for from, to := range f.Rename {
		list = append(list, from+" as "+to)
	}
	slices.Sort(list)
	return told(list...)
}

func pkce(c claims.Client) string {
	switch {
	case !slices.Contains(c.GrantTypes, "authorization_code"):
		return ""
	case c.PKCEOptional:
		return "heeded where it is sent; the application is too old for it"
	}
	return "required (S256)"
}

func access(c claims.Client) string {
	if c.AccessJWT {
		return "JWTs (RFC 9068)"
	}
	return "opaque"
}

func subjects(c claims.Client) string {
	if c.Pairwise() {
		return "subjects made for " + c.Sector()
	}
	return "their own subject"
}

func consent(c claims.Client) string {
	switch {
	case !signsIn(c):
		return ""
	case c.FirstParty:
		return "not asked for: it is the organisation's"
	}
	return "each member is asked once for each scope"
}
