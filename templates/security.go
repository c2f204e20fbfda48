package templates

import (
	"context"
	"io"
)

// Second asks for the second step of a sign-in, or for a second factor of
// somebody who is signed in. It posts code, or the answer of a passkey, and
// return to Action; what to answer is asked for at Action + "/passkey/begin".
type Second struct {
	Frame
	Action  string // a path here
	Return  string // where to go afterwards: a path here
	Step    bool   // they are signed in already
	Again   bool   // they did so by a passkey, without a password
	App     bool   // they have an app that shows codes
	Passkey bool   // they have a passkey, and it may be used here
	Problem string
}

// Render writes the page.
func (p Second) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "One more step", narrow, p.body())
}

// Security is how a member signs in, to be seen and changed.
type Security struct {
	Frame
	Username string
	Notice   string
	Password string            // when it was set, in words; empty: there is none
	Fields   map[string]string // of the password's form: what is wrong
	App      *Factor           // the app that shows codes; nil: none
	Passkeys []Factor
	Offer    bool // a passkey can be added: those fields are of this form
	Problem  string

	PasskeyName string // as typed before
	Recovery    int    // codes that are left
}

// Factor is something a member signs in with.
type Factor struct {
	ID    string
	Name  string
	Added Moment
	Used  Moment // the zero Moment: never
}

// second tells whether there is anything beside the password.
func (p Security) second() bool { return p.App != nil || len(p.Passkeys) > 0 }

// codeHint says what to type as the code.
func (p Second) codeHint() string {
	if p.App {
		return "The six digits that your app shows now, or one of your recovery codes."
	}
	return "One of your recovery codes, if your passkey is not at hand."
}

// Render writes the page.
func (p Security) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Signing in", narrow, p.body())
}

// AddApp sets up an app that shows codes. It posts sealed and code to
// /security/app/confirm.
type AddApp struct {
	Frame
	Secret  string // to type, in groups
	Picture QR     // of its address
	Sealed  string
	Problem string
}

// Render writes the page.
func (p AddApp) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Set up an app", narrow, p.body())
}

// QR is a picture to be read by a phone: squares of one unit, as the path of an
// SVG, in a square of Size units with the margin.
type QR struct {
	Path string
	Size string
}

// Recovery shows recovery codes, once.
type Recovery struct {
	Frame
	Codes []string
	First bool // something was just set up, rather than codes replaced

	Passkey bool // and that is a passkey, rather than an app
}

func (p Recovery) ready() string {
	if p.Passkey {
		return "Your passkey is ready."
	}
	return "Your app is set up."
}

// Render writes the page.
func (p Recovery) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Recovery codes", narrow, p.body())
}

// Recover lets somebody back in who has lost what they sign in with. It posts
// password, again and passes to the address it came from.
type Recover struct {
	Frame
	Username string
	Passes   int // WiFi passes that work
	Fields   map[string]string
}

// Render writes the page.
func (p Recover) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Back in", narrow, p.body())
}
