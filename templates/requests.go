package templates

import (
	"context"
	"io"
)

// Requests is where members ask for things, and where those who may give them
// answer.
type Requests struct {
	Frame
	Notice  string // what was just done
	Problem string // why the form was not accepted
	Thing   string // what was chosen in the form
	Text    string // what was typed into it
	Askable []Askable
	Mine    []Asked
	Queue   []Waiting // for the member to answer
}

// Askable is something the member may ask for.
type Askable struct {
	Thing string
	Name  string
	Text  string // what to write
}

// Asked is something the member asked for.
type Asked struct {
	ID       string
	Name     string
	Text     string
	Standing string // open, approved, refused, withdrawn, expired
	Open     bool
	Asked    Moment
	Answer   string
}

// Waiting is a request that waits for an answer.
type Waiting struct {
	ID       string
	Who      string
	Username string
	Name     string
	Text     string
	Asked    Moment
}

// Render writes the page.
func (p Requests) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Requests", wide, p.body())
}
