package oauth

import (
	"crypto/ecdsa"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// site is a provider to be probed over HTTP, ours or a bare one, where ada is
// signed in.
type site struct {
	base  string
	http  *http.Client
	es256 *ecdsa.PublicKey // what the access tokens of client files are signed with
}

func (s site) authorize(q url.Values) (reply, error) {
	req, err := http.NewRequest("GET", s.base+PathAuthorize+"?"+q.Encode(), nil)
	if err != nil {
		return reply{}, err
	}
	req.AddCookie(&http.Cookie{Name: "who", Value: "ada"})
	return send(s.http, req)
}

func (s site) post(path, client string, pairs ...string) (reply, error) {
	return postAs(s.http, s.base+path, client, with(url.Values{}, pairs...))
}

func (s site) code(q url.Values) (string, error) {
	r, err := s.authorize(q)
	if err != nil {
		return "", err
	}
	_, v := r.to()
	if v.Get("code") == "" {
		return "", fmt.Errorf("no code: %d %s %s", r.status, r.header.Get("Location"), r.body)
	}
	return v.Get("code"), nil
}

func (s site) login(client, scope string) (reply, error) {
	code, err := s.code(request(client, scope))
	if err != nil {
		return reply{}, err
	}
	r, err := s.post(PathToken, client, "grant_type", grantCode, "code", code, "redirect_uri", redirect, "code_verifier", verifier)
	if err == nil && r.status != http.StatusOK {
		err = fmt.Errorf("no token: %d %s", r.status, r.body)
	}
	return r, err
}

// Each probe returns what is wrong, nil if nothing is. The numbers are the
// rows of the table of what bare fosite does.

func probe03(s site) error { // another client's replay of an old refresh token harms nobody
	first, err := s.login("wiki", "openid offline_access")
	if err != nil {
		return err
	}
	second, err := s.post(PathToken, "wiki", "grant_type", grantRefresh, "refresh_token", first.text("refresh_token"))
	if err != nil || second.status != 200 {
		return fmt.Errorf("refresh: %d %s %v", second.status, second.body, err)
	}
	stolen, err := s.post(PathToken, "third", "grant_type", grantRefresh, "refresh_token", first.text("refresh_token"))
	if err != nil || stolen.text("error") != "invalid_grant" {
		return fmt.Errorf("the thief got %d %s %v", stolen.status, stolen.body, err)
	}
	third, err := s.post(PathToken, "wiki", "grant_type", grantRefresh, "refresh_token", second.text("refresh_token"))
	if err != nil || third.status != 200 {
		return fmt.Errorf("the rightful client lost its family: %d %s %v", third.status, third.body, err)
	}
	return nil
}

func probe04(s site) error { // a narrower scope is honoured
	first, err := s.login("wiki", "openid profile groups offline_access")
	if err != nil {
		return err
	}
	r, err := s.post(PathToken, "wiki", "grant_type", grantRefresh, "refresh_token", first.text("refresh_token"), "scope", "groups")
	if err != nil || r.text("scope") != "groups" {
		return fmt.Errorf("asked for groups, got %q %v", r.text("scope"), err)
	}
	return nil
}

func probe06(s site) error { // max_age=0 asks again
	r, err := s.authorize(request("wiki", "openid", "max_age", "0"))
	if err != nil {
		return err
	}
	if to, _ := r.to(); !strings.HasPrefix(to, "/login") {
		return fmt.Errorf("max_age=0 went to %s", to)
	}
	return nil
}

func probe08(s site) error { // request objects, unsigned ones too, are refused by name
	object := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(`{"scope":"openid profile","max_age":10}`)) + "."
	for name, value := range map[string]string{"request": object, "request_uri": "https://wiki.example.org/r", "registration": "{}"} {
		r, err := s.authorize(request("wiki", "openid", name, value))
		if err != nil {
			return err
		}
		if _, v := r.to(); v.Get("error") != name+"_not_supported" || v.Get("state") == "" {
			return fmt.Errorf("%s: %d %s", name, r.status, r.header.Get("Location"))
		}
	}
	return nil
}

func probe09(s site) error { // state may be short or absent
	for _, state := range []string{"-", "x"} {
		r, err := s.authorize(request("wiki", "openid", "state", state))
		if err != nil {
			return err
		}
		_, v := r.to()
		if v.Get("code") == "" || v.Has("state") != (state == "x") || state == "x" && v.Get("state") != "x" {
			return fmt.Errorf("state %q: %s", state, r.header.Get("Location"))
		}
	}
	return nil
}

func probe10(s site) error { // RFC 8252 loopback: the port and nothing else is free
	for at, ok := range map[string]bool{
		"http://127.0.0.1:5000/cb": true, "http://127.0.0.1/cb": true, "http://[::1]:9/cb?x=1": true, "com.example.app:/cb": true,
		"http://127.0.0.1:5000/cb?x=1": false, "http://localhost:7001/cb": false, "http://[::1]:9/cb": false,
		"http://u@127.0.0.1:5000/cb": false, "http://u:p@127.0.0.1:5000/cb": false, "https://127.0.0.1:5000/cb": false,
		"http://127.0.0.1:5000/cb/": false, "http://127.0.0.1:5000/cb#": false, "http://127.0.0.2:5000/cb": false, "com.example.app:/cb2": false,
	} {
		r, err := s.authorize(request("phone", "openid", "redirect_uri", at))
		if err != nil {
			return err
		}
		_, v := r.to()
		if (v.Get("code") != "") != ok {
			return fmt.Errorf("redirect %s: %d %s", at, r.status, r.header.Get("Location"))
		}
	}
	return nil
}

func probe11(s site) error { // an unregistered redirect gets a page for people, and no redirect
	r, err := s.authorize(request("wiki", "openid", "redirect_uri", redirect+"/"))
	if err != nil {
		return err
	}
	if r.status != http.StatusBadRequest || r.header.Get("Location") != "" || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		return fmt.Errorf("%d %s %s", r.status, r.header.Get("Content-Type"), r.header.Get("Location"))
	}
	return nil
}

func probe12(s site) error { // iss in every answer, no scope; form_post without inline script
	for _, q := range []url.Values{request("wiki", "openid"), request("wiki", "openid", "prompt", "login none")} {
		r, err := s.authorize(q)
		if err != nil {
			return err
		}
		if _, v := r.to(); v.Get("iss") != s.base || v.Has("scope") {
			return fmt.Errorf("the answer is %s", r.header.Get("Location"))
		}
	}
	r, err := s.authorize(request("wiki", "openid", "response_mode", "form_post"))
	if err != nil {
		return err
	}
	if strings.Contains(r.body, "onload") || strings.Contains(r.body, "<script>") || !strings.Contains(r.body, `name="code"`) || !strings.Contains(r.body, "<button") {
		return fmt.Errorf("the form is %s", r.body)
	}
	return nil
}

func probe13(s site) error { // 401 has a challenge; an unknown grant type its own code
	r, err := s.post(PathToken, "", "grant_type", grantClient, "client_id", "wiki", "client_secret", "wrong")
	if err != nil {
		return err
	}
	if r.status != http.StatusUnauthorized || r.text("error") != "invalid_client" || r.header.Get("WWW-Authenticate") == "" {
		return fmt.Errorf("%d %s, WWW-Authenticate %q", r.status, r.body, r.header.Get("WWW-Authenticate"))
	}
	r, err = s.post(PathToken, "wiki", "grant_type", "password", "username", "ada", "password", "x")
	if err != nil || r.text("error") != "unsupported_grant_type" {
		return fmt.Errorf("grant type password: %d %s %v", r.status, r.body, err)
	}
	return nil
}
