// Telling clients of sign-outs (OpenID Connect Back-Channel Logout 1.0).
//
//   - a POST of the logout token, form-encoded, to the address that    2.5
//     the client registered, through the guarded client
//   - 200 is yes; 204 too, which frameworks make of it                  2.8
//   - 400 and whatever else is no: it is tried again                    2.8
//   - what is sent is made for each attempt, and in no log              ours
package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Logouts tells clients that a sign-in there is over.
type Logouts struct {
	Directory func() *claims.Directory
	// Token makes what the client believes.
	Token func(ctx context.Context, c claims.Client, m claims.Member, session string) (record.Secret, error)
	// Post sends a form and returns the status of the answer: ErrDenied if the address may not be reached,
	// ErrUnavailable if there is no answer.
	Post func(ctx context.Context, address string, form url.Values) (status int, err error)
}

// Deliver makes one attempt at a message. See Outbox.Deliver.
func (l Logouts) Deliver(ctx context.Context, m record.Message) (string, error) {
	d := l.Directory()
	c, ok := claims.Get[claims.Client](d, string(m.To))
	member, known := claims.Get[claims.Member](d, string(m.Member))
	if !ok || !known || c.BackchannelURI == "" || !c.Disabled.IsZero() {
		return "not wanted", errUnwanted
	}
	token, err := l.Token(ctx, c, member, m.Session)
	if err != nil {
		return "no token", fmt.Errorf("make a logout token for %s: %w", c.ID, err)
	}
	status, err := l.Post(ctx, c.BackchannelURI, url.Values{"logout_token": {string(token)}})
	switch {
	case errors.Is(err, claims.ErrDenied):
		return "address not allowed", err
	case err != nil:
		return "no answer", err
	case status == http.StatusOK, status == http.StatusNoContent:
		return fmt.Sprint(status), nil
	}
	return fmt.Sprint(status), fmt.Errorf("%s answers %d: %w", c.BackchannelURI, status, claims.ErrInvalid)
}
