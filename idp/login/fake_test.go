package login

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// fake is a store in memory.
type fake struct {
	handed    []string // sessions handed over, "from to to"
	mu        sync.Mutex
	dir       *claims.Directory
	sessions  map[string]record.Session
	passwords map[claims.MemberID]record.Password
	links     map[string]record.Link
	consents  map[string]record.Consent
	audited   []record.Audited
	changes   [][]claims.Intent
	actors    []claims.Actor
	asked     []claims.MemberID // whose password was asked for
	grants    []record.GrantFilter
	broken    error // everything fails of it
	changeErr error
}

func (f *fake) Session(_ context.Context, id string) (record.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.sessions[id]
	switch {
	case f.broken != nil:
		return s, f.broken
	case !ok:
		return s, claims.ErrNotFound
	case !s.Ended.IsZero():
		return s, claims.ErrExpired
	}
	return s, nil
}

func (f *fake) CreateSession(_ context.Context, s record.Session) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sessions[s.ID] = s
	return f.broken
}

func (f *fake) TouchSession(_ context.Context, id string, seen time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.sessions[id]
	s.Seen = seen
	f.sessions[id] = s
	return f.broken
}

func (f *fake) EndSession(_ context.Context, id string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, ok := f.sessions[id]; ok {
		s.Ended = now
		f.sessions[id] = s
	}
	return f.broken
}

func (f *fake) EndSessions(_ context.Context, m claims.MemberID, except string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, s := range f.sessions {
		if s.Member == m && id != except {
			s.Ended = now
			f.sessions[id] = s
		}
	}
	return f.broken
}

func (f *fake) HandOver(_ context.Context, from, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.handed = append(f.handed, from+" to "+to)
	return f.broken
}

func (f *fake) Password(_ context.Context, m claims.MemberID) (record.Password, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, m)
	p, ok := f.passwords[m]
	if f.broken == nil && !ok {
		return p, claims.ErrNotFound
	}
	return p, f.broken
}

func (f *fake) SetPassword(_ context.Context, p record.Password) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.passwords[p.Member] = p
	return f.broken
}

func (f *fake) Link(_ context.Context, id string) (record.Link, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, ok := f.links[id]
	if !ok {
		return l, claims.ErrNotFound
	}
	return l, f.broken
}

func (f *fake) UseLink(_ context.Context, id string, now time.Time) (record.Link, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, ok := f.links[id]
	switch {
	case !ok:
		return l, claims.ErrNotFound
	case !l.Used.IsZero():
		return l, claims.ErrReplay
	case !now.Before(l.Expires):
		return l, claims.ErrExpired
	}
	l.Used = now
	f.links[id] = l
	return l, nil
}

func (f *fake) Consent(_ context.Context, m claims.MemberID, c claims.ClientID) (record.Consent, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, ok := f.consents[string(m)+"/"+string(c)]
	if !ok {
		return k, claims.ErrNotFound
	}
	return k, nil
}

func (f *fake) SetConsent(_ context.Context, c record.Consent) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.consents[string(c.Member)+"/"+string(c.Client)] = c
	return nil
}

func (f *fake) Change(_ context.Context, by claims.Actor, _ string, intents ...claims.Intent) (claims.Planned, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changeErr != nil {
		return claims.Planned{}, f.changeErr
	}
	f.changes, f.actors = append(f.changes, intents), append(f.actors, by)
	for _, i := range intents {
		if add, ok := i.(claims.AddMember); ok {
			f.dir = f.dir.With(claims.Seq{N: f.dir.Seq().N + 1}, add.Member)
		}
	}
	return claims.Planned{}, nil
}

func (f *fake) Audit(_ context.Context, a record.Audited) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.audited = append(f.audited, a)
	return nil
}

// bench is a Login over a fake store, served as the house serves it.
type bench struct {
	*testing.T
	*fake
	login   *Login
	handler http.Handler
	now     time.Time
	cookie  string // the browser's
	site    string // Sec-Fetch-Site
	addr    string
	ended   []string // sessions whose sign-out was told on
}

const goodPassword = "correct donkey battery staple"

// goodPHC is made once: hashing is dear on purpose.
var goodPHC = sync.OnceValue(func() string { return HashPassword(goodPassword) })

var wiki = claims.Client{ID: "wiki", Name: "Wiki <b>", RedirectURIs: []string{"https://wiki.example/cb"},
	LogoutURIs: []string{"https://wiki.example/bye", "https://wiki.example/bye?x=1"}}

const wikiAsks = "/authorize?client_id=wiki&redirect_uri=https%3A%2F%2Fwiki.example%2Fcb&scope=openid+groups"

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), site: "same-origin", addr: "203.0.113.9:4000"}
	b.fake = &fake{sessions: map[string]record.Session{}, passwords: map[claims.MemberID]record.Password{},
		links: map[string]record.Link{}, consents: map[string]record.Consent{}}
	b.dir = claims.NewDirectory(claims.Seq{}).With(claims.Seq{N: 1},
		claims.Settings{Name: "Makerspace Delft"}, wiki,
		claims.Member{ID: "m-ada", Sub: "sub-ada", Username: "ada", Name: "Ada <i>", State: claims.StateActive},
		claims.Member{ID: "m-sus", Sub: "sub-sus", Username: "sus", State: claims.StateSuspended},
		claims.Member{ID: "m-bar", Sub: "sub-bar", Username: "barred", State: claims.StateActive, BarredAt: b.now.Add(-time.Hour), BarReason: "stole the laser"},
		claims.Member{ID: "m-none", Sub: "sub-none", Username: "nopass", State: claims.StateActive})
	for _, m := range []claims.MemberID{"m-ada", "m-sus", "m-bar"} {
		b.passwords[m] = record.Password{Member: m, PHC: goodPHC()}
	}
	b.login = New(b.config())
	l, mux := b.login, http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /login": l.GetLogin, "POST /login": l.PostLogin, "GET /consent": l.GetConsent, "POST /consent": l.PostConsent,
		"GET /logout": l.GetLogout, "POST /logout": l.PostLogout, "GET /setup/{link}": l.GetSetup, "POST /setup/{link}": l.PostSetup,
		"GET /password/{link}": l.GetPassword, "POST /password/{link}": l.PostPassword,
	} {
		mux.HandleFunc(pattern, h)
	}
	b.handler = web.WithRequest(web.RequestConfig{Now: func() time.Time { return b.now }, HTTPS: true},
		web.SecureHeaders(web.SameSite(nil, mux, "POST /logout")))
	return b
}

// config is what the house would give, with an oauth that knows the wiki.
func (b *bench) config() Config {
	return Config{
		Store: b.fake, Directory: func() *claims.Directory { b.mu.Lock(); defer b.mu.Unlock(); return b.dir },
		Now: func() time.Time { return b.now }, Secure: true,
		Details: func(back string) (claims.Client, []string, string, error) {
			u, err := url.Parse(back)
			if err != nil || u.Query().Get("client_id") != "wiki" {
				return claims.Client{}, nil, "", &claims.Invalid{Field: "client_id", Problem: "is unknown"}
			}
			return wiki, strings.Fields(u.Query().Get("scope")), u.Query().Get("redirect_uri"), nil
		},
		DenyURL:    func(back string) string { return back + "&denied=mac" },
		VerifyHint: func(_ context.Context, token string) (Hint, error) { return hints(token) },
		SID:        func(string) string { return "this one" },
		SignedOut:  func(_ context.Context, id string) error { b.ended = append(b.ended, id); return nil },
	}
}

// send sends a request as the browser would, and keeps the cookie it gets.
func (b *bench) send(method, target string, form url.Values) *httptest.ResponseRecorder {
	b.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.RemoteAddr = b.addr
	r.Header.Set("Sec-Fetch-Site", b.site)
	r.Header.Set("User-Agent", "Firefox")
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.cookie != "" && (method == "GET" || b.site == "same-origin") { // SameSite=Lax
		r.AddCookie(&http.Cookie{Name: "__Host-lanyard", Value: b.cookie})
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookie = c.Value
	}
	return w
}

func (b *bench) get(target string) *httptest.ResponseRecorder {
	b.Helper()
	return b.send("GET", target, nil)
}

func (b *bench) post(target string, pairs ...string) *httptest.ResponseRecorder {
	b.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.send("POST", target, form)
}

func (b *bench) signIn(username string) {
	b.Helper()
	if w := b.post("/login", "username", username, "password", goodPassword); w.Code != http.StatusSeeOther {
		b.Fatalf("sign in as %s: %d %s", username, w.Code, w.Body)
	}
}

func (b *bench) current() (record.Session, bool) {
	r := httptest.NewRequest("GET", "/", nil)
	if b.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-lanyard", Value: b.cookie})
	}
	return b.login.Current(r)
}

func addrOf(s string) netip.Addr     { return netip.MustParseAddr(s) }
func httptestRequest() *http.Request { return httptest.NewRequest("GET", "/", nil) }
