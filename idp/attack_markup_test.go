package idp

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lanyard/claims"
)

// markup breaks out of a text, an attribute and a comment if it is let.
const markup = `"'--><script>alert(1)</script><img src=x onerror=alert(1)>`

// marked is an organisation in which whatever somebody may write is markup.
func marked(t *testing.T) *face {
	f := newFace(t)
	dir := f.store.Directory()
	wiki, _ := claims.Get[claims.Client](dir, "wiki")
	wiki.Name, wiki.FirstParty, wiki.PKCEOptional = markup, false, true
	wiki.GrantTypes = append(wiki.GrantTypes, "urn:ietf:params:oauth:grant-type:device_code")
	wiki.LogoutURIs = []string{"https://wiki.example/bye"}
	ada, _ := claims.Get[claims.Member](dir, "ada")
	ada.Name = markup
	f.change(
		claims.Define{Fact: claims.Settings{Name: "Org " + markup}},
		claims.Define{Fact: wiki},
		claims.Define{Fact: claims.Badge{Slug: "laser-1", Name: "Badge " + markup, Description: markup, Earn: markup, Mode: claims.BadgeSignoff}},
		claims.Define{Fact: claims.Tag{Slug: "board", Label: "Tag " + markup, Description: markup}},
		claims.Define{Fact: claims.Location{ID: "door", Parent: "space", Slug: "front-door", Name: "Door " + markup, Inherit: true}},
		claims.Define{Fact: claims.Device{ID: "door", Name: "Device " + markup, Kind: "door", Location: "door", Right: "unlock", Client: "door"}},
		claims.AddMember{Member: claims.Member{ID: "mal", Sub: "sub-mal", Username: "mal", Name: "Mal " + markup, State: claims.StateActive}},
		claims.AddNote{Note: claims.Note{ID: "n1", Member: "mal", Text: "Note " + markup}},
		claims.Assign{Assignment: claims.Assignment{ID: "t2", Tag: "board", Target: claims.TargetMember, TargetID: "mal"}},
		claims.GiveAward{Award: claims.Award{ID: "a2", Badge: "laser-1", Member: "mal", Method: claims.MethodManual}},
		claims.AddGate{Gate: claims.Gate{ID: "gate", At: "door", Right: "unlock", AnyOf: []claims.Slug{"laser-1"}}},
		claims.Define{Fact: claims.Requirement{Badge: "laser-1", Slug: "look", Name: "Look " + markup, Kind: claims.AskForm, Form: markup}},
		claims.Define{Fact: claims.Opening{Thing: claims.Subject{Kind: claims.SubjectTag, ID: "board"}, Text: "Opening " + markup}},
	)
	return f
}

// TestNoTextOfAnybodyBecomesMarkup looks at every page, and at the pages that
// say what is wrong, of an organisation whose members, applications, badges,
// places and devices are called by markup.
func TestNoTextOfAnybodyBecomesMarkup(t *testing.T) {
	f := marked(t)
	asks := "/authorize?" + url.Values{"client_id": {"wiki"}, "redirect_uri": {"https://wiki.example/cb"}, "response_type": {"code"}, "scope": {"openid " + markup}, "state": {markup}}.Encode()
	shown := map[string]bool{} // pages that must hold the text, as text
	for _, page := range []string{"/", "/badges", "/badges/laser-1", "/requests", "/admin/members", "/admin/members/mal", "/admin/apps", "/admin/apps/wiki", "/admin",
		"/login?return=" + url.QueryEscape(asks), "/consent?return=" + url.QueryEscape(asks), asks + "&response_mode=form_post&prompt=none", "/logout?client_id=wiki"} {
		shown[page] = true
	}
	callers := map[string]*caller{"nobody": f.stranger(), "ada": f.signedIn("ada"), "root": f.signedIn("root"), "tom": f.signedIn("tom")}
	for _, page := range []string{"/badges/nosuch", "/badges/" + url.PathEscape(markup), "/nope/" + url.PathEscape(markup), "/admin/apps/new", "/admin/new-app", "/admin/apps/wiki/settings",
		"/authorize?client_id=" + url.QueryEscape(markup), "/device", "/device?user_code=" + url.QueryEscape(markup), "/setup/" + url.PathEscape(markup), "/?done=" + url.QueryEscape(markup),
		asks + "&response_mode=form_post&prompt=" + url.QueryEscape(markup), asks + "&response_mode=form_post&claims=" + url.QueryEscape(markup), // an error_description
		"/login?return=" + url.QueryEscape(markup) + "&done=" + url.QueryEscape(markup), "/badges/laser-1?done=" + url.QueryEscape(markup), "/admin/members?q=" + url.QueryEscape(markup),
		"/requests?done=" + url.QueryEscape(markup), "/logout?client_id=wiki&post_logout_redirect_uri=" + url.QueryEscape(markup) + "&state=" + url.QueryEscape(markup)} {
		shown[page] = false
	}
	for page, must := range shown {
		seen := false
		for who, c := range callers {
			c.header.Set("User-Agent", markup)
			seen = f.isText(who+" at "+page, c.send("GET", page, "").Body.String()) || seen
		}
		if must && !seen {
			t.Errorf("%s: nobody sees the text there, so that nothing was tested", page)
		}
	}
	bad := url.QueryEscape(markup)
	for _, r := range Routes {
		if method, target := example(r.Pattern); method == http.MethodPost && (r.Caller == Browser || r.Caller == Member || r.Caller == Public) {
			for who, c := range callers {
				target := strings.NewReplacer("{client}", "wiki", "{member}", "mal").Replace(target)
				f.isText(who+" sends to "+target, c.send(method, target, "username="+bad+"&password=x&return="+bad+"&member="+bad+"&name="+bad+"&text="+bad+
					"&thing="+bad+"&reason="+bad+"&until="+bad+"&user_code="+bad+"&note="+bad+"&device="+bad+"&client_id="+bad+"&state="+bad+"&redirects="+bad).Body.String())
			}
		}
	}
}

// isText fails if markup is markup on a page, and tells whether it is there as
// text.
func (f *face) isText(what, page string) bool {
	f.Helper()
	for _, live := range []string{"<script>alert", "<img src=x", `"'--&gt;<`, `"'-->`} {
		if strings.Contains(page, live) {
			f.Errorf("%s: a text is markup (%s):\n%s", what, live, page)
		}
	}
	return strings.Contains(html.UnescapeString(page), "<script>alert(1)")
}
