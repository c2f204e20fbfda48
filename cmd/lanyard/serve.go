package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/idp/login"
)

func serveCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Serve sign-in, doors and WiFi", Args: none,
		Long: "Serve what the configuration switches on until interrupted. On a new database, the log holds a one-time\naddress for the first administrator.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := a.open(cmd)
			if err != nil {
				return err
			}
			defer h.store.Close()
			return h.serve()
		},
	}
}

// serve runs the server in production form.
func (h *house) serve() error {
	log := newLog(h.cmd.ErrOrStderr(), h.cfg)
	if h.begun {
		log.Info("a new organisation begins", "database", h.cfg.DatabaseName())
	}
	srv, err := assemble(h.ctx(), h.cfg, h.ring, h.store, log, h.now)
	if err != nil {
		return err
	}
	if srv.source, err = h.certificates(log); err != nil {
		return err
	}
	web, wifi, err := h.listen()
	if err != nil {
		return err
	}
	if srv.source != nil && h.cfg.HTTP.ListenPlain != "" {
		if srv.plain, err = net.Listen("tcp", h.cfg.HTTP.ListenPlain); err != nil {
			return cannotListen("http.listen_plain", h.cfg.HTTP.ListenPlain, err)
		}
	}
	if why := h.cfg.Unreached(); why != "" {
		log.Warn("pages and links will not be reached", "err", why)
	}
	if err := h.inviteFirstAdministrator(log); err != nil {
		return err
	}
	if web != nil {
		log.Info("serving the web", "issuer", h.cfg.Issuer, "listen", web.Addr().String(), "tls", srv.source != nil)
	}
	if wifi != nil {
		log.Info("serving the WiFi", "listen", wifi.LocalAddr().String())
	}
	go tuneCollector(h.ctx())
	return srv.serve(h.ctx(), web, wifi)
}

// listen opens what the configuration names, all or nothing.
func (h *house) listen() (net.Listener, net.PacketConn, error) {
	var web net.Listener
	var wifi net.PacketConn
	var err error
	if h.cfg.HTTP.Enabled || h.cfg.Doors.Enabled {
		if web, err = net.Listen("tcp", h.cfg.HTTP.Listen); err != nil {
			return nil, nil, cannotListen("http.listen", h.cfg.HTTP.Listen, err)
		}
	}
	if h.cfg.Radius.On() {
		if wifi, err = net.ListenPacket("udp", h.cfg.Radius.Listen); err != nil {
			if web != nil {
				web.Close()
			}
			return nil, nil, cannotListen("radius.listen", h.cfg.Radius.Listen, err)
		}
	}
	if web == nil && wifi == nil {
		return nil, nil, errors.New("every front is switched off: set http.enabled, doors.enabled or radius.listen")
	}
	return web, wifi, nil
}

func cannotListen(key, address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s: %s is taken by another program: stop it, or choose another port", key, address)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s: this user may not listen on %s: ports below 1024 need the right to", key, address)
	}
	return fmt.Errorf("%s: %w", key, err)
}

// adminLinkFor is how long the first administrator's address works.
const adminLinkFor = 24 * time.Hour

// inviteFirstAdministrator logs a one-time address while nobody is an
// administrator. Whoever can read the log can already read the database.
func (h *house) inviteFirstAdministrator(log *slog.Logger) error {
	if hasAdministrator(h.dir(), h.now()) || !h.cfg.HTTP.Enabled {
		return nil
	}
	address, _, err := h.newLink(login.PurposeAdmin, "", adminLinkFor)
	if err != nil {
		return err
	}
	log.Warn("nobody is an administrator yet: open this address, once, within 24 hours", "url", address)
	return nil
}

func hasAdministrator(d *claims.Directory, at time.Time) bool {
	for m := range claims.All[claims.Member](d) {
		if holds, _ := claims.Holds(d, m.ID, claims.Subject{Kind: claims.SubjectTag, ID: "admin"}, at); holds {
			return true
		}
	}
	return false
}
