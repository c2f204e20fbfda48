package admin

import (
	"html"
	"strings"
	"testing"

	"lanyard/claims"
)

// wikiRecipe is a recipe with what recipes may have.
func wikiRecipe() Recipe {
	return Recipe{Name: "wikijs", Title: "Wiki.js", URL: "https://wiki.example.org", Ask: "which key it has", Fill: func(address, source string) (claims.Client, error) {
		if !strings.HasPrefix(address, "https://") {
			return claims.Client{}, &claims.Invalid{Field: "url", Problem: "must begin with https://"}
		}
		tag, err := claims.ParseNameTemplate("{name}")
		return claims.Client{Name: "Wiki.js", Auth: claims.AuthPost, RedirectURIs: []string{address + "/login/" + source}, GrantTypes: []string{"authorization_code"},
			IDTokenAlg: "RS256", PKCEOptional: true, Scopes: []string{"openid", "email"}, Filter: claims.ClaimFilter{Tags: []claims.Slug{claims.Every}, Names: &claims.GroupNames{Tag: tag}}}, err
	}}
}

func TestTheFormIsFilledInFromARecipe(t *testing.T) {
	s := newApps(t)
	s.holds("before", s.get("m-boss", "/admin/new-app"), 200, "Is it one of these?", `<option value="wikijs">Wiki.js</option>`, "!is filled in")
	w := s.get("m-boss", "/admin/new-app?recipe=wikijs&url=https://w.example.org&source=k1")
	s.holds("filled in", w, 200, "The form is filled in", `name="id" value="wikijs"`, "https://w.example.org/login/k1</textarea>", `value="email" checked`, `value="openid" checked`, `!value="profile" checked`,
		`name="see" value="tag:*"`, `value="client_secret_post" selected`, `value="pkce_optional" checked`, "<details open>", "Say which key it has.", "docs/recipes/wikijs.md")
	s.holds("without its address", s.get("m-boss", "/admin/new-app?recipe=wikijs"), 400, "Where it is: must begin with https://.", `<option value="wikijs" selected>`)
	s.holds("one that is not there", s.get("m-boss", "/admin/new-app?recipe=none"), 400, "choose one of the list")
	s.holds("adding it", s.post("m-boss", "/admin/new-app", "recipe", "wikijs", "url", "https://w.example.org", "source", "k1", "id", "docs", "name", "Docs", "redirect", "https://w.example.org/login/k1",
		"auth", "client_secret_post", "grant", "authorization_code", "scope", "openid", "see", "tag:*", "see", "", "see", "badge:laser-1"), 200, "shown this once")
	c := s.client("docs")
	if c.Filter.Names == nil || c.Filter.Names.Tag.String() != "{name}" || len(c.Filter.Tags) != 1 || len(c.Filter.Badges) != 1 {
		t.Errorf("its groups: %+v", c.Filter)
	}
}

func TestTheFormExplainsWhatItAsks(t *testing.T) {
	s := newApps(t)
	s.plan(claims.Define{Fact: claims.Badge{Slug: "kiln", Name: "Kiln", Earn: "Ask", InClaims: true}}, claims.Define{Fact: claims.Badge{Slug: "secret", Name: "Secret", Earn: "Ask"}})
	page := html.UnescapeString(s.get("m-boss", "/admin/new-app").Body.String())
	for _, want := range []string{"most applications read this", `<option value="badge:kiln">Kiln</option>`, `<option value="tag:admin">Administrators</option>`,
		`<option value="object:delft">`, `<option value="type:body">`, `list="groups"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form lacks %q", want)
		}
	}
	basic, advanced, ok := strings.Cut(page, "<details>")
	if !ok || strings.Contains(page, "badge:secret") {
		t.Errorf("nothing is folded, or a badge is suggested that no token tells:\n%s", page)
	}
	for _, rare := range []string{"DPoP", "PAR", "token_exchange", "client_credentials", "backchannel", "private key"} {
		if strings.Contains(basic, rare) {
			t.Errorf("%s is among the basics", rare)
		}
	}
	for _, rare := range []string{"DPoP", "PAR", "token_exchange"} {
		if !strings.Contains(advanced, rare) {
			t.Errorf("%s is nowhere", rare)
		}
	}
	if !strings.Contains(basic, "nobody is asked for consent") {
		t.Error("whose it is is among what few need")
	}
	s.holds("to who registers their own", s.get("m-ada", "/admin/new-app"), 200, `value="badge:kiln"`, `!value="tag:admin"`, `!value="object:delft"`, "!first_party")
	for _, scope := range claims.KnownScopes {
		if scopeHints[scope] == "" {
			t.Errorf("the scope %s is not explained", scope)
		}
	}
}
