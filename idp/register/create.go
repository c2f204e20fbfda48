package register

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// Create registers a client, at POST /register.
func (g *Register) Create(w http.ResponseWriter, r *http.Request) {
	a, err := g.create(r)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	web.JSON(w, http.StatusCreated, a)
}

func (g *Register) create(r *http.Request) (answer, error) {
	if !g.On {
		return answer{}, errOff
	}
	text, err := bearer(r)
	if err != nil {
		return answer{}, err
	}
	token, by, err := g.invited(r.Context(), text)
	if err != nil {
		return answer{}, err
	}
	if err := g.tries.Take(token.ID, g.Now()); err != nil {
		return answer{}, err
	}
	c, _, err := g.read(r)
	if err != nil {
		return answer{}, err
	}
	own := record.Secret(record.Random(32))
	c.ID, c.Registration.Token = newID(), own.SHA256()
	secret := g.giveSecret(&c)
	if err := g.CheckSector(r.Context(), c); err != nil {
		return answer{}, err
	}
	// What is refused uses nothing up.
	if _, err := g.Store.Preview(r.Context(), by, claims.RegisterClient{Client: c}); err != nil {
		return answer{}, err
	}
	if err := g.Store.UseRegistrationToken(r.Context(), token.ID, g.Now()); err != nil {
		if errors.Is(err, claims.ErrExpired) {
			err = badToken("the token has registered all it may")
		}
		return answer{}, err
	}
	if _, err := g.Store.Change(r.Context(), by, web.RequestID(r.Context()), claims.RegisterClient{Client: c}); err != nil {
		return answer{}, err
	}
	kept, err := g.kept(c.ID)
	if err != nil {
		return answer{}, err
	}
	return g.answer(kept, string(own), secret), nil
}

// invited returns the token that a request brings, if it still serves, and on
// whose behalf it does.
func (g *Register) invited(ctx context.Context, text string) (record.RegistrationToken, claims.Actor, error) {
	t, err := g.Store.RegistrationToken(ctx, record.Secret(text).SHA256())
	if errors.Is(err, claims.ErrNotFound) {
		err = badToken("the token is unknown")
	}
	if err != nil {
		return t, claims.Actor{}, err
	}
	if !t.Revoked.IsZero() || !g.Now().Before(t.Expires) || t.Used >= t.Uses {
		return t, claims.Actor{}, badToken("the token is over")
	}
	kind, id, _ := strings.Cut(t.Owner, ":")
	return t, claims.Actor{Kind: claims.ActorKind(kind), ID: id}, nil
}

// read reads what a client says of itself.
func (g *Register) read(r *http.Request) (claims.Client, request, error) {
	body, err := web.ReadJSONBody(r, MaxBody)
	if err != nil {
		return claims.Client{}, request{}, err
	}
	req, err := readRequest(body)
	if err != nil {
		return claims.Client{}, req, err
	}
	c, err := req.client()
	return c, req, err
}

// giveSecret makes a secret for a client that needs one and has none.
func (g *Register) giveSecret(c *claims.Client) record.Secret {
	if !c.Auth.HasSecret() || len(c.Secrets) > 0 {
		return ""
	}
	secret := record.Secret(record.Random(32))
	c.Secrets = []claims.Secret{{SHA256: secret.SHA256(), Created: g.Now()}}
	return secret
}

// kept is a client as it is registered now.
func (g *Register) kept(id claims.ClientID) (claims.Client, error) {
	d := g.Directory()
	if d == nil {
		return claims.Client{}, claims.ErrUnavailable
	}
	c, ok := claims.Get[claims.Client](d, string(id))
	if !ok {
		return c, claims.ErrNotFound
	}
	return c, nil
}

// newID is a name for a client that nobody thought of: letters and digits, so
// that its place in the tree has the same.
func newID() claims.ClientID {
	return claims.ClientID("r-" + strings.ToLower(rand.Text()[:20]))
}

// bearer is the token that a request brings.
func bearer(r *http.Request) (string, error) {
	text, dpop, ok := web.AccessToken(r)
	if !ok || dpop {
		return "", badToken("there is no bearer token")
	}
	return text, nil
}
