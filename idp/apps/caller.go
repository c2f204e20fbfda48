package apps

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"lanyard/claims"
	"lanyard/idp/web"
)

// Who calls, and what is theirs.
//
//   - a client that proves itself, by its secret or a token of its own;
//     not a public one, not a disabled one: else 401
//   - no device: it has an endpoint of its own, and asks about its own place
//   - the application it names is the one it owns: else 404, alike for one
//     that is another's and one that is not there
//   - every path it names is the application's root or below
//   - a parameter that is given twice is none to choose from: 400

// caller is an application's client with what it may be told.
type caller struct {
	dir    *claims.Directory
	client claims.Client
	app    claims.Application
	root   claims.Path
	known  *subjects
	query  url.Values // the request's, each parameter once
}

// caller tells who sent r, as long as decisions can be made.
func (a *Apps) caller(r *http.Request) (caller, error) {
	if a.cfg.Ready != nil {
		if err := a.cfg.Ready(); err != nil {
			return caller{}, fmt.Errorf("answer an application: %w", err)
		}
	}
	known, err := a.cfg.Authenticate(r)
	if err != nil {
		return caller{}, err
	}
	who := caller{dir: a.cfg.Directory(), known: &a.known}
	live, ok := claims.Get[claims.Client](who.dir, string(known.ID))
	switch {
	case !ok || !live.Disabled.IsZero():
		return caller{}, fmt.Errorf("client %s is disabled: %w", known.ID, claims.ErrUnknownCaller)
	case live.Auth == claims.AuthNone: // a public client proves nothing by its id
		return caller{}, fmt.Errorf("client %s has no secret: %w", live.ID, claims.ErrUnknownCaller)
	}
	if device, ok := who.dir.DeviceByClient(live.ID); ok && device.Removed.IsZero() {
		return caller{}, &claims.Refused{Problem: "this client is a device, and devices ask at an endpoint of their own"}
	}
	who.client = live
	name := r.PathValue("application")
	app, ok := claims.Get[claims.Application](who.dir, name)
	if !ok || app.Client != live.ID {
		return caller{}, fmt.Errorf("client %s has no application %.40q: %w", live.ID, name, claims.ErrNotFound)
	}
	who.app, who.root = app, who.dir.PathOf(app.Root)
	if who.root == "" {
		return caller{}, fmt.Errorf("application %s has no root: %w", app.Slug, claims.ErrNotFound)
	}
	who.query, err = web.ReadQuery(r)
	return who, err
}

// actor is the caller as who changes a fact.
func (who caller) actor() claims.Actor {
	return claims.Actor{Kind: claims.ActorClient, ID: string(who.client.ID)}
}

// path reads a path below the caller's root.
func (who caller) path(text string) (claims.Path, error) { return below(who.root, text) }

// below reads a path that is root or below it.
func below(root claims.Path, text string) (claims.Path, error) {
	if text == "" {
		return "", &claims.Invalid{Problem: "is missing: name a location, as " + string(root) + "/…"}
	}
	p, err := claims.ParsePath(text)
	if err != nil {
		if bad, ok := errors.AsType[*claims.Invalid](err); ok {
			return "", &claims.Invalid{Problem: bad.Problem}
		}
		return "", err
	}
	if !p.Within(root) {
		return "", &claims.Refused{Problem: fmt.Sprintf("%s is not below %s, the root of the application", p, root)}
	}
	return p, nil
}

// member finds whom a text names: by subject, by id, or, for a client that
// is told names, by username. A text that names nobody comes back as it is:
// the decision then says so.
func (who caller) member(text string) (claims.MemberID, error) {
	if text == "" || len(text) > 128 {
		return "", &claims.Invalid{Problem: "must be a subject, an id or a username of at most 128 characters"}
	}
	if id, ok := who.known.find(who.dir, who.client, text); ok {
		return id, nil
	}
	if who.namesShown() {
		if m, ok := who.dir.MemberByUsername(text); ok {
			return m.ID, nil
		}
	}
	return claims.MemberID(text), nil
}

// sub is who a member is to the caller.
func (who caller) sub(m claims.Member) string { return who.known.of(who.client, m) }

// namesShown tells whether the client is told what members are called: if it
// is registered for the scope that brings names.
func (who caller) namesShown() bool { return slices.Contains(who.client.Scopes, "profile") }

// fail answers with the problem that err is.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	p := web.ProblemOf(err)
	if at, ok := errors.AsType[*Located](err); ok {
		p.Fields = map[string]string{at.Field: at.Problem()}
		p.Detail = at.Error()
	}
	web.FailProgram(w, r, err, p)
}
