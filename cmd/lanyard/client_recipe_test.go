package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"lanyard/claims"
	"lanyard/cmd/lanyard/recipe"
)

func clientShown(d *desk, id string) (c claims.Client) {
	d.t.Helper()
	if err := json.Unmarshal([]byte(d.ok("client", "show", id, "--json")), &c); err != nil {
		d.t.Fatal(err)
	}
	return c
}

func TestEveryRecipeRegistersAClient(t *testing.T) {
	d := demoDesk(t)
	for _, r := range recipe.All {
		out := d.ok(fields2(strings.TrimPrefix(r.Command(), "lanyard "))...)
		if !strings.Contains(out, "docs/recipes/"+r.Name+".md") || strings.Contains(out, "The secret") != (r.Auth != "none") {
			t.Errorf("%s:\n%s", r.Command(), out)
		}
		c := clientShown(d, r.Name)
		if c.Name != r.Title || string(c.Auth) != r.Auth || len(c.RedirectURIs) != len(r.Redirects) || c.PKCEOptional != r.NoPKCE || c.AlwaysGroups != r.Always ||
			!slices.Equal(slices.Sorted(slices.Values(c.Scopes)), slices.Sorted(slices.Values(r.Scopes))) || c.Filter.None() {
			t.Errorf("%s registers %+v", r.Name, c)
		}
		for _, uri := range c.RedirectURIs {
			if strings.ContainsAny(uri, "{}") {
				t.Errorf("%s is answered at %s", r.Name, uri)
			}
		}
		if out, _, code := d.run("client", "try", r.Name, "ada"); code != 0 || strings.Contains(out, "is told no groups") {
			t.Errorf("client try %s ada: exit %d\n%s", r.Name, code, out)
		}
	}
}

func TestFlagsAreStrongerThanTheRecipe(t *testing.T) {
	d := demoDesk(t)
	d.says("client add git --recipe gitea --url https://git.example.org --source members --name Forge --see member --first-party --scope openid,groups",
		"client git is registered", "docs/recipes/gitea.md", "The secret of git")
	c := clientShown(d, "git")
	if c.Name != "Forge" || !c.FirstParty || !c.PKCEOptional || len(c.Scopes) != 2 || len(c.Filter.Tags) > 0 || !c.Filter.Member ||
		!slices.Equal(c.RedirectURIs, []string{"https://git.example.org/user/oauth2/members/callback"}) {
		t.Errorf("the client is %+v", c)
	}
	d.says("client add git --recipe gitea --url https://git.example.org", "client git is changed")
	if c := clientShown(d, "git"); c.Name != "Gitea" || len(c.Secrets) != 1 {
		t.Errorf("registered again by the recipe alone: %+v", c)
	}
}

func TestARecipeThatCannotBeUsedIsASentence(t *testing.T) {
	d := newDesk(t)
	d.fails("client add x --recipe gitee", "there is no recipe", "gitea")
	d.fails("client add x --recipe gitea", "--url: say where Gitea is")
	d.fails("client add x --url https://git.example.org", "--url goes with --recipe")
	d.fails("client add x --source lanyard", "--source goes with --recipe")
	d.fails("client recipes gitee", "there is no recipe")
	d.says("client recipes", "RECIPE", "oauth2-proxy", "lanyard client add ID --recipe NAME")
	d.says("client recipes vault", "ui/vault/auth/oidc/oidc/callback", "docs/recipes/vault.md", "Held against")
	var views []recipeView
	if err := json.Unmarshal([]byte(d.ok("client", "recipes", "--json")), &views); err != nil || len(views) != len(recipe.All) {
		t.Errorf("client recipes --json: %v, %v", views, err)
	}
}
