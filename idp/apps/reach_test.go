package apps

import (
	"fmt"
	"strings"
	"testing"

	"lanyard/claims"
)

// What an application would try with its documents in order to have, or to
// learn, more than organisers gave it.

func TestAllOfAnApplicationsRightsAreNotTheCores(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	s.put(`{"roles":[{"slug":"all","all_but":true},{"slug":"most","all_but":true,"rights":["teach","manage"]}],"grants":[{"to":"user:sub-bob","role":"all"}]}`)
	for _, right := range claims.ReservedRights() {
		if a := s.decide("sub-bob", string(right), "/lms"); a.Allow {
			t.Errorf("%s came with all of the application's rights", right)
		}
	}
	if a := s.decide("sub-bob", "teach", "/lms"); !a.Allow {
		t.Errorf("its own right did not: %+v", a)
	}
	page := got[Page](t, s.ask("lms", "GET", "lms/tree", ""))
	for _, r := range page.Roles {
		if r.Slug == "all" && len(r.Rights) != 0 || r.Slug == "most" && fmt.Sprint(r.Rights) != "[teach]" {
			t.Errorf("it reads back as %+v", r)
		}
	}
}

func TestOrganisersRolesAreNotTheApplicationsToGive(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	s.change(claims.Define{Fact: claims.Role{Slug: "head", App: "lms", Rights: []claims.Slug{"manage", "teach"}}},
		claims.AddGrant{Grant: claims.Grant{ID: "head", At: "lms", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "ada"}, Role: "head", Reason: "since the meeting in May"}},
		claims.AddGrant{Grant: claims.Grant{ID: "teach", At: "lms", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "bob"}, Right: "teach", Reason: "owes us a favour"}})
	s.refused(403, "grants[0]", "organisers hand it out", "lms", "PUT", "lms/tree", `{"grants":[{"to":"user:sub-bob","role":"head"}]}`)
	s.refused(403, "roles[0]", "organisers hand it out", "lms", "PUT", "lms/tree", `{"roles":[{"slug":"head","rights":["teach"]}]}`)
	tree := s.ask("lms", "GET", "lms/tree", "").Body.String()
	for _, secret := range []string{"head", "since the meeting", "owes us"} {
		if strings.Contains(tree, secret) {
			t.Errorf("the tree tells of what organisers made: %q", secret)
		}
	}
	s.later(writeEvery)
	s.put(`{"mode":"replace"}`)
	if a := s.decide("sub-ada", "manage", "/lms"); !a.Allow {
		t.Errorf("a document that replaces ended what organisers granted: %+v", a)
	}
}

func TestHowFarSomebodyHasComeIsToldOfBadgesThatShow(t *testing.T) {
	s := newSchool(t)
	badge := func(slug claims.Slug) claims.Intent {
		return claims.Define{Fact: claims.Badge{Slug: slug, Name: "The " + string(slug), Earn: "Ask.", Mode: claims.BadgeSignoff}}
	}
	s.change(badge("course"), badge("hidden"))
	s.put(`{"rights":[{"right":"shelve"}],"grants":[{"to":"everyone","right":"shelve"}]}`)
	for _, b := range []claims.Slug{"course", "hidden"} {
		s.change(claims.AddGate{Gate: claims.Gate{ID: claims.ID(b), At: "lms", Right: "shelve", AnyOf: []claims.Slug{b}}})
		a := s.decide("sub-ada", "shelve", "/lms")
		text := strings.Join(a.Explanation, " ")
		if told := strings.Contains(text, "Still: "); told != (b == "course") || !strings.Contains(text, "The "+string(b)) {
			t.Errorf("%s: %q", b, text)
		}
		s.change(claims.Remove{Key: claims.Gate{ID: claims.ID(b)}.Key()})
	}
}

func TestADocumentHasBounds(t *testing.T) {
	s := newSchool(t)
	many := func(n int, each string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(each, i)
		}
		return strings.Join(all, ",")
	}
	for field, doc := range map[string]string{
		"rights": `{"rights":[` + many(MaxRights+1, `{"right":"r%d"}`) + `]}`,
		"roles":  `{"roles":[` + many(MaxRoles+1, `{"slug":"r%d"}`) + `]}`,
		"grants": `{"grants":[` + many(MaxGrants+1, `{"to":"everyone","right":"r%d"}`) + `]}`,
	} {
		s.refused(400, field, "one document takes", "lms", "PUT", "lms/tree", doc)
		s.later(writeEvery)
	}
	s.put(`{"rights":[{"right":"read","physical":false}]}`)
	dated := `{"to":"user:sub-ada","right":"read","expires":"2027-01-01T00:00:00.%06dZ"}`
	there := 0 // by those who made the application
	for _, g := range s.store.Directory().GrantsAt("lms") {
		if g.End().IsZero() {
			there++
		}
	}
	full := `{"grants":[` + many(maxAtOnePlace-there, dated) + `]}`
	s.later(writeEvery)
	s.put(full)
	s.later(writeEvery)
	if out := s.put(full); out.New != 0 || out.Unchanged != maxAtOnePlace-there {
		t.Errorf("the same again: %+v", out)
	}
	s.later(writeEvery)
	s.refused(400, "grants[0]", "a place takes 2000", "lms", "PUT", "lms/tree", `{"grants":[{"to":"everyone","right":"read"}]}`)
}

// TestAParameterIsGivenOnce has every endpoint refuse to choose, before it
// reads or writes anything.
func TestAParameterIsGivenOnce(t *testing.T) {
	s := newSchool(t)
	tree := `{"locations":[{"path":"/lms/x"}]}`
	for _, c := range []struct{ method, path, body, field string }{
		{"PUT", "tree?dry_run=1&dry_run=0", tree, "dry_run"}, {"PUT", "tree?dry_run=0&dry_run=0", tree, "dry_run"}, {"PUT", "location?dry_run=1&dry_run=", `{"path":"/lms/x"}`, "dry_run"},
		{"GET", "tree?limit=1&limit=2", "", "limit"}, {"GET", "tree?after=/lms/a&after=/lms/b", "", "after"}, {"GET", "changes?since=&since=x.1", "", "since"},
		{"GET", "changes?wait=1&wait=0", "", "wait"}, {"DELETE", "location?path=/lms/x&path=/lms/y", "", "path"}, {"POST", "move?dry_run=1&dry_run=1", `{"from":"/lms/x","to":"/lms/y"}`, "dry_run"},
		{"POST", "decide?x=1&x=2", `{"member":"sub-ada","right":"manage","location":"/lms"}`, "x"},
	} {
		s.refused(400, c.field, "given more than once", "lms", c.method, "lms/"+c.path, c.body)
	}
	s.refused(400, "form", "not properly encoded", "lms", "GET", "lms/changes?since=%zz", "")
	s.refused(400, "locations[0].name", "half of a character", "lms", "PUT", "lms/tree", `{"locations":[{"path":"/lms/x","name":"\ud800"}]}`)
}
