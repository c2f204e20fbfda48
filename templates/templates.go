// Package templates holds the pages. Each takes one small struct named after
// it, which is itself what renders (it is a web.Component): it holds no query
// and no decision, and whatever is in it is shown, escaped.
//
// The pages work without scripts. Two have one, each a file: to send on what an
// application gets, and to ask the browser for passkeys. There are no inline
// scripts or styles, since the policy of idp/web allows neither. Forms name their fields the same for good:
// programs fill them in too.
package templates

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"
)

// Frame is what every page is set in.
type Frame struct {
	Org  string // the organisation's name; empty: Lanyard
	User string // who is signed in, as they are called; empty: nobody
	Nav  []Link // where this caller may go
}

// Link is a way to somewhere here.
type Link struct {
	Text string
	Path string
	Here bool // it leads to this page

	Waits int // how many wait there for whoever reads it
}

func (f Frame) org() string {
	if f.Org == "" {
		return "Lanyard"
	}
	return f.Org
}

// shape is how wide a page is.
type shape string

const (
	narrow shape = "narrow" // one form, one message
	wide   shape = "wide"   // lists
	full   shape = "full"   // tables
)

func (f Frame) render(ctx context.Context, w io.Writer, title string, s shape, body templ.Component) error {
	return page(f, title, s, body).Render(ctx, w)
}

// Moment is an instant to show: in words, and exactly for machines and hovers.
type Moment struct {
	At   time.Time
	Text string // in words, such as "until 3 March"
}

func (m Moment) iso() string { return m.At.UTC().Format(time.RFC3339) }

func (m Moment) exact() string { return m.At.Format("Mon 2 Jan 2006, 15:04 MST") }

// MissingBadge is a badge somebody could earn.
type MissingBadge struct {
	Name  string
	Earn  string   // how, in words
	URL   string   // to learn more; empty: nowhere
	Page  string   // the badge's own
	Done  []string // of what it asks for
	Still []string
}

// Need is one thing that is missing: any one of the badges would do.
type Need struct{ AnyOf []MissingBadge }
