package apps

import (
	"errors"
	"strings"

	"lanyard/claims"
)

// Located is a fault with the field of the request or document it is about,
// as "locations[12].path". Its text is for whoever wrote that.
type Located struct {
	Field string
	Err   error
}

func (e *Located) Error() string { return e.Field + ": " + e.Problem() }

// Unwrap makes the kind of the fault be found.
func (e *Located) Unwrap() error { return e.Err }

// Problem is what is wrong, without the field.
func (e *Located) Problem() string {
	if inv, ok := errors.AsType[*claims.Invalid](e.Err); ok {
		return inv.Problem
	}
	if ref, ok := errors.AsType[*claims.Refused](e.Err); ok {
		return ref.Error()
	}
	text := e.Err.Error()
	for _, kind := range claims.Faults {
		text = strings.TrimPrefix(strings.TrimSuffix(text, ": "+kind.Error()), kind.Error()+": ")
	}
	return text
}

// at says which field a fault is about; nil stays nil.
func at(field string, err error) error {
	if err == nil {
		return nil
	}
	return &Located{field, err}
}
