package claims

import (
	"errors"
	"fmt"
	"time"
)

// The kinds of fault. A front maps each to its own status, code or silence;
// errors are wrapped around them with %w and told apart with errors.Is. A
// refusal by Decide is an answer (Decision), never one of these.
var (
	// ErrInvalid: the request makes no sense as written. See Invalid for the field.
	ErrInvalid = errors.New("invalid")
	// ErrUnknownCaller: whoever asks did not prove who they are.
	ErrUnknownCaller = errors.New("unknown caller")
	// ErrDenied: the caller is known and may not do this.
	ErrDenied = errors.New("denied")
	// ErrNotFound: no such thing, or none the caller may know of.
	ErrNotFound = errors.New("not found")
	// ErrExpired: it was good once.
	ErrExpired = errors.New("expired")
	// ErrConflict: something else changed it, or it is there already.
	ErrConflict = errors.New("conflict")
	// ErrReplay: something that works once was used again.
	ErrReplay = errors.New("replay")
	// ErrTooMany: slow down.
	ErrTooMany = errors.New("too many")
	// ErrUnavailable: no answer can be given now; a later try may get one.
	ErrUnavailable = errors.New("unavailable")
)

// Faults lists every kind of fault once, in the order of the fronts' tables.
var Faults = []error{
	ErrInvalid, ErrUnknownCaller, ErrDenied, ErrNotFound, ErrExpired,
	ErrConflict, ErrReplay, ErrTooMany, ErrUnavailable,
}

// Invalid is an ErrInvalid that names the field at fault. Its text is for the
// person who wrote the field.
type Invalid struct {
	Field   string // as the domain names it: "slug", "location", "window"
	Problem string // what is wrong, and where it helps what would be right
}

func (e *Invalid) Error() string { return e.Field + ": " + e.Problem }

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (e *Invalid) Unwrap() error { return ErrInvalid }

func invalid(field, format string, args ...any) error {
	return &Invalid{Field: field, Problem: fmt.Sprintf(format, args...)}
}

// Refused is an ErrDenied with the right that was lacking and where.
type Refused struct {
	Right   Slug
	At      Path      // where the right was looked for; empty if it has no place
	Problem string    // in words
	Missing []Missing // what the caller could earn to be allowed
}

func (e *Refused) Error() string {
	if e.Problem != "" {
		return e.Problem
	}
	return fmt.Sprintf("you need %s at %s", e.Right, e.At)
}

// Unwrap makes errors.Is(err, ErrDenied) true.
func (e *Refused) Unwrap() error { return ErrDenied }

// TooMany is an ErrTooMany with words for whoever asked too often.
type TooMany struct {
	Problem string
	After   time.Duration // when a new try makes sense
}

func (e *TooMany) Error() string { return e.Problem }

// Unwrap makes errors.Is(err, ErrTooMany) true.
func (e *TooMany) Unwrap() error { return ErrTooMany }
