package oauth

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"
	"github.com/ory/fosite/handler/pkce"

	"lanyard/claims"
)

// newFosite wires fosite as a judge of grants and nothing else: scopes,
// audiences, redirect addresses and clients were checked before it is called,
// and its answers are not the ones that are sent.
func newFosite(p *Provider) *fosite.Fosite {
	cfg := &fosite.Config{
		AccessTokenLifespan:      p.Lifetimes.Access,
		RefreshTokenLifespan:     p.Lifetimes.Idle,
		AuthorizeCodeLifespan:    p.Lifetimes.Code,
		ScopeStrategy:            func([]string, string) bool { return true },
		AudienceMatchingStrategy: func([]string, []string) error { return nil },
		RedirectSecureChecker:    func(context.Context, *url.URL) bool { return true },
		RefreshTokenScopes:       []string{scopeOffline},
		MinParameterEntropy:      1, // state may be short; an absent one gets a stand-in
		OmitRedirectScopeParam:   true,
		ClientAuthenticationStrategy: func(ctx context.Context, _ *http.Request, _ url.Values) (fosite.Client, error) {
			return fositeClient{workOf(ctx).client}, nil
		},
	}
	code := &oauth2.AuthorizeExplicitGrantHandler{
		AccessTokenStrategy: strategy{}, RefreshTokenStrategy: strategy{}, AuthorizeCodeStrategy: strategy{},
		CoreStorage: storage{}, TokenRevocationStorage: storage{}, Config: cfg,
	}
	proof := &pkce.Handler{AuthorizeCodeStrategy: strategy{}, Storage: storage{}, Config: cfg}
	cfg.AuthorizeEndpointHandlers = fosite.AuthorizeEndpointHandlers{code, proof}
	cfg.TokenEndpointHandlers = fosite.TokenEndpointHandlers{dispatcher{
		grantCode: {code, proof},
		grantRefresh: {&oauth2.RefreshTokenGrantHandler{
			AccessTokenStrategy: strategy{}, RefreshTokenStrategy: strategy{}, TokenRevocationStorage: storage{}, Config: cfg,
		}},
		grantClient: {&oauth2.ClientCredentialsGrantHandler{
			HandleHelper: &oauth2.HandleHelper{AccessTokenStrategy: strategy{}, AccessTokenStorage: storage{}, Config: cfg},
			Config:       cfg,
		}},
		grantDevice: {deviceHandler{}},
	}}
	return fosite.NewOAuth2Provider(storage{}, cfg)
}

// dispatcher is the one token handler that fosite knows: it asks the handlers
// of the grant type that was asked for, and spares the others, each of which
// would answer with a stack trace that it is not responsible.
type dispatcher map[string][]fosite.TokenEndpointHandler

func (d dispatcher) handlers(r fosite.AccessRequester) []fosite.TokenEndpointHandler {
	if types := r.GetGrantTypes(); len(types) == 1 {
		return d[types[0]]
	}
	return nil
}

func (d dispatcher) CanHandleTokenEndpointRequest(_ context.Context, r fosite.AccessRequester) bool {
	return d.handlers(r) != nil
}

func (dispatcher) CanSkipClientAuth(context.Context, fosite.AccessRequester) bool { return false }

func (d dispatcher) HandleTokenEndpointRequest(ctx context.Context, r fosite.AccessRequester) error {
	for _, h := range d.handlers(r) {
		if err := h.HandleTokenEndpointRequest(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (d dispatcher) PopulateTokenEndpointResponse(ctx context.Context, r fosite.AccessRequester, to fosite.AccessResponder) error {
	for _, h := range d.handlers(r) {
		if err := h.PopulateTokenEndpointResponse(ctx, r, to); err != nil {
			return err
		}
	}
	return nil
}

// strategy makes the texts of the work in ctx. That a text is ours was seen
// before the work began; what is left to validate is time.
type strategy struct{}

func (strategy) AccessTokenSignature(_ context.Context, t string) string   { return t }
func (strategy) RefreshTokenSignature(_ context.Context, t string) string  { return t }
func (strategy) AuthorizeCodeSignature(_ context.Context, t string) string { return t }

func (strategy) GenerateAccessToken(ctx context.Context, _ fosite.Requester) (string, string, error) {
	text, err := workOf(ctx).accessToken(ctx)
	return text, text, err
}

func (strategy) GenerateRefreshToken(ctx context.Context, _ fosite.Requester) (string, string, error) {
	w := workOf(ctx)
	text := w.p.texts.text(token{kind: kindRefresh, grant: w.grant.ID, generation: w.generation, key: w.refreshKey()})
	return text, text, nil
}

func (strategy) GenerateAuthorizeCode(ctx context.Context, _ fosite.Requester) (string, string, error) {
	w := workOf(ctx)
	text := w.p.texts.text(token{kind: kindCode, grant: w.grant.ID, key: w.key})
	return text, text, nil
}

func (strategy) ValidateAccessToken(context.Context, fosite.Requester, string) error {
	return fosite.ErrRequestUnauthorized // fosite is not asked about access tokens
}

func (strategy) ValidateRefreshToken(ctx context.Context, _ fosite.Requester, _ string) error {
	w := workOf(ctx)
	if w.grant.IdleUntil.IsZero() || !claims.Live(time.Time{}, claims.Earlier(w.grant.IdleUntil, w.grant.Expires), w.now) {
		return fosite.ErrTokenExpired
	}
	return nil
}

func (strategy) ValidateAuthorizeCode(ctx context.Context, _ fosite.Requester, _ string) error {
	w := workOf(ctx)
	if !w.now.Before(w.grant.CodeExpires) {
		return fosite.ErrTokenExpired
	}
	return nil
}

// fositeClient is a client as fosite sees it.
type fositeClient struct{ claims.Client }

func (c fositeClient) GetID() string                      { return string(c.ID) }
func (c fositeClient) GetHashedSecret() []byte            { return nil }
func (c fositeClient) GetRedirectURIs() []string          { return c.RedirectURIs }
func (c fositeClient) GetResponseTypes() fosite.Arguments { return fosite.Arguments{"code"} }
func (c fositeClient) GetScopes() fosite.Arguments        { return c.Scopes }
func (c fositeClient) IsPublic() bool                     { return c.Auth == claims.AuthNone }
func (c fositeClient) GetAudience() fosite.Arguments      { return c.Resources }

func (c fositeClient) GetGrantTypes() fosite.Arguments {
	if len(c.GrantTypes) == 0 {
		return fosite.Arguments{grantCode}
	}
	return c.GrantTypes
}

func (c fositeClient) GetResponseModes() []fosite.ResponseModeType {
	return []fosite.ResponseModeType{fosite.ResponseModeQuery, fosite.ResponseModeFragment, fosite.ResponseModeFormPost}
}

// fositeSession holds what fosite works out about times. None of it is used:
// when things end is in the row and the texts, by our clock.
type fositeSession struct{ at [2]time.Time }

func (s *fositeSession) SetExpiresAt(k fosite.TokenType, at time.Time) {
	if k == fosite.AccessToken {
		s.at[0] = at
	} else {
		s.at[1] = at
	}
}

func (s *fositeSession) GetExpiresAt(k fosite.TokenType) time.Time {
	if k == fosite.AccessToken {
		return s.at[0]
	}
	return s.at[1]
}

func (s *fositeSession) GetUsername() string { return "" }
func (s *fositeSession) GetSubject() string  { return "" }

func (s *fositeSession) Clone() fosite.Session {
	c := *s
	return &c
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
