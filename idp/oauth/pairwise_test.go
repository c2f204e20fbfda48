package oauth

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"lanyard/claims"
	"lanyard/idp/outbound"
)

// makePairwise makes clients know members by subjects of their sector's own.
func (w *world) makePairwise(clients ...string) {
	w.t.Helper()
	for _, id := range clients {
		w.edit(id, func(c *claims.Client) { c.SubjectType = "pairwise" })
	}
}

func TestPairwiseClientSeesItsOwnSubjectEverywhere(t *testing.T) {
	w := newWorld(t)
	w.makePairwise("wiki", "files")
	w.edit("third", func(c *claims.Client) {
		c.SubjectType, c.SectorURI = "pairwise", "https://elsewhere.example.org/sector.json"
	})
	w.consent("ada", "third", "openid")
	var seen string
	for _, id := range []string{"wiki", "files"} { // one sector: both are at wiki.example.org
		r := w.login("ada", id, "openid offline_access")
		sub, _ := payload(t, r.text("id_token"))["sub"].(string)
		if sub == "" || sub == "sub-ada" || seen != "" && sub != seen {
			t.Errorf("%s: the ID token is about %q", id, sub)
		}
		seen = sub
		for what, got := range map[string]any{
			"userinfo":                w.userInfo(r.text("access_token")).json["sub"],
			"introspection":           w.introspect(id, r.text("access_token")).json["sub"],
			"introspected refresh":    w.introspect(id, r.text("refresh_token")).json["sub"],
			"the ID token of refresh": payload(t, w.refresh(id, r.text("refresh_token")).text("id_token"))["sub"],
		} {
			if got != sub {
				t.Errorf("%s: %s is about %v, want %s", id, what, got, sub)
			}
		}
	}
	jwt := w.login("ada", "files", "openid").text("access_token")
	if got := payload(t, jwt)["sub"]; got != seen {
		t.Errorf("the at+jwt is about %v, want %s", got, seen)
	}
	if got := payload(t, w.login("bob", "wiki", "openid").text("id_token"))["sub"]; got == seen || got == "sub-bob" {
		t.Errorf("bob is %v", got)
	}
	if got := payload(t, w.login("ada", "third", "openid").text("id_token"))["sub"]; got == seen || got == "sub-ada" {
		t.Errorf("in another sector ada is %v", got)
	}
	if got := w.introspect("auditor", jwt).json["sub"]; got != "sub-ada" {
		t.Errorf("to a public client ada is %v, whoever the token was given to", got)
	}
	if got := payload(t, w.login("ada", "strict", "openid").text("id_token"))["sub"]; got != "sub-ada" {
		t.Errorf("to a public client ada is %v", got)
	}
}

func TestPairwiseSubjectIsExpectedAsItWasTold(t *testing.T) {
	w := newWorld(t)
	w.makePairwise("wiki")
	hint := w.login("ada", "wiki", "openid").text("id_token")
	sub, _ := payload(t, hint)["sub"].(string)
	ask := func(member string, pairs ...string) string {
		_, q := w.get(PathAuthorize, member, request("wiki", "openid", append(pairs, "prompt", "none")...)).to()
		return q.Get("error")
	}
	if e := ask("ada", "id_token_hint", hint); e != "" {
		t.Errorf("her own hint: %s", e)
	}
	if e := ask("bob", "id_token_hint", hint); e != "login_required" {
		t.Errorf("her hint, with bob signed in: %q", e)
	}
	if e := ask("ada", "claims", fmt.Sprintf(`{"id_token":{"sub":{"value":%q}}}`, sub)); e != "" {
		t.Errorf("by the claims parameter: %s", e)
	}
	if e := ask("ada", "claims", `{"id_token":{"sub":{"value":"sub-ada"}}}`); e != "login_required" {
		t.Errorf("by the subject that only others know: %q", e)
	}
}

func TestSectorListsEveryRedirectAddress(t *testing.T) {
	c := claims.Client{ID: "wiki", SubjectType: "pairwise", SectorURI: "https://example.org/sector.json", RedirectURIs: []string{redirect, redirect + "2"}}
	both := fmt.Sprintf(`["https://other.example.org/", %q, %q]`, redirect, redirect+"2")
	for _, x := range []struct {
		what, kind, body string
		err              error
		words            string // "": it is fine
	}{
		{"both", "application/json; charset=utf-8", both, nil, ""},
		{"one", "application/json", fmt.Sprintf("[%q]", redirect), nil, "does not list " + redirect + "2"},
		{"one with a slash", "application/json", fmt.Sprintf("[%q, %q]", redirect, redirect+"2/"), nil, "does not list"},
		{"no list", "application/json", `{"redirect_uris":[]}`, nil, "no list"}, {"no texts", "application/json", `[1]`, nil, "no list"},
		{"a page", "text/html", both, nil, "not application/json"}, {"nothing", "", "", fmt.Errorf("gone: %w", claims.ErrUnavailable), "cannot be had"},
	} {
		web := &fakeWeb{kind: x.kind, body: x.body, err: x.err}
		err := CheckSector(t.Context(), web, c)
		if x.words == "" && err != nil || x.words != "" && (!errors.Is(err, claims.ErrInvalid) || !strings.Contains(err.Error(), x.words)) {
			t.Errorf("%s: %v, want %q", x.what, err, x.words)
		}
	}
	web := &fakeWeb{}
	for _, c := range []claims.Client{{SubjectType: "pairwise", RedirectURIs: []string{redirect}}, {SectorURI: "https://example.org/"}} {
		if err := CheckSector(t.Context(), web, c); err != nil || web.count() != 0 {
			t.Errorf("%+v: %v, fetched %d times; there is nothing to fetch", c, err, web.count())
		}
	}
}

func TestSectorAddressDoesNotReachTheHouse(t *testing.T) {
	var asked atomic.Int32
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer inside.Close()
	c := claims.Client{ID: "wiki", SubjectType: "pairwise", SectorURI: inside.URL, RedirectURIs: []string{redirect}}
	err := CheckSector(t.Context(), outbound.New(outbound.Config{}), c)
	if !errors.Is(err, claims.ErrInvalid) || !strings.Contains(err.Error(), "no address that may be reached") || asked.Load() != 0 {
		t.Errorf("%v, and the house was asked %d times", err, asked.Load())
	}
	told := map[string]bool{} // who asks is told the same of a shut door, an open one and a name that nobody has
	for _, at := range []string{inside.URL, "https://127.0.0.1:1/", "https://nobody.invalid/"} {
		c.SectorURI = at
		allow, _ := outbound.ParseAllow([]string{"127.0.0.1"})
		for _, o := range []*outbound.Client{outbound.New(outbound.Config{}), outbound.New(outbound.Config{Allow: allow})} {
			err := CheckSector(t.Context(), o, c)
			wrong, _ := errors.AsType[*claims.Invalid](err)
			told[wrong.Problem] = true
		}
	}
	if len(told) != 1 {
		t.Errorf("they differ: %v", told)
	}
}
