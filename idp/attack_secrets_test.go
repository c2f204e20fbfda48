package idp

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/login"
	"lanyard/idp/oauth"
	"lanyard/idp/record"
	"lanyard/idp/register"
)

// told is an answer that gives somebody something secret, or is asked for by it.
type told struct {
	what    string
	header  http.Header
	secrets []string
}

// teller goes the ways on which secrets are told, and notes them.
type teller struct {
	*face
	all []told
}

func newTeller(t *testing.T) *teller {
	f := &teller{face: newFace(t)}
	wiki, _ := claims.Get[claims.Client](f.store.Directory(), "wiki")
	wiki.GrantTypes = append(wiki.GrantTypes, "urn:ietf:params:oauth:grant-type:device_code")
	f.change(claims.Define{Fact: wiki})
	f.tokens()
	f.pages()
	return f
}

// note holds that an answer is as it should be, and returns what its JSON says.
func (f *teller) note(what string, w *httptest.ResponseRecorder, want int, secrets ...string) map[string]any {
	f.Helper()
	var said map[string]any
	json.Unmarshal(w.Body.Bytes(), &said)
	for _, name := range []string{"access_token", "refresh_token", "id_token", "device_code", "user_code", "request_uri", "client_secret", "registration_access_token"} {
		if text, ok := said[name].(string); ok {
			secrets = append(secrets, text)
		}
	}
	if w.Code != want || len(secrets) == 0 || slices.Contains(secrets, "") {
		f.Fatalf("%s: %d, secret is %q: %s", what, w.Code, secrets, w.Body)
	}
	f.all = append(f.all, told{what, w.Header(), secrets})
	return said
}

// program is an application that proves itself in a header.
func (f *face) program(authorization string) *caller {
	return &caller{face: f, header: http.Header{"Accept": {"application/json"}, "Authorization": {authorization}}}
}

// basic is a client's secret as a header.
func basic(client string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(client+":"+secret))
}

// wikiAsks is an authorization request whose code wikiRedeems redeems (the
// challenge and its verifier are those of RFC 7636, appendix B).
var wikiAsks = "/authorize?" + url.Values{"client_id": {"wiki"}, "redirect_uri": {"https://wiki.example/cb"}, "response_type": {"code"}, "scope": {"openid offline_access"},
	"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"}}.Encode()

func wikiRedeems(code string) string {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://wiki.example/cb"}, "code_verifier": {"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}}.Encode()
}

// code is what an authorization's answer brings to the client.
func code(w *httptest.ResponseRecorder) string {
	to, _ := url.Parse(w.Header().Get("Location"))
	return to.Query().Get("code")
}

func text(said map[string]any, name string) string { s, _ := said[name].(string); return s }

// tokens goes the ways of the OAuth endpoints.
func (f *teller) tokens() {
	f.Helper()
	ada, wiki := f.signedIn("ada"), f.program(basic("wiki"))
	w := ada.send("GET", wikiAsks, "")
	f.note("a code", w, 303, code(w), ada.cookie)
	said := f.note("tokens for a code", wiki.send("POST", oauth.PathToken, wikiRedeems(code(w))), 200, secret, basic("wiki"))
	said = f.note("tokens for a refresh token", wiki.send("POST", oauth.PathToken, "grant_type=refresh_token&refresh_token="+text(said, "refresh_token")), 200)
	access := text(said, "access_token")
	f.note("introspection", wiki.send("POST", oauth.PathIntrospect, "token="+access), 200, access)
	f.note("userinfo", f.program("Bearer "+access).send("GET", oauth.PathUserInfo, ""), 200, access)
	f.note("userinfo, by a form", f.stranger().send("POST", oauth.PathUserInfo, "access_token="+access), 200, access)
	f.note("a code that comes back", wiki.send("POST", oauth.PathToken, wikiRedeems(code(w))), 400, code(w))
	f.note("userinfo with a dead token", f.program("Bearer "+access).send("GET", oauth.PathUserInfo, ""), 401, access)
	f.note("revocation", wiki.send("POST", oauth.PathRevoke, "token="+access), 200, access)
	f.note("a client's own token", f.program(basic("door")).send("POST", oauth.PathToken, "grant_type=client_credentials"), 200)
	f.note("a wrong secret", f.program("Basic "+base64.StdEncoding.EncodeToString([]byte("wiki:a-wrong-secret"))).send("POST", oauth.PathToken, "grant_type=client_credentials"), 401, "a-wrong-secret")
	_, q, _ := strings.Cut(wikiAsks, "?")
	f.note("a pushed request", wiki.send("POST", oauth.PathPush, q), 201)
	f.note("a device's codes", wiki.send("POST", oauth.PathDevice, "scope=openid"), 200)
	w = ada.send("GET", wikiAsks+"&response_mode=form_post", "")
	f.note("a code in a form", w, 200, found(w, `name="code" value="([^"]+)"`))
}

func found(w *httptest.ResponseRecorder, pattern string) string {
	if m := regexp.MustCompile(pattern).FindStringSubmatch(w.Body.String()); m != nil {
		return m[1]
	}
	return ""
}

// pages goes the ways of members' and organisers' pages, and of registration.
func (f *teller) pages() {
	f.Helper()
	w := f.stranger().send("POST", "/login", "username=ada&password=a-wrong-password")
	f.note("a wrong password", w, 401, "a-wrong-password")
	w = f.stranger().send("POST", "/login", "username=ada&password="+url.QueryEscape(password))
	f.note("signing in", w, 303, password, w.Result().Cookies()[0].Value)
	ada := f.signedIn("ada")
	w = ada.send("POST", "/door-pass", "device=door")
	f.note("a door pass", w, 200, found(w, `<output[^>]*>([^<]+)<`))
	w = ada.send("POST", "/wifi", "name=phone")
	f.note("a WiFi pass", w, 200, found(w, `value="([^"]+)" aria-label="Password"`))
	w = f.signedIn("root").send("POST", "/admin/apps/wiki/secret", "overlap=24h")
	f.note("an application's secret", w, 200, found(w, `<output[^>]*>([^<]+)<`))
	path, link := login.NewLink(login.PurposePassword, "ada", time.Now(), time.Hour)
	token := record.Secret(record.Random(32))
	if err := f.store.CreateLink(f.Context(), link); err != nil {
		f.Fatal(err)
	}
	if err := f.store.CreateRegistrationToken(f.Context(), record.RegistrationToken{ID: token.SHA256(), Name: "r", Owner: "member:root", By: "operator:root",
		Created: time.Now(), Expires: time.Now().Add(time.Hour), Uses: 2}); err != nil {
		f.Fatal(err)
	}
	w = f.program("Bearer "+string(token)).sendJSON("POST", register.Path, `{"redirect_uris":["https://app.example/cb"],"client_name":"App"}`)
	said := f.note("registration", w, 201, string(token))
	own := text(said, "registration_access_token")
	f.note("a registration read", f.program("Bearer "+own).send("GET", register.Path+"/"+text(said, "client_id"), ""), 200, own)
	f.note("a link for a password", f.stranger().send("GET", path, ""), 200, strings.TrimPrefix(path, "/password/"))
	const next = "another long secret here"
	f.note("a link used", f.stranger().send("POST", path, url.Values{"password": {next}, "again": {next}}.Encode()), 303, next)
}

// sendJSON sends a body that is no form.
func (c *caller) sendJSON(method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header = c.header.Clone()
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

func TestWhatIsSecretIsStoredByNoCache(t *testing.T) {
	f := newTeller(t)
	for _, a := range f.all {
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control is %q, want no-store (RFC 6749, section 5.1)", a.what, got)
		}
	}
}

// TestNothingSecretIsLogged reads what the whole face logged, at the level at
// which it logs most, after every secret there is was told, or sent wrongly.
func TestNothingSecretIsLogged(t *testing.T) {
	f := newTeller(t)
	for _, c := range f.all {
		for _, secret := range c.secrets {
			f.stranger().send("GET", "/badges/"+url.PathEscape(secret)+"?code="+url.QueryEscape(secret), "") // where it does not belong
			f.stranger().send("GET", "/nowhere/"+url.PathEscape(secret), "")
		}
	}
	log := f.logged()
	for _, a := range f.all {
		for _, secret := range a.secrets {
			if strings.Contains(log, secret) || strings.Contains(log, url.QueryEscape(secret)) {
				t.Errorf("%s: %q is in the log", a.what, secret)
			}
		}
	}
	for _, line := range []string{"POST /token", "POST /login", "GET /authorize", "POST /wifi", "POST /register"} {
		if !strings.Contains(log, line) {
			t.Errorf("the log does not tell of %s: it holds nothing", line)
		}
	}
}
