package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   string
	json   map[string]any
}

func (r reply) text(name string) string { s, _ := r.json[name].(string); return s }

// to returns where the answer sends the browser, with its query or fragment read.
func (r reply) to() (string, url.Values) {
	at := r.header.Get("Location")
	base, query, _ := strings.Cut(at, "?")
	if b, f, ok := strings.Cut(at, "#"); ok {
		base, query = b, f
	}
	v, _ := url.ParseQuery(query)
	return base, v
}

func send(c *http.Client, req *http.Request) (reply, error) {
	resp, err := c.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	got := reply{status: resp.StatusCode, header: resp.Header, body: string(b)}
	json.Unmarshal(b, &got.json)
	return got, nil
}

// get asks the authorization endpoint, or any path, as the browser of member.
func (w *world) get(path, member string, q url.Values) reply {
	w.t.Helper()
	at := path
	if q != nil {
		at += "?" + q.Encode()
	}
	req, err := http.NewRequest("GET", w.server.URL+at, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if member != "" {
		req.AddCookie(&http.Cookie{Name: "who", Value: member})
	}
	r, err := send(w.http, req)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// post calls an endpoint as a client: by Basic for those registered so.
func (w *world) post(path, client string, form url.Values) reply {
	w.t.Helper()
	r, err := postAs(w.http, w.server.URL+path, client, form)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func postAs(c *http.Client, to, client string, form url.Values) (reply, error) {
	f := url.Values{}
	for k, v := range form {
		f[k] = v
	}
	switch client {
	case "phone":
		f.Set("client_id", client)
	case "files":
		f.Set("client_id", client)
		f.Set("client_secret", secret)
	}
	req, err := http.NewRequest("POST", to, strings.NewReader(f.Encode()))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if client != "" && client != "phone" && client != "files" {
		req.SetBasicAuth(client, secret)
	}
	return send(c, req)
}

var verifier = strings.Repeat("v", 43)

func challenge(v string) string {
	sum := sha256.Sum256([]byte(v))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is an authorization request of a client, changed by pairs.
func request(client, scope string, pairs ...string) url.Values {
	q := url.Values{
		"client_id": {client}, "response_type": {"code"}, "redirect_uri": {redirect}, "scope": {scope},
		"state": {"state-12345678"}, "nonce": {"nonce-12345678"},
		"code_challenge": {challenge(verifier)}, "code_challenge_method": {"S256"},
	}
	if client == "phone" {
		q.Set("redirect_uri", "http://127.0.0.1:5000/cb")
	}
	return with(q, pairs...)
}

// with sets pairs; the value "-" takes a parameter away.
func with(q url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		if q.Set(pairs[i], pairs[i+1]); pairs[i+1] == "-" {
			q.Del(pairs[i])
		}
	}
	return q
}

// code signs a member in at a client and returns the code.
func (w *world) code(member string, q url.Values) string {
	w.t.Helper()
	r := w.get(PathAuthorize, member, q)
	_, v := r.to()
	if v.Get("code") == "" {
		w.t.Fatalf("authorize %v: %d %s %s", q, r.status, r.header.Get("Location"), r.body)
	}
	return v.Get("code")
}

// redeem exchanges a code, with pairs changed.
func (w *world) redeem(client, code string, pairs ...string) reply {
	w.t.Helper()
	f := url.Values{"grant_type": {grantCode}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier}}
	if client == "phone" {
		f.Set("redirect_uri", "http://127.0.0.1:5000/cb")
	}
	return w.post(PathToken, client, with(f, pairs...))
}

// login is code and redeem; it must work.
func (w *world) login(member, client, scope string, pairs ...string) reply {
	w.t.Helper()
	r := w.redeem(client, w.code(member, request(client, scope, pairs...)))
	if r.status != 200 {
		w.t.Fatalf("token: %d %s", r.status, r.body)
	}
	return r
}

func (w *world) refresh(client, refresh string, pairs ...string) reply {
	w.t.Helper()
	return w.post(PathToken, client, with(url.Values{"grant_type": {grantRefresh}, "refresh_token": {refresh}}, pairs...))
}

func (w *world) introspect(client, token string, pairs ...string) reply {
	w.t.Helper()
	return w.post(PathIntrospect, client, with(url.Values{"token": {token}}, pairs...))
}

func (w *world) active(client, token string) bool {
	w.t.Helper()
	return w.introspect(client, token).json["active"] == true
}

// userInfo asks with a bearer token.
func (w *world) userInfo(token string) reply {
	w.t.Helper()
	req, _ := http.NewRequest("GET", w.server.URL+PathUserInfo, nil)
	req.Header.Set("Authorization", "Bearer "+token)
	r, err := send(w.http, req)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// is fails the test unless a reply is this error.
func (w *world) is(what string, r reply, status int, code string) {
	w.t.Helper()
	if r.status != status || r.text("error") != code {
		w.t.Errorf("%s: %d %s, want %d %s", what, r.status, strings.TrimSpace(r.body), status, code)
	}
}

// payload reads a JWT's claims without asking whether they are true.
func payload(t testing.TB, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no JWT", token)
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
