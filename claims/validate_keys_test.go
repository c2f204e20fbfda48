package claims

import (
	"strings"
	"testing"
)

const ecJWK = `{"kty":"EC","crv":"P-256","kid":"a","x":"AA","y":"AA"}`

func keySet(keys ...string) string { return `{"keys":[` + strings.Join(keys, ",") + `]}` }

// signing is a client with a key, changed.
func signing(change func(*Client)) Client {
	return wiki(func(c *Client) {
		c.Auth, c.Secrets, c.JWKS = AuthPrivateKey, nil, keySet(ecJWK)
		if change != nil {
			change(c)
		}
	})
}

func TestClientKeysArePublicAndToldApart(t *testing.T) {
	d := built(t)
	wrong := func(name, field, words string, change func(*Client)) refusal {
		return refusal{name, ErrInvalid, field, words, Define{signing(change)}}
	}
	set := func(name, words string, keys ...string) refusal {
		return wrong(name, "jwks", words, func(c *Client) { c.JWKS = keySet(keys...) })
	}
	at := func(name, words, uri string) refusal {
		return wrong(name, "jwks_uri", words, func(c *Client) { c.JWKS, c.JWKSURI = "", uri })
	}
	refuseAll(t, d, []refusal{
		wrong("both", "jwks", "keep one", func(c *Client) { c.JWKSURI = "https://wiki.example.org/keys" }),
		wrong("an algorithm of secrets", "token_endpoint_auth_signing_alg", "none of RS256", func(c *Client) { c.AssertionAlg = "HS256" }),
		wrong("no JSON", "jwks", "JSON object", func(c *Client) { c.JWKS = "keys" }),
		wrong("too long", "jwks", "bytes at most", func(c *Client) { c.JWKS = `{"keys":[` + ecJWK + `],"x":"` + strings.Repeat("x", 20000) + `"}` }),
		set("none", "has 0 keys"),
		set("a private EC key", "private key (number 1)", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}`),
		set("a private RSA key", "private key (number 2)", ecJWK, `{"kty":"RSA","kid":"b","n":"AA","e":"AQAB","p":"AA"}`),
		set("a shared secret", "private key", `{"kty":"oct","k":"AA"}`),
		set("another curve", "none of RSA", `{"kty":"EC","crv":"P-521"}`),
		set("another type", "none of RSA", `{"kty":"PQC"}`),
		set("several, one unnamed", "no kid", ecJWK, `{"kty":"OKP","crv":"Ed25519","x":"AA"}`),
		set("several of one name", "no kid", ecJWK, ecJWK),
		at("plain http", "plain http", "http://wiki.example.org/keys"), at("a file", "no address", "file:///etc/passwd"),
		at("a user", "user or a fragment", "https://u:p@wiki.example.org/keys"), at("a fragment", "user or a fragment", "https://wiki.example.org/keys#1"),
		at("no address", "no address", "keys.json"),
	})
	for what, c := range map[string]Client{
		"a set": signing(nil), "an address": signing(func(c *Client) { c.JWKS, c.JWKSURI, c.AssertionAlg = "", "https://wiki.example.org/keys", "PS256" }),
		"an address on this machine": signing(func(c *Client) { c.JWKS, c.JWKSURI = "", "http://127.0.0.1:9000/keys" }),
	} {
		t.Run(what, func(t *testing.T) { grow(t, d, operator, Define{c}) })
	}
	d, _ = grow(t, d, operator, Define{signing(nil)})
	spaced := signing(func(c *Client) { c.JWKS = strings.ReplaceAll(c.JWKS, ",", " ,\n ") })
	if p, err := Plan(d, operator, noon, Define{spaced}); err != nil || len(p.Facts) != 0 {
		t.Errorf("the same set, spaced out, changes %v, %v", p.Facts, err)
	}
}
