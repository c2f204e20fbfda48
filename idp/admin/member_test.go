package admin

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// site is the pages about members, as the house serves them.
type site struct {
	*testing.T
	*fake
	mux  *http.ServeMux
	from string // Sec-Fetch-Site
}

// newSite has a body: bea is on its board, dora a member of it; boards view
// their members.
func newSite(t *testing.T) *site {
	t.Helper()
	d := house(t)
	plan, err := claims.Plan(d, claims.Actor{Kind: claims.ActorOperator}, now,
		claims.Define{Fact: claims.ObjectType{Slug: "body"}}, claims.Define{Fact: claims.Kind{Type: "body", Slug: "member", Parent: "default"}},
		claims.Define{Fact: claims.Kind{Type: "body", Slug: "board", Parent: "member"}}, claims.Define{Fact: claims.Object{Slug: "delft", Type: "body"}},
		claims.AddMember{Member: claims.Member{ID: "m-bea", Sub: "s4", Username: "bea", State: claims.StateActive}},
		claims.AddMember{Member: claims.Member{ID: "m-dora", Sub: "s5-subject", Username: "dora", Name: "Dora <b>", Email: "dora@example.org", State: claims.StateActive,
			PaidUntil: now.AddDate(0, 1, 0)}},
		claims.Affiliate{Affiliation: claims.Affiliation{ID: "f1", Member: "m-bea", Object: "delft", Kind: "board"}},
		claims.Affiliate{Affiliation: claims.Affiliation{ID: "f2", Member: "m-dora", Object: "delft", Kind: "member"}},
		claims.AddGrant{Grant: claims.Grant{ID: "g", At: "core-people", Right: "view", Subject: claims.Subject{Kind: claims.SubjectAff, Type: "body", AffKind: "board"}}},
		claims.BindCredential{Credential: claims.Credential{ID: "card-1", Member: "m-dora", Kind: "uid", Label: "blue fob", Lookup: "hash-of-it", Sealed: "sealed-it"}},
		claims.AddNote{Note: claims.Note{ID: "n1", Member: "m-dora", Text: "keeps keys"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{T: t, fake: &fake{dir: d.With(claims.Seq{N: 3}, plan.Facts...)}, mux: http.NewServeMux(), from: "same-origin"}
	a := New(Config{Store: s.fake, Sessions: s.fake, Directory: func() *claims.Directory { return s.dir }, Now: func() time.Time { return now }})
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /admin/members": a.GetMembers, "GET /admin/members/{member}": a.GetMember,
		"POST /admin/members/{member}/notes": a.PostNote, "POST /admin/members/{member}/notes/remove": a.PostRemoveNote,
	} {
		s.mux.HandleFunc(pattern, h)
	}
	return s
}

func (s *site) ask(r *http.Request) *httptest.ResponseRecorder {
	s.Helper()
	r.Header.Set("Sec-Fetch-Site", s.from)
	w := httptest.NewRecorder()
	web.WithRequest(web.RequestConfig{Now: func() time.Time { return now }}, s.mux).ServeHTTP(w, r)
	return w
}

func (s *site) get(as claims.MemberID, path string) *httptest.ResponseRecorder {
	s.member = as
	return s.ask(httptest.NewRequest("GET", path, nil))
}

func (s *site) post(as claims.MemberID, path string, fields ...string) *httptest.ResponseRecorder {
	s.member = as
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		if !slices.Contains(appLists, fields[i]) {
			form.Del(fields[i])
		}
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.ask(r)
}

func TestR44AListASearchAndAnAddressShowABoardTheSameMembers(t *testing.T) {
	s := newSite(t)
	list := s.get("m-bea", "/admin/members").Body.String()
	if !strings.Contains(list, "<code>dora</code>") || !strings.Contains(list, "<code>bea</code>") || strings.Contains(list, "ada") || strings.Contains(list, "boss") {
		t.Errorf("bea's list:\n%s", list)
	}
	for query, found := range map[string]bool{"dora%40example": true, "DORA": true, "boss": false, "s5-subject": false} {
		if html := s.get("m-bea", "/admin/members?q="+query).Body.String(); strings.Contains(html, "<code>dora</code>") != found || strings.Contains(html, "<code>boss</code>") {
			t.Errorf("bea searches for %s:\n%s", query, html)
		}
	}
	page := s.get("m-bea", "/admin/members/m-dora")
	html := page.Body.String()
	if page.Code != 200 || !strings.Contains(html, "dora@example.org") || !strings.Contains(html, "member of delft") {
		t.Errorf("dora's page, to bea: %d\n%s", page.Code, html)
	}
	for _, hidden := range []string{"s5-subject", "Paid until", "blue fob", "keeps keys", "hash-of-it", "<b>"} {
		if strings.Contains(html, hidden) {
			t.Errorf("bea sees %q", hidden)
		}
	}
	hidden, missing := s.get("m-bea", "/admin/members/m-ada"), s.get("m-bea", "/admin/members/m-ghost")
	if hidden.Code != 404 || missing.Code != 404 || plain(hidden) != plain(missing) {
		t.Errorf("one she may not see: %d; one who is not there: %d; they must look alike", hidden.Code, missing.Code)
	}
	if w := s.get("m-bea", "/admin/members/dora"); w.Code != 303 || w.Header().Get("Location") != "/admin/members/m-dora" {
		t.Errorf("by her username: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := s.get("m-bea", "/admin/members/ada"); w.Code != 404 || w.Header().Get("Location") != "" {
		t.Errorf("by the username of one she may not see: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if html := s.get("m-ada", "/admin/members").Body.String(); !strings.Contains(html, "<code>ada</code>") || strings.Contains(html, "dora") {
		t.Errorf("ada sees more than herself:\n%s", html)
	}
}

// plain is an answer without the number of its request.
func plain(w *httptest.ResponseRecorder) string {
	return strings.ReplaceAll(w.Body.String(), w.Header().Get("X-Request-Id"), "")
}

func TestWhoManagesSeesTheWholeRecordButNoSecret(t *testing.T) {
	s := newSite(t)
	html := s.get("m-boss", "/admin/members/m-dora").Body.String()
	for _, want := range []string{"s5-subject", "Paid until", "blue fob", "keeps keys", "member of delft", "operator", "/admin/members/m-dora/notes"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(html, "hash-of-it") || strings.Contains(html, "sealed-it") {
		t.Error("the page tells of what opens a door")
	}
}

func TestR25NotesAreWrittenAndRemovedOnThePageOfWhomTheyAreAbout(t *testing.T) {
	s := newSite(t)
	if w := s.post("m-boss", "/admin/members/m-dora/notes", "text", "pays in cash"); w.Code != 303 || w.Header().Get("Location") != "/admin/members/m-dora?done=noted" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if html := s.get("m-boss", "/admin/members/m-dora").Body.String(); !strings.Contains(html, "pays in cash") || !strings.Contains(html, "boss") {
		t.Errorf("it is not there:\n%s", html)
	}
	if w := s.post("m-boss", "/admin/members/m-dora/notes", "text", " "); w.Code != 400 || !strings.Contains(w.Body.String(), "keeps keys") {
		t.Errorf("an empty note: %d", w.Code)
	}
	if html := s.get("m-dora", "/admin/members/m-dora").Body.String(); strings.Contains(html, "keeps keys") || strings.Contains(html, "/notes") {
		t.Errorf("dora reads what is noted of her:\n%s", html)
	}
	for by, want := range map[claims.MemberID]int{"m-bea": 403, "m-dora": 403, "m-ada": 404} {
		if w := s.post(by, "/admin/members/m-dora/notes", "text", "x"); w.Code != want || strings.Contains(w.Body.String(), "keeps keys") {
			t.Errorf("%s writes one: %d, want %d", by, w.Code, want)
		}
	}
	if w := s.post("m-bea", "/admin/members/m-dora/notes/remove", "note", "n1"); w.Code != 404 {
		t.Errorf("bea removes one: %d, want 404", w.Code)
	}
	s.from = "cross-site"
	if w := s.post("m-boss", "/admin/members/m-dora/notes", "text", "x"); w.Code != 403 {
		t.Errorf("from another site: %d", w.Code)
	}
	s.from = "same-origin"
	if w := s.post("m-boss", "/admin/members/m-dora/notes/remove", "note", "n1"); w.Code != 303 {
		t.Errorf("the boss removes it: %d", w.Code)
	}
	if html := s.get("m-boss", "/admin/members/m-dora").Body.String(); strings.Contains(html, "keeps keys") {
		t.Error("it is still there")
	}
}

func TestR60TheLogsNameThoseOnlyWhomTheReaderMaySee(t *testing.T) {
	s := newSite(t)
	plan, err := claims.Plan(s.dir, claims.Actor{Kind: claims.ActorOperator}, now,
		claims.AddGrant{Grant: claims.Grant{ID: "g2", At: "core-admin", Right: "manage", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-bea"}}})
	if err != nil {
		t.Fatal(err)
	}
	d := s.dir.With(claims.Seq{N: 9}, plan.Facts...)
	html := get(t, &fake{member: "m-bea"}, d).Body.String()
	if !strings.Contains(html, "m-boss") || strings.Contains(html, "<td>boss</td>") || strings.Contains(html, "<code>ada</code>") || !strings.Contains(html, "<code>dora</code>") {
		t.Errorf("who manages /admin and not /people sees:\n%s", html)
	}
}
