package oauth

import (
	"crypto"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/go-jose/go-jose/v4"
)

var proofs atomic.Int64 // how many were made: each has a jti of its own

// thumb is a key's thumbprint (RFC 7638).
func (k signingKey) thumb() string {
	jwk := k.public()
	return base64.RawURLEncoding.EncodeToString(must(jwk.Thumbprint(crypto.SHA256)))
}

// proofOf makes a proof for a request to path; changes are made to what it
// says, a nil value takes a claim away.
func (w *world) proofOf(k signingKey, method, path, access string, changes map[string]any) string {
	body := map[string]any{"jti": fmt.Sprint("proof-", proofs.Add(1)), "htm": method, "htu": w.server.URL + path, "iat": w.clock().Unix()}
	if access != "" {
		body["ath"] = accessHash(access)
	}
	for name, value := range changes {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	return k.sign(k.alg, body, map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": k.bare()})
}

// bare is the public key as proofs carry it, without a name.
func (k signingKey) bare() jose.JSONWebKey { return jose.JSONWebKey{Key: k.private.Public()} }

// call sends a form as a client with proofs, or asks by GET without a form.
func (w *world) call(method, path, authorization string, form url.Values, proofs ...string) reply {
	w.t.Helper()
	r, err := http.NewRequest(method, w.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if user, pass, ok := strings.Cut(authorization, ":"); ok {
		r.SetBasicAuth(user, pass)
	} else if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	for _, p := range proofs {
		r.Header.Add("DPoP", p)
	}
	got, err := send(w.http, r)
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// phoneCode is what phone exchanges for tokens of ada's.
func (w *world) phoneCode(pairs ...string) url.Values {
	w.t.Helper()
	code := w.code("ada", request("phone", "openid groups offline_access", pairs...))
	return url.Values{"grant_type": {grantCode}, "client_id": {"phone"}, "code": {code}, "redirect_uri": {"http://127.0.0.1:5000/cb"}, "code_verifier": {verifier}}
}

// bound signs ada in at phone with tokens that are bound to a key.
func (w *world) bound(k signingKey) reply {
	w.t.Helper()
	r := w.call("POST", PathToken, "", w.phoneCode(), w.proofOf(k, "POST", PathToken, "", nil))
	if r.status != 200 || r.text("token_type") != "DPoP" {
		w.t.Fatalf("a code with a proof: %d %s", r.status, r.body)
	}
	return r
}

func phoneRefresh(token string) url.Values {
	return url.Values{"grant_type": {grantRefresh}, "client_id": {"phone"}, "refresh_token": {token}}
}
