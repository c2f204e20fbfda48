package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// world is an organisation with a provider that answers over real HTTP.
//
// Members ada (active, badge laser-1), bob (active) and sue (suspended); an
// application /space with a door; clients as in clients().
type world struct {
	t        testing.TB
	provider *Provider
	server   *httptest.Server
	vault    *memoryVault
	now      atomic.Int64 // microseconds
	dir      atomic.Pointer[claims.Directory]
	seq      uint64
	mu       sync.Mutex
	sessions map[string]record.Session // cookie's value: session
	consents map[[2]string]record.Consent
	events   []record.Event
	web      fakeWeb
	http     *http.Client // follows no redirect, keeps no cookie
}

const (
	secret   = "a-secret-of-256-bits-would-be-longer"
	redirect = "https://wiki.example.org/cb"
)

var start = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// clients are what the tests sign in at.
func clients() []claims.Client {
	all := claims.ClaimFilter{Tags: []claims.Slug{claims.Every}, Badges: []claims.Slug{claims.Every}, Types: []claims.Slug{claims.Every}, Member: true}
	base := claims.Client{
		Auth: claims.AuthBasic, Secrets: []claims.Secret{{SHA256: sha(secret)}}, RedirectURIs: []string{redirect, redirect + "2"},
		GrantTypes: []string{grantCode, grantRefresh, grantClient, grantDevice}, Filter: all, FirstParty: true, PKCEOptional: true,
		Scopes: append([]string(nil), knownScopes...), Resources: []string{"https://api.example.org/", "https://files.example.org/"},
	}
	made := func(id string, change func(*claims.Client)) claims.Client {
		c := base
		c.ID, c.Name = claims.ClientID(id), "The "+id
		change(&c)
		return c
	}
	return []claims.Client{
		made("wiki", func(c *claims.Client) {}),
		made("files", func(c *claims.Client) { c.Auth, c.IDTokenAlg, c.AccessJWT = claims.AuthPost, "ES256", true }),
		made("modern", func(c *claims.Client) { c.IDTokenAlg = "EdDSA" }),
		made("signer", func(c *claims.Client) { c.Auth, c.Secrets, c.JWKS = claims.AuthPrivateKey, nil, clientKeySet }),
		made("remote", func(c *claims.Client) {
			c.Auth, c.Secrets, c.JWKSURI = claims.AuthPrivateKey, nil, "https://remote.example.org/keys.json"
		}),
		made("strict", func(c *claims.Client) { c.PKCEOptional = false }),
		made("third", func(c *claims.Client) { c.FirstParty = false }),
		made("narrow", func(c *claims.Client) {
			c.Scopes, c.Filter = []string{scopeOpenID, scopeGroups, scopeOffline}, claims.ClaimFilter{}
		}),
		made("auditor", func(c *claims.Client) {
			c.Introspect, c.Filter = true, claims.ClaimFilter{Tags: []claims.Slug{"board"}}
		}),
		made("phone", func(c *claims.Client) {
			c.Auth, c.Secrets, c.PKCEOptional = claims.AuthNone, nil, false
			c.GrantTypes = []string{grantCode, grantRefresh, grantDevice}
			c.RedirectURIs = []string{"http://127.0.0.1/cb", "http://[::1]/cb?x=1", "http://localhost:7000/cb", "com.example.app:/cb"}
		}),
		made("door-1", func(c *claims.Client) {
			c.GrantTypes, c.RedirectURIs, c.FirstParty, c.PKCEOptional = []string{grantClient}, nil, false, false
		}),
		made("door-2", func(c *claims.Client) {
			c.GrantTypes, c.RedirectURIs, c.FirstParty, c.PKCEOptional = []string{grantClient}, nil, false, false
		}),
	}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, vault: newMemoryVault(), sessions: map[string]record.Session{}, consents: map[[2]string]record.Consent{}}
	w.set(start)
	w.build()
	mux := http.NewServeMux()
	w.server = httptest.NewUnstartedServer(web.SecureHeaders(mux))
	p, err := New(w.config("http://" + w.server.Listener.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	w.provider = p
	Routes(p, mux)
	w.server.Start()
	t.Cleanup(w.server.Close)
	w.http = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, m := range []string{"ada", "bob", "sue"} {
		w.signIn(m, w.clock())
	}
	return w
}

// Routes is how an assembly puts a provider on a router.
func Routes(p *Provider, mux *http.ServeMux) {
	mux.HandleFunc("/.well-known/openid-configuration", p.Discovery)
	mux.HandleFunc("/.well-known/oauth-authorization-server", p.Discovery)
	mux.HandleFunc(PathJWKS, p.JWKS)
	mux.HandleFunc(PathAuthorize, p.Authorize)
	mux.HandleFunc(PathToken, p.Token)
	mux.HandleFunc(PathUserInfo, p.UserInfo)
	mux.HandleFunc(PathIntrospect, p.Introspect)
	mux.HandleFunc(PathRevoke, p.Revoke)
	mux.HandleFunc(PathPush, p.Push)
	mux.HandleFunc(PathDevice, p.Device)
	mux.HandleFunc(PathDevicePage, p.DevicePage)
}

// The signing keys are made once for all tests: RSA keys take their time.
var (
	signerOnce sync.Once
	testSigner *keys.Signer
	testRing   = keys.NewRing([]byte("a ring for tests"))
)

type keyMemory struct{ keys []record.SigningKey }

func (m *keyMemory) SigningKeys(context.Context) ([]record.SigningKey, error) { return m.keys, nil }
func (m *keyMemory) AddSigningKey(_ context.Context, k record.SigningKey) error {
	m.keys = append(m.keys, k)
	return nil
}
func (m *keyMemory) ReplaceSigningKey(_ context.Context, old record.SigningKey, retired, gone time.Time, next record.SigningKey) error {
	for i := range m.keys {
		if m.keys[i].ID == old.ID {
			m.keys[i].Retired, m.keys[i].Gone = retired, gone
		}
	}
	m.keys = append(m.keys, next)
	return nil
}

func signer(t testing.TB) *keys.Signer {
	signerOnce.Do(func() {
		testSigner = &keys.Signer{Store: &keyMemory{}, Ring: testRing, Now: func() time.Time { return start }}
		if err := testSigner.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
	return testSigner
}

func (w *world) config(issuer string) Config {
	return Config{
		Issuer: issuer, Directory: w.dir.Load, Vault: w.vault, Signer: signer(w.t), Ring: testRing,
		Sessions: w, Consents: w, Now: w.clock, Fetch: &w.web,
		Event: func(_ context.Context, e record.Event) { w.mu.Lock(); w.events = append(w.events, e); w.mu.Unlock() },
	}
}

func (w *world) clock() time.Time        { return time.UnixMicro(w.now.Load()).UTC() }
func (w *world) set(at time.Time)        { w.now.Store(at.UnixMicro()) }
func (w *world) advance(d time.Duration) { w.set(w.clock().Add(d)) }

// build makes the organisation through the same Plan that everybody uses.
func (w *world) build() {
	w.dir.Store(claims.NewDirectory(claims.Seq{Epoch: "test"}).With(claims.Seq{Epoch: "test", N: 1}, claims.Core(start)...))
	w.seq = 1
	w.do(
		claims.Define{Fact: claims.Settings{Name: "Makers"}},
		claims.Define{Fact: claims.Tag{Slug: "board", InClaims: true}},
		claims.Define{Fact: claims.Badge{Slug: "laser-1", Name: "Laser 1", Earn: "Take the course", Mode: claims.BadgeManual, InClaims: true}},
		claims.AddMember{Member: claims.Member{ID: "ada", Sub: "sub-ada", Username: "ada", Name: "Ada L", Email: "ada@example.org", EmailOK: true, State: claims.StateActive}},
		claims.AddMember{Member: claims.Member{ID: "bob", Sub: "sub-bob", Username: "bob", State: claims.StateActive}},
		claims.AddMember{Member: claims.Member{ID: "sue", Sub: "sub-sue", Username: "sue", State: claims.StateSuspended}},
		claims.Define{Fact: claims.Location{ID: "L-space", Slug: "space"}},
		claims.Define{Fact: claims.Application{Slug: "space", Root: "L-space"}},
		claims.Define{Fact: claims.Location{ID: "L-door", Parent: "L-space", Slug: "front-door", Inherit: true}},
		claims.Define{Fact: claims.Location{ID: "L-shed", Parent: "L-space", Slug: "shed", Inherit: true}},
		claims.Define{Fact: claims.Right{At: "L-space", Slug: "unlock"}},
		claims.AddGrant{Grant: claims.Grant{ID: "g-door", At: "L-space", Right: "unlock", Effect: claims.Allow, Subject: claims.Subject{Kind: claims.SubjectState, ID: "active"}}},
		claims.AddGate{Gate: claims.Gate{ID: "gate-shed", At: "L-shed", Right: "unlock", AnyOf: []claims.Slug{"laser-1"}}},
		claims.GiveAward{Award: claims.Award{ID: "aw-1", Badge: "laser-1", Member: "ada", On: start.Add(-time.Hour), Method: claims.MethodManual}},
		claims.Assign{Assignment: claims.Assignment{ID: "as-1", Tag: "board", Target: claims.TargetMember, TargetID: "ada"}},
	)
	for _, c := range clients() {
		w.do(claims.Define{Fact: c})
	}
	w.do(
		claims.Define{Fact: claims.Device{ID: "dev-1", Name: "Front door", Kind: "door", Location: "L-door", Right: "unlock", Client: "door-1"}},
		claims.Define{Fact: claims.Device{ID: "dev-2", Name: "Shed", Kind: "door", Location: "L-shed", Right: "unlock", Client: "door-2"}},
	)
}

// do changes the organisation as whoever runs it.
func (w *world) do(intents ...claims.Intent) {
	w.t.Helper()
	plan, err := claims.Plan(w.dir.Load(), claims.Actor{Kind: claims.ActorOperator}, w.clock(), intents...)
	if err != nil {
		w.t.Fatalf("Plan: %v", err)
	}
	w.seq++
	w.dir.Store(w.dir.Load().With(claims.Seq{Epoch: "test", N: w.seq}, plan.Facts...))
}

// edit changes one client.
func (w *world) edit(id string, change func(*claims.Client)) {
	w.t.Helper()
	c, ok := claims.Get[claims.Client](w.dir.Load(), id)
	if !ok {
		w.t.Fatalf("no client %s", id)
	}
	change(&c)
	w.do(claims.Define{Fact: c})
}

// signIn makes the cookie who=MEMBER be a session that began at.
func (w *world) signIn(member string, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions[member] = record.Session{
		ID: "session-of-" + member, Member: claims.MemberID(member), AuthTime: at, AMR: []string{"pwd"}, ACR: 1,
	}
}

// Current implements SessionFinder.
func (w *world) Current(r *http.Request) (record.Session, bool) {
	c, err := r.Cookie("who")
	if err != nil {
		return record.Session{}, false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.sessions[c.Value]
	return s, ok
}

// Consent implements Consents.
func (w *world) Consent(_ context.Context, m claims.MemberID, c claims.ClientID) (record.Consent, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if got, ok := w.consents[[2]string{string(m), string(c)}]; ok {
		return got, nil
	}
	return record.Consent{}, claims.ErrNotFound
}

func (w *world) consent(m, c string, scopes ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.consents[[2]string{m, c}] = record.Consent{Member: claims.MemberID(m), Client: claims.ClientID(c), Scopes: scopes, At: w.clock()}
}
