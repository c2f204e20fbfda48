package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The OpenID Foundation's plans, by tests of ours that go the same ways: a
// browser, a relying party and the whole program, over HTTP, on a clock that
// the test moves. docs/conformance.md lists which test stands for which line.

const (
	opIssuer = "http://127.0.0.1:8080"
	rpHost   = "rp.example.org"
	rpCB     = "https://" + rpHost + "/cb"
	rpBye    = "https://" + rpHost + "/bye"
	rpWord   = "correct donkey battery staple"
)

// suite is the program, and a relying party that is registered with it.
type suite struct {
	*desk
	srv    *server
	client string // the party's id
	secret string
	post   bool // it proves itself in the body

	postSecret string // of rp-post, which does
	key        *rpKey // it proves itself by this one
	verifier   string // what its challenge is of; empty: it sends none
	extra      url.Values
}

// newSuite serves the demo organisation with one member more, ada, and the
// relying party rp, which flags may register otherwise.
func newSuite(t *testing.T, flags ...string) *suite {
	t.Helper()
	return newSuiteIn(t, []string{"LANYARD_OUTBOUND_ALLOW=127.0.0.1"}, flags...)
}

// newSuiteIn is newSuite in another environment.
func newSuiteIn(t *testing.T, env []string, flags ...string) *suite {
	t.Helper()
	s := &suite{desk: demoDesk(t), client: "rp"}
	s.env = append(s.env, env...)
	s.ok("member", "add", "suite", "--name", "Ada Lovelace", "--given-name", "Ada", "--family-name", "Lovelace", "--email", "suite@example.org", "--email-verified",
		"--phone", "+31151234567", "--street", "Mekelweg 4", "--locality", "Delft", "--country", "Netherlands", "--zoneinfo", "Europe/Amsterdam")
	link := regexp.MustCompile(`http://\S+/password/\S+`).FindString(s.ok("member", "link", "suite"))
	s.ok(append(strings.Fields("client add rp --redirect "+rpCB+" --logout-redirect "+rpBye+" --grant authorization_code --grant refresh_token"+
		" --scope openid,profile,email,address,phone,groups,offline_access --pkce-optional --see badge:* --see tag:*"), flags...)...)
	s.ok(append(strings.Fields("client add rp-post --auth client_secret_post --pkce-optional --grant authorization_code --grant refresh_token --redirect "+rpCB), flags...)...)
	s.secret, s.postSecret = secretIn(t, s.ok("client", "secret", "rotate", "rp")), secretIn(t, s.ok("client", "secret", "rotate", "rp-post"))
	a := &app{now: s.clock, environ: s.env, user: "op"}
	h, err := a.open(rootWithContext(t, a))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	if s.srv, err = assemble(t.Context(), h.cfg, h.ring, h.store, slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelError})), h.now); err != nil {
		t.Fatal(err)
	}
	if l := s.visitor().get(link); l.status != 200 {
		t.Fatalf("the link for a password: %d", l.status)
	} else if l = l.submit("/password/", "password", rpWord, "again", rpWord); l.status != 200 {
		t.Fatalf("setting a password: %d %s", l.status, l.text)
	}
	return s
}

func secretIn(t *testing.T, out string) string {
	t.Helper()
	got := regexp.MustCompile(`\n\n    (\S+)\n`).FindStringSubmatch(out)
	if got == nil {
		t.Fatalf("no secret in %q", out)
	}
	return got[1]
}

// testLog is the program's log as the test's.
type testLog struct{ t *testing.T }

// Write implements io.Writer.
func (l testLog) Write(b []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// advance moves the clock.
func (s *suite) advance(d time.Duration) { s.set(s.clock().Add(d)) }

// RoundTrip implements http.RoundTripper: what is for the program goes to it,
// and the relying party takes whatever comes.
func (s *suite) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if r.URL.Host != strings.TrimPrefix(opIssuer, "http://") {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.RemoteAddr = "127.0.0.1:4000"
	r.RequestURI, r.Host = r.URL.RequestURI(), r.URL.Host
	s.srv.face.ServeHTTP(w, r)
	res := w.Result()
	res.Request = r
	return res, nil
}

// request is an authorization request, with pairs changed; "-" takes away.
func (s *suite) request(pairs ...string) url.Values {
	q := url.Values{"client_id": {s.client}, "redirect_uri": {rpCB}, "response_type": {"code"}, "scope": {"openid"}, "state": {"a-state"}, "nonce": {"a-nonce"}}
	for k := range s.extra {
		q[k] = s.extra[k]
	}
	for i := 0; i < len(pairs); i += 2 {
		if q.Set(pairs[i], pairs[i+1]); pairs[i+1] == "-" {
			q.Del(pairs[i])
		}
	}
	return q
}

// authorize asks, and goes as far as it gets without a person.
func (v *visitor) authorize(pairs ...string) landing {
	v.t.Helper()
	return v.get(opIssuer + "/authorize?" + v.request(pairs...).Encode())
}

// code signs in and returns the code; it must work.
func (v *visitor) code(pairs ...string) string {
	v.t.Helper()
	l := v.authorize(pairs...).through()
	if l.told.Get("code") == "" || l.told.Get("iss") != opIssuer || l.told.Get("state") != v.request(pairs...).Get("state") {
		v.t.Fatalf("%v leads to %d %s with %v\n%s", pairs, l.status, l.at, l.told, l.text)
	}
	return l.told.Get("code")
}

// tokens is what the token endpoint, or another, answered.
type tokens struct {
	status int
	json   map[string]any
	header http.Header
}

func (t tokens) text(name string) string { s, _ := t.json[name].(string); return s }

// call calls an endpoint as the relying party.
func (s *suite) call(path string, form url.Values) tokens {
	s.t.Helper()
	if s.key != nil {
		return s.bare(s.proves(*s.key, s.client, form))
	}
	if s.post {
		form.Set("client_id", s.client)
		form.Set("client_secret", s.secret)
	}
	r := httptest.NewRequest(http.MethodPost, opIssuer+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !s.post {
		r.SetBasicAuth(s.client, s.secret)
	}
	return s.answer(r)
}

func (s *suite) answer(r *http.Request) tokens {
	s.t.Helper()
	res, err := s.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	t := tokens{status: res.StatusCode, header: res.Header}
	json.NewDecoder(res.Body).Decode(&t.json)
	return t
}

func (s *suite) redeem(code string, pairs ...string) tokens {
	s.t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {rpCB}}
	if s.verifier != "" {
		form.Set("code_verifier", s.verifier)
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return s.call("/token", form)
}

// login is code and redeem, and returns the tokens with what the ID token,
// found right, says.
func (v *visitor) login(pairs ...string) (tokens, map[string]any) {
	v.t.Helper()
	t := v.redeem(v.code(pairs...))
	if t.status != 200 {
		v.t.Fatalf("token: %d %v", t.status, t.json)
	}
	said := v.verify(t.text("id_token"))
	if nonce := v.request(pairs...).Get("nonce"); nonce != "" && said["nonce"] != nonce || said["aud"] != v.client || said["iss"] != opIssuer || said["sub"] == "" {
		v.t.Errorf("the ID token says %v", said)
	}
	return t, said
}

// verify checks a token by the published keys, and returns what it says.
func (s *suite) verify(token string) map[string]any {
	s.t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(s.visitor().get(opIssuer+"/jwks.json").text), &set); err != nil {
		s.t.Fatal(err)
	}
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA})
	if err != nil {
		s.t.Fatalf("%q: %v", token, err)
	}
	found := set.Key(jws.Signatures[0].Protected.KeyID)
	if len(found) != 1 {
		s.t.Fatalf("%d keys are called %q", len(found), jws.Signatures[0].Protected.KeyID)
	}
	plain, err := jws.Verify(found[0])
	if err != nil {
		s.t.Fatal(err)
	}
	var said map[string]any
	if err := json.Unmarshal(plain, &said); err != nil {
		s.t.Fatal(err)
	}
	now := float64(s.clock().Unix())
	if exp, _ := said["exp"].(float64); exp <= now {
		s.t.Errorf("it has expired: %v", said)
	}
	if iat, _ := said["iat"].(float64); iat > now {
		s.t.Errorf("it is of the future: %v", said)
	}
	return said
}

// userInfo asks with a bearer token in the header.
func (s *suite) userInfo(method, token string) tokens {
	s.t.Helper()
	r := httptest.NewRequest(method, opIssuer+"/userinfo", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return s.answer(r)
}

// discovery is what the program says of itself.
func (s *suite) discovery() map[string]any {
	s.t.Helper()
	t := s.answer(httptest.NewRequest(http.MethodGet, opIssuer+"/.well-known/openid-configuration", nil))
	if t.status != 200 {
		s.t.Fatalf("discovery: %d", t.status)
	}
	return t.json
}
