package oauth

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ory/fosite"

	"lanyard/claims"
	"lanyard/idp/web"
)

// oauthError is an error with the code a client is told (RFC 6749, sections
// 4.1.2.1 and 5.2; OpenID Connect Core, section 3.1.2.6).
type oauthError struct {
	code  string
	text  string // error_description: for whoever programs the client
	cause error  // for the log and the fault table; may be nil
}

func oauthErrorf(code, format string, args ...any) *oauthError {
	return &oauthError{code: code, text: fmt.Sprintf(format, args...)}
}

func (e *oauthError) Error() string {
	if e.cause != nil {
		return e.code + ": " + e.text + ": " + e.cause.Error()
	}
	return e.code + ": " + e.text
}

func (e *oauthError) Unwrap() error { return e.cause }

// because returns a copy that wraps what lay behind it.
func (e *oauthError) because(err error) *oauthError { return &oauthError{e.code, e.text, err} }

// tell returns what a client is told of err. What fosite refuses keeps its
// code; a fault of claims gets the fault table's; anything else is
// server_error and says nothing.
func tell(err error) *oauthError {
	if e, ok := errors.AsType[*oauthError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*fosite.RFC6749Error](err); ok && !isFault(err) {
		return fromFosite(e, err)
	}
	code := web.FaultOf(err).OAuth
	text := "Something went wrong on our side."
	switch code {
	case "server_error":
	case "temporarily_unavailable":
		text = "No answer can be given at the moment. Try again in a few seconds."
	case "slow_down":
		text = "Too many attempts. Wait a little, then try again."
	case "invalid_client":
		text = "The client did not prove who it is."
	default:
		text = "The request cannot be granted."
		if inv, ok := errors.AsType[*claims.Invalid](err); ok {
			text = "The parameter " + inv.Field + " " + inv.Problem + "."
		}
	}
	return &oauthError{code, text, err}
}

func isFault(err error) bool {
	for _, f := range claims.Faults {
		if errors.Is(err, f) {
			return true
		}
	}
	return false
}

// fromFosite keeps the code of an error of fosite if it is one that clients
// know. Its hints name what is wrong and hold no secret; its debug texts may.
func fromFosite(e *fosite.RFC6749Error, err error) *oauthError {
	switch e.ErrorField {
	case "invalid_request", "invalid_grant", "invalid_scope", "unauthorized_client", "unsupported_response_type", "access_denied":
		return &oauthError{e.ErrorField, e.HintField, err}
	case "inactive_token", "token_expired", "not_found":
		return &oauthError{"invalid_grant", "The grant is used up or over.", err}
	}
	return &oauthError{"server_error", "Something went wrong on our side.", err}
}

// status is the answer's status at an endpoint that clients call directly.
func (e *oauthError) status() int {
	switch e.code {
	case "invalid_client":
		return http.StatusUnauthorized
	case "slow_down":
		return http.StatusTooManyRequests
	case "temporarily_unavailable":
		return http.StatusServiceUnavailable
	case "server_error":
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// fail answers a client's own call (RFC 6749, section 5.2).
func (p *Provider) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := tell(err)
	web.Note(r.Context(), err)
	status := e.status()
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		status = http.StatusRequestEntityTooLarge
	}
	h := w.Header()
	noStore(h)
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Basic realm="lanyard"`) // RFC 9110, 15.5.2 wants one on every 401
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h.Set("Retry-After", strconv.Itoa(int(max(web.RetryIn(err), time.Second)/time.Second)))
	case http.StatusInternalServerError:
		p.Log.Error("an endpoint failed", web.KeyRoute, r.Pattern, web.KeyRequest, web.RequestID(r.Context()), web.KeyError, err)
	}
	web.JSON(w, status, struct {
		Error string `json:"error"`
		Text  string `json:"error_description,omitempty"`
	}{e.code, printable(e.text)})
}

// noStore keeps an answer out of caches, old ones too (RFC 6749, section 5.1).
func noStore(h http.Header) {
	h["Cache-Control"] = noStoreValue
	h["Pragma"] = noCacheValue
}

var (
	noStoreValue = []string{"no-store"}
	noCacheValue = []string{"no-cache"}
)

// printable keeps to the characters an error_description may have (RFC 6749,
// section 5.2).
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '"':
			return '\''
		case c < ' ' || c > '~' || c == '\\':
			return -1
		}
		return c
	}, s)
}

// bearerFail answers a call that came with a bearer token (RFC 6750, section 3.1).
func (p *Provider) bearerFail(w http.ResponseWriter, r *http.Request, err error) {
	e := tell(err)
	status := e.status()
	switch e.code {
	case "invalid_token":
		status = http.StatusUnauthorized
	case "insufficient_scope":
		status = http.StatusForbidden
	}
	if status != http.StatusUnauthorized && status != http.StatusForbidden {
		p.fail(w, r, err)
		return
	}
	web.Note(r.Context(), err)
	noStore(w.Header())
	challenge := `Bearer realm="lanyard"`
	if e.text != "" { // without a token there is nothing to say about it (RFC 6750, 3.1)
		challenge += fmt.Sprintf(`, error="%s", error_description="%s"`, e.code, printable(e.text))
	}
	w.Header().Set("WWW-Authenticate", challenge)
	web.JSON(w, status, struct {
		Error string `json:"error"`
		Text  string `json:"error_description,omitempty"`
	}{e.code, printable(e.text)})
}
