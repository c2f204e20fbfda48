package apps

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

func TestTheSameDocumentAgainChangesNothing(t *testing.T) {
	s := newSchool(t)
	dry := got[Outcome](t, s.ask("lms", "PUT", "lms/tree?dry_run=1", repository))
	if _, there := s.store.Directory().Locate("/lms/repo"); there || !dry.DryRun {
		t.Fatalf("a dry run: %+v", dry)
	}
	first := s.put(repository)
	// four places, one of them unnamed, two rights, a role, two grants
	if first.New != 9 || first.Changed+first.Unchanged+first.Ended != 0 || len(first.Changes) != 9 || dry.New != first.New {
		t.Errorf("first: %+v; a dry run said %+v", first, dry)
	}
	if e := first.Changes[0]; e != (Effect{"location", "/lms/repo", "appears", "locations[1]"}) {
		t.Errorf("the first effect is %+v", e)
	}
	for _, mode := range []string{"merge", "replace"} {
		again := s.put(strings.Replace(repository, "{", `{"mode":"`+mode+`",`, 1))
		if again.Unchanged != 8 || again.New+again.Changed+again.Ended != 0 || again.Cursor != first.Cursor {
			t.Errorf("the same again, %s: %+v", mode, again)
		}
	}
	page := s.ask("lms", "GET", "lms/tree", "")
	var doc map[string]any
	json.Unmarshal(page.Body.Bytes(), &doc)
	delete(doc, "cursor")
	doc["mode"] = "replace"
	back, _ := json.Marshal(doc)
	if same := s.put(string(back)); same.New+same.Changed+same.Ended != 0 {
		t.Errorf("what GET says, sent back: %+v\n%s", same, back)
	}
	changed := s.put(`{"locations":[{"path":"/lms/repo","name":"Objects"}],"rights":[{"right":"reuse","at":"/lms/repo","physical":false}]}`)
	if changed.Changed != 2 || changed.New+changed.Unchanged+changed.Ended != 0 {
		t.Errorf("another name: %+v", changed)
	}
}

func TestReplaceEndsWhatIsNotNamedAndItsOwn(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	// an organiser's grant stands beside the application's
	repo, _ := s.store.Directory().Locate("/lms/repo")
	s.change(claims.AddGrant{Grant: claims.Grant{ID: "by-hand", At: repo.ID, Subject: claims.Subject{Kind: claims.SubjectTag, ID: "pupil"}, Right: "reuse"}})
	out := s.put(`{"mode":"replace","rights":[{"right":"reuse","physical":false}],"locations":[{"path":"/lms/repo","open":true}]}`)
	// reuse moves up the line; teach, three places and two grants end
	if out.Ended != 7 || out.New != 1 || out.Changed != 1 {
		t.Errorf("replaced: %+v", out)
	}
	if a := s.decide("sub-ada", "reuse", "/lms/repo/else"); a.Allow || a.Reason != claims.ReasonNoGrant {
		t.Errorf("the application's grant has ended: %+v", a)
	}
	if a := s.decide("sub-bob", "reuse", "/lms/repo"); !a.Allow {
		t.Errorf("the organiser's has not: %+v", a)
	}
	if a := s.decide("sub-bob", "teach", "/lms/repo"); a.Reason != claims.ReasonRightNotDefined {
		t.Errorf("a right that has ended: %+v", a)
	}
	if l, _ := s.store.Directory().Locate("/lms/courses"); l.Archived.IsZero() {
		t.Error("/lms/courses is not archived")
	}
	back := s.put(strings.Replace(repository, "{", `{"mode":"replace",`, 1))
	if again := s.decide("sub-ada", "reuse", "/lms/repo/obj/1"); back.New == 0 || !again.Allow {
		t.Errorf("brought back: %+v", back)
	}
}

func TestADocumentThatMovesARightNeedsReplace(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	s.refused(409, "rights[0]", "declared at /lms/repo already", "lms", "PUT", "lms/tree", `{"rights":[{"right":"reuse","physical":false}]}`)
}

func TestFaultsOfADocumentNameTheirLine(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	long := strings.Repeat("/a", 16)
	for _, c := range []struct {
		status       int
		field, words string
		doc          string
	}{
		{400, "locations[1].path", "only a-z", `{"locations":[{"path":"/lms/a"},{"path":"/lms/B"}]}`},
		{400, "locations[0].path", "is missing", `{"locations":[{"name":"x"}]}`},
		{400, "locations[0].path", "deeper than 16", `{"locations":[{"path":"/lms` + long + `"}]}`},
		{400, "locations[0].path", "only a-z", `{"locations":[{"path":"/lms/../wiki"}]}`},
		{400, "locations[0].path", "slash", `{"locations":[{"path":"lms/a"}]}`},
		{400, "locations[2].path", "twice, first at locations[0]", `{"locations":[{"path":"/lms/a"},{"path":"/lms/b"},{"path":"/lms/a"}]}`},
		{403, "locations[1].path", "not below /lms", `{"locations":[{"path":"/lms/a"},{"path":"/wiki/a"}]}`},
		{403, "locations[0].path", "not below /lms", `{"locations":[{"path":"/lmsx"}]}`},
		{403, "locations[0].path", "not below /lms", `{"locations":[{"path":"/admin"}]}`},
		{403, "locations[0]", "manage at /objects/none", `{"locations":[{"path":"/lms/a","object":"none"}]}`},
		{400, "locations[0].name", "control", `{"locations":[{"path":"/lms/a","name":"a\u0007"}]}`},
		{400, "locations[0].name", "longer", `{"locations":[{"path":"/lms/a","name":"` + strings.Repeat("x", 201) + `"}]}`},
		{403, "locations[0]", "manage at /admin", `{"locations":[{"path":"/lms","open":true}]}`},
		{403, "locations[0]", "manage at /admin", `{"locations":[{"path":"/lms","inherit":true}]}`},
		{400, "rights[0].right", "reserved to the core", `{"rights":[{"right":"manage"}]}`},
		{400, "rights[1].right", "reserved to the core", `{"rights":[{"right":"x"},{"right":"login","at":"/lms/repo"}]}`},
		{400, "rights[0].right", "is empty", `{"rights":[{}]}`},
		{400, "rights[0].states", "none of", `{"rights":[{"right":"x","states":["happy"]}]}`},
		{400, "rights[0].public", "not physical", `{"rights":[{"right":"x","public":true}]}`},
		{400, "rights[0].acr", "negative", `{"rights":[{"right":"x","acr":-1}]}`},
		{400, "rights[1].right", "twice, first at rights[0]", `{"rights":[{"right":"x"},{"right":"x","at":"/lms"}]}`},
		{409, "rights[1]", "once on a line", `{"rights":[{"right":"x"},{"right":"x","at":"/lms/repo"}]}`},
		{403, "rights[0].at", "not below", `{"rights":[{"right":"x","at":"/wiki"}]}`},
		{400, "roles[0].slug", "is empty", `{"roles":[{"rights":["reuse"]}]}`},
		{400, "roles[0].rights", "declared nowhere", `{"roles":[{"slug":"r","rights":["nosuch"]}]}`},
		{400, "roles[0].rights[1]", "organisers hand it out", `{"roles":[{"slug":"r","rights":["reuse","manage"]}]}`},
		{400, "roles[0].rights", "is empty", `{"roles":[{"slug":"r"}]}`},
		{400, "roles[1].slug", "twice", `{"roles":[{"slug":"r","rights":["reuse"]},{"slug":"r","rights":["teach"]}]}`},
		{400, "grants[0]", "right or a role", `{"grants":[{"to":"everyone"}]}`},
		{400, "grants[0]", "right or a role", `{"grants":[{"to":"everyone","right":"reuse","role":"author"}]}`},
		{400, "grants[0].right", "organisers hand it out", `{"grants":[{"to":"user:sub-ada","right":"manage"}]}`},
		{400, "grants[0].right", "right_not_defined_here", `{"grants":[{"to":"everyone","right":"reuse"}]}`},
		{404, "grants[0]", "role", `{"grants":[{"to":"everyone","role":"nosuch"}]}`},
		{400, "grants[0].to", "is missing", `{"grants":[{"right":"teach"}]}`},
		{400, "grants[0].to", "names nobody", `{"grants":[{"to":"user:nobody","right":"teach"}]}`},
		{400, "grants[0].to", "names nobody", `{"grants":[{"to":"user:ada.x","right":"teach"}]}`}, // a name, which it is not told
		{400, "grants[0].to", "want everyone", `{"grants":[{"to":"teachers","right":"teach"}]}`},
		{400, "grants[0].to", "no tag", `{"mode":"merge","grants":[{"to":"badge:course","right":"teach"},{"to":"client:none","right":"teach"}]}`},
		{403, "grants[0]", "claim filter", `{"grants":[{"to":"tag:secret","right":"teach"}]}`},
		{400, "grants[0].to", "none of", `{"grants":[{"to":"everyone","right":"teach","deny":true}]}`},
		{400, "grants[0].window", "09:00", `{"grants":[{"to":"everyone","right":"teach","window":"nine to five"}]}`},
		{400, "grants[0].window", "same time", `{"grants":[{"to":"everyone","right":"teach","window":"09:00-09:00"}]}`},
		{400, "grants[0].expires", "instant", `{"grants":[{"to":"everyone","right":"teach","expires":"tomorrow"}]}`},
		{400, "grants[0].expires", "not after", `{"grants":[{"to":"everyone","right":"teach","starts":"2027-01-01T00:00:00Z","expires":"2026-12-01T00:00:00Z"}]}`},
		{400, "grants[1]", "same as grants[0]", `{"grants":[{"to":"everyone","right":"teach"},{"to":"everyone","right":"teach","at":"/lms","reason":"again"}]}`},
		{400, "grants[0].period", "no period", `{"grants":[{"to":"everyone","right":"teach","period":"nosuch"}]}`},
		{400, "mode", "neither", `{"mode":"append"}`},
		{400, "application", "another", `{"application":"wiki"}`},
		{400, "locations[0]", "no field", `{"locations":[{"path":"/lms/a","slug":"a"}]}`},
		{400, "body", "no field", `{"location":[]}`},
		{400, "locations[0].path", "twice", `{"locations":[{"path":"/lms/a","path":"/lms/b"}]}`},
		{400, "locations[0].open", "true or false", `{"locations":[{"path":"/lms/a","open":"yes"}]}`},
		{400, "locations", "list", `{"locations":{}}`},
		{400, "body", "UTF-8", "{\"locations\":[{\"path\":\"/lms/a\",\"name\":\"\xff\"}]}"},
		{400, "locations[0].name", "not text", `{"locations":[{"path":"/lms/a","name":"a\u0000b"}]}`},
		{400, "locations[0]", "", `{"locations":[` + strings.Repeat("[", 100_000)},
		{400, "roles[0].metadata", "must be a text", `{"roles":[{"slug":"r","rights":["reuse"],"metadata":{"a":` + strings.Repeat(`{"a":`, 50_000)},
		{400, "grants[0].reason", "longer", `{"grants":[{"to":"everyone","right":"teach","reason":"` + strings.Repeat("x", 1<<20) + `"}]}`},
	} {
		if c.words == "no tag" {
			c.field, c.words = "grants[1].to", "no client"
		}
		s.refused(c.status, c.field, c.words, "lms", "PUT", "lms/tree", c.doc)
		s.later(writeEvery)
	}
	s.refused(413, "", "", "lms", "PUT", "lms/tree", `{"mode":"`+strings.Repeat("x", MaxTree)+`"}`)
	s.refused(400, "dry_run", "1 or 0", "lms", "PUT", "lms/tree?dry_run=perhaps", `{}`)
}

func TestSingleLocations(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	if out := got[Outcome](t, s.ask("lms", "PUT", "lms/location", `{"path":"/lms/repo/obj","name":"Objects","external":"obj"}`)); out.Changed != 1 {
		t.Errorf("a location: %+v", out)
	}
	if out := got[Outcome](t, s.ask("lms", "POST", "lms/move?dry_run=1", `{"from":"/lms/repo/obj","to":"/lms/courses/things"}`)); !out.DryRun || out.Changed != 1 {
		t.Errorf("a move that is tried: %+v", out)
	}
	if out := got[Outcome](t, s.ask("lms", "POST", "lms/move", `{"from":"/lms/repo/obj","to":"/lms/repo/things"}`)); out.Changed != 1 || out.Changes[0].Name != "/lms/repo/things" {
		t.Errorf("a move: %+v", out)
	}
	if l, ok := s.store.Directory().Locate("/lms/repo/things/private"); !ok || l.External != "77" {
		t.Error("what stood below did not go along")
	}
	if out := got[Outcome](t, s.ask("lms", "POST", "lms/move", `{"from":"/lms/repo/things","to":"/lms/repo/things"}`)); out.Unchanged != 1 || out.Changed != 0 {
		t.Errorf("a move to where it is: %+v", out)
	}
	for _, c := range []struct {
		status       int
		field, words string
		call, body   string
	}{
		{400, "location.path", "cycle", "POST lms/move", `{"from":"/lms/repo/things","to":"/lms/repo/things/private/x"}`},
		{403, "to", "not below", "POST lms/move", `{"from":"/lms/repo/things","to":"/wiki/x"}`},
		{403, "from", "not below", "POST lms/move", `{"from":"/wiki","to":"/lms/x"}`},
		{404, "from", "no location", "POST lms/move", `{"from":"/lms/none","to":"/lms/x"}`},
		{404, "to", "no location", "POST lms/move", `{"from":"/lms/repo","to":"/lms/none/x"}`},
		{409, "location", "there already", "POST lms/move", `{"from":"/lms/repo","to":"/lms/courses"}`},
		{403, "to", "not below", "POST lms/move", `{"from":"/lms","to":"/sml"}`},
		{400, "to", "missing", "POST lms/move", `{"from":"/lms/repo"}`},
		{400, "path", "missing", "DELETE lms/location", ""},
		{403, "path", "not below", "DELETE lms/location?path=/wiki", ""},
		{404, "path", "no location", "DELETE lms/location?path=/lms/none", ""},
		{403, "location", "manage at /admin", "DELETE lms/location?path=/lms", ""},
		{400, "locations[0].path", "missing", "PUT lms/location", `{"name":"x"}`},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		s.refused(c.status, c.field, c.words, "lms", method, path, c.body)
		s.later(writeEvery)
	}
	deep := "/lms"
	for i := range 15 {
		deep += fmt.Sprintf("/d%d", i)
	}
	s.put(`{"locations":[{"path":"` + deep + `"}]}`)
	s.refused(400, "location.path", "deeper than 16", "lms", "POST", "lms/move", `{"from":"/lms/repo","to":"`+deep[:strings.LastIndex(deep, "/")]+`/repo"}`)
	if out := got[Outcome](t, s.ask("lms", "DELETE", "lms/location?path=/lms/repo", "")); out.Ended != 1 {
		t.Errorf("archived: %+v", out)
	}
	if a := s.decide("sub-ada", "reuse", "/lms/repo/x"); a.Reason != claims.ReasonLocationArchived {
		t.Errorf("below what is archived: %+v", a)
	}
	if out := got[Outcome](t, s.ask("lms", "DELETE", "lms/location?path=/lms/repo", "")); out.Unchanged != 1 || out.Ended != 0 {
		t.Errorf("archived again: %+v", out)
	}
}

func TestBelowAStopTheApplicationGoesOn(t *testing.T) {
	s := newSchool(t)
	s.put(`{"locations":[{"path":"/lms/a","inherit":false},{"path":"/lms/a/b","inherit":false}]}`)
	s.put(`{"locations":[{"path":"/lms/a/b/c"}]}`)
	// a stop the application did not make, and one below it
	a, _ := s.store.Directory().Locate("/lms/a")
	s.change(claims.Define{Fact: claims.Location{ID: "x", Parent: a.ID, Slug: "x"}}, claims.Define{Fact: claims.Location{ID: "y", Parent: "x", Slug: "y"}})
	s.refused(403, "locations[0]", "manage", "lms", "PUT", "lms/tree", `{"locations":[{"path":"/lms/a/x/z"}]}`)
	s.put(`{"locations":[{"path":"/lms/a/x","inherit":false},{"path":"/lms/a/x/z"}]}`)
	if out := s.put(`{"mode":"replace"}`); out.Ended != 6 {
		t.Errorf("all of it ended: %+v", out)
	}
	if page := got[Page](t, s.ask("lms", "GET", "lms/tree", "")); len(page.Locations) != 1 || page.Locations[0].Path != "/lms" || page.Grants != nil {
		t.Errorf("what is left: %+v", page)
	}
	if out := s.put(`{"mode":"replace","locations":[{"path":"/lms/a/b"}]}`); out.Changed+out.New != 2 {
		t.Errorf("some of it brought back: %+v", out)
	}
}

func TestTheTreeComesInPages(t *testing.T) {
	s := newSchool(t)
	s.put(`{"locations":[{"path":"/lms/b/x"},{"path":"/lms/b-x"},{"path":"/lms/a/y/z"},{"path":"/lms/b/x-y"},{"path":"/lms/c"}],"rights":[{"right":"reuse","at":"/lms/b"}],"grants":[{"to":"everyone","right":"reuse","at":"/lms/b/x"}]}`)
	want := []string{"/lms", "/lms/a", "/lms/a/y", "/lms/a/y/z", "/lms/b", "/lms/b/x", "/lms/b/x-y", "/lms/b-x", "/lms/c"}
	for limit := 1; limit <= 10; limit++ {
		var have []string
		rules := 0
		for after := ""; ; {
			page := got[Page](t, s.ask("lms", "GET", fmt.Sprintf("lms/tree?limit=%d&after=%s", limit, after), ""))
			for _, l := range page.Locations {
				have = append(have, l.Path)
			}
			rules += len(page.Rights) + len(page.Grants)
			if after = page.Next; after == "" {
				break
			}
			s.later(listEvery)
		}
		if strings.Join(have, " ") != strings.Join(want, " ") || rules != 2 {
			t.Errorf("in pages of %d: %v and %d rules, want %v", limit, have, rules, want)
		}
	}
	s.refused(400, "limit", "from 1", "lms", "GET", "lms/tree?limit=0", "")
	s.refused(403, "after", "not below", "lms", "GET", "lms/tree?after=/wiki", "")
}

func TestGrantsBoundToAPeriod(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	s.change(claims.Define{Fact: claims.Period{Slug: "year-2026", Kind: claims.PeriodYear, Starts: noon.AddDate(0, -2, 0), Ends: noon.AddDate(0, 4, 0)}})
	const bound = `{"grants":[{"to":"tag:pupil","right":"teach","period":"year-2026"}]}`
	if out := s.put(bound); out.New != 1 {
		t.Errorf("%+v", out)
	}
	if out := s.put(bound); out.Unchanged != 1 || out.New != 0 {
		t.Errorf("again: %+v", out)
	}
	if a := s.decide("sub-bob", "teach", "/lms"); !a.Allow || !a.Until.Equal(noon.AddDate(0, 4, 0)) {
		t.Errorf("within it: %+v", a)
	}
	if page := got[Page](t, s.ask("lms", "GET", "lms/tree", "")); page.Grants[0].Period != "year-2026" {
		t.Errorf("the tree: %+v", page.Grants)
	}
	s.later(5 * 31 * 24 * time.Hour)
	if out := s.put(bound); out.Unchanged != 1 || out.New != 0 {
		t.Errorf("once it is over: %+v", out)
	}
	if page := got[Page](t, s.ask("lms", "GET", "lms/tree", "")); len(page.Grants) != 1 {
		t.Errorf("the tree then: %+v", page.Grants)
	}
}
