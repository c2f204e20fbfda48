package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"lanyard/cmd/lanyard/certificate"
	"lanyard/cmd/lanyard/config"
)

// certificates is where TLS of our own gets its certificate; nil if a proxy in
// front ends TLS, or nobody does, on a loopback address.
func (h *house) certificates(log *slog.Logger) (certificate.Source, error) {
	switch {
	case h.cfg.HTTP.TLSCert != "":
		return certificate.Open(certificate.FilesConfig{
			Cert: h.cfg.HTTP.TLSCert, Key: h.cfg.HTTP.TLSKey, Host: h.cfg.Host(), Log: log, Now: h.now})
	case h.cfg.ACME.Enabled:
		return certificate.NewACME(certificate.ACMEConfig{
			Host: h.cfg.Host(), Email: h.cfg.ACME.Email, Directory: h.cfg.ACME.Directory, CA: h.cfg.ACME.CA, Cache: h.cfg.ACMECache(), Log: log, Now: h.now})
	}
	return nil, nil
}

// serveHTTP serves the pages: over TLS if there is a source of certificates,
// with a plain listener beside it, if there is one, that sends browsers on.
func (s *server) serveHTTP(ctx context.Context, pages net.Listener) error {
	h := webServer(s.face, s.log)
	h.RegisterOnShutdown(s.apps.Stop)
	if s.source == nil {
		return serveUntil(ctx, h, pages)
	}
	h.TLSConfig = s.source.Config()
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGHUP)
	defer signal.Stop(again)
	go s.source.Keep(ctx, again)
	if s.plain == nil {
		return serveUntil(ctx, h, pages)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 2)
	go func() { ended <- serveUntil(ctx, h, pages) }()
	go func() {
		ended <- serveUntil(ctx, webServer(s.source.Plain(onwards(s.cfg.Issuer)), s.log), s.plain)
	}()
	err := <-ended
	cancel()
	return errors.Join(err, <-ended)
}

// webServer has the limits that everything reached over HTTP has.
func webServer(face http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: face, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, DisableGeneralOptionsHandler: true,
	}
}

// serveUntil serves until ctx ends, then lets answers finish.
func serveUntil(ctx context.Context, h *http.Server, l net.Listener) error {
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		h.Shutdown(grace)
	}()
	serve := h.Serve
	if h.TLSConfig != nil {
		serve = func(l net.Listener) error { return h.ServeTLS(l, "", "") }
	}
	err := serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		<-stopped
		return nil
	}
	return err
}

// onwards sends a browser to the same page at the issuer, whatever host it
// asked for; a form or a program's request has already been sent in clear, so
// it is refused, not repeated.
func onwards(issuer string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "This is answered at "+issuer+" alone: send it there.", http.StatusForbidden)
			return
		}
		to := issuer + "/" + strings.TrimPrefix(r.URL.EscapedPath(), "/")
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		http.Redirect(w, r, to, http.StatusMovedPermanently)
	})
}

// certificateFindings tells of the certificate that browsers will be shown.
func certificateFindings(cfg config.Config, now time.Time) []finding {
	var leaf *x509.Certificate
	var err error
	switch {
	case cfg.HTTP.TLSCert != "":
		var cert *tls.Certificate
		if cert, _, err = certificate.Read(cfg.HTTP.TLSCert, cfg.HTTP.TLSKey); err == nil {
			leaf = cert.Leaf
		}
	case cfg.ACME.Enabled:
		leaf, err = certificate.Cached(cfg.ACMECache(), cfg.Host())
		if leaf == nil && err == nil {
			return []finding{{"certificate", true, "none yet: the first start asks " + cfg.ACME.Directory}}
		}
	default:
		return nil
	}
	if err == nil {
		err = certificate.Fault(leaf, cfg.Host(), now)
	}
	if err != nil {
		return []finding{{"certificate", false, err.Error()}}
	}
	return []finding{{"certificate", true, "for " + cfg.Host() + " until " + leaf.NotAfter.UTC().Format("2006-01-02 15:04:05Z")}}
}
