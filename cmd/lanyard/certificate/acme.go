package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// How often the certificate is looked at, and when the authority is asked
// again after it refused: four times an hour, since authorities count.
const (
	renewed   = 10 * time.Minute
	askAgain  = 15 * time.Minute
	authority = time.Minute // for one answer of the authority
)

// ACMEConfig is what NewACME needs.
type ACMEConfig struct {
	Host      string // whom the certificate is for: a name, never an address
	Email     string // where the authority writes about trouble; may be empty
	Directory string // the authority's directory (RFC 8555, section 7.1.1)
	CA        string // PEM file of who signs for the directory itself; empty: whom the system trusts
	Cache     string // directory of the account's key, the certificate and its key; made with mode 0700
	Log       *slog.Logger
	Now       func() time.Time
}

// ACME gets a certificate from an authority and renews it a month before its
// end (RFC 8555), by the challenge tls-alpn-01 on the TLS listener (RFC 8737)
// or http-01 on the plain one, if there is one.
type ACME struct {
	cfg     ACMEConfig
	manager *autocert.Manager
	held    atomic.Pointer[tls.Certificate] // what handshakes get; nil until there is one
	tried   chan struct{}                   // closed after the first attempt
}

// NewACME asks nobody yet: Keep does.
func NewACME(c ACMEConfig) (*ACME, error) {
	if err := onlyOurs(c.Cache); err != nil {
		return nil, err
	}
	client := &http.Client{Timeout: authority}
	if c.CA != "" {
		text, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, fmt.Errorf("acme.ca names %s, which cannot be read: %w", c.CA, cause(err))
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("acme.ca names %s, which holds no certificate in PEM", c.CA)
		}
		client.Transport = &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	}
	return &ACME{cfg: c, tried: make(chan struct{}), manager: &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(c.Cache), HostPolicy: autocert.HostWhitelist(c.Host), Email: c.Email,
		Client: &acme.Client{DirectoryURL: c.Directory, HTTPClient: client, UserAgent: "lanyard"},
	}}, nil
}

// onlyOurs makes a directory for private keys, or says that others may look
// into the one that is there.
func onlyOurs(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the directory %s for certificates cannot be made: %w", dir, cause(err))
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("the directory %s for certificates cannot be read: %w", dir, cause(err))
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("the directory %s holds private keys, and others than its owner may look into it: chmod 700 %s", dir, dir)
	}
	return nil
}

// Config implements Source.
func (a *ACME) Config() *tls.Config { return config(a.get, acme.ALPNProto) }

// get answers a handshake. The authority's own gets its proof; everybody else
// what holds, whichever name they asked for: a certificate is got for one.
func (a *ACME) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto}) {
		return a.manager.GetCertificate(hello)
	}
	if cert := a.held.Load(); cert != nil {
		return cert, nil
	}
	select {
	case <-a.tried:
	case <-hello.Context().Done():
	}
	if cert := a.held.Load(); cert != nil {
		return cert, nil
	}
	return nil, errors.New("there is no certificate yet")
}

// Plain implements Source: it answers challenges http-01, at whichever port
// they arrive.
func (a *ACME) Plain(next http.Handler) http.Handler {
	h := a.manager.HTTPHandler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, _, err := net.SplitHostPort(r.Host); err == nil {
			r.Host = name
		}
		h.ServeHTTP(w, r)
	})
}

// Keep implements Source.
func (a *ACME) Keep(ctx context.Context, again <-chan os.Signal) {
	for first := true; ; first = false {
		wait := renewed
		if err := a.obtain(); err != nil {
			wait = askAgain
			a.cfg.Log.Error("there is no certificate from the authority", "directory", a.cfg.Directory, "host", a.cfg.Host, "err", err, "again_in", wait.String())
		}
		if first {
			close(a.tried)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-again:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// obtain takes the certificate that holds now, which the first time may mean
// to ask the authority for one.
func (a *ACME) obtain() error {
	cert, err := a.manager.GetCertificate(&tls.ClientHelloInfo{
		ServerName: a.cfg.Host, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
	})
	if err != nil {
		return err
	}
	if old := a.held.Swap(cert); old == nil || !old.Leaf.Equal(cert.Leaf) {
		a.cfg.Log.Info("the certificate is there", "host", a.cfg.Host, "until", cert.Leaf.NotAfter.UTC())
	}
	if end := cert.Leaf.NotAfter; a.cfg.Now().Add(soon).After(end) && end.Sub(cert.Leaf.NotBefore) > 2*soon {
		a.cfg.Log.Warn("the certificate ends soon, and the authority has not renewed it", "until", end.UTC())
	}
	return nil
}

// Cached reads the certificate that an earlier run was given; nil without an
// error if there is none.
func Cached(dir, host string) (*x509.Certificate, error) {
	text, err := os.ReadFile(dir + "/" + host)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the certificate in %s cannot be read: %w", dir, cause(err))
	}
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, fmt.Errorf("what is in %s for %s is of no use: %w", dir, host, err)
	}
	return pair.Leaf, nil
}
