package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/oauth"
	"lanyard/idp/outbound"
)

// proof reads how a client proves who it is. What goes with another way than
// the one that was named is dropped.
func (h *house) proof(c *claims.Client, set func(flag string) bool) error {
	if set("auth") {
		c.Auth = claims.AuthMethod(h.text("auth"))
		if !c.Auth.HasSecret() {
			c.Secrets = nil
		}
		if c.Auth != claims.AuthPrivateKey {
			c.JWKS, c.JWKSURI, c.AssertionAlg = "", "", ""
		}
	}
	if h.given("jwks") && h.given("jwks-uri") {
		return fmt.Errorf("--jwks and --jwks-uri: give one of them")
	}
	if h.given("jwks-uri") {
		c.JWKS, c.JWKSURI = "", h.text("jwks-uri")
	}
	if h.given("jwks") {
		text, err := os.ReadFile(h.text("jwks"))
		if err == nil {
			_, err = keys.ParseClientKeys(text)
		}
		if err != nil {
			return fmt.Errorf("--jwks %s: %w", h.text("jwks"), err)
		}
		c.JWKS, c.JWKSURI = string(text), ""
	}
	if set("auth-alg") {
		c.AssertionAlg = h.text("auth-alg")
	}
	return nil
}

// outbound is what fetches documents that clients name.
func (h *house) outbound() *outbound.Client {
	return outbound.New(outbound.Config{Allow: h.cfg.OutboundAllow()})
}

// checkSector fetches a client's list of redirect addresses, if it or what
// must be on it changes.
func (h *house) checkSector(want claims.Client) error {
	have, ok := claims.Get[claims.Client](h.dir(), string(want.ID))
	if ok && have.Pairwise() && have.SectorURI == want.SectorURI && slices.Equal(have.RedirectURIs, want.RedirectURIs) {
		return nil
	}
	return oauth.CheckSector(h.ctx(), h.outbound(), want)
}

// keysOfClient names a client's keys, or says where they are.
func keysOfClient(c claims.Client) string {
	if c.JWKS == "" {
		return c.JWKSURI
	}
	set, err := keys.ParseClientKeys([]byte(c.JWKS))
	if err != nil {
		return err.Error()
	}
	return strings.Join(set.Names(), "\n")
}
