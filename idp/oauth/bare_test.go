package oauth

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	jose3 "github.com/go-jose/go-jose/v3"
	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/handler/openid"
	example "github.com/ory/fosite/storage"
	"github.com/ory/fosite/token/jwt"
)

// bareSite is fosite as its documentation composes it, over its example store,
// with the clients of clients(): what the probes must find fault with. jwt
// makes its access tokens JWTs, signed with ES256.
func bareSite(t *testing.T, signed bool) site {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var key any = rsaKey
	if signed {
		key = ecKey
	}
	getKey := func(context.Context) (any, error) { return key, nil }
	cfg := &fosite.Config{GlobalSecret: []byte("some-cool-secret-that-is-32bytes"), ClientSecretsHasher: plainHasher{}, EnforcePKCEForPublicClients: true, IDTokenIssuer: "https://bare.example"}
	var core = &compose.CommonStrategy{
		CoreStrategy:               compose.NewOAuth2HMACStrategy(cfg),
		OpenIDConnectTokenStrategy: compose.NewOpenIDConnectStrategy(getKey, cfg),
		Signer:                     &jwt.DefaultSigner{GetPrivateKey: getKey},
	}
	if signed {
		core.CoreStrategy = compose.NewOAuth2JWTStrategy(getKey, compose.NewOAuth2HMACStrategy(cfg), cfg)
	}
	p := compose.Compose(cfg, bareStore(), core,
		compose.OAuth2AuthorizeExplicitFactory, compose.OAuth2ClientCredentialsGrantFactory, compose.OAuth2RefreshTokenGrantFactory,
		compose.OpenIDConnectExplicitFactory, compose.OpenIDConnectRefreshFactory,
		compose.OAuth2TokenIntrospectionFactory, compose.OAuth2TokenRevocationFactory, compose.OAuth2PKCEFactory)
	server := httptest.NewServer(bareRoutes(p, signed))
	t.Cleanup(server.Close)
	return site{base: server.URL, http: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, es256: &ecKey.PublicKey}
}

func bareStore() *example.MemoryStore {
	store := example.NewMemoryStore()
	for _, c := range clients() {
		made := &fosite.DefaultClient{
			ID: string(c.ID), Secret: []byte(secret), RedirectURIs: c.RedirectURIs, GrantTypes: c.GrantTypes, ResponseTypes: []string{"code"},
			Scopes: c.Scopes, Audience: c.Resources, Public: c.Auth == "none",
		}
		method := string(c.Auth)
		store.Clients[made.ID] = bareClient{&fosite.DefaultOpenIDConnectClient{
			DefaultClient: made, TokenEndpointAuthMethod: method, JSONWebKeys: &jose3.JSONWebKeySet{},
		}}
	}
	return store
}

// bareClient takes every response mode.
type bareClient struct {
	*fosite.DefaultOpenIDConnectClient
}

func (bareClient) GetResponseModes() []fosite.ResponseModeType {
	return []fosite.ResponseModeType{fosite.ResponseModeDefault, fosite.ResponseModeQuery, fosite.ResponseModeFragment, fosite.ResponseModeFormPost}
}

type plainHasher struct{}

func (plainHasher) Compare(_ context.Context, hash, data []byte) error {
	if string(hash) != string(data) {
		return errors.New("wrong secret")
	}
	return nil
}
func (plainHasher) Hash(_ context.Context, data []byte) ([]byte, error) { return data, nil }

// bareRoutes are the handlers of fosite's example, with ada signed in.
func bareRoutes(p fosite.OAuth2Provider, signed bool) http.Handler {
	session := func() fosite.Session {
		s := &openid.DefaultSession{Claims: &jwt.IDTokenClaims{Subject: "sub-ada"}, Headers: &jwt.Headers{}, Subject: "sub-ada"}
		if signed {
			return &bareJWTSession{DefaultSession: s}
		}
		return s
	}
	mux := http.NewServeMux()
	mux.HandleFunc(PathAuthorize, bareAuthorize(p, session))
	mux.HandleFunc(PathToken, func(w http.ResponseWriter, r *http.Request) {
		ar, err := p.NewAccessRequest(r.Context(), r, session())
		if err != nil {
			p.WriteAccessError(r.Context(), w, ar, err)
			return
		}
		resp, err := p.NewAccessResponse(r.Context(), ar)
		if err != nil {
			p.WriteAccessError(r.Context(), w, ar, err)
			return
		}
		p.WriteAccessResponse(r.Context(), w, ar, resp)
	})
	mux.HandleFunc(PathIntrospect, func(w http.ResponseWriter, r *http.Request) {
		resp, err := p.NewIntrospectionRequest(r.Context(), r, session())
		if err != nil {
			p.WriteIntrospectionError(r.Context(), w, err)
			return
		}
		p.WriteIntrospectionResponse(r.Context(), w, resp)
	})
	mux.HandleFunc(PathRevoke, func(w http.ResponseWriter, r *http.Request) {
		p.WriteRevocationResponse(r.Context(), w, p.NewRevocationRequest(r.Context(), r))
	})
	return mux
}

func bareAuthorize(p fosite.OAuth2Provider, session func() fosite.Session) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ar, err := p.NewAuthorizeRequest(r.Context(), r)
		if err != nil {
			p.WriteAuthorizeError(r.Context(), w, ar, err)
			return
		}
		for _, s := range ar.GetRequestedScopes() {
			ar.GrantScope(s)
		}
		resp, err := p.NewAuthorizeResponse(r.Context(), ar, session())
		if err != nil {
			p.WriteAuthorizeError(r.Context(), w, ar, err)
			return
		}
		p.WriteAuthorizeResponse(r.Context(), w, ar, resp)
	}
}

// bareJWTSession is an OpenID session whose access tokens are JWTs.
type bareJWTSession struct {
	*openid.DefaultSession
}

func (s *bareJWTSession) GetJWTClaims() jwt.JWTClaimsContainer {
	return &jwt.JWTClaims{Subject: s.Subject, Issuer: "https://bare.example"}
}
func (s *bareJWTSession) GetJWTHeader() *jwt.Headers { return &jwt.Headers{} }
func (s *bareJWTSession) Clone() fosite.Session {
	return &bareJWTSession{s.DefaultSession.Clone().(*openid.DefaultSession)}
}
