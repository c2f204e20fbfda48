package admin

import (
	"net/url"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/templates"
)

// Recipe is how one application of others is registered.
type Recipe struct {
	Name  string
	Title string // what members read
	URL   string // an example of where it is; empty: it is on people's own machines
	Ask   string // what source is, where nobody can know it beforehand
	// Fill makes the client for the application at an address; source is what
	// the application calls this server, empty for the usual. What is wrong is
	// an ErrInvalid about the field url or source.
	Fill func(address, source string) (claims.Client, error)
}

// recipe finds a recipe by its name.
func (a *Admin) recipe(name string) (Recipe, bool) {
	i := slices.IndexFunc(a.Recipes, func(r Recipe) bool { return r.Name == name })
	if i < 0 {
		return Recipe{}, false
	}
	return a.Recipes[i], true
}

// cooked is the client that a form of a recipe asks for: recipe, url and
// source. Without a recipe it is blank, as it is beside an error.
func (a *Admin) cooked(v *visit, form url.Values) (claims.Client, error) {
	blank := claims.Client{Auth: claims.AuthBasic, GrantTypes: []string{"authorization_code"}, Scopes: []string{"openid", "profile", "groups"}}
	name := form.Get("recipe")
	if name == "" {
		return blank, nil
	}
	r, ok := a.recipe(name)
	if !ok {
		return blank, &claims.Invalid{Field: "recipe", Problem: "choose one of the list"}
	}
	c, err := r.Fill(strings.TrimSpace(form.Get("url")), strings.TrimSpace(form.Get("source")))
	if err != nil {
		return blank, err
	}
	if c.IDTokenAlg == "RS256" {
		c.IDTokenAlg = "" // the default
	}
	if _, taken := claims.Get[claims.Client](v.d, name); !taken {
		c.ID = claims.ClientID(name)
	}
	return c, nil
}

// recipes fills in the part of a form that chooses a recipe.
func (a *Admin) recipes(page *templates.ApplicationForm, form url.Values) {
	if len(a.Recipes) == 0 {
		return
	}
	page.Recipe = templates.RecipeForm{Options: []templates.Option{{Text: "another one"}}, URL: form.Get("url"), Source: form.Get("source")}
	for _, r := range a.Recipes {
		text := r.Title
		if !strings.EqualFold(strings.NewReplacer(".", "", " ", "").Replace(r.Title), r.Name) {
			text += " (" + r.Name + ")"
		}
		chosen := r.Name == form.Get("recipe")
		page.Recipe.Options = append(page.Recipe.Options, templates.Option{Value: r.Name, Text: text, Chosen: chosen})
		if chosen {
			page.Recipe.Chosen, page.Recipe.Ask = r.Name, r.Ask
		}
	}
}

// mostSuggested is how many groups a form suggests.
const mostSuggested = 500

// suggestions lists what an application may be told of, as claim filters name
// it. Types and objects are for who runs all applications.
func (v *visit) suggestions(trusted bool) []templates.Option {
	list := []templates.Option{{Value: "member", Text: "the state of the membership"}, {Value: "badge:*", Text: "every badge"}, {Value: "tag:*", Text: "every tag"}, {Value: "type:*", Text: "every role"}}
	for b := range claims.All[claims.Badge](v.d) {
		if b.InClaims && b.Retired.IsZero() {
			list = append(list, templates.Option{Value: "badge:" + string(b.Slug), Text: b.Name})
		}
	}
	if trusted {
		for t := range claims.All[claims.Tag](v.d) {
			if t.InClaims {
				list = append(list, templates.Option{Value: "tag:" + string(t.Slug), Text: t.Label})
			}
		}
		for t := range claims.All[claims.ObjectType](v.d) {
			list = append(list, templates.Option{Value: "type:" + string(t.Slug), Text: "every role in a " + string(t.Slug)})
		}
		for o := range claims.All[claims.Object](v.d) {
			if o.Archived.IsZero() {
				list = append(list, templates.Option{Value: "object:" + string(o.Slug), Text: o.Name})
			}
		}
	}
	return list[:min(len(list), mostSuggested)]
}
