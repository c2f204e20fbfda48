// Package doors is the front that door controllers and interlocks ask: may
// whoever holds this card, or shows this pass, do here what this device does?
//
// cmd puts its one endpoint behind the route table. A device proves who it is
// as an OAuth client; which location and right it may ask about is written at
// the device, never in the request. The answer comes from the same Decide as
// every other front's, in at most 300 octets, for a small controller.
//
// It keeps no card's number, in no log and no event. It leaves to others:
// authentication (Config.Authenticate), spending a door pass (Config.Pass),
// where events are kept (Config.Events). Enrolment, offline lists and sessions
// are not here yet.
package doors

import (
	"context"
	"net/http"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Config is what the front needs of the world. All of it must be set, but
// Ready.
type Config struct {
	// Directory returns the current picture of the organisation.
	Directory func() *claims.Directory
	// Ready tells whether that picture may be decided on; ErrUnavailable
	// otherwise. Nil: always.
	Ready func() error
	// Authenticate returns the client that sent a request, by its secret or
	// by an access token of its own, or ErrUnknownCaller.
	Authenticate func(*http.Request) (claims.Client, error)
	// Cards finds cards.
	Cards Cards
	// Pass spends a door pass shown at a device and returns whose it is.
	// ErrNotFound, ErrExpired, ErrReplay and ErrDenied (a pass for another
	// place) become refusals; anything else is a fault.
	Pass func(ctx context.Context, text string, device claims.Device) (claims.MemberID, error)
	// Events is told of each decision.
	Events Events
	Now    func() time.Time
}

// Cards knows how the numbers of cards are hidden; *keys.Ring does.
type Cards interface {
	// CardLookup returns what a card's text, "uid:04a1b2c3", is found by.
	CardLookup(text string) string
}

// Events keeps the log of who stood before which door.
type Events interface {
	AccessEvent(ctx context.Context, e record.Event) error
}

// Doors answers devices. It is safe to use at once.
type Doors struct {
	cfg     Config
	guesses guesses
}

// New returns the front.
func New(cfg Config) *Doors { return &Doors{cfg: cfg} }
