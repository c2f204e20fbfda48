package oauth

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// follower is a browser that is signed in as a member and stops at the client.
func (w *world) follower(member string) *http.Client {
	return &http.Client{
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if strings.HasPrefix(r.URL.String(), redirect) {
				return http.ErrUseLastResponse
			}
			return nil
		},
		Transport: as{member},
	}
}

type as struct{ member string }

func (a as) RoundTrip(r *http.Request) (*http.Response, error) {
	r.AddCookie(&http.Cookie{Name: "who", Value: a.member})
	return http.DefaultTransport.RoundTrip(r)
}

// party is a relying party that is not ours: coreos/go-oidc over x/oauth2.
type party struct {
	ctx      context.Context
	provider *oidc.Provider
	conf     oauth2.Config
	check    *oidc.IDTokenVerifier
}

func newParty(t *testing.T, w *world, id, alg string) *party {
	t.Helper()
	ctx := oidc.InsecureIssuerURLContext(context.Background(), w.server.URL)
	provider, err := oidc.NewProvider(ctx, w.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &party{ctx, provider, oauth2.Config{
		ClientID: id, ClientSecret: secret, RedirectURL: redirect, Endpoint: provider.Endpoint(),
		Scopes: []string{"openid", "profile", "email", "groups", "offline_access"},
	}, provider.Verifier(&oidc.Config{ClientID: id, SupportedSigningAlgs: []string{alg}, Now: w.clock})}
}

// signIn takes ada's browser from the party to the provider and back.
func (p *party) signIn(t *testing.T, w *world) *oauth2.Token {
	t.Helper()
	v := oauth2.GenerateVerifier()
	resp, err := w.follower("ada").Get(p.conf.AuthCodeURL("st", oidc.Nonce("n-1"), oauth2.S256ChallengeOption(v)))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	back, err := resp.Location()
	if err != nil || back.Query().Get("state") != "st" || back.Query().Get("iss") != w.server.URL {
		t.Fatalf("came back with %v, %v", back, err)
	}
	token, err := p.conf.Exchange(p.ctx, back.Query().Get("code"), oauth2.VerifierOption(v))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// verify checks a token answer's ID token.
func (p *party) verify(t *testing.T, token *oauth2.Token) *oidc.IDToken {
	t.Helper()
	raw, _ := token.Extra("id_token").(string)
	id, err := p.check.Verify(p.ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := id.VerifyAccessToken(token.AccessToken); err != nil {
		t.Errorf("at_hash: %v", err)
	}
	return id
}

// From discovery to a refreshed ID token, with each algorithm.
func TestR18GoOIDCSignsInWithCodeAndPKCE(t *testing.T) {
	for id, alg := range map[string]string{"wiki": oidc.RS256, "files": oidc.ES256, "modern": oidc.EdDSA} {
		t.Run(id, func(t *testing.T) {
			w := newWorld(t)
			p := newParty(t, w, id, alg)
			token := p.signIn(t, w)
			says := p.verify(t, token)
			if says.Subject != "sub-ada" || says.Nonce != "n-1" {
				t.Errorf("the ID token is of %s, nonce %q", says.Subject, says.Nonce)
			}
			saysOfAda(t, says)
			info, err := p.provider.UserInfo(p.ctx, oauth2.StaticTokenSource(token))
			if err != nil || info.Subject != "sub-ada" || !info.EmailVerified {
				t.Errorf("userinfo = %+v, %v", info, err)
			}
			w.advance(10 * time.Minute)
			again, err := p.conf.TokenSource(p.ctx, &oauth2.Token{RefreshToken: token.RefreshToken, Expiry: time.Unix(1, 0)}).Token()
			if err != nil {
				t.Fatal(err)
			}
			if says := p.verify(t, again); says.Nonce != "" || again.RefreshToken == token.RefreshToken {
				t.Errorf("refreshed: nonce %q, same refresh token %t", says.Nonce, again.RefreshToken == token.RefreshToken)
			}
		})
	}
}

func saysOfAda(t *testing.T, id *oidc.IDToken) {
	t.Helper()
	var says struct {
		Groups   []string `json:"groups"`
		Username string   `json:"preferred_username"`
		Email    string   `json:"email"`
		OK       bool     `json:"email_verified"`
		SID      string   `json:"sid"`
		AuthTime int64    `json:"auth_time"`
	}
	if err := id.Claims(&says); err != nil {
		t.Fatal(err)
	}
	want := []string{"badge.laser-1", "member.active", "tag.board"}
	if says.Username != "ada" || says.Email != "ada@example.org" || !says.OK || says.SID == "" ||
		says.AuthTime != start.Unix() || !slices.Equal(says.Groups, want) {
		t.Errorf("the ID token says %+v", says)
	}
}

func TestDiscoveryIsOfTheIssuerAlone(t *testing.T) {
	w := newWorld(t)
	req, _ := http.NewRequest("GET", w.server.URL+"/.well-known/openid-configuration", nil)
	req.Host = "evil.example"
	req.Header.Set("X-Forwarded-Host", "evil.example")
	r, err := send(w.http, req)
	if err != nil || strings.Contains(r.body, "evil") || r.text("issuer") != w.server.URL || r.text("token_endpoint") != w.server.URL+"/token" {
		t.Fatalf("%v %s", err, r.body)
	}
	other := w.get("/.well-known/oauth-authorization-server", "", nil)
	if other.body != r.body {
		t.Error("the two documents differ")
	}
	for _, path := range []string{"/.well-known/openid-configuration", PathJWKS} {
		first := w.get(path, "", nil)
		req, _ := http.NewRequest("GET", w.server.URL+path, nil)
		req.Header.Set("If-None-Match", `"other", W/`+first.header.Get("ETag"))
		if r, _ := send(w.http, req); r.status != http.StatusNotModified || r.body != "" {
			t.Errorf("%s with its ETag: %d %q", path, r.status, r.body)
		}
	}
}

func TestIssuerMustBeHTTPSOrLoopback(t *testing.T) {
	w := newWorld(t)
	for issuer, ok := range map[string]bool{
		"https://id.example.org": true, "http://localhost:8080": true, "http://[::1]:1": true,
		"http://id.example.org": false, "https://id.example.org/": false, "https://id.example.org/x": false,
		"https://id.example.org?": false, "https://u@id.example.org": false, "": false, "id.example.org": false, "https://id.example.org#": false,
	} {
		if _, err := New(w.config(issuer)); (err == nil) != ok {
			t.Errorf("issuer %q: %v", issuer, err)
		}
	}
}

func TestAuthorizeByPostReentersByGet(t *testing.T) {
	w := newWorld(t)
	q := request("wiki", "openid")
	r, err := postAs(w.http, w.server.URL+PathAuthorize, "", q)
	if err != nil || r.status != http.StatusSeeOther {
		t.Fatalf("%d %v", r.status, err)
	}
	to, _ := url.Parse(r.header.Get("Location"))
	if to.Path != PathAuthorize || to.Query().Encode() != q.Encode() {
		t.Errorf("re-enters at %s", to)
	}
}
