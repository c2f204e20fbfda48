package web

import (
	"errors"
	"net/http"
	"time"

	"lanyard/claims"
)

// Fault is one row of the fault table: what a kind of fault becomes here.
type Fault struct {
	Kind       error         // from claims.Faults; nil: anything else
	Status     int           // RFC 9110, section 15
	Type       string        // the problem's type (RFC 9457, section 3.1.1)
	Title      string        // for people, constant
	Text       string        // what to do next, when the error itself has no words for people
	RetryAfter time.Duration // the Retry-After header when the error names none; 0: no header
	OAuth      string        // the code OAuth endpoints answer with (RFC 6749, section 5.2)
}

// Faults is the fault table of the HTTP fronts. The last row is for anything
// that is not in claims.Faults.
var Faults = []Fault{
	{claims.ErrInvalid, http.StatusBadRequest, "urn:lanyard:fault:invalid", "Something in the request is not right",
		"Go back, check what you filled in, and send it again.", 0, "invalid_request"},
	{claims.ErrUnknownCaller, http.StatusUnauthorized, "urn:lanyard:fault:unknown-caller", "Sign in first",
		"This needs proof of who you are. Sign in and try again.", 0, "invalid_client"},
	{claims.ErrDenied, http.StatusForbidden, "urn:lanyard:fault:denied", "You may not do this",
		"Ask an organiser of your association if you think you should be able to.", 0, "access_denied"},
	{claims.ErrNotFound, http.StatusNotFound, "urn:lanyard:fault:not-found", "There is nothing here",
		"The address may be mistyped, or what was here is gone. Start again from the first page.", 0, "invalid_grant"},
	{claims.ErrExpired, http.StatusGone, "urn:lanyard:fault:expired", "This has expired",
		"It worked for a limited time only. Ask for a new one.", 0, "invalid_grant"},
	{claims.ErrConflict, http.StatusConflict, "urn:lanyard:fault:conflict", "Somebody else was faster",
		"This was changed meanwhile, or it is there already. Load the page again to see how it stands now.", 0, "invalid_grant"},
	{claims.ErrReplay, http.StatusConflict, "urn:lanyard:fault:replay", "This was used already",
		"It works once only. Ask for a new one.", 0, "invalid_grant"},
	{claims.ErrTooMany, http.StatusTooManyRequests, "urn:lanyard:fault:too-many", "Too many attempts",
		"Wait a little, then try again.", 30 * time.Second, "slow_down"},
	{claims.ErrUnavailable, http.StatusServiceUnavailable, "urn:lanyard:fault:unavailable", "Not available right now",
		"No answer can be given at the moment. Try again in a few seconds.", 5 * time.Second, "temporarily_unavailable"},
	{nil, http.StatusInternalServerError, "urn:lanyard:fault:internal", "Something went wrong on our side",
		"Try again. If it keeps happening, tell an organiser the number below.", 0, "server_error"},
}

// FaultOf returns the row of the table that err belongs to.
func FaultOf(err error) Fault {
	for _, f := range Faults {
		if f.Kind != nil && errors.Is(err, f.Kind) {
			return f
		}
	}
	return Faults[len(Faults)-1]
}

// StatusOf returns the HTTP status of err; 413 for a body that was too large.
func StatusOf(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	return FaultOf(err).Status
}

// later is an error that knows when a new try makes sense.
type later struct {
	error
	after time.Duration
}

func (l later) Unwrap() error { return l.error }

// RetryAfter returns err, which is to be tried again after d at the earliest.
func RetryAfter(err error, d time.Duration) error { return later{err, d} }

// RetryIn returns how long whoever got err should wait, as whole seconds
// rounded up and at least one; 0 if waiting does not help.
func RetryIn(err error) time.Duration {
	d := FaultOf(err).RetryAfter
	if l, ok := errors.AsType[later](err); ok {
		d = l.after
	} else if many, ok := errors.AsType[*claims.TooMany](err); ok {
		d = many.After
	} else if d == 0 {
		return 0
	}
	return max(time.Second, (d + time.Second - 1).Truncate(time.Second))
}
