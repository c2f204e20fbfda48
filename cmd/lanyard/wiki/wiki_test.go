package wiki

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// wikiWith is a wiki whose provider says that whoever asks is in groups; the
// cookie is of somebody who is signed in.
func wikiWith(t *testing.T, groups ...string) (w *Wiki, provider, cookie string) {
	t.Helper()
	mux := http.NewServeMux()
	idp := httptest.NewServer(mux)
	t.Cleanup(idp.Close)
	answer := func(path string, body map[string]any) {
		mux.HandleFunc(path, func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "application/json")
			json.NewEncoder(rw).Encode(body)
		})
	}
	answer("/.well-known/openid-configuration", map[string]any{"issuer": idp.URL, "authorization_endpoint": idp.URL + "/authorize",
		"token_endpoint": idp.URL + "/token", "userinfo_endpoint": idp.URL + "/userinfo", "jwks_uri": idp.URL + "/jwks",
		"authorization_response_iss_parameter_supported": true})
	answer("/userinfo", map[string]any{"sub": "s1", "name": "<script>alert(1)</script>", "groups": groups})
	w, err := New(t.Context(), Config{Issuer: idp.URL, ClientID: "wiki", Secret: "x", BaseURL: "http://wiki.example", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	tokens := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "t"})
	w.sessions["c"] = session{tokens: tokens, ends: time.Now().Add(time.Hour)}
	return w, idp.URL, "c"
}

// ask sends a request to the wiki; with a form it is a POST from its own page.
func ask(w *Wiki, target, cookie string, form url.Values, header ...string) *httptest.ResponseRecorder {
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie})
	}
	rw := httptest.NewRecorder()
	w.ServeHTTP(rw, r)
	return rw
}

func TestGroupsSayWhoMayEdit(t *testing.T) {
	w, _, cookie := wikiWith(t, "body.delft.board")
	if rw := ask(w, "/page/delft-minutes", cookie, url.Values{"text": {"</textarea><script>alert(2)</script>"}}); rw.Code != 200 || strings.Contains(rw.Body.String(), "<script>") {
		t.Errorf("the board of Delft: %d %s", rw.Code, rw.Body)
	}
	if rw := ask(w, "/page/delft-minutes", cookie, url.Values{"text": {strings.Repeat("x", 70_000)}}); rw.Code != 413 {
		t.Errorf("too long: %d", rw.Code)
	}
	if page := ask(w, "/page/delft-minutes", "", nil).Body.String(); !strings.Contains(page, "alert(2)") {
		t.Errorf("what was too long emptied the page: %s", page)
	}
	for target, c := range map[string]struct {
		cookie string
		want   int
	}{
		"/page/chapter-x-minutes": {cookie, 403}, "/page/laser-handbook": {cookie, 403}, "/page/delft-minutes": {"", 401},
		"/page/house-rules": {"made up", 401}, "/page/nosuch": {cookie, 404},
	} {
		if rw := ask(w, target, c.cookie, url.Values{"text": {"mine"}}); rw.Code != c.want {
			t.Errorf("POST %s: %d, want %d", target, rw.Code, c.want)
		}
	}
	for _, target := range []string{"/", "/page/delft-minutes", "/page/chapter-x-minutes"} {
		page := ask(w, target, cookie, nil).Body.String()
		if strings.Contains(page, "<script>") || strings.Contains(page, ">mine<") {
			t.Errorf("GET %s: %s", target, page)
		}
	}
	if rw := ask(w, "/page/delft-minutes", cookie, url.Values{"text": {"x"}}, "Sec-Fetch-Site", "cross-site"); rw.Code != 403 {
		t.Errorf("from another site: %d", rw.Code)
	}
}

func TestAnswersThatWereNotAskedForSignNobodyIn(t *testing.T) {
	w, provider, _ := wikiWith(t)
	for name, c := range map[string]struct {
		query string // beside the state
		state bool   // the browser's own
		want  string
	}{
		"no state cookie":                 {"code=x&iss=" + provider, false, "not begun here"},
		"another provider's":              {"code=x&iss=https://evil.example", true, "another identity provider"},
		"nobody's, of one that says":      {"code=x", true, "another identity provider"},
		"another provider's error":        {"error=access_denied&error_description=call+555&iss=https://evil.example", true, "another identity provider"},
		"an error that is no markup":      {"error=x&error_description=%3Cscript%3E&iss=" + provider, true, "&lt;script&gt;"},
		"a code that the provider denies": {"code=x&iss=" + provider, true, "did not work"},
	} {
		begun := ask(w, "/sign-in?next=//evil.example", "", nil)
		at, _ := url.Parse(begun.Header().Get("Location"))
		cookie := begun.Result().Cookies()[0]
		target := "/callback?state=" + at.Query().Get("state") + "&" + c.query
		header := []string{"Accept", "text/html"}
		if c.state {
			header = append(header, "Cookie", cookie.Name+"="+cookie.Value)
		}
		rw := ask(w, target, "", nil, header...)
		body := rw.Body.String()
		if rw.Code < 400 || !strings.Contains(body, c.want) || strings.Contains(body, "<script>") || strings.Contains(body, "555") || len(rw.Result().Cookies()) != 0 {
			t.Errorf("%s: %d %s", name, rw.Code, body)
		}
		if rw := ask(w, target, "", nil, header...); !strings.Contains(rw.Body.String(), "not begun here") {
			t.Errorf("%s, a second time: %d", name, rw.Code)
		}
		if q := at.Query(); q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
			t.Errorf("the request %s with cookie %s", at, cookie)
		}
	}
}

func TestReturnsStayHere(t *testing.T) {
	for _, s := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "/\t/evil.example", "", "x"} {
		if got := localPath(s); got != "/" {
			t.Errorf("localPath(%q) = %q", s, got)
		}
	}
}
