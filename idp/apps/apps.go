// Package apps is the front for applications of the organisation's own or of
// others that leave their permissions to Lanyard: each registers the rights,
// roles, locations and grants of its tree, and asks who may do what there.
//
// cmd puts its endpoints behind the route table. An application is known by
// the client that owns it, sees and changes what stands at its own root and
// below, and is answered by the same Decide as every other front. What it
// writes goes through claims.Plan with the client as the actor.
//
// It keeps nothing. It leaves to others: authentication (Config.Authenticate),
// planning and the change log (Store). cmd uses Document and Prepare, too, to
// register a tree from a file.
package apps

import (
	"context"
	"net/http"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
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
	Store        Store
	// Subject is who a member is to a client: *keys.Ring's Subject.
	Subject func(claims.Client, claims.Member) string
	NewID   func() string // a fresh id
	Now     func() time.Time
}

// Store plans, applies and remembers changes; *store.Store does.
type Store interface {
	// Change plans intents on the newest picture and applies the outcome.
	Change(ctx context.Context, by claims.Actor, requestID string, intents ...claims.Intent) (claims.Planned, error)
	// Preview tells what Change would do.
	Preview(ctx context.Context, by claims.Actor, intents ...claims.Intent) (claims.Planned, error)
	// Watch waits for changes after a place in the log and returns them once
	// the Directory has them; a place that is worth nothing is ErrExpired.
	Watch(ctx context.Context, after claims.Seq) (record.News, error)
	// LocationsAt returns locations as they were after change n of the log.
	LocationsAt(ctx context.Context, n uint64, ids []claims.LocationID) (map[claims.LocationID]claims.Location, error)
}

// Apps answers applications. It is safe to use at once.
type Apps struct {
	cfg     Config
	writes  web.Pace
	lists   web.Pace
	waiting waiting
	known   subjects
	life    context.Context // until Stop
	stop    context.CancelFunc
}

// New returns the front.
func New(cfg Config) *Apps {
	a := &Apps{cfg: cfg, writes: web.Pace{Most: writesMost, Every: writeEvery}, lists: web.Pace{Most: listsMost, Every: listEvery}}
	a.known.of = cfg.Subject
	a.life, a.stop = context.WithCancel(context.Background())
	return a
}

// Stop makes whoever waits for changes be answered now: the server is about to
// go.
func (a *Apps) Stop() { a.stop() }
