package register

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
	"lanyard/idp/web"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// desk is the front over a store of its own, in which ada may register
// applications and bob may not.
type desk struct {
	*testing.T
	*Register
	http.Handler
	store *store.Store

	mu     sync.Mutex
	now    time.Time // guarded by mu
	sector error
}

var operator = claims.Actor{Kind: claims.ActorOperator, ID: "root"}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, now: noon}
	var err error
	d.store, err = store.Open(t.Context(), store.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "lanyard.db"), Now: d.clock, RingID: "ring"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.store.Close() })
	if err := d.store.Install(t.Context(), claims.Core(noon)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []claims.MemberID{"ada", "bob"} {
		d.change(claims.AddMember{Member: claims.Member{ID: name, Sub: "sub-" + string(name), Username: string(name), State: claims.StateActive}})
	}
	d.change(claims.AddGrant{Grant: claims.Grant{ID: "g", At: "core-apps", Right: "register", Effect: claims.Allow, Subject: claims.Subject{Kind: claims.SubjectUser, ID: "ada"}}})
	d.Register = New(Config{On: true, Issuer: "https://id.example.org", Directory: d.store.Directory, Store: d.store, Now: d.clock,
		CheckSector: func(context.Context, claims.Client) error { return d.sector }})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /register", d.Create)
	mux.HandleFunc("GET /register/{client}", d.Read)
	mux.HandleFunc("PUT /register/{client}", d.Update)
	mux.HandleFunc("DELETE /register/{client}", d.Delete)
	d.Handler = web.WithRequest(web.RequestConfig{Now: d.clock}, mux)
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) later(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

func (d *desk) change(in ...claims.Intent) {
	d.Helper()
	if _, err := d.store.Change(d.Context(), operator, "", in...); err != nil {
		d.Fatal(err)
	}
}

// token is a registration token of somebody's, good for an hour.
func (d *desk) token(owner string, uses int) string {
	d.Helper()
	token := record.Secret(record.Random(32))
	err := d.store.CreateRegistrationToken(d.Context(), record.RegistrationToken{ID: token.SHA256(), Name: token.SHA256()[:8], Owner: owner, By: owner,
		Created: d.clock(), Expires: d.clock().Add(time.Hour), Uses: uses})
	if err != nil {
		d.Fatal(err)
	}
	return string(token)
}

// told is an answer: of a registration, or of what is wrong with it.
type told struct {
	status int
	header http.Header
	raw    map[string]any // every member

	ID            string   `json:"client_id"`
	Secret        string   `json:"client_secret"`
	SecretExpires *int64   `json:"client_secret_expires_at"`
	Issued        int64    `json:"client_id_issued_at"`
	Token         string   `json:"registration_access_token"`
	URI           string   `json:"registration_client_uri"`
	RedirectURIs  []string `json:"redirect_uris"`
	Auth          string   `json:"token_endpoint_auth_method"`
	Scope         string   `json:"scope"`
	Name          string   `json:"client_name"`
	Error         string   `json:"error"`
	Description   string   `json:"error_description"`
}

// send sends a body, or none, with a token, or none.
func (d *desk) send(method, path, token, body string) told {
	d.Helper()
	r := httptest.NewRequestWithContext(d.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	t := told{status: w.Code, header: w.Result().Header}
	if w.Body.Len() > 0 {
		for _, v := range []any{&t, &t.raw} {
			if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
				d.Fatalf("%s %s answers %d %q: %v", method, path, w.Code, w.Body, err)
			}
		}
	}
	if got := t.header.Get("Cache-Control"); got != "no-store" {
		d.Errorf("%s %s: Cache-Control is %q (RFC 7591, section 3.2.1)", method, path, got)
	}
	return t
}

// create registers a client on ada's behalf, and must succeed.
func (d *desk) create(body string) told {
	d.Helper()
	t := d.send("POST", Path, d.token("member:ada", 1), body)
	if t.status != http.StatusCreated {
		d.Fatalf("register %s: %d %s: %s", body, t.status, t.Error, t.Description)
	}
	return t
}

func (d *desk) client(id string) claims.Client {
	d.Helper()
	c, ok := claims.Get[claims.Client](d.store.Directory(), id)
	if !ok {
		d.Fatalf("there is no client %q", id)
	}
	return c
}

// clients counts them.
func (d *desk) clients() (n int) {
	for range claims.All[claims.Client](d.store.Directory()) {
		n++
	}
	return n
}

const plain = `{"redirect_uris":["https://app.example.org/cb"],"client_name":"App"}`
