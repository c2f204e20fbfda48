package oauth

import (
	"cmp"
	"context"
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

// Is tells whether target is the fault that the code stands for, so that the
// log line and the fault table name one; a fault that lies behind e says more.
func (e *oauthError) Is(target error) bool { return target == e.fault() && !isFault(e.cause) }

// fault returns the kind of fault that a code is; nil if it is ours.
func (e *oauthError) fault() error {
	switch e.code {
	case "server_error":
		return nil
	case "temporarily_unavailable":
		return claims.ErrUnavailable
	case "slow_down":
		return claims.ErrTooMany
	case "expired_token":
		return claims.ErrExpired
	case "invalid_client", "invalid_token", "invalid_dpop_proof":
		return claims.ErrUnknownCaller
	case "unauthorized_client", "insufficient_scope":
		return claims.ErrDenied
	}
	if e.answers() {
		return claims.ErrDenied
	}
	return claims.ErrInvalid
}

// answers tells whether the code is what a client asked to hear rather than a
// fault of anybody's: that the member must do something first, or said no.
func (e *oauthError) answers() bool {
	switch e.code {
	case "login_required", "consent_required", "interaction_required", "access_denied", "unmet_authentication_requirements", "authorization_pending":
		return true
	}
	return false
}

// note keeps err for the request's log line, under the fault that the answer's
// code stands for if it is none of its own.
func note(ctx context.Context, err error, e *oauthError) {
	if !isFault(err) {
		err = e
	}
	web.Note(ctx, err)
}

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
	case "invalid_grant":
		return &oauthError{e.ErrorField, cmp.Or(e.HintField, "The grant is used up or over."), err}
	case "invalid_request", "invalid_scope", "unauthorized_client", "unsupported_response_type", "access_denied":
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
		if e.cause == nil { // RFC 8628, 3.5: an answer as the others there
			return http.StatusBadRequest
		}
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
	if !e.answers() || e.cause != nil {
		note(r.Context(), err, e)
	}
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
	web.JSON(w, status, errorAnswer{e.code, printable(e.text)})
}

// errorAnswer is RFC 6749, section 5.2.
type errorAnswer struct {
	Error string `json:"error"`
	Text  string `json:"error_description,omitempty"`
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

// bearerFail answers a call that came with an access token, or should have (RFC
// 6750, section 3.1; RFC 9449, section 7.1). To who brought none there is
// nothing to say about it.
func (p *Provider) bearerFail(w http.ResponseWriter, r *http.Request, err error) {
	e := tell(err)
	status := e.status()
	switch e.code {
	case "invalid_token", "invalid_dpop_proof":
		status = http.StatusUnauthorized
	case "insufficient_scope":
		status = http.StatusForbidden
	}
	challenge := `Bearer realm="lanyard"`
	if e.text != "" {
		challenge += fmt.Sprintf(`, error="%s", error_description="%s"`, e.code, printable(e.text))
	}
	if byDPoP(r, err) {
		challenge = dpopChallenge(e)
	}
	if status != http.StatusUnauthorized && status != http.StatusForbidden {
		if e.code == "invalid_request" {
			w.Header().Set("WWW-Authenticate", challenge)
		}
		p.fail(w, r, err)
		return
	}
	note(r.Context(), err, e)
	noStore(w.Header())
	w.Header().Set("WWW-Authenticate", challenge)
	if e.text == "" {
		w.Header().Add("WWW-Authenticate", dpopChallenge(e))
		web.JSON(w, status, struct{}{})
		return
	}
	web.JSON(w, status, errorAnswer{e.code, printable(e.text)})
}
