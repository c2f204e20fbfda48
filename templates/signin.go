package templates

import (
	"context"
	"io"
)

// SignIn asks for username and password, or a passkey. It posts username,
// password and return to /login; answer and return to /login/passkey.
type SignIn struct {
	Frame
	To       string // the application that sent the member here; empty: our own pages
	Username string // as typed before, or from login_hint
	Return   string // where to go afterwards: a path here
	Problem  string
	Notice   string
	Letters  bool // a link can be sent to who forgot their password
	Passkeys bool // there are some here
	Refused  bool // one was, just now: the browser's list does not offer it at once again
}

// Render writes the page.
func (p SignIn) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Sign in", narrow, p.body())
}

// Consent asks whether an application may know what it asks for. It posts
// return, as and decision (allow or deny) to /consent.
type Consent struct {
	Frame
	Client string   // the application's name
	Site   string   // where the answer goes: the redirect URI's host
	As     string   // the member's username
	Scopes []string // what it will get, in words
	Groups []string // the groups it will see now, as it will see them
	Own    bool     // it is not the organisation's, but somebody's own
	Itself bool     // it registered itself
	About  []Link   // what it says of itself, elsewhere
	Return string
}

// Render writes the page.
func (p Consent) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Allow "+p.Client+"?", narrow, p.body())
}

// SignOut asks whether to sign out. It posts the fields of the request again
// to /logout, with confirm=yes.
type SignOut struct {
	Frame
	Client string // the application that asks; empty: nobody did
	Fields []Field
}

// Render writes the page.
func (p SignOut) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Sign out?", narrow, p.body())
}

// LoggedOut says that it is done.
type LoggedOut struct{ Frame }

// Render writes the page.
func (p LoggedOut) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Signed out", narrow, p.body())
}

// Setup makes the first administrator. It posts username, name, password and
// again to the address it came from.
type Setup struct {
	Frame
	Username string
	Name     string
	Fields   map[string]string // field: what is wrong with it
}

// Render writes the page.
func (p Setup) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "First administrator", narrow, p.body())
}

// SetPassword sets a password for a member. It posts password and again to
// the address it came from.
type SetPassword struct {
	Frame
	Username string
	Fields   map[string]string
}

// Render writes the page.
func (p SetPassword) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Choose a password", narrow, p.body())
}

// Field is a hidden field.
type Field struct{ Name, Value string }

// FormPost brings an authorization response to the application (OAuth 2.0
// Form Post Response Mode). Its script sends it; without scripts it takes a
// press of the button.
type FormPost struct {
	Frame
	Client string // the application's name
	Action string // the redirect URI
	Fields []Field
}

// Render writes the page.
func (p FormPost) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Continue to "+p.Client, narrow, p.body())
}

// Error says what went wrong and what to do next.
type Error struct {
	Frame
	Status    int
	Title     string
	Text      string
	Lines     []string // more of it, such as what is missing, in words
	RequestID string
	Back      Link // the way on; the zero Link: the first page, which is a member's own
}

// Render writes the page.
func (p Error) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, p.Title, narrow, p.body())
}

func (p Error) back() Link {
	switch {
	case p.Back.Path != "":
		return p.Back
	case p.User != "":
		return Link{Text: "Back to your page", Path: "/"}
	}
	return Link{Text: "To the first page", Path: "/"}
}

// Forgotten asks whose password is forgotten. It posts who to
// /login/forgotten.
type Forgotten struct {
	Frame
	Who     string
	Sent    bool
	Problem string
}

// Render writes the page.
func (p Forgotten) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Forgotten password", narrow, p.body())
}
