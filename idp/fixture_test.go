package idp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/admin"
	"lanyard/idp/apps"
	"lanyard/idp/doors"
	"lanyard/idp/keys"
	"lanyard/idp/login"
	"lanyard/idp/oauth"
	"lanyard/idp/portal"
	"lanyard/idp/record"
	"lanyard/idp/register"
	"lanyard/idp/store"
	"lanyard/templates"
)

const (
	issuer   = "https://id.example.org"
	secret   = "a-secret-of-256-bits-would-be-longer"
	password = "correct donkey battery staple"
)

// face is the whole HTTP face over a store of its own, and what it logged.
type face struct {
	*testing.T
	http.Handler
	store *store.Store
	ring  *keys.Ring
	oauth *oauth.Provider

	mu  sync.Mutex
	log bytes.Buffer // guarded by mu
}

// Write implements io.Writer for the log.
func (f *face) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.log.Write(b)
}

func (f *face) logged() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.log.String()
}

// newFace serves a small makerspace: see facts and people.
func newFace(t *testing.T) *face {
	t.Helper()
	f := &face{T: t, ring: keys.NewRing(bytes.Repeat([]byte{7}, 32))}
	log := slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	f.store, err = store.Open(t.Context(), store.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "a.db"), Now: time.Now, Log: log, RingID: f.ring.ID()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.store.Close() })
	f.fill()
	f.assemble(log)
	return f
}

// fill puts the organisation into the store.
func (f *face) fill() {
	f.Helper()
	now := time.Now()
	if err := f.store.Install(f.Context(), claims.Core(now)); err != nil {
		f.Fatal(err)
	}
	f.change(facts()...)
	f.change(people()...)
	phc := login.HashPassword(password)
	for m := range claims.All[claims.Member](f.store.Directory()) {
		if err := f.store.SetPassword(f.Context(), record.Password{Member: m.ID, PHC: phc, Changed: now}); err != nil {
			f.Fatal(err)
		}
	}
}

func (f *face) change(intents ...claims.Intent) {
	f.Helper()
	if _, err := f.store.Change(f.Context(), claims.Actor{Kind: claims.ActorOperator}, "", intents...); err != nil {
		f.Fatal(err)
	}
}

// assemble introduces the parts to each other, as cmd/lanyard does.
func (f *face) assemble(log *slog.Logger) {
	f.Helper()
	now, dir := time.Now, f.store.Directory
	signer := &keys.Signer{Store: f.store, Ring: f.ring, Now: now}
	if err := signer.Start(f.Context()); err != nil {
		f.Fatal(err)
	}
	in := login.New(login.Config{
		Store: f.store, Directory: dir, Now: now, Secure: true, Issuer: issuer, Ring: f.ring,
		Details: func(u string) (claims.Client, []string, string, error) { return f.oauth.ConsentDetails(u) },
		DenyURL: func(u string) string { return f.oauth.DenyURL(u) },
	})
	var err error
	f.oauth, err = oauth.New(oauth.Config{Issuer: issuer, Directory: dir, Vault: f.store, Signer: signer, Ring: f.ring,
		Sessions: in, Consents: f.store, Now: now, Log: log, ErrorPage: in.ErrorPage})
	if err != nil {
		f.Fatal(err)
	}
	f.Handler, err = Handler(Parts{
		Log: log, Now: now, HTTPS: true, Directory: dir, Ready: f.store.Ready,
		OAuth: f.oauth, Login: in, Static: templates.Static(),
		Portal: portal.New(portal.Config{Store: f.store, Sessions: in, Directory: dir, Now: now,
			MintPass: f.oauth.MintPass, PassVerifier: f.ring.PassVerifier}),
		Admin: admin.New(admin.Config{Store: f.store, Sessions: in, Directory: dir, Now: now}),
		Register: register.New(register.Config{On: true, Issuer: issuer, Directory: dir, Store: f.store, Now: now,
			CheckSector: func(context.Context, claims.Client) error { return nil }}),
		Apps: apps.New(apps.Config{Directory: dir, Authenticate: f.oauth.AuthenticateClient, Store: f.store, Subject: f.ring.Subject, Now: now,
			NewID: func() string { return record.NewID(now()) }}),
		Doors: doors.New(doors.Config{Directory: dir, Authenticate: f.oauth.AuthenticateClient, Cards: f.ring, Events: f.store, Now: now,
			Pass: func(ctx context.Context, text string, d claims.Device) (claims.MemberID, error) {
				a, err := f.oauth.UsePass(ctx, text, d.Location)
				return a.Member, err
			}}),
	})
	if err != nil {
		f.Fatal(err)
	}
}

// facts are a front door for everyone active, a laser and its trainers, an
// application that members sign in to, and a device.
func facts() (intents []claims.Intent) {
	sum := sha256.Sum256([]byte(secret))
	secrets := []claims.Secret{{SHA256: hex.EncodeToString(sum[:])}}
	for _, fact := range []claims.Fact{
		claims.Location{ID: "space", Slug: "space"}, claims.Application{Slug: "space", Root: "space"}, claims.Right{At: "space", Slug: "unlock"},
		claims.Location{ID: "door", Parent: "space", Slug: "front-door", Inherit: true},
		claims.Badge{Slug: "laser-1", Name: "Laser 1", Earn: "Ask Tom.", Mode: claims.BadgeManual},
		claims.Badge{Slug: "trainer", Name: "Trainer", Mode: claims.BadgeManual},
		claims.Client{ID: "door", Name: "Door", Auth: claims.AuthBasic, Secrets: secrets, GrantTypes: []string{"client_credentials"}},
		claims.Client{ID: "wiki", Name: "Wiki", Auth: claims.AuthBasic, Secrets: secrets, GrantTypes: []string{"authorization_code", "refresh_token"},
			RedirectURIs: []string{"https://wiki.example/cb"}, Scopes: []string{"openid", "profile", "groups", "offline_access"}, FirstParty: true},
		claims.Device{ID: "door", Name: "Front door", Kind: "door", Location: "door", Right: "unlock", Client: "door"},
	} {
		intents = append(intents, claims.Define{Fact: fact})
	}
	return append(intents,
		claims.AddGrant{Grant: claims.Grant{ID: "g1", At: "door", Right: "unlock", Effect: claims.Allow, Subject: claims.Subject{Kind: claims.SubjectState, ID: "active"}}},
		claims.AddGrant{Grant: claims.Grant{ID: "g2", At: "core-badges", Right: "award", Effect: claims.Allow, Subject: claims.Subject{Kind: claims.SubjectBadge, ID: "trainer"}}})
}

// people are ada, a plain member; tom, a trainer; root, an administrator; a
// suspended member and a guest.
func people() (intents []claims.Intent) {
	for name, state := range map[string]claims.State{
		"ada": claims.StateActive, "tom": claims.StateActive, "root": claims.StateActive, "sus": claims.StateSuspended, "guest": claims.StateGuest,
	} {
		intents = append(intents, claims.AddMember{Member: claims.Member{ID: claims.MemberID(name), Sub: "sub-" + name, Username: name, State: state}})
	}
	return append(intents,
		claims.GiveAward{Award: claims.Award{ID: "a1", Badge: "trainer", Member: "tom", Method: claims.MethodManual}},
		claims.Assign{Assignment: claims.Assignment{ID: "t1", Tag: "admin", Target: claims.TargetMember, TargetID: "root"}})
}

// caller is somebody with a browser, or a program.
type caller struct {
	*face
	cookie string
	header http.Header
}

func (f *face) stranger() *caller {
	return &caller{face: f, header: http.Header{"Accept": {"text/html"}, "Sec-Fetch-Site": {"same-origin"}}}
}

func (f *face) signedIn(username string) *caller {
	f.Helper()
	c := f.stranger()
	if w := c.send("POST", "/login", "username="+username+"&password="+url.QueryEscape(password)); w.Code != http.StatusSeeOther {
		f.Fatalf("sign in as %s: %d %s", username, w.Code, w.Body)
	}
	return c
}

// send sends a request; form is the body, form-encoded.
func (c *caller) send(method, target, form string) *httptest.ResponseRecorder {
	c.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form))
	for name, values := range c.header {
		r.Header[name] = values
	}
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-lanyard", Value: c.cookie})
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	for _, k := range w.Result().Cookies() {
		c.cookie = k.Value
	}
	return w
}
