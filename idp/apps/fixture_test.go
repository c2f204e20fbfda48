package apps

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/record"
	"lanyard/idp/schematest"
	"lanyard/idp/store"
	"lanyard/idp/web"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// school has two applications, lms and wiki, each with a client of its own,
// and other clients; members ada (tag teacher), bob (tag pupil), gus (a guest)
// and sus (suspended).
type school struct {
	*Apps
	t       testing.TB
	store   *store.Store
	handler http.Handler
	ready   error

	mu  sync.Mutex
	now time.Time // guarded by mu
}

func (s *school) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *school) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

var operator = claims.Actor{Kind: claims.ActorOperator, ID: "root"}

func client(id claims.ClientID, scopes ...string) claims.Client {
	sum := sha256.Sum256([]byte("secret of " + id))
	return claims.Client{ID: id, Name: string(id), Auth: claims.AuthBasic, GrantTypes: []string{"client_credentials"}, Scopes: scopes,
		Secrets: []claims.Secret{{SHA256: hex.EncodeToString(sum[:])}}, Filter: claims.ClaimFilter{Tags: []claims.Slug{"teacher", "pupil"}, Badges: []claims.Slug{"course"}}}
}

func newSchool(t testing.TB) *school {
	s := &school{t: t, now: noon}
	var err error
	s.store, err = store.Open(t.Context(), store.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "lanyard.db"), Now: s.clock, RingID: "ring"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.store.Close() })
	if err := s.store.Install(t.Context(), claims.Core(noon)); err != nil {
		t.Fatal(err)
	}
	s.change(s.facts()...)
	s.Apps = New(Config{
		Directory: s.store.Directory, Ready: func() error { return s.ready }, Authenticate: s.authenticate, Store: s.store,
		Subject: keys.NewRing(bytes.Repeat([]byte{7}, 32)).Subject, NewID: func() string { return record.NewID(s.clock()) }, Now: s.clock,
	})
	mux := http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"PUT /apps/v1/{application}/tree": s.PutTree, "GET /apps/v1/{application}/tree": s.GetTree,
		"PUT /apps/v1/{application}/location": s.PutLocation, "DELETE /apps/v1/{application}/location": s.DeleteLocation,
		"POST /apps/v1/{application}/move": s.PostMove, "POST /apps/v1/{application}/decide": s.PostDecide, "POST /apps/v1/{application}/rights": s.PostRights,
		"POST /apps/v1/{application}/who-can": s.PostWhoCan, "GET /apps/v1/{application}/changes": s.GetChanges,
	} {
		mux.HandleFunc(pattern, h)
	}
	s.handler = web.WithRequest(web.RequestConfig{Now: s.clock}, mux)
	return s
}

func (s *school) facts() []claims.Intent {
	define := func(facts ...claims.Fact) (in []claims.Intent) {
		for _, f := range facts {
			in = append(in, claims.Define{Fact: f})
		}
		return in
	}
	lms, off, public := client("lms", "openid"), client("off"), client("open")
	lms.Filter.Member = true
	off.Disabled, public.Auth, public.Secrets, public.GrantTypes, public.RedirectURIs = noon, claims.AuthNone, nil, []string{"authorization_code"}, []string{"https://open.example.org/"}
	in := define(claims.Tag{Slug: "teacher"}, claims.Tag{Slug: "pupil"}, claims.Tag{Slug: "secret"}, claims.Badge{Slug: "course", Name: "Course", Earn: "Take it."},
		lms, client("wiki", "openid", "profile"), client("door"), off, public,
		claims.Location{ID: "lms", Slug: "lms"}, claims.Application{Slug: "lms", Root: "lms", Client: "lms"},
		claims.Location{ID: "wiki", Slug: "wiki"}, claims.Application{Slug: "wiki", Root: "wiki", Client: "wiki"},
		claims.Location{ID: "old", Slug: "old"}, claims.Application{Slug: "old", Root: "old", Client: "off"},
		claims.Location{ID: "gate", Slug: "gate"}, claims.Application{Slug: "gate", Root: "gate", Client: "door"},
		claims.Location{ID: "free", Slug: "free"}, claims.Application{Slug: "free", Root: "free", Client: "open"},
		claims.Right{At: "gate", Slug: "unlock"}, claims.Right{At: "wiki", Slug: "edit", NotPhysical: true},
		claims.Device{ID: "door", Name: "door", Kind: "door", Location: "gate", Right: "unlock", Client: "door"})
	for name, state := range map[string]claims.State{"ada": claims.StateActive, "bob": claims.StateActive, "gus": claims.StateGuest, "sus": claims.StateSuspended} {
		in = append(in, claims.AddMember{Member: claims.Member{ID: claims.MemberID(name), Sub: "sub-" + name, Username: name + ".x", Name: strings.ToUpper(name), State: state}})
	}
	return append(in, tagged("ada", "teacher"), tagged("bob", "pupil"), tagged("sus", "teacher"))
}

func tagged(m claims.MemberID, tag claims.Slug) claims.Intent {
	return claims.Assign{Assignment: claims.Assignment{ID: claims.ID(string(m) + "-" + string(tag)), Tag: tag, Target: claims.TargetMember, TargetID: string(m)}}
}

// change makes intents true as an operator would.
func (s *school) change(in ...claims.Intent) {
	s.t.Helper()
	if _, err := s.store.Change(s.t.Context(), operator, "", in...); err != nil {
		s.t.Fatal(err)
	}
}

// authenticate knows Basic secrets, as the token endpoint does.
func (s *school) authenticate(r *http.Request) (claims.Client, error) {
	id, secret, _ := web.Basic(r)
	c, ok := claims.Get[claims.Client](s.store.Directory(), id)
	if !ok || c.Auth != claims.AuthNone && secret != "secret of "+id {
		return claims.Client{}, fmt.Errorf("client %q: %w", id, claims.ErrUnknownCaller)
	}
	return c, nil
}

// answerSchemas say what an endpoint's answers look like.
var answerSchemas = map[string]string{
	"PUT tree": "outcome", "GET tree": "tree", "PUT location": "outcome", "DELETE location": "outcome", "POST move": "outcome", "POST rights": "rights-answer",
	"POST who-can": "who-can-answer", "GET changes": "changes-answer",
}

// ask sends a request as a client and holds what comes back to the schema
// that belongs to it.
func (s *school) ask(client, method, path, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, "/apps/v1/"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.SetBasicAuth(client, "secret of "+client)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	kind, schema := "application/json", s.schemaOf(method, path, body)
	if w.Code != http.StatusOK {
		kind, schema = "application/problem+json", "problem"
	}
	if got := w.Header().Get("Content-Type"); got != kind || w.Header().Get("Cache-Control") != "no-store" {
		s.t.Errorf("%s %s: %d, Content-Type %q, Cache-Control %q: %s", method, path, w.Code, got, w.Header().Get("Cache-Control"), w.Body)
	}
	if err := schematest.Conforms("schema", schema, w.Body.Bytes()); err != nil {
		s.t.Errorf("%s %s: the answer %.2000s does not conform to %s: %v", method, path, w.Body, schema, err)
	}
	return w
}

func (s *school) schemaOf(method, path, body string) string {
	path, _, _ = strings.Cut(path, "?")
	_, call, _ := strings.Cut(path, "/")
	if call == "decide" && strings.Contains(body, `"asks"`) {
		return "decide-answers"
	}
	if call == "decide" {
		return "decide-answer"
	}
	return answerSchemas[method+" "+call]
}

// put registers a document as lms and returns what became of it.
func (s *school) put(doc string) Outcome {
	s.t.Helper()
	return got[Outcome](s.t, s.ask("lms", "PUT", "lms/tree", doc))
}

// got reads an answer.
func got[T any](t testing.TB, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s (%v)", w.Code, w.Body, err)
	}
	return v
}

// decide asks as lms.
func (s *school) decide(member, right, location string) Answer {
	s.t.Helper()
	return got[Answer](s.t, s.ask("lms", "POST", "lms/decide", fmt.Sprintf(`{"member":%q,"right":%q,"location":%q}`, member, right, location)))
}

// refused checks that a request fails with this status, says these words, and
// names this field, and that nothing was written.
func (s *school) refused(status int, field, words, client, method, path, body string) {
	s.t.Helper()
	before := s.store.Directory().Seq()
	w := s.ask(client, method, path, body)
	var p web.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != status || p.Status != status || !strings.Contains(p.Detail, words) {
		s.t.Errorf("%s %s %.200s: %d %s; want %d saying %q", method, path, body, w.Code, w.Body, status, words)
	}
	if _, ok := p.Fields[field]; field != "" && !ok {
		s.t.Errorf("%s %s %.200s names the fields %v, want %s", method, path, body, p.Fields, field)
	}
	if after := s.store.Directory().Seq(); after != before {
		s.t.Errorf("%s %s %.200s was refused and wrote: %v, then %v", method, path, body, before, after)
	}
}

// repository is the tree that most tests are about.
const repository = `{
  "rights": [
    {"right": "reuse", "at": "/lms/repo", "description": "Use it in a course", "physical": false},
    {"right": "teach", "physical": false, "states": ["active"]}
  ],
  "roles": [{"slug": "author", "label": "Author", "rights": ["reuse"], "metadata": {"rank": "2"}}],
  "locations": [
    {"path": "/lms/repo/obj/private", "inherit": false, "external": "77"},
    {"path": "/lms/repo", "name": "Repository", "open": true},
    {"path": "/lms/courses", "open": true}
  ],
  "grants": [
    {"to": "tag:teacher", "right": "reuse", "at": "/lms/repo"},
    {"to": "user:sub-bob", "role": "author", "at": "/lms/repo/obj/private", "expires": "2026-04-01T00:00:00Z", "window": "09:00-17:00 mon-fri Europe/Amsterdam"}
  ]
}`
