package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"lanyard/claims"
	"lanyard/cmd/lanyard/certificate"
	"lanyard/cmd/lanyard/config"
	"lanyard/idp"
	"lanyard/idp/admin"
	"lanyard/idp/apps"
	"lanyard/idp/doors"
	"lanyard/idp/feeds"
	"lanyard/idp/keys"
	"lanyard/idp/login"
	"lanyard/idp/oauth"
	"lanyard/idp/outbound"
	"lanyard/idp/portal"
	"lanyard/idp/record"
	"lanyard/idp/register"
	"lanyard/idp/store"
	"lanyard/radius"
	"lanyard/templates"
)

// How long each front goes on deciding from memory while the database is away
// (docs/architecture.md): what is revoked elsewhere meanwhile is not known.
const (
	wifiAlone       = 24 * time.Hour
	doorsAlone      = time.Hour
	introspectAlone = 5 * time.Minute
)

// server is every front over one store. It owns none of what it is given.
type server struct {
	cfg    config.Config
	log    *slog.Logger
	now    func() time.Time
	ring   *keys.Ring
	store  *store.Store
	signer *keys.Signer
	oauth  *oauth.Provider
	login  *login.Login
	apps   *apps.Apps
	events *events
	away   *outbound.Client
	outbox *feeds.Outbox
	mails  *feeds.Outbox // nil: no mail
	post   *feeds.Post
	losses *feeds.Follower
	face   http.Handler
	radius *radius.Server

	source certificate.Source // of TLS of our own; nil: a proxy ends it, or nobody
	plain  net.Listener       // plain HTTP beside source; nil: none
}

// assemble introduces the parts to each other.
func assemble(ctx context.Context, cfg config.Config, ring *keys.Ring, st *store.Store, log *slog.Logger, now func() time.Time) (*server, error) {
	s := &server{cfg: cfg, log: log, now: now, ring: ring, store: st, events: newEvents(st, log, now)}
	s.away = outbound.New(outbound.Config{Allow: cfg.OutboundAllow()})
	s.signer = &keys.Signer{Store: st, Ring: ring, Now: now}
	if err := s.signer.Start(ctx); err != nil {
		return nil, fmt.Errorf("prepare the signing keys: %w", err)
	}
	if err := s.assemblePost(); err != nil {
		return nil, err
	}
	if err := s.assembleSignIn(); err != nil {
		return nil, err
	}
	s.assembleFeeds()
	if err := s.assembleWeb(); err != nil {
		return nil, err
	}
	s.radius = radius.New(radius.Config{
		Directory: st.Directory, Ready: s.within(wifiAlone), Now: now, Log: log, Event: s.events.wifi,
		Secret: func(ap claims.AccessPoint) ([]byte, error) {
			return ring.Open("access_point", string(ap.ID), "secret", ap.Secret)
		},
		Verify: func(p claims.WiFiPass, pass []byte) bool { return ring.PassMatches(p.Verifier, string(pass)) },
	})
	return s, nil
}

func (s *server) assembleSignIn() error {
	s.login = login.New(login.Config{
		Store: s.store, Directory: s.store.Directory, Now: s.now, Secure: s.https(), Issuer: s.cfg.Issuer, Ring: s.ring, Full: new(spare).full,
		Details:    func(u string) (claims.Client, []string, string, error) { return s.oauth.ConsentDetails(u) },
		DenyURL:    func(u string) string { return s.oauth.DenyURL(u) },
		VerifyHint: s.verifyHint,
		Subject:    s.ring.Subject,
		SID:        func(id string) string { return s.oauth.SID(id) },
	})
	if s.post.Server.On() {
		s.login.Notice = s.post.Notify
		if s.cfg.Mail.Forgot {
			s.login.SendForgotten = s.sendForgotten
		}
	}
	var err error
	s.oauth, err = oauth.New(oauth.Config{
		Issuer: string(s.cfg.Issuer), Directory: s.store.Directory, Ready: s.within(introspectAlone), Vault: s.store,
		Signer: s.signer, Ring: s.ring, Sessions: s.login, Consents: s.store, Now: s.now, Log: s.log,
		Fetch: s.away, Register: s.registersAt(),
		ErrorPage: s.login.ErrorPage, Audit: s.store.Audit,
		Event: func(ctx context.Context, e record.Event) { s.events.AccessEvent(ctx, e) },
	})
	return err
}

// assembleFeeds makes what tells clients of sign-outs, and writes to members.
func (s *server) assembleFeeds() {
	logouts := feeds.Logouts{Directory: s.store.Directory, Token: s.oauth.LogoutToken, Post: s.away.Post}
	owner := record.NewID(s.now())
	s.outbox = &feeds.Outbox{Name: "outbox", Store: s.store, Deliver: logouts.Deliver, Now: s.now, Log: s.log, Owner: owner}
	if s.post.Server.On() {
		s.mails = s.post.Outbox(owner, s.log)
	}
	s.losses = &feeds.Follower{Store: s.store, Directory: s.store.Directory, Judge: s.oauth.Loss, Now: s.now, Log: s.log, Owner: owner}
}

func (s *server) assembleWeb() error {
	s.apps = apps.New(apps.Config{
		Directory: s.store.Directory, Ready: s.within(introspectAlone), Authenticate: s.oauth.AuthenticateClient, Store: s.store,
		Subject: s.ring.Subject, NewID: func() string { return record.NewID(s.now()) }, Now: s.now,
	})
	parts := idp.Parts{
		Log: s.log, Now: s.now, HTTPS: s.https(), Trusted: s.cfg.TrustedProxies(),
		Directory: s.store.Directory, Ready: s.store.Ready,
		OAuth: s.oauth, Login: s.login, Apps: s.apps, Static: templates.Static(),
		Register: register.New(register.Config{
			On: s.cfg.Registration.Enabled, Issuer: s.cfg.Issuer, Directory: s.store.Directory, Store: s.store, CheckSector: s.checkSector, Now: s.now,
		}),
		Portal: portal.New(portal.Config{
			Store: s.store, Sessions: s.login, Directory: s.store.Directory, Now: s.now,
			MintPass: s.oauth.MintPass, PassVerifier: s.ring.PassVerifier,
		}),
		Admin: admin.New(admin.Config{
			Store: s.store, Sessions: s.login, Directory: s.store.Directory, Now: s.now,
			Issuer: s.cfg.Issuer, Lifetimes: s.oauth.Lifetimes.String(), Try: s.tryClient,
			CheckSector: s.checkSector, Recover: s.recoverLink, Recipes: appRecipes(),
		}),
		Doors: doors.New(doors.Config{
			Directory: s.store.Directory, Ready: s.within(doorsAlone), Authenticate: s.oauth.AuthenticateClient,
			Cards: s.ring, Pass: s.spendPass, Events: s.events, Now: s.now,
		}),
	}
	if !s.cfg.HTTP.Enabled {
		parts.Off = append(parts.Off, idp.FrontWeb)
	}
	if !s.cfg.Doors.Enabled {
		parts.Off = append(parts.Off, idp.FrontDoors)
	}
	var err error
	s.face, err = idp.Handler(parts)
	return err
}

// registersAt is where clients register themselves; empty: nowhere.
func (s *server) registersAt() string {
	if !s.cfg.Registration.Enabled {
		return ""
	}
	return s.cfg.Issuer + register.Path
}

func (s *server) checkSector(ctx context.Context, c claims.Client) error {
	return oauth.CheckSector(ctx, s.oauth.Fetch, c)
}

func (s *server) https() bool { return strings.HasPrefix(s.cfg.Issuer, "https://") }

// within lets a front decide from memory while the database has been away for
// less than limit.
func (s *server) within(limit time.Duration) func() error {
	return func() error { return s.store.ReadyWithin(limit) }
}

// tryClient tells what an application would be told of a member.
func (s *server) tryClient(d *claims.Directory, c claims.Client, m claims.MemberID) (admin.Told, error) {
	told, err := oauth.Trial{Issuer: s.cfg.Issuer, Ring: s.ring, Now: s.now()}.Tell(d, c, m, nil)
	if err != nil {
		return admin.Told{}, err
	}
	return admin.Told{
		Login: told.Login, Scopes: told.Scopes, IDToken: told.IDToken, Alg: told.Alg, Size: told.Size, UserInfo: told.UserInfo,
		Introspection: told.Introspection, Groups: told.Groups, Warnings: told.TooMuch(), Long: told.Size >= oauth.LongToken,
	}, nil
}

// spendPass redeems a door pass that was shown at a device.
func (s *server) spendPass(ctx context.Context, text string, d claims.Device) (claims.MemberID, error) {
	pass, err := s.oauth.UsePass(ctx, text, d.Location)
	return pass.Member, err
}

// verifyHint reads an ID token of ours as a hint of who is signing out: it
// may have expired (OpenID Connect RP-Initiated Logout, section 2).
func (s *server) verifyHint(ctx context.Context, idToken string) (login.Hint, error) {
	var body struct {
		Iss string          `json:"iss"`
		Sub string          `json:"sub"`
		Sid string          `json:"sid"`
		Aud json.RawMessage `json:"aud"`
	}
	if err := s.signer.VerifyHint(ctx, idToken, "JWT", &body); err != nil {
		return login.Hint{}, err
	}
	if body.Iss != s.cfg.Issuer {
		return login.Hint{}, fmt.Errorf("an ID token of another issuer: %w", claims.ErrInvalid)
	}
	var one string
	var many []string
	if json.Unmarshal(body.Aud, &one) != nil && json.Unmarshal(body.Aud, &many) == nil && len(many) > 0 {
		one = many[0]
	}
	return login.Hint{Client: claims.ClientID(one), Subject: body.Sub, SID: body.Sid}, nil
}

// serve answers on what is given until ctx ends, then lets answers finish.
// Either listener may be nil.
func (s *server) serve(ctx context.Context, pages net.Listener, wifi net.PacketConn) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var fronts sync.WaitGroup
	run := func(name string, front func() error) {
		fronts.Go(func() {
			if err := front(); err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	run("events", func() error { return s.events.run(ctx) })
	run("housekeeping", func() error { return s.housekeep(ctx) })
	run("the passing of time", func() error { return s.store.KeepTime(ctx) })
	run("outbox", func() error { return s.outbox.Run(ctx) })
	if s.mails != nil {
		run("mail", func() error { return s.mails.Run(ctx) })
	}
	run("logout", func() error { return s.losses.Run(ctx) })
	if pages != nil {
		run("http", func() error { return s.serveHTTP(ctx, pages) })
	}
	if wifi != nil {
		run("radius", func() error { return s.radius.Serve(ctx, wifi) })
	}
	<-ctx.Done()
	fronts.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// housekeep makes the signing keys that are due, learns of those that another
// process made, and drops what has been dead for long: grants a day after their end, sessions, links.
func (s *server) housekeep(ctx context.Context) error {
	sweep, learn := time.NewTicker(10*time.Minute), time.NewTicker(keys.Learn)
	defer sweep.Stop()
	defer learn.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-learn.C:
			if err := s.signer.Start(ctx); err != nil {
				s.log.Warn("signing keys were not read anew", "err", err)
			}
		case <-sweep.C:
			if n, err := s.store.Sweep(ctx, s.now(), 5000); err != nil {
				s.log.Warn("what is long dead was not swept", "err", err)
			} else if n > 0 {
				s.log.Debug("swept what is long dead", "count", n)
			}
		}
	}
}
