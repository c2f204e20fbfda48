package apps

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/schematest"
)

// others are calls with a body that would be fine.
var others = map[string]string{
	"PUT tree": `{}`, "GET tree": "", "PUT location": `{"path":"/lms/a"}`, "DELETE location?path=/lms/a": "", "POST move": `{"from":"/lms/a","to":"/lms/b"}`,
	"POST decide": `{"member":"sub-ada","right":"x","location":"/lms"}`, "POST rights": `{"member":"sub-ada","location":"/lms"}`,
	"POST who-can": `{"right":"x","location":"/lms"}`, "GET changes": "",
}

func TestNobodyButItsClientReachesAnApplication(t *testing.T) {
	s := newSchool(t)
	s.change(claims.AddGrant{Grant: claims.Grant{ID: "outside", At: "lms", Subject: claims.Subject{Kind: claims.SubjectClient, ID: "wiki"}, Right: "manage"}})
	for call, body := range others {
		method, path, _ := strings.Cut(call, " ")
		for _, c := range []struct {
			client, app string
			status      int
			words       string
		}{
			{"wiki", "lms", 404, ""}, // another's, even with manage there
			{"lms", "nosuch", 404, ""}, {"lms", "admin", 404, ""}, {"lms", "LMS", 404, ""},
			{"off", "old", 401, "HTTP Basic"},    // disabled
			{"open", "free", 401, ""},            // public
			{"door", "gate", 403, "is a device"}, // a device, though it owns one
			{"nobody", "lms", 401, "id or its secret is wrong"},
		} {
			s.refused(c.status, "", c.words, c.client, method, c.app+"/"+path, body)
		}
	}
	w := s.ask("nobody", "POST", "lms/decide", `{}`)
	if ways := w.Header().Values("WWW-Authenticate"); len(ways) != 3 {
		t.Errorf("WWW-Authenticate %q, want Basic, Bearer and DPoP", ways)
	}
	s.ready = claims.ErrUnavailable
	for call, body := range others {
		method, path, _ := strings.Cut(call, " ")
		s.refused(503, "", "", "lms", method, "lms/"+path, body)
	}
}

func TestDecisionsSayWhatTheMemberCouldBeTold(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	repo, _ := s.store.Directory().Locate("/lms/repo")
	s.change(claims.AddGate{Gate: claims.Gate{ID: "gate", At: repo.ID, Right: "reuse", AnyOf: []claims.Slug{"course"}}})
	if a := s.decide("sub-ada", "reuse", "/lms/repo/obj/503204"); a.Allow || a.Reason != "missing_badge" || a.Location != "/lms/repo/obj" ||
		fmt.Sprint(a.Missing) != "[[course]]" || !strings.Contains(strings.Join(a.Explanation, " "), "Take it") || a.AskAgain.IsZero() {
		t.Errorf("without the badge: %+v", a)
	}
	ends := noon.Add(48 * time.Hour)
	s.change(claims.GiveAward{Award: claims.Award{ID: "aw", Badge: "course", Member: "ada", Expires: ends}})
	a := s.decide("ada", "reuse", "/lms/repo")
	if !a.Allow || !a.Until.Equal(ends) || len(a.Warnings) != 1 || a.Warnings[0].Badge != "course" || len(a.Explanation) != 2 {
		t.Errorf("with it: %+v", a)
	}
	lms, _ := claims.Get[claims.Client](s.store.Directory(), "lms")
	lms.Filter.Badges = nil
	s.change(claims.Define{Fact: lms})
	if a := s.decide("sub-ada", "reuse", "/lms/repo"); !a.Allow || a.Warnings != nil || len(a.Explanation) != 1 {
		t.Errorf("a badge it may not see ends soon: %+v", a)
	}
	for member, want := range map[string]claims.Reason{"sub-gus": "member_guest", "sus": "member_suspended", "nobody": "unknown_member", "ada.x": "unknown_member"} {
		if a := s.decide(member, "reuse", "/lms/repo"); a.Allow || a.Reason != want {
			t.Errorf("%s: %+v, want %s", member, a, want)
		}
	}
	if a := s.decide("sub-ada", "edit", "/lms/repo"); a.Reason != claims.ReasonRightNotDefined {
		t.Errorf("a right of another application: %+v", a)
	}
	if a := s.decide("sub-ada", "reuse", "/lms/none/x"); a.Reason != claims.ReasonUnknownLocation {
		t.Errorf("a place that is not there: %+v", a)
	}
	many := got[Answers](t, s.ask("lms", "POST", "lms/decide", `{"asks":[{"member":"sub-ada","right":"reuse","location":"/lms/repo"},{"member":"sub-bob","right":"reuse","location":"/lms/repo"}]}`))
	if len(many.Decisions) != 2 || !many.Decisions[0].Allow || many.Decisions[1].Reason != claims.ReasonNoGrant {
		t.Errorf("two at once: %+v", many)
	}
	// a client that is told names may ask by them
	w := got[Answer](t, s.ask("wiki", "POST", "wiki/decide", `{"member":"Ada.X","right":"edit","location":"/wiki"}`))
	if w.Reason != claims.ReasonNoGrant {
		t.Errorf("by username: %+v", w)
	}
}

func TestBadQuestionsNameTheirField(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	ask := `{"member":"sub-ada","right":"reuse","location":"/lms/repo"}`
	for _, c := range []struct {
		status       int
		field, words string
		call, body   string
	}{
		{400, "member", "must be", "decide", `{"right":"reuse","location":"/lms"}`},
		{400, "member", "must be", "decide", `{"member":"` + strings.Repeat("x", 129) + `","right":"reuse","location":"/lms"}`},
		{400, "right", "empty", "decide", `{"member":"sub-ada","location":"/lms"}`},
		{400, "right", "only a-z", "decide", `{"member":"sub-ada","right":"Reuse","location":"/lms"}`},
		{400, "location", "missing", "decide", `{"member":"sub-ada","right":"reuse"}`},
		{403, "location", "not below /lms", "decide", `{"member":"sub-ada","right":"edit","location":"/wiki"}`},
		{403, "location", "not below /lms", "decide", `{"member":"sub-ada","right":"login","location":"/apps/lms"}`},
		{400, "acr", "negative", "decide", `{"member":"sub-ada","right":"reuse","location":"/lms","acr":-1}`},
		{400, "asks", "1 to 100", "decide", `{"asks":[]}`},
		{400, "asks", "1 to 100", "decide", `{"asks":[` + strings.Repeat(ask+",", 100) + ask + `]}`},
		{400, "asks", "beside", "decide", `{"member":"sub-ada","asks":[` + ask + `]}`},
		{403, "asks[1].location", "not below", "decide", `{"asks":[` + ask + `,{"member":"sub-ada","right":"edit","location":"/wiki"}]}`},
		{400, "asks[1]", "no field", "decide", `{"asks":[` + ask + `,{"token":"x"}]}`},
		{400, "body", "no field", "decide", `{"token":"x"}`},
		{400, "body", "JSON", "decide", ``},
		{404, "location", "", "rights", `{"member":"sub-ada","location":"/lms/none"}`},
		{403, "location", "not below", "rights", `{"member":"sub-ada","location":"/wiki"}`},
		{400, "location", "missing", "who-can", `{"right":"reuse"}`},
		{403, "location", "not below", "who-can", `{"right":"edit","location":"/wiki"}`},
		{404, "", "", "who-can", `{"right":"edit","location":"/lms"}`},
		{400, "from", "instant", "who-can", `{"right":"reuse","location":"/lms/repo","from":"now"}`},
		{400, "to", "", "who-can", `{"right":"reuse","location":"/lms/repo","to":"2025-01-01T00:00:00Z"}`},
		{400, "to", "366", "who-can", `{"right":"reuse","location":"/lms/repo","to":"2028-01-01T00:00:00Z"}`},
		{400, "limit", "1000", "who-can", `{"right":"reuse","location":"/lms/repo","limit":1001}`},
	} {
		if c.body == "" {
			c.body = " "
		}
		s.refused(c.status, c.field, c.words, "lms", "POST", "lms/"+c.call, c.body)
	}
}

func TestWhoCanComesInPagesAndByName(t *testing.T) {
	s := newSchool(t)
	s.put(`{"rights":[{"right":"read","physical":false}],"grants":[{"to":"state:active","right":"read"}]}`)
	for i := range 25 {
		id := claims.MemberID(fmt.Sprintf("m%02d", i))
		s.change(claims.AddMember{Member: claims.Member{ID: id, Sub: fmt.Sprintf("s-%02d", 99-i), Username: string(id), State: claims.StateActive}})
	}
	var subs []string
	for after := ""; ; {
		page := got[WhoCan](t, s.ask("lms", "POST", "lms/who-can", fmt.Sprintf(`{"right":"read","location":"/lms","limit":10,"after":%q}`, after)))
		for _, m := range page.Members {
			subs = append(subs, m.Sub)
			if m.Name != "" || m.Username != "" || !m.Intervals[0].From.Equal(noon) || !m.Intervals[0].To.Equal(noon.Add(spanUsual)) {
				t.Errorf("%+v", m)
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(subs) != 27 || !slices.IsSorted(subs) || len(slices.Compact(subs)) != 27 {
		t.Errorf("%v", subs)
	}
	s.change(claims.AddGrant{Grant: claims.Grant{ID: "e", At: "wiki", Subject: claims.Subject{Kind: claims.SubjectTag, ID: "teacher"}, Right: "edit"}})
	page := got[WhoCan](t, s.ask("wiki", "POST", "wiki/who-can", `{"right":"edit","location":"/wiki","from":"2026-03-02T00:00:00Z"}`))
	if len(page.Members) != 1 || page.Members[0].Name != "ADA" || page.Members[0].Username != "ada.x" {
		t.Errorf("for a client that is told names: %+v", page)
	}
}

func TestCallingTooOftenIsSlowedDown(t *testing.T) {
	s := newSchool(t)
	for range writesMost {
		s.put(`{}`)
	}
	s.refused(429, "", "", "lms", "PUT", "lms/tree", `{}`)
	got[Outcome](t, s.ask("wiki", "PUT", "wiki/tree", `{}`)) // others go on
	got[Page](t, s.ask("lms", "GET", "lms/tree", ""))
	s.later(writeEvery)
	s.put(`{}`)
	if w := s.ask("lms", "PUT", "lms/tree", `{}`); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
		t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
}

// vector is one line of testdata/vectors.json.
type vector struct {
	Name    string
	Call    string          // method and path below /apps/v1/lms/
	Request json.RawMessage // none: no body
	Schema  string          // of the request
	Status  int
	Answer  json.RawMessage // with status 200, exactly, but for cursors
}

func TestVectorsHold(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	s := newSchool(t) // they are one story
	for _, v := range vectors {
		if v.Schema != "" {
			err := schematest.Conforms("schema", v.Schema, v.Request)
			if (err == nil) != (v.Status != 400) {
				t.Errorf("%s: the request conforms to its schema: %v, yet status %d is wanted", v.Name, err, v.Status)
			}
		}
		method, path, _ := strings.Cut(v.Call, " ")
		w := s.ask("lms", method, "lms/"+path, string(v.Request))
		var want, have bytes.Buffer
		_ = json.Compact(&want, v.Answer)
		_ = json.Compact(&have, w.Body.Bytes())
		said := cursors.ReplaceAllString(have.String(), `"cursor":"…"`)
		if w.Code != v.Status || v.Status == 200 && said != want.String() {
			t.Errorf("%s: %d\n%s\nwant %d\n%s", v.Name, w.Code, said, v.Status, &want)
		}
	}
}

func TestAPairwiseClientKnowsMembersByItsSectorsSubjects(t *testing.T) {
	s := newSchool(t)
	c := client("shop", "openid")
	c.SubjectType, c.RedirectURIs, c.GrantTypes = "pairwise", []string{"https://shop.example.org/back"}, []string{"authorization_code", "client_credentials"}
	s.change(claims.Define{Fact: c}, claims.Define{Fact: claims.Location{ID: "shop", Slug: "shop"}}, claims.Define{Fact: claims.Application{Slug: "shop", Root: "shop", Client: "shop"}})
	ada, _ := claims.Get[claims.Member](s.store.Directory(), "ada")
	c, _ = claims.Get[claims.Client](s.store.Directory(), "shop")
	sub := s.cfg.Subject(c, ada)
	if sub == ada.Sub {
		t.Fatal("the client is not pairwise")
	}
	got[Outcome](t, s.ask("shop", "PUT", "shop/tree", `{"rights":[{"right":"buy","physical":false}],"grants":[{"to":"user:`+sub+`","right":"buy"}]}`))
	for who, want := range map[string]claims.Reason{sub: "ok", ada.Sub: "unknown_member", "nobody": "unknown_member"} {
		if a := got[Answer](t, s.ask("shop", "POST", "shop/decide", `{"member":"`+who+`","right":"buy","location":"/shop"}`)); a.Reason != want {
			t.Errorf("asked about %s: %s, want %s", who, a.Reason, want)
		}
	}
	if list := got[WhoCan](t, s.ask("shop", "POST", "shop/who-can", `{"right":"buy","location":"/shop"}`)); len(list.Members) != 1 || list.Members[0].Sub != sub {
		t.Errorf("who can: %+v, want %s", list, sub)
	}
	if page := got[Page](t, s.ask("shop", "GET", "shop/tree", "")); len(page.Grants) != 1 || page.Grants[0].To != "user:"+sub {
		t.Errorf("the tree: %+v", page.Grants)
	}
	from := got[Changes](t, s.ask("shop", "GET", "shop/changes", "")).Cursor
	s.change(tagged("ada", "pupil"), claims.AddMember{Member: claims.Member{ID: "new", Sub: "sub-new", Username: "new", State: claims.StateActive}})
	late, _ := claims.Get[claims.Member](s.store.Directory(), "new")
	if c := got[Changes](t, s.ask("shop", "GET", "shop/changes?since="+from, "")); len(c.Members) != 2 || !slices.Contains(c.Members, sub) {
		t.Errorf("changes: %+v", c)
	}
	if a := got[Answer](t, s.ask("shop", "POST", "shop/decide", `{"member":"`+s.cfg.Subject(c, late)+`","right":"buy","location":"/shop"}`)); a.Reason != claims.ReasonNoGrant {
		t.Errorf("a member who came later: %s", a.Reason)
	}
}
