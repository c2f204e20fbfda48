package register

import (
	"crypto/subtle"
	"net/http"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// Read tells a client what is registered of it, at GET /register/{client}.
func (g *Register) Read(w http.ResponseWriter, r *http.Request) {
	c, token, err := g.itself(r)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	web.JSON(w, http.StatusOK, g.answer(c, token, ""))
}

// Update replaces all that is registered of a client, at PUT /register/{client}.
func (g *Register) Update(w http.ResponseWriter, r *http.Request) {
	a, err := g.update(r)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	web.JSON(w, http.StatusOK, a)
}

func (g *Register) update(r *http.Request) (answer, error) {
	old, token, err := g.itself(r)
	if err != nil {
		return answer{}, err
	}
	if err := g.tries.Take(string(old.ID), g.Now()); err != nil {
		return answer{}, err
	}
	c, req, err := g.read(r)
	if err != nil {
		return answer{}, err
	}
	if err := g.sameClient(old, req); err != nil {
		return answer{}, err
	}
	c.ID, c.Registration.Token = old.ID, old.Registration.Token
	if c.Auth.HasSecret() {
		c.Secrets = old.Secrets
	}
	secret := g.giveSecret(&c)
	if err := g.CheckSector(r.Context(), c); err != nil {
		return answer{}, err
	}
	by := claims.Actor{Kind: claims.ActorClient, ID: string(c.ID)}
	if _, err := g.Store.Change(r.Context(), by, web.RequestID(r.Context()), claims.RegisterClient{Client: c}); err != nil {
		return answer{}, err
	}
	kept, err := g.kept(c.ID)
	if err != nil {
		return answer{}, err
	}
	return g.answer(kept, token, secret), nil
}

// sameClient holds what an update says of who the client is (RFC 7592, section
// 2.2).
func (g *Register) sameClient(old claims.Client, req request) error {
	switch {
	case req.forbidden != "":
		return &claims.Invalid{Field: req.forbidden, Problem: "is not the client's to say; leave it out"}
	case req.ID != string(old.ID):
		return &claims.Invalid{Field: "client_id", Problem: "must be there, and be the client's own"}
	case req.Secret != nil && !holds(old, record.Secret(*req.Secret), g):
		return &claims.Invalid{Field: "client_secret", Problem: "is not the one that is registered; leave it out"}
	}
	return nil
}

func holds(c claims.Client, secret record.Secret, g *Register) bool {
	sum := secret.SHA256()
	for _, s := range c.Secrets {
		if subtle.ConstantTimeCompare([]byte(s.SHA256), []byte(sum)) == 1 && (s.Expires.IsZero() || g.Now().Before(s.Expires)) {
			return true
		}
	}
	return false
}

// Delete disables a client, at DELETE /register/{client}.
func (g *Register) Delete(w http.ResponseWriter, r *http.Request) {
	c, _, err := g.itself(r)
	if err == nil {
		by := claims.Actor{Kind: claims.ActorClient, ID: string(c.ID)}
		_, err = g.Store.Change(r.Context(), by, web.RequestID(r.Context()), claims.DeregisterClient{Client: c.ID})
	}
	if err != nil {
		g.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}

// itself is the client that a request is about, proved by its registration
// access token, which it returns too. Whoever has none is told nothing, not
// even whether there is such a client (RFC 7592, section 2.1).
func (g *Register) itself(r *http.Request) (claims.Client, string, error) {
	if !g.On {
		return claims.Client{}, "", errOff
	}
	text, err := bearer(r)
	if err != nil {
		return claims.Client{}, "", err
	}
	d := g.Directory()
	if d == nil {
		return claims.Client{}, "", claims.ErrUnavailable
	}
	c, ok := claims.Get[claims.Client](d, r.PathValue("client"))
	if !ok || c.Registration == nil || !c.Disabled.IsZero() ||
		subtle.ConstantTimeCompare([]byte(c.Registration.Token), []byte(record.Secret(text).SHA256())) != 1 {
		return claims.Client{}, "", badToken("the token opens no such client")
	}
	return c, text, nil
}
