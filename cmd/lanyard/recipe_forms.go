package main

import (
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/cmd/lanyard/recipe"
	"lanyard/idp/admin"
)

// appRecipes are the recipes as the page that adds an application takes them.
func appRecipes() []admin.Recipe {
	var list []admin.Recipe
	for _, r := range recipe.All {
		form := admin.Recipe{Name: r.Name, Title: r.Title, URL: r.URL, Ask: r.Ask, Fill: func(address, source string) (claims.Client, error) {
			flags, err := r.Flags(address, source)
			if err != nil {
				return claims.Client{}, flagFault(err)
			}
			return clientOf(flags)
		}}
		list = append(list, form)
	}
	return list
}

// clientOf is the client that a recipe's flags make.
func clientOf(flags []recipe.Flag) (claims.Client, error) {
	all := map[string][]string{}
	for _, f := range flags {
		all[f.Name] = append(all[f.Name], f.Value)
	}
	one := func(name string) string { return strings.Join(all[name], " ") }
	c := claims.Client{
		Name: one("name"), RedirectURIs: all["redirect"], LogoutURIs: all["logout-redirect"], Scopes: all["scope"],
		GrantTypes: organisation.GrantTypes(all["grant"]), Auth: claims.AuthMethod(one("auth")), IDTokenAlg: one("id-token-alg"),
		AlwaysGroups: one("always-groups") == "true", PKCEOptional: one("pkce-optional") == "true",
	}
	if len(c.GrantTypes) == 0 {
		c.GrantTypes = []string{"authorization_code"}
	}
	names := map[string]string{}
	for _, pair := range all["names"] {
		what, template, _ := strings.Cut(pair, "=")
		names[what] = template
	}
	var err error
	if c.Filter.Names, err = organisation.GroupNames(names); err != nil {
		return claims.Client{}, err
	}
	return c, c.Filter.See(slices.Clone(all["see"]))
}

// flagFault makes of a sentence about a flag one about the field of that name.
func flagFault(err error) error {
	text := strings.TrimPrefix(err.Error(), "--")
	end := strings.IndexAny(text, ": ")
	if end < 0 {
		return err
	}
	problem := strings.TrimLeft(text[end:], ": ")
	return &claims.Invalid{Field: text[:end], Problem: strings.NewReplacer("--url ", "", "--source ", "").Replace(problem)}
}
