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

// bench is a Login over a fake store, served as the house serves it.
type bench struct {
	*testing.T
	*fake
	login    *Login
	handler  http.Handler
	now      time.Time
	cookie   string // the browser's
	half     string // its other one, between two steps
	question string // and what it was asked for, of passkeys
	site     string // Sec-Fetch-Site
	addr     string
	agent    string // User-Agent
}

const goodPassword = "correct donkey battery staple"

// goodPHC is made once: hashing is dear on purpose.
var goodPHC = sync.OnceValue(func() string { return HashPassword(goodPassword) })

var wiki = claims.Client{ID: "wiki", Name: "Wiki <b>", RedirectURIs: []string{"https://wiki.example/cb"},
	LogoutURIs: []string{"https://wiki.example/bye", "https://wiki.example/bye?x=1"}}

const wikiAsks = "/authorize?client_id=wiki&redirect_uri=https%3A%2F%2Fwiki.example%2Fcb&scope=openid+groups"

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), site: "same-origin", addr: "203.0.113.9:4000", agent: "Firefox"}
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
		"GET /recover/{link}": l.GetRecover, "POST /recover/{link}": l.PostRecover,
		"GET /login/forgotten": l.GetForgotten, "POST /login/forgotten": l.PostForgotten,
		"GET /login/second": l.GetSecond, "POST /login/second": l.PostSecond, "GET /login/step": l.GetStep, "POST /login/step": l.PostStep,
		"GET /security": l.GetSecurity, "POST /security/password": l.PostPasswordChange, "POST /security/app": l.PostApp,
		"POST /security/app/confirm": l.PostAppConfirm, "POST /security/factor/remove": l.PostFactorRemove, "POST /security/recovery": l.PostRecovery,
		"POST /login/passkey/begin": l.PostPasskeyBegin, "POST /login/passkey": l.PostPasskey, "POST /login/second/passkey/begin": l.PostSecondBegin,
		"POST /login/step/passkey/begin": l.PostStepBegin, "POST /security/passkey/begin": l.PostNewPasskeyBegin, "POST /security/passkey": l.PostNewPasskey,
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
		Now: func() time.Time { return b.now }, Secure: true, Issuer: "https://id.example.org", Ring: plainRing{},
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
	}
}

// send sends a request as the browser would, and keeps the cookie it gets.
func (b *bench) send(method, target string, form url.Values) *httptest.ResponseRecorder {
	b.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.RemoteAddr = b.addr
	r.Header.Set("Sec-Fetch-Site", b.site)
	r.Header.Set("User-Agent", b.agent)
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.cookie != "" && (method == "GET" || b.site == "same-origin") { // SameSite=Lax
		r.AddCookie(&http.Cookie{Name: "__Host-lanyard", Value: b.cookie})
	}
	if b.half != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-" + secondCookie, Value: b.half})
	}
	if b.question != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-" + passkeyCookie, Value: b.question})
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		switch c.Name {
		case "__Host-" + secondCookie:
			b.half = c.Value
		case "__Host-" + passkeyCookie:
			b.question = c.Value
		default:
			b.cookie = c.Value
		}
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
