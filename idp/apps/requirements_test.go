package apps

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
)

func TestR42ASeparateServiceNeedsNothingButHTTP(t *testing.T) {
	s := newSchool(t)
	// it says what it is about, asks, and hears when an answer is out of date
	s.put(repository)
	if a := s.decide("sub-ada", "reuse", "/lms/repo/obj/1"); !a.Allow {
		t.Errorf("asked over HTTP: %+v", a)
	}
	cursor := s.since("").Cursor
	s.change(claims.Unassign{Tag: "teacher", Target: claims.TargetMember, TargetID: "ada"})
	if c := s.since(cursor); fmt.Sprint(c.Members) != "[sub-ada]" {
		t.Errorf("who is to be asked about again: %+v", c)
	}
	if a := s.decide("sub-ada", "reuse", "/lms/repo/obj/1"); a.Allow {
		t.Errorf("asked again: %+v", a)
	}
}

func TestR46EveryAnswerIsTheOneFunctions(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	d := s.store.Directory()
	for _, m := range []claims.MemberID{"ada", "bob", "gus", "sus"} {
		for _, right := range []claims.Slug{"reuse", "teach", "manage", "edit"} {
			for _, place := range []claims.Path{"/lms", "/lms/repo", "/lms/repo/x/y", "/lms/repo/obj/private", "/lms/none"} {
				dec, err := claims.Decide(d, claims.Ask{Member: m, Right: right, Path: place, At: noon})
				if err != nil {
					t.Fatal(err)
				}
				if a := s.decide("sub-"+string(m), string(right), string(place)); a.Allow != dec.Allow || a.Reason != dec.Reason || !a.Until.Equal(dec.Until) {
					t.Errorf("%s %s %s: %+v, and Decide says %+v", m, right, place, a, dec)
				}
			}
		}
	}
}

func TestR50MenusOfApplicationsFollowRights(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	menu := func() string {
		r := got[Rights](t, s.ask("lms", "POST", "lms/rights", `{"member":"sub-ada","location":"/lms/repo"}`))
		var items []string
		for _, h := range r.Rights {
			items = append(items, string(h.Right))
		}
		return strings.Join(items, " ")
	}
	if got := menu(); got != "reuse" {
		t.Errorf("the menu is %q", got)
	}
	s.put(`{"grants":[{"to":"state:active","right":"teach"}]}`)
	if got := menu(); got != "reuse teach" {
		t.Errorf("after one more grant it is %q", got)
	}
}

func TestR52ANewApplicationRegistersItsOwnWithoutAChangeToUs(t *testing.T) {
	s := newSchool(t)
	s.change(claims.Define{Fact: client("kitchen")}, claims.Define{Fact: claims.Location{ID: "kitchen", Slug: "kitchen"}}, claims.Define{Fact: claims.Application{Slug: "kitchen", Root: "kitchen", Client: "kitchen"}})
	out := got[Outcome](t, s.ask("kitchen", "PUT", "kitchen/tree", `{"rights":[{"right":"use-oven"}],"locations":[{"path":"/kitchen/oven"}],"grants":[{"to":"everyone","right":"use-oven","at":"/kitchen/oven"}]}`))
	if out.New != 3 {
		t.Errorf("%+v", out)
	}
	if a := got[Answer](t, s.ask("kitchen", "POST", "kitchen/decide", `{"member":"sub-bob","right":"use-oven","location":"/kitchen/oven"}`)); !a.Allow {
		t.Errorf("%+v", a)
	}
}

func TestR53RightsAreSpecificToTheirPlaces(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	if a := s.decide("sub-ada", "reuse", "/lms/courses/1"); a.Reason != claims.ReasonRightNotDefined {
		t.Errorf("reuse where it is not declared: %+v", a)
	}
	// two applications have a right of one name, each its own
	got[Outcome](t, s.ask("wiki", "PUT", "wiki/tree", `{"rights":[{"right":"reuse"}]}`))
	if a := s.decide("sub-ada", "reuse", "/lms/repo"); !a.Allow {
		t.Errorf("beside another of that name: %+v", a)
	}
}

func TestR54ANewApplicationIsANodeOfTheOneTree(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	d := s.store.Directory()
	for _, path := range []claims.Path{"/lms/repo/obj/private", "/wiki", "/apps/lms"} {
		if _, ok := d.Locate(path); !ok {
			t.Errorf("%s is not in the tree", path)
		}
	}
	s.refused(403, "locations[0].path", "not below", "lms", "PUT", "lms/tree", `{"locations":[{"path":"/another"}]}`)
}

func TestR55ARightIsThereInItsSubtreeOnly(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	for path, want := range map[string]claims.Reason{"/lms/repo": "ok", "/lms/repo/obj": "ok", "/lms": "right_not_defined_here", "/lms/courses": "right_not_defined_here"} {
		if a := s.decide("sub-ada", "reuse", path); a.Reason != want {
			t.Errorf("reuse at %s: %s, want %s", path, a.Reason, want)
		}
	}
}

func TestR56OnlyPlacesWhereSomethingDiffersAreStored(t *testing.T) {
	s := newSchool(t)
	before := len(s.store.Directory().Children("lms"))
	s.put(`{"rights":[{"right":"reuse","physical":false}],"locations":[{"path":"/lms/repo","open":true}],"grants":[{"to":"tag:teacher","right":"reuse","at":"/lms/repo"}]}`)
	for _, path := range []string{"/lms/repo/obj/503204", "/lms/repo/a/b/c/d/e/f"} {
		if a := s.decide("sub-ada", "reuse", path); !a.Allow || a.Location != "/lms/repo" {
			t.Errorf("%s: %+v", path, a)
		}
	}
	// a difference deep down stores what leads to it, and no more
	s.put(`{"grants":[{"to":"user:sub-bob","right":"reuse","at":"/lms/repo/obj/7"}]}`)
	d := s.store.Directory()
	repo, _ := d.Locate("/lms/repo")
	if n := len(d.Children("lms")) - before; n != 1 || len(d.Children(repo.ID)) != 1 {
		t.Errorf("%d places below /lms, %d below /lms/repo", n, len(d.Children(repo.ID)))
	}
	if a := s.decide("sub-bob", "reuse", "/lms/repo/obj/7/page"); !a.Allow || a.Location != "/lms/repo/obj/7" {
		t.Errorf("below it: %+v", a)
	}
}

// treeOf is a document of so many locations, each of its own in a hundred
// courses.
func treeOf(n int) string {
	doc := Document{Rights: []Right{{Right: "read", Physical: new(bool)}}}
	for i := range n {
		path := fmt.Sprintf("/lms/course-%d", i%100)
		if i >= 100 {
			path += fmt.Sprintf("/item-%d", i)
		}
		doc.Locations = append(doc.Locations, Location{Path: path, External: fmt.Sprint(i)})
	}
	for i := range 100 {
		doc.Grants = append(doc.Grants, Grant{To: "tag:teacher", Right: "read", At: fmt.Sprintf("/lms/course-%d", i)})
	}
	text, _ := json.Marshal(doc)
	return string(text)
}

func TestR59TwentyThousandPlacesInOneCall(t *testing.T) {
	s := newSchool(t)
	const n = 20_000
	doc := treeOf(n)
	begin := time.Now()
	if out := s.put(doc); out.New != n+101 || len(out.Changes) != effectsListed || out.More != n+101-effectsListed {
		t.Errorf("new %d, listed %d, more %d", out.New, len(out.Changes), out.More)
	}
	first := time.Since(begin)
	if out := s.put(doc); out.Unchanged != n+101 || out.New != 0 {
		t.Errorf("again: %d unchanged", out.Unchanged)
	}
	if a := s.decide("sub-ada", "read", "/lms/course-99/item-19999"); !a.Allow {
		t.Errorf("the last of them: %+v", a)
	}
	t.Logf("%d octets: %v, the same again %v", len(doc), first, time.Since(begin)-first)
	s.refused(400, "locations[20000].path", "twice", "lms", "PUT", "lms/tree", strings.Replace(doc, `],"grants"`, `,{"path":"/lms/course-7"}],"grants"`, 1))
	if out := s.put(`{"mode":"replace"}`); out.Ended != n+101 {
		t.Errorf("all ended: %d", out.Ended)
	}
}

func TestR61AnObjectAndItsPublicationAreTwoPlaces(t *testing.T) {
	s := newSchool(t)
	s.put(`{"rights":[{"right":"view","physical":false}],"locations":[{"path":"/lms/repo/obj-1","external":"1"},{"path":"/lms/courses/math/obj-1","external":"1"}],
	  "grants":[{"to":"tag:teacher","right":"view","at":"/lms/repo/obj-1"},{"to":"tag:pupil","right":"view","at":"/lms/courses/math/obj-1"}]}`)
	for ask, want := range map[string]bool{"ada repo": true, "ada courses/math": false, "bob repo": false, "bob courses/math": true} {
		who, where, _ := strings.Cut(ask, " ")
		if a := s.decide("sub-"+who, "view", "/lms/"+where+"/obj-1"); a.Allow != want {
			t.Errorf("%s: %+v", ask, a)
		}
	}
}

func TestR62TheWholeWorldCanBeGranted(t *testing.T) {
	s := newSchool(t)
	s.put(`{"rights":[{"right":"read","physical":false,"public":true,"states":["guest","pending","active","grace","suspended","left"]},{"right":"note","physical":false,"states":["guest","active"]}],
	  "grants":[{"to":"public","right":"read"},{"to":"everyone","right":"note"}]}`)
	for _, who := range []string{"sub-gus", "sub-sus", "sub-ada"} {
		if a := s.decide(who, "read", "/lms"); !a.Allow {
			t.Errorf("%s: %+v", who, a)
		}
	}
	if a := s.decide("sub-gus", "note", "/lms"); !a.Allow {
		t.Errorf("everyone with an account: %+v", a)
	}
	s.refused(400, "grants[0].to", "not a public right", "lms", "PUT", "lms/tree", `{"grants":[{"to":"public","right":"note"}]}`)
}

func TestDocumentsThatMeetAreBothDone(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			// each adds the same place above its own, so the later finds it there
			doc := fmt.Sprintf(`{"locations":[{"path":"/lms/courses/shared/%c"}],"grants":[{"to":"everyone","right":"teach","at":"/lms/courses/shared"}]}`, 'a'+i)
			if w := s.ask("lms", "PUT", "lms/tree", doc); w.Code != 200 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	all.Wait()
	d := s.store.Directory()
	shared, _ := d.Locate("/lms/courses/shared")
	if n := len(d.Children(shared.ID)); n != 6 || len(d.GrantsAt(shared.ID)) != 1 {
		t.Errorf("%d places and %d grants", n, len(d.GrantsAt(shared.ID)))
	}
}

func TestAWriterElsewhereMakesTheDocumentBeLookedAtAgain(t *testing.T) {
	s := newSchool(t)
	prepared := 0
	who := caller{dir: s.store.Directory(), app: claims.Application{Slug: "lms", Root: "lms", Client: "lms"}, root: "/lms", known: &s.known}
	who.client, _ = claims.Get[claims.Client](who.dir, "lms")
	meet := func(times int) (Outcome, error) {
		prepared = 0
		return s.plan(t.Context(), who, false, func(who caller) (Draft, error) {
			prepared++
			path := fmt.Sprintf("/lms/met-%d-%d", times, prepared)
			draft, err := Prepare(who.dir, Document{Locations: []Location{{Path: path}}}, s.origin(who))
			if prepared <= times { // somebody puts the same place there meanwhile
				s.change(claims.Define{Fact: claims.Location{ID: claims.LocationID(path[5:]), Parent: "lms", Slug: claims.Slug(path[5:]), Inherit: true}})
			}
			return draft, err
		})
	}
	if _, err := meet(1); err != nil || prepared != 2 {
		t.Errorf("met once: %v after %d", err, prepared)
	}
	if _, err := meet(tries); err == nil || prepared != tries || !strings.Contains(err.Error(), "locations[0]: /lms/met-3-3 is there already") {
		t.Errorf("always met: %v after %d", err, prepared)
	}
}
