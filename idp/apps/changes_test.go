package apps

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

var cursors = regexp.MustCompile(`"cursor":"[^"]+"`)

// since asks what has changed, as lms.
func (s *school) since(cursor string) Changes {
	s.t.Helper()
	return got[Changes](s.t, s.ask("lms", "GET", "lms/changes?since="+cursor, ""))
}

func TestChangesNameWhoAndWhatIsTouched(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	begin := s.since("")
	if !begin.none() || begin.Cursor == "" {
		t.Fatalf("to begin with: %+v", begin)
	}
	at := begin.Cursor
	step := func(what string, want Changes) {
		t.Helper()
		have := s.since(at)
		if have.All != want.All || fmt.Sprint(have.Members, have.Locations) != fmt.Sprint(want.Members, want.Locations) {
			t.Errorf("%s: %+v, want %+v", what, have, want)
		}
		if have.Cursor == at && !want.none() {
			t.Errorf("%s: the cursor stays", what)
		}
		at = have.Cursor
	}
	step("nothing", Changes{})
	s.change(tagged("bob", "teacher"))
	step("a tag", Changes{Members: []string{"sub-bob"}})
	s.change(claims.AddGrant{Grant: claims.Grant{ID: "e", At: "wiki", Subject: claims.Subject{Kind: claims.SubjectEveryone}, Right: "edit"}})
	step("a rule elsewhere", Changes{})
	got[Outcome](t, s.ask("lms", "POST", "lms/move", `{"from":"/lms/repo/obj","to":"/lms/courses/obj"}`))
	step("a move", Changes{Locations: []claims.Path{"/lms/courses/obj", "/lms/repo/obj"}})
	private, _ := s.store.Directory().Locate("/lms/courses/obj/private")
	private.Parent, private.Slug = "wiki", "stolen"
	s.change(claims.Define{Fact: private})
	step("moved away by an organiser", Changes{Locations: []claims.Path{"/lms/courses/obj/private"}})
	s.put(`{"roles":[{"slug":"tutor","rights":["reuse","teach"]}]}`)
	step("a role", Changes{All: true})
	if back := s.since(begin.Cursor); !back.All || back.Cursor != at {
		t.Errorf("all of it at once: %+v, want up to %s", back, at)
	}
	// one that a process further on has given out
	dot := strings.LastIndexByte(at, '.')
	if ahead := s.since(at[:dot] + ".999999"); !ahead.none() || !strings.HasSuffix(ahead.Cursor, ".999999") {
		t.Errorf("ahead: %+v", ahead)
	}
}

func TestACursorThatIsWorthNothingSaysSo(t *testing.T) {
	s := newSchool(t)
	at := s.since("").Cursor
	s.refused(410, "since", "epoch", "lms", "GET", "lms/changes?since=other.1", "")
	for _, bad := range []string{"x", ".1", "a.", "a.-1", "a.b", strings.Repeat("a", 100) + ".1"} {
		s.refused(400, "since", "no cursor", "lms", "GET", "lms/changes?since="+bad, "")
	}
	s.refused(400, "wait", "1 to 25", "lms", "GET", "lms/changes?wait=26&since="+at, "")
	if err := s.store.NewEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.refused(410, "since", "epoch", "lms", "GET", "lms/changes?since="+at, "")
	at = s.since("").Cursor
	var many []claims.Intent
	for i := range changesMost + 1 {
		many = append(many, claims.Define{Fact: claims.Tag{Slug: claims.Slug(fmt.Sprintf("t-%d", i))}})
	}
	s.change(many[:changesMost]...)
	if out := s.since(at); !out.none() {
		t.Errorf("tags: %+v", out)
	}
	s.change(many[changesMost])
	s.refused(410, "since", "changes old", "lms", "GET", "lms/changes?since="+at, "")
}

func TestWaitingForAChangeEndsWithIt(t *testing.T) {
	s := newSchool(t)
	s.put(repository)
	at := s.since("").Cursor
	waiting := make(chan Changes)
	wait := func() {
		go func() { waiting <- got[Changes](t, s.ask("lms", "GET", "lms/changes?wait=20&since="+at, "")) }()
	}
	wait()
	// what is not its business does not end it
	s.change(claims.AddGrant{Grant: claims.Grant{ID: "e", At: "wiki", Subject: claims.Subject{Kind: claims.SubjectEveryone}, Right: "edit"}})
	select {
	case out := <-waiting:
		t.Fatalf("ended by a change elsewhere: %+v", out)
	case <-time.After(3 * lookEvery):
	}
	s.change(tagged("bob", "teacher"))
	if out := <-waiting; len(out.Members) != 1 || out.Members[0] != "sub-bob" || out.Cursor == at {
		t.Errorf("%+v", out)
	}
	at = s.since("").Cursor
	begin := time.Now()
	if out := got[Changes](t, s.ask("lms", "GET", "lms/changes?wait=1&since="+at, "")); !out.none() || time.Since(begin) < time.Second {
		t.Errorf("when nothing happens: %+v after %v", out, time.Since(begin))
	}
	// only so many at once; all are answered when the server goes
	for range waitingMost {
		wait()
	}
	for len(s.waitingOf("lms")) == 0 {
		time.Sleep(time.Millisecond)
	}
	s.refused(429, "", "", "lms", "GET", "lms/changes?wait=20&since="+at, "")
	s.Stop()
	s.Stop()
	for range waitingMost {
		if out := <-waiting; !out.none() {
			t.Errorf("%+v", out)
		}
	}
	if left := s.waitingOf("lms"); left != "" {
		t.Errorf("somebody still waits: %s", left)
	}
}

// waitingOf is something as soon as a client waits as often as it may, or,
// when nobody should, at all.
func (s *school) waitingOf(c claims.ClientID) string {
	s.waiting.mu.Lock()
	defer s.waiting.mu.Unlock()
	if n := s.waiting.n[c]; n == waitingMost || n > 0 && s.life.Err() != nil {
		return fmt.Sprint(n)
	}
	return ""
}

// A server that reads no request for long must not end a wait by that.
func TestWaitingOutlastsTheServersReadTimeout(t *testing.T) {
	s := newSchool(t)
	at := s.since("").Cursor
	srv := httptest.NewUnstartedServer(s.handler)
	srv.Config.ReadTimeout = 100 * time.Millisecond
	srv.Start()
	defer srv.Close()
	r, _ := http.NewRequest(http.MethodGet, srv.URL+"/apps/v1/lms/changes?wait=1&since="+at, nil)
	r.SetBasicAuth("lms", "secret of lms")
	begin := time.Now()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if took := time.Since(begin); res.StatusCode != http.StatusOK || took < time.Second {
		t.Errorf("%d after %v", res.StatusCode, took)
	}
}
