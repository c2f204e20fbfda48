package main

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"lanyard/claims"
	"lanyard/cmd/lanyard/recipe"
)

// Whoever fills the page's form in from a recipe gets what the command makes.
func TestPagesFillInWhatARecipeRegisters(t *testing.T) {
	d := demoDesk(t)
	forms := appRecipes()
	if len(forms) != len(recipe.All) {
		t.Fatalf("%d recipes on the page, want %d", len(forms), len(recipe.All))
	}
	for i, r := range recipe.All {
		d.ok(fields2(strings.TrimPrefix(r.Command(), "lanyard "))...)
		source := ""
		if r.Ask != "" {
			_, source, _ = strings.Cut(r.Command(), "--source ")
		}
		got, err := forms[i].Fill(r.URL, source)
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
		want := clientShown(d, r.Name)
		for _, c := range []*claims.Client{&got, &want} {
			slices.Sort(c.Scopes)
			slices.Sort(c.GrantTypes)
			c.ID, c.Secrets, c.Filter.Rename = "", nil, nil
			if c.Filter.Names == nil {
				c.Filter.Names = &claims.GroupNames{}
			}
			c.Resources, c.ExchangeTo, c.LogoutURIs = nil, nil, slices.Clip(append([]string{}, c.LogoutURIs...))
		}
		if got.Filter.Cap = want.Filter.Cap; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the form is\n%+v, the command makes\n%+v", r.Name, got, want)
		}
	}
}

func TestAPageNamesTheFieldThatARecipeLacks(t *testing.T) {
	for _, c := range []struct{ name, address, field, problem string }{
		{"gitea", "", "url", "say where Gitea is, as https://git.example.org"},
		{"gitea", "git.example.org", "url", `"git.example.org": it must be an address such as https://git.example.org`},
		{"gitea", "http://git.example.org", "url", "http://git.example.org: it must begin with https://; plain http is for loopback addresses"},
		{"kubelogin", "https://k.example.org", "url", "Kubernetes runs on people's own machines, and is answered there"},
	} {
		i := slices.IndexFunc(recipe.All, func(r recipe.Recipe) bool { return r.Name == c.name })
		_, err := appRecipes()[i].Fill(c.address, "")
		inv, ok := err.(*claims.Invalid)
		if !ok || inv.Field != c.field || inv.Problem != c.problem {
			t.Errorf("%s at %q: %v, want %s: %s", c.name, c.address, err, c.field, c.problem)
		}
	}
}
