package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// newApps is the site with the pages about applications: ada may register
// some; wiki is nobody's own, and told no groups.
func newApps(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.plan(
		claims.AddGrant{Grant: claims.Grant{ID: "reg", At: "core-apps", Right: "register", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-ada"}}},
		claims.Define{Fact: claims.Client{ID: "wiki", Name: "Wiki", Auth: claims.AuthBasic, Secrets: []claims.Secret{{SHA256: strings.Repeat("ab", 32), Created: now.AddDate(0, -1, 0)}},
			RedirectURIs: []string{"https://wiki.example.org/cb"}, GrantTypes: []string{"authorization_code"}, Scopes: []string{"openid", "groups"}}},
	)
	a := New(Config{
		Store: s.fake, Sessions: s.fake, Directory: func() *claims.Directory { return s.dir }, Now: func() time.Time { return now },
		Issuer: "https://id.example.org", Lifetimes: "ID token 1 h", Recipes: []Recipe{wikiRecipe()},
		Try: func(d *claims.Directory, c claims.Client, m claims.MemberID) (Told, error) {
			member, _ := claims.Get[claims.Member](d, string(m))
			body, _ := json.Marshal(map[string]string{"sub": member.Sub, "secrets": c.Secrets[0].SHA256[:2]})
			return Told{Login: claims.Decision{Allow: true}, IDToken: body, UserInfo: body, Introspection: body, Alg: "RS256", Size: 5000, Long: true,
				Groups:   []claims.GroupTold{{Source: "badge.laser-1", Group: "badge.laser-1", Cause: claims.CauseFilter}, {Source: "tag.admin", Group: "admins"}},
				Warnings: []string{"the ID token has more than 4 KB"}}, nil
		},
	})
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /admin/apps": a.GetApps, "GET /admin/new-app": a.GetNewApp, "POST /admin/new-app": a.PostNewApp,
		"GET /admin/apps/{client}": a.GetApp, "GET /admin/apps/{client}/settings": a.GetAppForm, "POST /admin/apps/{client}/settings": a.PostApp,
		"POST /admin/apps/{client}/secret": a.PostAppSecret, "POST /admin/apps/{client}/try": a.PostTry,
		"POST /admin/apps/{client}/take-over": a.PostTakeOver, "POST /admin/apps/{client}/remove": a.PostRemoveApp,
		"POST /admin/apps/{client}/enable": a.PostEnableApp,
	} {
		s.mux.HandleFunc(pattern, h)
	}
	return s
}

// plan changes the organisation as whoever runs it.
func (s *site) plan(intents ...claims.Intent) {
	s.Helper()
	if _, err := s.Change(context.Background(), claims.Actor{Kind: claims.ActorOperator}, "", intents...); err != nil {
		s.Fatal(err)
	}
}

func (s *site) client(id string) claims.Client {
	c, _ := claims.Get[claims.Client](s.dir, id)
	return c
}

// garden is a form that adds an application; more fields replace its own.
func garden(more ...string) []string {
	return append([]string{"id", "garden", "name", "Garden", "redirect", "https://garden.example.org/cb\n\n", "auth", "client_secret_basic",
		"grant", "authorization_code", "scope", "openid", "see", "badge:laser-1"}, more...)
}

func (s *site) holds(what string, w *httptest.ResponseRecorder, status int, words ...string) {
	s.Helper()
	if w.Code != status {
		s.Errorf("%s: %d, want %d", what, w.Code, status)
	}
	for _, word := range words {
		if not, ok := strings.CutPrefix(word, "!"); ok == strings.Contains(w.Body.String(), not) {
			s.Errorf("%s: %q in it is %t:\n%s", what, not, ok, w.Body)
		}
	}
}

func TestOrganisersSeeEveryApplicationAndRegistrantsTheirOwn(t *testing.T) {
	s := newApps(t)
	s.holds("the boss's list", s.get("m-boss", "/admin/apps"), 200, "Wiki", "no groups", "/admin/new-app")
	s.holds("ada's, before", s.get("m-ada", "/admin/apps"), 200, "!Wiki", "None yet", "/admin/new-app")
	s.holds("bea's", s.get("m-bea", "/admin/apps"), 403, "register", "!Wiki")
	s.holds("ada adds one", s.post("m-ada", "/admin/new-app", garden()...), 200, "shown this once")
	s.holds("ada's list", s.get("m-ada", "/admin/apps"), 200, "!Wiki", "Garden", "badge:laser-1")
	s.holds("the boss's list", s.get("m-boss", "/admin/apps"), 200, "Wiki", "Garden", "ada")
	hidden, missing := s.get("m-ada", "/admin/apps/wiki"), s.get("m-ada", "/admin/apps/ghost")
	if hidden.Code != 404 || plain(hidden) != plain(missing) {
		t.Errorf("another's: %d; one that is not there: %d; they must look alike", hidden.Code, missing.Code)
	}
	s.holds("ada's page", s.get("m-ada", "/admin/apps/garden"), 200, "https://id.example.org", "required (S256)", "state:active", "ID token 1 h", "!take-over")
	s.holds("the wiki's page", s.get("m-boss", "/admin/apps/wiki"), 200, "It is told no groups", "!abab")
	for _, path := range []string{"/admin/apps/wiki/settings", "/admin/apps/garden/settings", "/admin/new-app"} {
		s.holds(path+" to bea", s.get("m-bea", path), map[bool]int{true: 403, false: 404}[path == "/admin/new-app"])
	}
}

func TestWhoManagesAdminAloneSeesApplicationsAndChangesNone(t *testing.T) {
	s := newApps(t)
	s.plan(claims.AddGrant{Grant: claims.Grant{ID: "g2", At: "core-admin", Right: "manage", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-bea"}}})
	s.holds("the page", s.get("m-bea", "/admin/apps/wiki"), 200, "Wiki", "!/settings", "!/secret", "!/remove")
	for path, want := range map[string]int{"/settings": 403, "/secret": 403, "/remove": 403, "/take-over": 403} {
		s.holds(path, s.post("m-bea", "/admin/apps/wiki"+path, garden("overlap", "1h")...), want)
	}
	s.holds("a new one", s.post("m-bea", "/admin/new-app", garden()...), 403)
	if c := s.client("wiki"); len(c.Secrets) != 1 || !c.Disabled.IsZero() || c.Name != "Wiki" {
		t.Errorf("it was changed: %+v", c)
	}
}

func TestAnOwnApplicationIsAddedChangedAndDisabledFromPages(t *testing.T) {
	s := newApps(t)
	w := s.post("m-ada", "/admin/new-app", garden()...)
	c := s.client("garden")
	if c.Owner != "member:m-ada" || len(c.Secrets) != 1 || len(c.RedirectURIs) != 1 || c.FirstParty {
		t.Fatalf("it is %+v", c)
	}
	secret := between(w.Body.String(), `<output class="code small">`, "<")
	if record.Secret(secret).SHA256() != c.Secrets[0].SHA256 || strings.Contains(s.get("m-ada", "/admin/apps/garden").Body.String(), secret) {
		t.Errorf("the secret %q is not the one that is kept, or is shown again", secret)
	}
	form := s.get("m-ada", "/admin/apps/garden/settings")
	s.holds("the form", form, 200, "Change garden", "https://garden.example.org/cb", `value="openid" checked`, "!first_party", "!introspect", "!resources", `!value="door"`)
	s.holds("a change", s.post("m-ada", "/admin/apps/garden/settings", garden("name", "The garden", "flag", "first_party", "flag", "require_par", "resources", "/space", "rename", "badge.laser-1 lasers")...), 303)
	c = s.client("garden")
	if c.Name != "The garden" || c.FirstParty || !c.RequirePushed || len(c.Resources) > 0 || c.Filter.Rename["badge.laser-1"] != "lasers" || len(c.Secrets) != 1 {
		t.Errorf("it is %+v", c)
	}
	s.holds("without a secret", s.post("m-ada", "/admin/apps/garden/settings", garden("auth", "none")...), 303)
	s.holds("with one again", s.post("m-ada", "/admin/apps/garden/settings", garden()...), 200, "shown this once")
	s.holds("disabling", s.post("m-ada", "/admin/apps/garden/remove"), 303)
	if c := s.client("garden"); c.Disabled.IsZero() {
		t.Error("it is not disabled")
	}
	s.holds("changing it then keeps it so", s.post("m-ada", "/admin/apps/garden/settings", garden("name", "Back")...), 303)
	if c := s.client("garden"); c.Disabled.IsZero() {
		t.Error("it came back")
	}
	s.holds("its page", s.get("m-ada", "/admin/apps/garden?done=removed"), 200, "It is disabled", "nobody can sign in to it", "once it is enabled", "!/try", "!/enable", "!/secret")
	s.holds("enabling it by its owner", s.post("m-ada", "/admin/apps/garden/enable"), 403)
	s.holds("the boss's page of it", s.get("m-boss", "/admin/apps/garden"), 200, "/enable", "If you enable it", "!It works again")
	s.holds("enabling it by the boss", s.post("m-boss", "/admin/apps/garden/enable"), 303)
	if c := s.client("garden"); !c.Disabled.IsZero() || len(c.Secrets) != 1 || c.Owner != "member:m-ada" {
		t.Errorf("it is %+v", c)
	}
}

func TestAFormKeepsWhereAnApplicationIsToldOfSignOuts(t *testing.T) {
	s := newApps(t)
	to := "https://garden.example.org/out"
	s.holds("adding one", s.post("m-ada", "/admin/new-app", garden("backchannel", " "+to+" ")...), 200, "The new secret")
	if got := s.client("garden").BackchannelURI; got != to {
		t.Errorf("it is told at %q", got)
	}
	s.holds("its settings", s.get("m-ada", "/admin/apps/garden"), 200, to)
	s.holds("the form", s.get("m-ada", "/admin/apps/garden/settings"), 200, `value="`+to+`"`, `!name="exchange"`)
	s.holds("changing it", s.post("m-ada", "/admin/apps/garden/settings", garden("exchange", "https://api.example.org")...), 303)
	if c := s.client("garden"); c.BackchannelURI != "" || len(c.ExchangeTo) != 0 {
		t.Errorf("after a form without: told at %q, exchanges for %q", c.BackchannelURI, c.ExchangeTo)
	}
	s.holds("a wrong one", s.post("m-ada", "/admin/apps/garden/settings", garden("backchannel", "javascript:alert(1)")...), 400, "backchannel")
}

func TestWhatIsWrongIsSaidBesideTheForm(t *testing.T) {
	s := newApps(t)
	for words, more := range map[string][]string{
		"is plain http":         {"redirect", "http://garden.example.org/"},
		"Where people are sent": {"redirect", ""},
		"is taken":              {"id", "wiki"},
		"small letters":         {"id", "Garden!"},
		"reserved":              {"id", "people"},
		"another application":   {"name", "WIKI"},
		"write tag:TAG":         {"see", "everything"},
		"define it first":       {"see", "badge:none"},
		"whole number":          {"cap", "many"},
		"a space, and its name": {"rename", "tag.admin"},
		"none of":               {"scope", "root"},
		"a host name":           {"scope", "door"},
	} {
		status := 400
		if words == "a host name" {
			words, status = "manage", 403 // the scope door is not for registrants
		}
		s.holds(words, s.post("m-ada", "/admin/new-app", garden(more...)...), status, words, "garden")
	}
	if c := s.client("garden"); c.ID != "" {
		t.Errorf("it was added all the same: %+v", c)
	}
}

func TestSecretsOverlapWhileTheyAreReplaced(t *testing.T) {
	s := newApps(t)
	old := s.client("wiki").Secrets[0].SHA256
	s.holds("rotate", s.post("m-boss", "/admin/apps/wiki/secret", "overlap", "24h"), 200, "shown this once", "Works until")
	c := s.client("wiki")
	if len(c.Secrets) != 2 || c.Secrets[1].SHA256 != old || !c.Secrets[1].Expires.Equal(now.Add(24*time.Hour)) {
		t.Errorf("it has %+v", c.Secrets)
	}
	s.holds("at once", s.post("m-boss", "/admin/apps/wiki/secret", "overlap", "0"), 200, "shown this once")
	if c := s.client("wiki"); len(c.Secrets) != 1 || c.Secrets[0].SHA256 == old {
		t.Errorf("it has %+v", c.Secrets)
	}
	for _, overlap := range []string{"", "-1h", "9000h", "soon"} {
		s.holds("overlap "+overlap, s.post("m-boss", "/admin/apps/wiki/secret", "overlap", overlap), 400, "overlap", "!shown this once")
	}
}

func TestTakingAnApplicationOverIsForWhoRunsThemAll(t *testing.T) {
	s := newApps(t)
	s.post("m-ada", "/admin/new-app", garden()...)
	s.holds("by its owner", s.post("m-ada", "/admin/apps/garden/take-over"), 403)
	s.holds("by the boss", s.post("m-boss", "/admin/apps/garden/take-over"), 303)
	s.holds("ada, afterwards", s.get("m-ada", "/admin/apps/garden"), 404)
	s.holds("first-party", s.post("m-boss", "/admin/apps/garden/settings", garden("flag", "first_party")...), 303)
	if c := s.client("garden"); c.Owner != "" || !c.FirstParty {
		t.Errorf("it is %+v", c)
	}
}

func TestWhatTheFormDoesNotShowStays(t *testing.T) {
	s := newApps(t)
	c := s.client("wiki")
	c.GrantTypes = append(c.GrantTypes, claims.GrantTypeExchange)
	c.BackchannelURI, c.BackchannelSID, c.ExchangeTo, c.Resources = "https://wiki.example.org/out", true, []string{"https://files.example.org/"}, []string{"https://api.example.org/"}
	prefix, err := claims.ParseNameTemplate("b-{name}")
	if err != nil {
		t.Fatal(err)
	}
	c.Filter.Names = &claims.GroupNames{Badge: prefix}
	s.plan(claims.Define{Fact: c}, claims.AddGrant{Grant: claims.Grant{ID: "own", At: "app-wiki", Right: "manage", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-bea"}}})
	c = s.client("wiki")
	s.holds("what bea sees", s.get("m-bea", "/admin/apps/wiki"), 200, "https://wiki.example.org/out", "https://files.example.org/", "https://api.example.org/")
	s.holds("bea's change", s.post("m-bea", "/admin/apps/wiki/settings", "name", "Our wiki", "redirect", c.RedirectURIs[0], "backchannel", c.BackchannelURI, "auth", string(c.Auth),
		"grant", "authorization_code", "grant", claims.GrantTypeExchange, "scope", "openid", "scope", "groups", "exchange", "https://other.example.org/", "resources", "/"), 303)
	want := c
	want.Name = "Our wiki"
	if got := s.client("wiki"); !reflect.DeepEqual(got, want) {
		t.Errorf("it is\n%+v, want\n%+v", got, want)
	}
	s.holds("the boss's", s.post("m-boss", "/admin/apps/wiki/settings", "redirect", c.RedirectURIs[0], "auth", string(c.Auth), "grant", "authorization_code", "scope", "openid"), 303)
	if got := s.client("wiki"); got.BackchannelURI != "" || got.BackchannelSID || len(got.ExchangeTo)+len(got.Resources) > 0 {
		t.Errorf("it is %+v", got)
	}
}

func TestNobodyTriesWhatNobodySignsInTo(t *testing.T) {
	s := newApps(t)
	s.plan(claims.Define{Fact: claims.Client{ID: "robot", Auth: claims.AuthBasic, GrantTypes: []string{"client_credentials"}, Secrets: s.client("wiki").Secrets}})
	s.holds("its page", s.get("m-boss", "/admin/apps/robot"), 200, "!/try", "!Who may sign in", "!It is told no groups")
	s.holds("trying it", s.post("m-boss", "/admin/apps/robot/try", "member", "boss"), 400, "signs nobody in", "!With the scopes")
}

func TestOtherSitesChangeNoApplication(t *testing.T) {
	s := newApps(t)
	s.from = "cross-site"
	for _, path := range []string{"/admin/new-app", "/admin/apps/wiki/settings", "/admin/apps/wiki/secret", "/admin/apps/wiki/try", "/admin/apps/wiki/remove", "/admin/apps/wiki/enable", "/admin/apps/wiki/take-over"} {
		s.holds(path, s.post("m-boss", path, garden("overlap", "1h", "member", "boss")...), 403)
	}
	if c := s.client("wiki"); !c.Disabled.IsZero() || len(c.Secrets) != 1 || len(s.audited) > 0 {
		t.Errorf("another site did something: %+v, %v", c, s.audited)
	}
}

func TestTryItShowsWhatIsToldToWhoMayKnowIt(t *testing.T) {
	s := newApps(t)
	s.holds("the boss tries dora", s.post("m-boss", "/admin/apps/wiki/try", "member", "dora"), 200, "dora may sign in", "s5-subject", "5000 bytes", "more than 4 KB",
		"left out: the claim filter does not show it", `href="/admin/apps/wiki/settings#see"`, "add <code>badge:laser-1</code>", "admins", "With the scopes")
	if len(s.audited) != 1 || s.audited[0].Actor != "member:m-boss" || s.audited[0].Action != "try client wiki" || s.audited[0].Subject != "member:m-dora" {
		t.Errorf("the audit says %+v", s.audited)
	}
	s.plan(claims.AddGrant{Grant: claims.Grant{ID: "g3", At: "core-apps", Right: "manage", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-bea"}}})
	s.holds("bea, of herself", s.post("m-bea", "/admin/apps/wiki/try", "member", "bea"), 200, "bea may sign in")
	s.holds("bea, of dora whom she sees", s.post("m-bea", "/admin/apps/wiki/try", "member", "dora"), 403, "right to manage them", "!s5-subject")
	hidden, missing := s.post("m-bea", "/admin/apps/wiki/try", "member", "ada"), s.post("m-bea", "/admin/apps/wiki/try", "member", "ghost")
	s.holds("bea, of one she does not see", hidden, 404, "Nobody whom you may see")
	if strings.Replace(plain(hidden), `value="ada"`, `value="ghost"`, 1) != plain(missing) {
		t.Error("one she does not see and one who is not there must look alike")
	}
	if len(s.audited) != 2 {
		t.Errorf("the audit says %+v", s.audited)
	}
	s.broken = claims.ErrUnavailable
	s.holds("when it cannot be written down", s.post("m-boss", "/admin/apps/wiki/try", "member", "dora"), 503, "!s5-subject")
}

// between is what a text holds between two others.
func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func TestWhatToAddForAGroupToBeTold(t *testing.T) {
	for source, want := range map[string]string{"badge.laser-1": "badge:laser-1", "tag.admin": "tag:admin", "member.active": "member", "body.delft.board": "object:delft"} {
		got := shows(source)
		if got != want {
			t.Errorf("shows(%s) = %s, want %s", source, got, want)
		}
		var f claims.ClaimFilter
		if err := f.See([]string{got}); err != nil {
			t.Errorf("%s is no line of a claim filter: %v", got, err)
		}
	}
}
