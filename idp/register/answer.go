package register

import (
	"errors"
	"fmt"
	"net/http"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// answer is what a client is told of its registration (RFC 7591, section
// 3.2.1; RFC 7592, section 3). The secret is in it when it is made, and never
// again.
type answer struct {
	ID            string `json:"client_id"`
	Issued        int64  `json:"client_id_issued_at"`
	Secret        string `json:"client_secret,omitempty"`
	SecretExpires *int64 `json:"client_secret_expires_at,omitempty"` // 0: never
	Token         string `json:"registration_access_token"`
	URI           string `json:"registration_client_uri"`
	metadata
}

func (g *Register) answer(c claims.Client, token string, secret record.Secret) answer {
	a := answer{ID: string(c.ID), Token: token, URI: g.Issuer + Path + "/" + string(c.ID), Secret: string(secret), metadata: saying(c)}
	if c.Registration != nil {
		a.Issued = c.Registration.At.Unix()
	}
	if secret != "" {
		a.SecretExpires = new(int64)
	}
	return a
}

// fault is an error with a code of its own (RFC 7591, section 3.2.2).
type fault struct{ code, text string }

func (f *fault) Error() string { return f.text }

func (f *fault) Unwrap() error { return claims.ErrInvalid }

// errOff is what every address here answers while registration is off.
var errOff = fmt.Errorf("registration is off: %w", claims.ErrNotFound)

// badToken is a token that opens nothing, whyever.
func badToken(why string) error {
	return fmt.Errorf("registration: %s: %w", why, claims.ErrUnknownCaller)
}

// said are the names that clients know fields of ours by.
var said = map[string]string{
	"auth": "token_endpoint_auth_method", "secrets": "token_endpoint_auth_method", "name": "client_name", "scopes": "scope", "id_token_alg": "id_token_signed_response_alg",
}

// fail answers with what went wrong.
func (g *Register) fail(w http.ResponseWriter, r *http.Request, err error) {
	web.Note(r.Context(), err)
	w.Header().Set("Cache-Control", "no-store")
	row := web.FaultOf(err)
	code, text := row.OAuth, row.Text
	invalid, isInvalid := errors.AsType[*claims.Invalid](err)
	own, isOwn := errors.AsType[*fault](err)
	refused, isRefused := errors.AsType[*claims.Refused](err)
	switch {
	case errors.Is(err, errOff):
		code, text = "invalid_request", "Applications do not register themselves here; an organiser adds them."
	case errors.Is(err, claims.ErrConflict):
		code = "invalid_client_metadata"
	case errors.Is(err, claims.ErrUnknownCaller):
		code, text = "invalid_token", "The token is not valid here, or no more."
		w.Header().Set("WWW-Authenticate", `Bearer realm="lanyard", error="invalid_token"`)
	case isOwn:
		code, text = own.code, own.text
	case isInvalid:
		code, text = "invalid_client_metadata", invalid.Problem
		field := invalid.Field
		if field == "redirect_uris" {
			code = "invalid_redirect_uri"
		}
		if name, ok := said[field]; ok {
			field = name
		}
		if field != "" {
			text = field + ": " + text
		}
	case isRefused:
		text = refused.Error()
	}
	if wait := web.RetryIn(err); wait > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int64(wait.Seconds())))
	}
	web.JSON(w, web.StatusOf(err), map[string]string{"error": code, "error_description": text})
}
