package tour

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// callback is where the tour's application is answered. Nothing listens
// there: the tour reads the answer from the address it is sent to.
const (
	callbackHost = "127.0.0.1:9"
	callback     = "http://" + callbackHost + "/callback"
)

// authorize signs username in at the tour's application by authorization code
// and PKCE, as a browser, and redeems the code with a library that is not
// ours. Extra goes into the authorization request.
func (t *tour) authorize(username string, b *browser, scopes []string, extra ...oauth2.AuthCodeOption) (tokens, error) {
	provider, err := oidc.NewProvider(t.ctx, t.Issuer)
	if err != nil {
		return tokens{}, err
	}
	app := t.client(provider)
	app.Scopes = scopes
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	options := append(extra, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
	if err := b.get(t.ctx, app.AuthCodeURL(state, options...)); err != nil {
		return tokens{}, err
	}
	if err := t.throughPages(username, b); err != nil {
		return tokens{}, err
	}
	answer := b.at.Query()
	if answer.Get("state") != state || answer.Get("iss") != t.Issuer {
		return tokens{}, fmt.Errorf("the answer does not fit the question (error %q: %s)", answer.Get("error"), answer.Get("error_description"))
	}
	return t.redeem(provider, app, answer.Get("code"), verifier, nonce)
}

// client is the tour's application: public, so it has no secret to show.
func (t *tour) client(provider *oidc.Provider) oauth2.Config {
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return oauth2.Config{ClientID: t.App.ID, Endpoint: endpoint, RedirectURL: callback}
}

// throughPages answers the sign-in and consent pages, if they come.
func (t *tour) throughPages(username string, b *browser) error {
	if strings.HasPrefix(b.at.Path, "/login") {
		if err := b.submit(t.ctx, "/login", url.Values{"username": {username}, "password": {t.Passwords[username]}}); err != nil {
			return err
		}
	}
	if strings.HasPrefix(b.at.Path, "/consent") {
		if err := b.submit(t.ctx, "/consent", url.Values{"decision": {"allow"}}); err != nil {
			return err
		}
	}
	if strings.HasPrefix(b.at.Path, "/login") || strings.HasPrefix(b.at.Path, "/consent") {
		return fmt.Errorf("still at %s, status %d", b.at.Path, b.status)
	}
	return nil
}

func (t *tour) redeem(provider *oidc.Provider, app oauth2.Config, code, verifier, nonce string) (tokens, error) {
	tok, err := app.Exchange(t.ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return tokens{}, err
	}
	got := tokens{access: tok.AccessToken, refresh: tok.RefreshToken}
	if !slices.Contains(app.Scopes, oidc.ScopeOpenID) {
		return got, nil // no ID token was asked for
	}
	got.groups, err = t.groupsOf(provider, tok, nonce)
	return got, err
}

// groupsOf verifies the ID token that came with tok and reads its groups.
func (t *tour) groupsOf(provider *oidc.Provider, tok *oauth2.Token, nonce string) ([]string, error) {
	raw, _ := tok.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: t.App.ID}).Verify(t.ctx, raw)
	if err != nil {
		return nil, err
	}
	if nonce != "" && id.Nonce != nonce {
		return nil, fmt.Errorf("the ID token is for another request")
	}
	var c struct {
		Groups []string `json:"groups"`
	}
	err = id.Claims(&c)
	return c.Groups, err
}

// refreshed trades a refresh token in and returns what the new ID token says.
func (t *tour) refreshed(old tokens) (tokens, error) {
	provider, err := oidc.NewProvider(t.ctx, t.Issuer)
	if err != nil {
		return tokens{}, err
	}
	app := t.client(provider)
	tok, err := app.TokenSource(t.ctx, &oauth2.Token{RefreshToken: old.refresh}).Token()
	if err != nil {
		return tokens{}, err
	}
	groups, err := t.groupsOf(provider, tok, "")
	return tokens{access: tok.AccessToken, refresh: tok.RefreshToken, groups: groups}, err
}

// introspection is as much of an answer (RFC 7662) as the tour looks at.
type introspection struct {
	Active   bool     `json:"active"`
	Username string   `json:"username"`
	Groups   []string `json:"groups"`
	Decision *struct {
		Allow   bool   `json:"allow"`
		Reason  string `json:"reason"`
		Until   int64  `json:"until"`
		Missing []struct {
			AnyOf []struct {
				Badge string `json:"badge"`
				Name  string `json:"name"`
				Earn  string `json:"earn"`
			} `json:"any_of"`
		} `json:"missing"`
	} `json:"decision"`
}

func (i introspection) String() string {
	switch {
	case !i.Active:
		return "inactive"
	case i.Decision == nil:
		return "active, no decision"
	case i.Decision.Allow:
		return "active, allowed"
	}
	return "active, refused: " + i.Decision.Reason
}

func (t *tour) introspect(as Client, form url.Values) (introspection, error) {
	var answer introspection
	err := t.call(t.ctx, as, "/introspect", "application/x-www-form-urlencoded", form.Encode(), &answer)
	return answer, err
}

// call posts body as a client and reads the JSON that comes back.
func (t *tour) call(ctx context.Context, as Client, path, kind, body string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.Issuer+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", kind)
	r.SetBasicAuth(url.QueryEscape(as.ID), url.QueryEscape(as.Secret))
	res, err := t.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %d: %s", path, res.StatusCode, text)
	}
	return json.Unmarshal(text, into)
}
