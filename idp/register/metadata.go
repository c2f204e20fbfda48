package register

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/idp/web"
)

// metadata is what a client says of itself, as far as it is understood (RFC
// 7591, section 2; OpenID Connect Registration, section 2; RP-initiated and
// Back-Channel Logout; RFC 9126, section 6; RFC 9449, section 5.2).
type metadata struct {
	RedirectURIs   []string        `json:"redirect_uris,omitempty"`
	AuthMethod     string          `json:"token_endpoint_auth_method,omitempty"`
	AssertionAlg   string          `json:"token_endpoint_auth_signing_alg,omitempty"`
	GrantTypes     []string        `json:"grant_types,omitempty"`
	ResponseTypes  []string        `json:"response_types,omitempty"`
	ApplicationTyp string          `json:"application_type,omitempty"`
	Name           string          `json:"client_name,omitempty"`
	URI            string          `json:"client_uri,omitempty"`
	PolicyURI      string          `json:"policy_uri,omitempty"`
	TermsURI       string          `json:"tos_uri,omitempty"`
	Scope          string          `json:"scope,omitempty"`
	Contacts       []string        `json:"contacts,omitempty"`
	JWKSURI        string          `json:"jwks_uri,omitempty"`
	JWKS           json.RawMessage `json:"jwks,omitempty"`
	SoftwareID     string          `json:"software_id,omitempty"`
	Version        string          `json:"software_version,omitempty"`
	SubjectType    string          `json:"subject_type,omitempty"`
	SectorURI      string          `json:"sector_identifier_uri,omitempty"`
	IDTokenAlg     string          `json:"id_token_signed_response_alg,omitempty"`
	LogoutURIs     []string        `json:"post_logout_redirect_uris,omitempty"`
	BackchannelURI string          `json:"backchannel_logout_uri,omitempty"`
	BackchannelSID bool            `json:"backchannel_logout_session_required,omitempty"`
	RequirePushed  bool            `json:"require_pushed_authorization_requests,omitempty"`
	RequireDPoP    bool            `json:"dpop_bound_access_tokens,omitempty"`
}

// request is metadata with what an update says beside it (RFC 7592, section
// 2.2), and what is refused by name.
type request struct {
	metadata
	ID        string
	Secret    *string
	forbidden string // the first member that only the server says
}

// names are the members of metadata.
var names = func() map[string]bool {
	all := map[string]bool{}
	t := reflect.TypeFor[metadata]()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		all[name] = true
	}
	return all
}()

// serverSays are members that a client may not send.
var serverSays = []string{"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"}

// unsupported are members that would change what tokens and answers look like:
// to leave them out silently would break the client later.
var unsupported = []string{"id_token_encrypted_response_alg", "id_token_encrypted_response_enc", "userinfo_signed_response_alg", "userinfo_encrypted_response_alg",
	"userinfo_encrypted_response_enc", "introspection_signed_response_alg", "tls_client_certificate_bound_access_tokens"}

// readRequest reads a body. What it does not understand it leaves out.
func readRequest(body []byte) (request, error) {
	var req request
	members, err := members(body)
	if err != nil {
		return req, err
	}
	for _, name := range serverSays {
		if members[name] != nil {
			req.forbidden = name
		}
	}
	if members["software_statement"] != nil {
		return req, &fault{"invalid_software_statement", "software_statement: is not supported; leave it out"}
	}
	for _, name := range unsupported {
		if members[name] != nil {
			return req, &claims.Invalid{Field: name, Problem: "is not supported; leave it out"}
		}
	}
	for field, into := range map[string]any{"client_id": &req.ID, "client_secret": &req.Secret} {
		if raw := members[field]; raw != nil && json.Unmarshal(raw, into) != nil {
			return req, &claims.Invalid{Field: field, Problem: "must be a text"}
		}
	}
	jwks := members["jwks"]
	delete(members, "jwks")
	for name := range members {
		if !names[name] {
			delete(members, name)
		}
	}
	known, err := json.Marshal(members)
	if err != nil {
		return req, &claims.Invalid{Field: "body", Problem: "is not one JSON document"}
	}
	if err := web.DecodeJSON(known, &req.metadata); err != nil {
		return req, err
	}
	req.JWKS = jwks
	return req, nil
}

// members takes an object apart: a name that is there twice is refused, and a
// null is as good as nothing (RFC 7592, section 2.2).
func members(body []byte) (map[string]json.RawMessage, error) {
	notOne := &claims.Invalid{Field: "body", Problem: "is not one JSON object"}
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, notOne
	}
	all := map[string]json.RawMessage{}
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		var raw json.RawMessage
		if err != nil || !ok || dec.Decode(&raw) != nil {
			return nil, notOne
		}
		if _, twice := all[name]; twice {
			return nil, &claims.Invalid{Field: "body", Problem: fmt.Sprintf("%.40q is there twice", name)}
		}
		all[name] = raw
	}
	if _, err := dec.Token(); err != nil || len(bytes.TrimSpace(body[dec.InputOffset():])) > 0 {
		return nil, notOne
	}
	for name, raw := range all {
		if string(raw) == "null" {
			delete(all, name)
		}
	}
	return all, nil
}

// client is what metadata makes of a client, with the defaults that the
// standards give.
func (m metadata) client() (claims.Client, error) {
	c := claims.Client{
		Name: m.Name, RedirectURIs: m.RedirectURIs, LogoutURIs: m.LogoutURIs, BackchannelURI: m.BackchannelURI, BackchannelSID: m.BackchannelSID,
		Auth: claims.AuthBasic, AssertionAlg: m.AssertionAlg, JWKS: string(m.JWKS), JWKSURI: m.JWKSURI, GrantTypes: m.GrantTypes,
		IDTokenAlg: m.IDTokenAlg, SubjectType: m.SubjectType, SectorURI: m.SectorURI, RequirePushed: m.RequirePushed, RequireDPoP: m.RequireDPoP,
		Registration: &claims.Registration{URI: m.URI, PolicyURI: m.PolicyURI, TermsURI: m.TermsURI, Contacts: m.Contacts, SoftwareID: m.SoftwareID, SoftwareVersion: m.Version},
	}
	if m.AuthMethod != "" {
		c.Auth = claims.AuthMethod(m.AuthMethod)
	}
	if len(c.GrantTypes) == 0 {
		c.GrantTypes = []string{"authorization_code"}
	}
	if c.SubjectType == "public" {
		c.SubjectType = ""
	}
	if m.ApplicationTyp != "" && m.ApplicationTyp != "web" && m.ApplicationTyp != "native" {
		return c, &claims.Invalid{Field: "application_type", Problem: "is web or native"}
	}
	for _, t := range m.ResponseTypes {
		if t != "code" {
			return c, &claims.Invalid{Field: "response_types", Problem: fmt.Sprintf("%.40q is not offered; code is", t)}
		}
	}
	c.Scopes = strings.Fields("openid profile email")
	if m.Scope != "" {
		c.Scopes = slices.DeleteFunc(strings.Fields(m.Scope), func(s string) bool { return !slices.Contains(claims.KnownScopes, s) })
	}
	return c, nil
}

// saying is what is registered of a client, as it says it itself.
func saying(c claims.Client) metadata {
	m := metadata{
		RedirectURIs: c.RedirectURIs, LogoutURIs: c.LogoutURIs, BackchannelURI: c.BackchannelURI, BackchannelSID: c.BackchannelSID, Name: c.Name,
		AuthMethod: string(c.Auth), AssertionAlg: c.AssertionAlg, JWKS: json.RawMessage(c.JWKS), JWKSURI: c.JWKSURI, GrantTypes: c.GrantTypes,
		Scope: strings.Join(c.Scopes, " "), SubjectType: "public", SectorURI: c.SectorURI, IDTokenAlg: "RS256",
		RequirePushed: c.RequirePushed, RequireDPoP: c.RequireDPoP,
	}
	if slices.Contains(c.GrantTypes, "authorization_code") {
		m.ResponseTypes = []string{"code"}
	}
	if c.IDTokenAlg != "" {
		m.IDTokenAlg = c.IDTokenAlg
	}
	if c.SubjectType != "" {
		m.SubjectType = c.SubjectType
	}
	if r := c.Registration; r != nil {
		m.URI, m.PolicyURI, m.TermsURI, m.Contacts, m.SoftwareID, m.Version = r.URI, r.PolicyURI, r.TermsURI, r.Contacts, r.SoftwareID, r.SoftwareVersion
	}
	return m
}
