// Package tour tells Lanyard's story on real traffic: a member signs in, a
// door refuses her, a trainer awards a badge, door, token and WiFi follow, the
// badge is revoked, and they follow again.
//
// It is a client and nothing more: a browser, a door controller, an access
// point and two applications that reach a running Lanyard over HTTP and UDP.
// Every line it prints is one or more real exchanges, with what was expected
// and what was seen; a difference makes Run fail.
package tour

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Config is what the tour needs to know of the running demo.
type Config struct {
	Issuer string // the provider
	Wiki   string // the demo wiki's address
	Now    func() time.Time

	Passwords map[string]string // by username: ada, tom, bea

	App       Client // signs members in, with refresh tokens; public
	Dashboard Client // owns the application bodies, introspects
	Laser     Client // the laser's lock
	LaserID   string // the device's id, as the door pass form names it

	AdaCard  string // as the reader reads it
	RADIUS   string // host:port
	Secret   []byte // shared with the access point
	SSID     string // the members' network
	Machines string // the network that asks for laser-1
	VLAN     string // of members on SSID
	VLANPlus string // of members with laser-1 on SSID
}

// Client is an OAuth client and, if it is confidential, its secret.
type Client struct{ ID, Secret string }

// ErrDiffered: something was not as expected; the report says what.
var ErrDiffered = errors.New("the tour saw something else than it expected")

// Run tells the story on out. It returns ErrDiffered if any line differed.
func Run(ctx context.Context, c Config, out io.Writer) error {
	t := &tour{Config: c, ctx: ctx, report: report{out: out, start: c.Now(), now: c.Now}, http: &http.Client{Timeout: 15 * time.Second}}
	for _, chapter := range []func(){
		t.signsIn, t.laserRefuses, t.trainerAwards, t.badgeIsRevoked, t.phoneIsLost, t.delftEdits,
	} {
		chapter()
	}
	return t.report.close()
}

// SignedIn is a member whom the tour's application let in.
type SignedIn struct {
	Cookies         http.CookieJar // of their browser
	Access, Refresh string
}

// SignIn signs a member in at the tour's application, as the first chapter
// does: for measuring.
func SignIn(ctx context.Context, c Config, username string, scopes ...string) (SignedIn, error) {
	t := &tour{Config: c, ctx: ctx, http: &http.Client{Timeout: 15 * time.Second}}
	b, err := newBrowser()
	if err != nil {
		return SignedIn{}, err
	}
	got, err := t.authorize(username, b, scopes)
	return SignedIn{b.client.Jar, got.access, got.refresh}, err
}

// tour is the state that the chapters hand on.
type tour struct {
	Config
	ctx    context.Context
	report report
	http   *http.Client

	ada, tom *browser
	tokens   tokens // Ada's, at App
	forLaser string // Ada's access token made for the laser
	wifi     wifiPass
}

type tokens struct {
	access, refresh string
	groups          []string
}

type wifiPass struct{ login, pass string }

// report prints the story and counts what differed.
type report struct {
	out             io.Writer
	start           time.Time
	now             func() time.Time
	lines, differed int
}

func (r *report) chapter(title string) { fmt.Fprintf(r.out, "\n%s\n", title) }

// line prints what was done, and holds what was seen against what was
// expected. An error counts as what was seen.
func (r *report) line(did, expected, seen string, err error) {
	if err != nil {
		seen = "an error: " + err.Error()
	}
	r.lines++
	fmt.Fprintf(r.out, "  %s\n", did)
	if seen == expected {
		fmt.Fprintf(r.out, "    ✓ expected and seen: %s\n", seen)
		return
	}
	r.differed++
	fmt.Fprintf(r.out, "    ✗ expected: %s\n      seen:     %s\n", expected, seen)
}

// say prints a line of what one can see, beside the checks.
func (r *report) say(format string, args ...any) {
	fmt.Fprintf(r.out, "      "+format+"\n", args...)
}

func (r *report) close() error {
	took := r.now().Sub(r.start).Round(10 * time.Millisecond)
	if r.differed > 0 {
		fmt.Fprintf(r.out, "\n%d of %d lines differed from what was expected.\n", r.differed, r.lines)
		return ErrDiffered
	}
	fmt.Fprintf(r.out, "\nAll %d lines as expected, in %s.\n", r.lines, took)
	return nil
}
