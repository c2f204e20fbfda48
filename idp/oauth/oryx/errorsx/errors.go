// Package errorsx is what fosite passes errors on with.
package errorsx

// WithStack returns err. Errors here say what went wrong by themselves; to
// walk the stack for each of them costs more than most requests.
func WithStack(err error) error { return err }

// Cause returns what err, and what is inside it, was made from: the first error
// of the chain that names no other.
func Cause(err error) error {
	for {
		outer, ok := err.(interface{ Cause() error })
		if !ok || outer.Cause() == nil {
			return err
		}
		err = outer.Cause()
	}
}

// What an error may carry; fosite's do. Each has one method, which returns
// nothing if there is nothing.
type (
	// StatusCodeCarrier is an error with an HTTP status.
	StatusCodeCarrier interface{ StatusCode() int }
	// RequestIDCarrier is an error that names its request.
	RequestIDCarrier interface{ RequestID() string }
	// ReasonCarrier is an error with a reason for people.
	ReasonCarrier interface{ Reason() string }
	// DebugCarrier is an error with a text for developers.
	DebugCarrier interface{ Debug() string }
	// StatusCarrier is an error with a name for its status.
	StatusCarrier interface{ Status() string }
	// DetailsCarrier is an error with details.
	DetailsCarrier interface{ Details() map[string]any }
)
