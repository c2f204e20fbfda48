package certificate

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// lookEvery is how often the files are looked at, and soon how long before its
// end a certificate that nobody replaced is complained of.
const (
	lookEvery = 10 * time.Second
	soon      = 14 * 24 * time.Hour
)

// FilesConfig is what Open needs.
type FilesConfig struct {
	Cert, Key string // PEM files; the chain begins with the server's own
	Host      string // what people call the server: a certificate for others is complained of
	Log       *slog.Logger
	Now       func() time.Time
}

// Files are a certificate and its key in two files.
type Files struct {
	cfg   FilesConfig
	held  atomic.Pointer[tls.Certificate] // what handshakes get
	seen  [sha256.Size]byte               // of the files as last read, good or bad; Open's, then Keep's
	warns time.Time                       // when a certificate that ends soon is complained of again; Keep's
}

// Open reads the files. One that has ended is taken all the same, and
// complained of: a page with a warning is more than none.
func Open(c FilesConfig) (*Files, error) {
	f := &Files{cfg: c}
	cert, seen, err := Read(c.Cert, c.Key)
	if err != nil {
		return nil, err
	}
	f.seen = seen
	f.take(cert)
	return f, nil
}

// Read reads a certificate and its key, and a digest of both as they stand in
// the files. The error is a sentence that names the file.
func Read(certFile, keyFile string) (*tls.Certificate, [sha256.Size]byte, error) {
	chain, err := os.ReadFile(certFile)
	if err != nil {
		return nil, [sha256.Size]byte{}, fmt.Errorf("the certificate %s cannot be read: %w", certFile, cause(err))
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, [sha256.Size]byte{}, fmt.Errorf("the private key %s cannot be read: %w", keyFile, cause(err))
	}
	seen := sha256.Sum256(append(append(chain[:len(chain):len(chain)], 0), key...))
	cert, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return nil, seen, fmt.Errorf("the certificate %s and the private key %s are of no use: %w", certFile, keyFile, err)
	}
	return &cert, seen, nil
}

// cause leaves the operation and the path out of a file error.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// Config implements Source.
func (f *Files) Config() *tls.Config {
	return config(func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.held.Load(), nil })
}

// Plain implements Source: nobody asks for proof.
func (f *Files) Plain(next http.Handler) http.Handler { return next }

// Keep implements Source.
func (f *Files) Keep(ctx context.Context, again <-chan os.Signal) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-again:
			f.look(true)
		case <-look.C:
			f.look(false)
			f.complain()
		}
	}
}

// look reads the files anew. What cannot be used leaves what holds in place,
// and is said once, or each time if somebody asked.
func (f *Files) look(asked bool) {
	cert, seen, err := Read(f.cfg.Cert, f.cfg.Key)
	if seen == f.seen && !asked {
		return
	}
	changed := seen != f.seen
	f.seen = seen
	if err == nil && f.cfg.Now().After(cert.Leaf.NotAfter) {
		err = fmt.Errorf("the certificate %s ended at %s", f.cfg.Cert, cert.Leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	if err != nil {
		f.cfg.Log.Error("the new certificate is not used, the old one stays", "err", err, "until", f.held.Load().Leaf.NotAfter.UTC())
		return
	}
	if !changed {
		f.cfg.Log.Info("the certificate is as it was", "until", cert.Leaf.NotAfter.UTC())
		return
	}
	f.take(cert)
	f.cfg.Log.Info("the certificate was replaced", "until", cert.Leaf.NotAfter.UTC())
}

// take makes cert the one that handshakes get.
func (f *Files) take(cert *tls.Certificate) {
	f.held.Store(cert)
	f.warns = time.Time{}
	f.complain()
}

// complain says once a day what is wrong with the certificate that holds.
func (f *Files) complain() {
	now := f.cfg.Now()
	if now.Before(f.warns) {
		return
	}
	f.warns = now.Add(24 * time.Hour)
	if err := Fault(f.held.Load().Leaf, f.cfg.Host, now); err != nil {
		f.cfg.Log.Error("browsers will refuse the certificate", "err", err)
	} else if end := f.held.Load().Leaf.NotAfter; now.Add(soon).After(end) {
		f.cfg.Log.Warn("the certificate ends soon, and nobody has replaced it", "until", end.UTC())
	}
}

// Fault says why a browser that asks for host will refuse a certificate,
// whoever signed it; nil: it will not for what can be told here.
func Fault(leaf *x509.Certificate, host string, now time.Time) error {
	switch {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("it ended at %s", leaf.NotAfter.UTC().Format(time.RFC3339))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("it begins at %s", leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	if leaf.VerifyHostname(host) != nil {
		return fmt.Errorf("it is not for %s, but for %v", host, append(leaf.DNSNames, addresses(leaf)...))
	}
	return nil
}

func addresses(leaf *x509.Certificate) []string {
	var all []string
	for _, a := range leaf.IPAddresses {
		all = append(all, a.String())
	}
	return all
}
