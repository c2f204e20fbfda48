package templates

import (
	"context"
	"io"
)

// Home is a member's own page.
type Home struct {
	Frame
	Name         string
	Username     string
	Notice       string // what was just done
	Standing     Standing
	Badges       []HeldBadge
	Tags         []string
	Affiliations []string
	Groups       []string // as tokens would say them to an application that sees all
	Places       []Place
	Refusals     []Refusal
	Passes       []WiFiPass
	SignIns      []SignedIn
	Apps         []App
}

// Standing is where the member stands with the organisation.
type Standing struct {
	State string // active, grace, …
	Word  string // the same for people
	Tone  Tone
	Text  string // until when, or what to do
}

// HeldBadge is a badge the member has.
type HeldBadge struct {
	Name string
	Ends Moment // the zero time: never
	Soon bool   // it ends soon
}

// Place is a door, a machine or a network, and whether it opens for the
// member now.
type Place struct {
	Name   string
	Where  string   // its location, as a path of names
	Kind   string   // door, interlock, network
	Open   bool     // for this member, now
	Words  []string // the decision in words, but for what is missing
	Needs  []Need   // what is missing
	Device string   // the device to get a door pass for; empty: no pass
}

// WiFiPass is one device's way onto the WiFi.
type WiFiPass struct {
	ID      string
	Login   string
	Created Moment
}

// SignedIn is a browser the member is signed in with.
type SignedIn struct {
	ID      string // names it to /sessions/end; not the cookie
	Browser string
	Address string
	Seen    Moment
	This    bool // the one that looks at the page
}

// App is an application the member allowed to know them.
type App struct {
	Client string
	Name   string
	Sees   []string
	Since  Moment
}

// Render writes the page.
func (p Home) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Your page", wide, p.body())
}

// DoorPass shows a pass to be typed or shown at a door.
type DoorPass struct {
	Frame
	Door    string
	Text    string
	Seconds int // how long it is good
	Until   Moment
	Device  string // to ask for another
}

// Render writes the page.
func (p DoorPass) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Door pass", narrow, p.body())
}

// NewWiFi shows a WiFi pass, once.
type NewWiFi struct {
	Frame
	Networks []string // the names of the WiFi it is for
	Login    string
	Pass     string
}

// Render writes the page.
func (p NewWiFi) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "WiFi pass", narrow, p.body())
}

// Refusal is a time that something kept the member out.
type Refusal struct {
	Where string
	At    Moment
	Why   string // in words, as it was then
	Now   bool   // it would let them in now
}

// Lost lists what a member may have lost. It posts item, several times, to
// /lost.
type Lost struct {
	Frame
	Groups []LostGroup
}

// LostGroup is things of one sort.
type LostGroup struct {
	Title  string
	Things []Option
}

// Render writes the page.
func (p Lost) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "I lost something", narrow, p.body())
}
