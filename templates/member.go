package templates

import (
	"context"
	"io"
)

// Members lists the members somebody may see, or those that a search found.
type Members struct {
	Frame
	Search string
	List   []AdminMember
	More   int // found, but not listed
}

// Render writes the page.
func (p Members) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Members", full, p.body())
}

// Member is the page about one member, for somebody who may see them.
type Member struct {
	Frame
	ID       string
	Username string
	Name     string
	State    string
	Tone     Tone // of the state
	Barred   bool
	Notice   string // what was just done
	Problem  string // why the form was not accepted
	Facts    []Detail
	Badges   []Had
	Tags     []Had
	Roles    []Had
	Cards    []Had
	Passes   []Had
	MayNote  bool // notes about them are this caller's to read and write
	Notes    []Note
	Text     string // what was typed into the form

	MayRecover bool // letting them back in is the caller's to do
}

// RecoverLink is the way back in for a member, shown once.
type RecoverLink struct {
	Frame
	ID      string // the member's
	Name    string
	Address string
	Picture QR // of Address
	Until   Moment
}

// Render writes the page.
func (p RecoverLink) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "A way back in", narrow, p.body())
}

// Detail is one line of a record.
type Detail struct{ Name, Text string }

// Had is something a member has, or had.
type Had struct {
	Name string
	Text string // who gave it, what it rests on
	Now  bool   // it counts now
	Word string // what it is, if it does not
	Ends Moment // the zero time: never
}

// Note is a note about a member.
type Note struct {
	ID   string
	Text string
	By   string
	At   Moment
}

// Render writes the page.
func (p Member) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, p.Username, wide, p.body())
}
