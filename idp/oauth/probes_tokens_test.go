package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

func probe14(s site) error { // nothing is given twice
	q := request("wiki", "openid")
	q["scope"] = []string{"openid", "groups"}
	if r, err := s.authorize(q); err != nil || r.status != http.StatusBadRequest {
		return fmt.Errorf("scope twice at authorize: %d %v", r.status, err)
	}
	r, err := postAs(s.http, s.base+PathToken, "wiki", url.Values{"grant_type": {grantClient}, "scope": {"groups", "tags"}})
	if err != nil || r.text("error") != "invalid_request" {
		return fmt.Errorf("scope twice at token: %d %s %v", r.status, r.body, err)
	}
	return nil
}

func probe15(s site) error { // who may introspect; a refresh token's own end
	r, err := s.login("wiki", "openid offline_access")
	if err != nil {
		return err
	}
	got, err := s.post(PathIntrospect, "third", "token", r.text("access_token"))
	if err != nil || got.json["active"] != false || len(got.json) != 1 {
		return fmt.Errorf("a stranger is told %d %s %v", got.status, got.body, err)
	}
	access, err := s.post(PathIntrospect, "wiki", "token", r.text("access_token"))
	if err != nil || access.json["active"] != true {
		return fmt.Errorf("the client itself is told %d %s %v", access.status, access.body, err)
	}
	refresh, err := s.post(PathIntrospect, "wiki", "token", r.text("refresh_token"))
	if err != nil || refresh.json["active"] != true || refresh.text("token_type") == access.text("token_type") {
		return fmt.Errorf("the refresh token is %d %s %v", refresh.status, refresh.body, err)
	}
	if a, b := access.json["exp"], refresh.json["exp"]; a == b {
		return fmt.Errorf("both end at %v", a)
	}
	return nil
}

func probe16(s site) error { // an access token that is a JWT is one of RFC 9068
	r, err := s.login("files", "openid groups")
	if err != nil {
		return err
	}
	jws, err := jose.ParseSigned(r.text("access_token"), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return err
	}
	var says map[string]any
	json.Unmarshal(jws.UnsafePayloadWithoutVerification(), &says)
	aud, _ := says["aud"].(string)
	typ := jws.Signatures[0].Protected.ExtraHeaders["typ"]
	if says["scope"] != "openid groups" || says["client_id"] != "files" || aud == "" || typ != "at+jwt" || says["jti"] == nil || says["sub"] != "sub-ada" {
		return fmt.Errorf("typ %v: %v", typ, says)
	}
	return nil
}

// respelled writes a JWT's signature with another last letter that stands for
// the same bytes.
func respelled(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + string(alphabet[last^1])
}

func probe17(s site) error { // however a token is spelled, revoking it revokes it
	r, err := s.login("files", "openid")
	if err != nil {
		return err
	}
	other := respelled(r.text("access_token"))
	jws, err := jose.ParseSigned(other, []jose.SignatureAlgorithm{jose.ES256})
	if err == nil {
		_, err = jws.Verify(s.es256)
	}
	if err != nil {
		return fmt.Errorf("the other spelling does not verify: %w", err)
	}
	if got, err := s.post(PathRevoke, "files", "token", other); err != nil || got.status != 200 {
		return fmt.Errorf("revoke: %d %s %v", got.status, got.body, err)
	}
	if got, err := s.post(PathIntrospect, "auditor", "token", r.text("access_token")); err != nil || got.json["active"] != false {
		return fmt.Errorf("after revocation: %d %s %v", got.status, got.body, err)
	}
	return nil
}

func probe18(s site) error { // each client's algorithm; a hint of either is understood
	for client, alg := range map[string]string{"wiki": "RS256", "files": "ES256"} {
		r, err := s.login(client, "openid")
		if err != nil {
			return err
		}
		jws, err := jose.ParseSigned(r.text("id_token"), []jose.SignatureAlgorithm{jose.RS256, jose.ES256})
		if err != nil {
			return err
		}
		if h := jws.Signatures[0].Header; h.Algorithm != alg || h.KeyID == "" {
			return fmt.Errorf("%s: alg %s, kid %q", client, h.Algorithm, h.KeyID)
		}
		if _, err := s.code(request(client, "openid", "prompt", "none", "id_token_hint", r.text("id_token"))); err != nil {
			return fmt.Errorf("hint of %s: %w", client, err)
		}
	}
	return nil
}

func probe21(s site) error { // a wrong verifier spends the code: none is no better afterwards
	code, err := s.code(request("wiki", "openid"))
	if err != nil {
		return err
	}
	for _, v := range []string{strings.Repeat("w", 43), "-", verifier} {
		r, err := s.post(PathToken, "wiki", "grant_type", grantCode, "code", code, "redirect_uri", redirect, "code_verifier", v)
		if err != nil {
			return err
		}
		if r.text("error") != "invalid_grant" || slices.Contains([]int{200, 500}, r.status) {
			return errors.New("verifier " + v[:1] + ": " + r.body)
		}
	}
	return nil
}
