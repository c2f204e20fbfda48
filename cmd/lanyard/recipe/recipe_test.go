package recipe_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"lanyard/cmd/lanyard/recipe"
)

func TestEveryRecipeHasAPageThatSaysTheSame(t *testing.T) {
	for _, r := range recipe.All {
		text, err := os.ReadFile("../../../docs/recipes/" + r.Name + ".md")
		if err != nil {
			t.Errorf("the recipe %s has no page: %v", r.Name, err)
			continue
		}
		page := string(text)
		if want, err := r.Print(page); err != nil || want != page {
			t.Errorf("docs/recipes/%s.md is not what the recipe says (%v): run make docs", r.Name, err)
		}
		for _, m := range missing(r, page) {
			t.Errorf("docs/recipes/%s.md sets the application up without %q", r.Name, m)
		}
	}
}

// missing are the things the part of a page that people wrote has to speak of
// for the application to be set up as it is registered.
func missing(r recipe.Recipe, page string) []string {
	_, written, _ := strings.Cut(page, "<!-- until here -->")
	want := []string{"https://id.example.org", r.Name}
	if r.Auth != "none" {
		want = append(want, "secret")
	}
	if !r.Always {
		for _, s := range r.Scopes {
			if s != "openid" { // most ask for it by themselves
				want = append(want, s)
			}
		}
	}
	return slices.DeleteFunc(want, func(w string) bool { return strings.Contains(strings.ToLower(written), w) })
}

func TestARecipeThatDriftsFromItsPageIsSeen(t *testing.T) {
	r := recipe.All[0]
	text, err := os.ReadFile("../../../docs/recipes/" + r.Name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	r.Redirects, r.Scopes = []string{"{url}/elsewhere"}, append(r.Scopes[:1:1], "phone")
	if page, err := r.Print(string(text)); err != nil || page == string(text) {
		t.Errorf("another redirect address changes nothing on the page (%v)", err)
	}
	if got := missing(r, string(text)); !slices.Equal(got, []string{"phone"}) {
		t.Errorf("missing = %q, want the scope phone", got)
	}
	if _, err := r.Print("no marks"); err == nil {
		t.Error("a page without marks is printed")
	}
}

func TestRecipesAreInOrderAndWhole(t *testing.T) {
	names := recipe.Names()
	if !slices.IsSorted(names) || len(slices.Compact(names)) != len(recipe.All) {
		t.Errorf("the recipes are %q", recipe.Names())
	}
	for _, want := range []string{"apache", "oauth2-proxy", "gitea", "grafana", "nextcloud", "wikijs", "dokuwiki", "mediawiki", "vault", "kubelogin", "homeassistant"} {
		if _, err := recipe.Find(want); err != nil {
			t.Error(err)
		}
	}
	for _, r := range recipe.All {
		if r.Checked == "" || r.Title == "" || r.Alg == "" || r.Auth == "" || len(r.Redirects) == 0 || len(r.See) == 0 || !slices.Contains(r.Scopes, "openid") {
			t.Errorf("%s is not whole: %+v", r.Name, r)
		}
		if r.NoPKCE && r.Auth == "none" {
			t.Errorf("%s has neither a secret nor PKCE", r.Name)
		}
	}
}

func TestFlagsFollowTheAddress(t *testing.T) {
	r, err := recipe.Find("gitea")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://git.example.org":       "https://git.example.org/user/oauth2/members/callback",
		"https://git.example.org/":      "https://git.example.org/user/oauth2/members/callback",
		"https://x.example.org:8443/g/": "https://x.example.org:8443/g/user/oauth2/members/callback",
		"http://127.0.0.1:3000":         "http://127.0.0.1:3000/user/oauth2/members/callback",
	} {
		flags, err := r.Flags(address, "members")
		if err != nil || !slices.Contains(flags, recipe.Flag{Name: "redirect", Value: want}) {
			t.Errorf("%s: %v, %v", address, flags, err)
		}
	}
	apache, _ := recipe.Find("apache")
	flags, err := apache.Flags("https://www.example.org/a/b", "")
	if err != nil || !slices.Contains(flags, recipe.Flag{Name: "logout-redirect", Value: "https://www.example.org/"}) {
		t.Errorf("after sign-out: %v, %v", flags, err)
	}
}

func TestAnAddressOfNoUseIsASentence(t *testing.T) {
	for _, c := range []struct{ name, address, source, want string }{
		{"gitea", "", "", "--url: say where Gitea is, as --url https://git.example.org"},
		{"gitea", "git.example.org", "", "must be an address such as"},
		{"gitea", "http://git.example.org", "", "must begin with https://"},
		{"gitea", "https://git.example.org?x", "", "no user, comma, question mark or #"},
		{"gitea", "https://git.example.org?", "", "no user, comma"},
		{"gitea", "https://git.example.org#", "", "no user, comma"},
		{"gitea", "https://a@git.example.org", "", "no user, comma"},
		{"gitea", "https://git.example.org,https://evil.example", "", "no user, comma"},
		{"gitea", "javascript:alert(1)", "", "must be an address"},
		{"gitea", "https://git.example.org", "a/../b", "as it stands in the redirect address"},
		{"grafana", "https://g.example.org", "x", "holds no name"},
		{"kubelogin", "https://k.example.org", "", "runs on people's own machines"},
		{"wikijs", "https://w.example.org", "", "--source: say which key the strategy has"},
	} {
		r, err := recipe.Find(c.name)
		if err != nil {
			t.Fatal(err)
		}
		if flags, err := r.Flags(c.address, c.source); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s at %q, %q: %v, %v; want %q", c.name, c.address, c.source, flags, err, c.want)
		}
	}
	if _, err := recipe.Find("gitee"); err == nil || !strings.Contains(err.Error(), "there are apache, ") {
		t.Errorf("an unknown recipe: %v", err)
	}
}
