// Package wiki is a small wiki that signs people in through any OpenID
// provider and lets them edit by the groups in their claims. It is what the
// demo shows beside Lanyard: a relying party of its own, on its own port, that
// knows nothing of Lanyard but its issuer URL, a client id and a secret.
//
// Pages and sessions live in memory and go with the process. It promises to
// check every edit on the server, by the groups that the provider's userinfo
// endpoint gives at that moment, so that a badge taken away is gone here at
// the next click.
package wiki

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config is what a relying party needs to know.
type Config struct {
	Issuer   string // the provider's issuer URL
	ClientID string
	Secret   string
	BaseURL  string // where this wiki is reached, without a slash at the end
	Now      func() time.Time
}

// Wiki is the relying party. Make it with New.
type Wiki struct {
	base     string
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	oauth    oauth2.Config
	now      func() time.Time

	mu       sync.Mutex
	pages    []*page            // guarded by mu
	sessions map[string]session // by cookie value; guarded by mu
	pending  map[string]pending // by state; guarded by mu
}

type session struct {
	name    string
	idToken string
	tokens  oauth2.TokenSource
	ends    time.Time
}

type pending struct {
	nonce, verifier, next string
	ends                  time.Time
}

// New asks the provider for its discovery document and returns the wiki.
func New(ctx context.Context, c Config) (*Wiki, error) {
	provider, err := oidc.NewProvider(ctx, c.Issuer)
	if err != nil {
		return nil, fmt.Errorf("wiki: ask %s how to sign people in: %w", c.Issuer, err)
	}
	return &Wiki{
		base:     c.BaseURL,
		provider: provider,
		verifier: provider.VerifierContext(ctx, &oidc.Config{ClientID: c.ClientID, Now: c.Now}),
		oauth: oauth2.Config{
			ClientID: c.ClientID, ClientSecret: c.Secret,
			Endpoint:    provider.Endpoint(),
			RedirectURL: c.BaseURL + "/callback",
			Scopes:      []string{oidc.ScopeOpenID, "profile", "groups", oidc.ScopeOfflineAccess},
		},
		now:      c.Now,
		pages:    startPages(),
		sessions: map[string]session{},
		pending:  map[string]pending{},
	}, nil
}

// ServeHTTP implements http.Handler.
func (w *Wiki) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.list)
	mux.HandleFunc("GET /page/{slug}", w.show)
	mux.HandleFunc("POST /page/{slug}", w.save)
	mux.HandleFunc("GET /sign-in", w.signIn)
	mux.HandleFunc("GET /callback", w.callback)
	mux.HandleFunc("POST /sign-out", w.signOut)
	rw.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+styleHash+"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	rw.Header().Set("Cache-Control", "no-store")
	http.NewCrossOriginProtection().Handler(mux).ServeHTTP(rw, r)
}
