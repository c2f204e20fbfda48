// Discovery (OpenID Connect Discovery 1.0, section 4; RFC 8414; RP-Initiated
// Logout 1.0, section 2.1; Back-Channel Logout 1.0, section 2.1) and keys (RFC
// 7517).
//
//   - every address comes from the configured issuer, never from   Discovery, 4.3
//     Host or a forwarded header
//   - the two documents say the same                                8414, 3.2
//   - an ETag answers 304                                           RFC 9110, 13.1.2
package oauth

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/web"
)

// The endpoints, below the issuer.
const (
	PathAuthorize  = pathAuthorize
	PathToken      = "/token"
	PathUserInfo   = "/userinfo"
	PathIntrospect = "/introspect"
	PathRevoke     = "/revoke"
	PathPush       = "/par"
	PathDevice     = "/device_authorization"
	PathDevicePage = "/device" // for people
	PathJWKS       = "/jwks.json"
	PathLogout     = "/logout" // served by the login pages
)

// metadata is what discovery says, in the order people read it.
type metadata struct {
	Issuer          string   `json:"issuer"`
	Authorize       string   `json:"authorization_endpoint"`
	Token           string   `json:"token_endpoint"`
	UserInfo        string   `json:"userinfo_endpoint"`
	JWKS            string   `json:"jwks_uri"`
	Introspect      string   `json:"introspection_endpoint"`
	Revoke          string   `json:"revocation_endpoint"`
	EndSession      string   `json:"end_session_endpoint"`
	Push            string   `json:"pushed_authorization_request_endpoint"`
	Device          string   `json:"device_authorization_endpoint"`
	Register        string   `json:"registration_endpoint,omitempty"`
	Scopes          []string `json:"scopes_supported"`
	ResponseTypes   []string `json:"response_types_supported"`
	ResponseModes   []string `json:"response_modes_supported"`
	GrantTypes      []string `json:"grant_types_supported"`
	SubjectTypes    []string `json:"subject_types_supported"`
	IDTokenAlgs     []string `json:"id_token_signing_alg_values_supported"`
	TokenAuth       []string `json:"token_endpoint_auth_methods_supported"`
	IntrospectAuth  []string `json:"introspection_endpoint_auth_methods_supported"`
	RevokeAuth      []string `json:"revocation_endpoint_auth_methods_supported"`
	TokenAlgs       []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	IntrospectAlgs  []string `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	RevokeAlgs      []string `json:"revocation_endpoint_auth_signing_alg_values_supported"`
	ProofAlgs       []string `json:"dpop_signing_alg_values_supported"`
	ChallengeMethod []string `json:"code_challenge_methods_supported"`
	Claims          []string `json:"claims_supported"`
	ClaimTypes      []string `json:"claim_types_supported"`
	ACR             []string `json:"acr_values_supported"`
	Prompts         []string `json:"prompt_values_supported"`
	ClaimsParameter bool     `json:"claims_parameter_supported"`
	Request         bool     `json:"request_parameter_supported"`
	RequestURI      bool     `json:"request_uri_parameter_supported"`
	RequirePushed   bool     `json:"require_pushed_authorization_requests"` // of every client: no
	IssInAnswer     bool     `json:"authorization_response_iss_parameter_supported"`
	Backchannel     bool     `json:"backchannel_logout_supported"`
	BackchannelSID  bool     `json:"backchannel_logout_session_supported"`
}

// static is a document that never changes, and its ETag.
type static struct {
	body []byte
	tag  string
}

func renderDiscovery(issuer, register string) static {
	auth := []string{"client_secret_basic", "client_secret_post", "private_key_jwt", "none"}
	body, err := json.Marshal(metadata{
		Issuer: issuer, Authorize: issuer + PathAuthorize, Token: issuer + PathToken, UserInfo: issuer + PathUserInfo,
		JWKS: issuer + PathJWKS, Introspect: issuer + PathIntrospect, Revoke: issuer + PathRevoke,
		EndSession: issuer + PathLogout, Push: issuer + PathPush, Device: issuer + PathDevice, Register: register,
		Scopes: knownScopes, ResponseTypes: []string{"code"}, ResponseModes: []string{modeQuery, modeFragment, modeFormPost},
		GrantTypes: claims.KnownGrantTypes, SubjectTypes: []string{"public", "pairwise"}, IDTokenAlgs: keys.Algs,
		TokenAuth: auth, IntrospectAuth: []string{"client_secret_basic", "client_secret_post", "private_key_jwt", "Bearer", "DPoP"}, RevokeAuth: auth,
		TokenAlgs: claims.KnownAssertionAlgs, IntrospectAlgs: claims.KnownAssertionAlgs, RevokeAlgs: claims.KnownAssertionAlgs,
		ProofAlgs: claims.KnownAssertionAlgs, ChallengeMethod: []string{"S256"},
		Claims: []string{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid", "amr", "acr", "name", "given_name",
			"family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "gender", "birthdate",
			"zoneinfo", "locale", "updated_at", "email", "email_verified", "phone_number", "phone_number_verified", "address", "groups", "groups_overage", "membership", "tags",
			"badges", "affiliations", "authz_version"},
		ClaimTypes: []string{"normal"}, ACR: []string{"1", "2"}, Prompts: []string{"none", "login", "consent", "select_account"},
		ClaimsParameter: true, IssInAnswer: true, Backchannel: true, BackchannelSID: true,
	})
	if err != nil {
		panic(err) // texts and lists of texts always marshal
	}
	sum := sha256.Sum256(body)
	return static{body, `"` + hex.EncodeToString(sum[:8]) + `"`}
}

// Discovery serves openid-configuration and oauth-authorization-server.
func (p *Provider) Discovery(w http.ResponseWriter, r *http.Request) {
	serve(w, r, p.static.body, p.static.tag)
}

// JWKS serves the published keys.
func (p *Provider) JWKS(w http.ResponseWriter, r *http.Request) {
	serve(w, r, p.Signer.JWKS(), p.Signer.JWKSTag())
}

// serve answers with a public document. Caches keep it five minutes: less than
// a key is published before it signs.
func serve(w http.ResponseWriter, r *http.Request, body []byte, tag string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		web.JSON(w, http.StatusMethodNotAllowed, struct{}{})
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("ETag", tag)
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == tag || known == "*" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", "application/json")
	w.Write(body) // a client that went away is no fault of ours
}
