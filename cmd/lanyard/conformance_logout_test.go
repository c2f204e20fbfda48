package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

func TestRPInitiatedLogoutPlan(t *testing.T) {
	newSuite(t).goThrough(t, "TestRPInitiatedLogoutPlan", map[string]func(*visitor){
		"oidcc-rp-initiated-logout-discovery-endpoint-verification": func(v *visitor) {
			if got := v.discovery()["end_session_endpoint"]; got != opIssuer+"/logout" {
				v.t.Errorf("end_session_endpoint is %v", got)
			}
		},
		"oidcc-rp-initiated-logout": func(v *visitor) {
			for name, ask := range map[string]func(url.Values) landing{
				"by GET":  func(q url.Values) landing { return v.get(opIssuer + "/logout?" + q.Encode()) },
				"by POST": func(q url.Values) landing { return v.from("cross-site", opIssuer+"/logout", q) },
			} {
				hint := v.hint()
				l := ask(url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {rpBye}, "state": {"a b&c=d"}})
				if l.at.Host+l.at.Path != rpHost+"/bye" || l.told.Get("state") != "a b&c=d" || len(l.told) != 1 {
					v.t.Errorf("%s: it leads to %s with %v", name, l.at, l.told)
				}
				v.isSignedIn(name, false)
			}
		},
		"oidcc-rp-initiated-logout-bad-post-logout-redirect-uri": func(v *visitor) {
			v.staysPut(v.logout("id_token_hint", v.hint(), "post_logout_redirect_uri", rpBye+"/x7"))
		},
		"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri": func(v *visitor) {
			v.staysPut(v.logout("id_token_hint", v.hint(), "post_logout_redirect_uri", rpBye+"?foo=bar", "state", "s"))
		},
		"oidcc-rp-initiated-logout-modified-id-token-hint": func(v *visitor) {
			v.staysPut(v.logout("id_token_hint", modified(v.hint()), "post_logout_redirect_uri", rpBye, "state", "s"))
		},
		"oidcc-rp-initiated-logout-bad-id-token-hint": func(v *visitor) {
			real := v.hint()
			for _, hint := range []string{v.forged(real), "not.a.token", "x"} {
				v.staysPut(v.logout("id_token_hint", hint, "post_logout_redirect_uri", rpBye, "state", "s"))
			}
		},
		"oidcc-rp-initiated-logout-no-id-token-hint": func(v *visitor) {
			v.hint()
			v.staysPut(v.logout("post_logout_redirect_uri", rpBye, "state", "s")) // of nobody's
			l := v.logout("client_id", "rp", "post_logout_redirect_uri", rpBye, "state", "s")
			if v.isSignedIn("before anybody agreed", true); l.told != nil {
				v.t.Fatalf("without a hint it goes on to %s", l.at)
			}
			if l = l.submit("/logout", "confirm", "yes"); l.at.Host+l.at.Path != rpHost+"/bye" || l.told.Get("state") != "s" {
				v.t.Errorf("after that it leads to %s", l.at)
			}
			v.isSignedIn("after that", false)
		},
		"oidcc-rp-initiated-logout-no-params":  func(v *visitor) { v.hint(); v.asksFirst(v.logout()) },
		"oidcc-rp-initiated-logout-only-state": func(v *visitor) { v.hint(); v.asksFirst(v.logout("state", "s")) },
		"oidcc-rp-initiated-logout-no-post-logout-redirect-uri": func(v *visitor) {
			l := v.logout("id_token_hint", v.hint(), "state", "s")
			if l.status != 200 || l.told != nil || !strings.Contains(l.text, "You are signed out") {
				v.t.Errorf("it leads to %d %s", l.status, l.at)
			}
			v.isSignedIn("after that", false)
		},
		"oidcc-rp-initiated-logout-no-state": func(v *visitor) {
			if l := v.logout("id_token_hint", v.hint(), "post_logout_redirect_uri", rpBye); l.at.String() != rpBye {
				v.t.Errorf("it leads to %s, want %s", l.at, rpBye)
			}
			v.isSignedIn("after that", false)
		},
	})
}

// hint signs in and returns the ID token.
func (v *visitor) hint() string {
	v.t.Helper()
	t, _ := v.login()
	return t.text("id_token")
}

func (v *visitor) logout(pairs ...string) landing {
	v.t.Helper()
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return v.get(opIssuer + "/logout?" + q.Encode())
}

// isSignedIn asks as an application does that shows no page.
func (v *visitor) isSignedIn(when string, want bool) {
	v.t.Helper()
	l := v.authorize("prompt", "none")
	if got := l.told.Get("code") != ""; got != want || !got && l.told.Get("error") != "login_required" {
		v.t.Errorf("%s: signed in %v, want %v (%v)", when, got, want, l.told)
	}
}

// staysPut holds that a page of ours says what is wrong, and that nobody was
// signed out or sent anywhere.
func (v *visitor) staysPut(l landing) {
	v.t.Helper()
	if l.status != 400 || l.told != nil || l.at.Host != "127.0.0.1:8080" {
		v.t.Errorf("it leads to %d %s with %v", l.status, l.at, l.told)
	}
	v.isSignedIn("after an error", true)
}

// asksFirst holds that a page asks, and that a yes signs out.
func (v *visitor) asksFirst(l landing) {
	v.t.Helper()
	if l.status != 200 || l.told != nil {
		v.t.Fatalf("it leads to %d %s", l.status, l.at)
	}
	v.isSignedIn("before anybody agreed", true)
	if l = l.submit("/logout", "confirm", "yes"); l.told != nil || !strings.Contains(l.text, "You are signed out") {
		v.t.Errorf("after that it leads to %d %s", l.status, l.at)
	}
	v.isSignedIn("after that", false)
}

// modified is a token whose claims were changed under its signature.
func modified(token string) string {
	parts := strings.Split(token, ".")
	b, _ := base64.RawURLEncoding.DecodeString(parts[1])
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(b), `"sub":"`, `"sub":"x`, 1)))
	return strings.Join(parts, ".")
}

// forged is the claims of a token, signed with the client's secret.
func (s *suite) forged(token string) string {
	s.t.Helper()
	b, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(s.secret)}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		s.t.Fatal(err)
	}
	jws, err := signer.Sign(b)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

// ear is where a relying party hears of sign-outs.
type ear struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	heard  []string // logout tokens
	odd    []string // what else came
}

func newEar(t *testing.T) *ear {
	e := &ear{status: 200}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if err := r.ParseForm(); err != nil || r.Method != "POST" || r.URL.Path != "/bye" || len(r.PostForm["logout_token"]) != 1 {
			e.odd = append(e.odd, fmt.Sprint(r.Method, r.URL, r.PostForm))
		}
		e.heard = append(e.heard, r.PostForm.Get("logout_token"))
		w.WriteHeader(e.status)
	}))
	t.Cleanup(e.Close)
	return e
}

// tokens waits for n of them and returns what they say, found right.
func (e *ear) tokens(s *suite, n int) (said []map[string]any) {
	s.t.Helper()
	count := func() int { e.mu.Lock(); defer e.mu.Unlock(); return len(e.heard) }
	waitFor(s.t, func() bool { return count() >= n })
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.heard) != n || len(e.odd) != 0 {
		s.t.Errorf("heard %d times, want %d; and %v", len(e.heard), n, e.odd)
	}
	for _, token := range e.heard {
		said = append(said, s.logoutToken(token))
	}
	return said
}

// logoutToken checks a token as Back-Channel Logout 1.0, section 2.6, asks.
func (s *suite) logoutToken(token string) map[string]any {
	s.t.Helper()
	said := s.verify(token)
	var head struct{ Typ, Alg string }
	b, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	if json.Unmarshal(b, &head); head.Typ != "logout+jwt" || head.Alg != "RS256" {
		s.t.Errorf("its header is %s", b)
	}
	events, _ := said["events"].(map[string]any)
	event, ok := events["http://schemas.openid.net/event/backchannel-logout"].(map[string]any)
	if said["iss"] != opIssuer || said["aud"] != s.client || !ok || len(event) != 0 || said["jti"] == nil || said["nonce"] != nil || said["sub"] == nil || said["sid"] == nil {
		s.t.Errorf("it says %v", said)
	}
	return said
}

// carry runs what carries changes on, until the test's end.
func (s *suite) carry(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for _, run := range []func(context.Context) error{s.srv.outbox.Run, s.srv.losses.Run, s.srv.store.KeepTime} {
		all.Go(func() {
			if err := run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() { cancel(); all.Wait() })
}

func TestBackchannelLogoutPlan(t *testing.T) {
	e := newEar(t)
	s := newSuite(t, "--backchannel-logout", e.URL+"/bye", "--backchannel-logout-sid")
	s.carry(t)
	s.goThrough(t, "TestBackchannelLogoutPlan", map[string]func(*visitor){
		"oidcc-backchannel-logout-discovery-endpoint-verification": func(v *visitor) {
			d := v.discovery()
			if d["backchannel_logout_supported"] != true || d["backchannel_logout_session_supported"] != true || d["end_session_endpoint"] == nil {
				v.t.Errorf("it says %v", d)
			}
		},
		"oidcc-backchannel-rp-initiated-logout": func(v *visitor) {
			t, id := v.login()
			l := v.logout("id_token_hint", t.text("id_token"), "post_logout_redirect_uri", rpBye, "state", "s")
			if l.at.Host != rpHost || l.told.Get("state") != "s" {
				v.t.Errorf("it leads to %s", l.at)
			}
			said := e.tokens(v.suite, 1)[0]
			if said["sub"] != id["sub"] || said["sid"] != id["sid"] {
				v.t.Errorf("it says %v, where the ID token said %v", said, id)
			}
			if info := v.userInfo("GET", t.text("access_token")); info.status != 401 {
				v.t.Errorf("the access token outlives the sign-out: %d", info.status)
			}
		},
	})
	waitFor(t, func() bool { return strings.Contains(s.ok("logouts"), "delivered") })
	s.says("logouts --json", `"client": "rp"`, `"member": "suite"`, `"reason": "signed_out"`, `"answer": "200"`)
}
