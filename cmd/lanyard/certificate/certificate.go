// Package certificate is where the web front's TLS gets its certificate: from
// two files, which are read anew when they change, or from an authority by
// ACME (RFC 8555), which is asked again before the certificate ends. Either
// way a certificate is replaced without a connection being dropped, since each
// handshake asks for the one that holds.
//
// It leaves to cmd/lanyard which of the two it is, and the listening.
package certificate

import (
	"context"
	"crypto/tls"
	"net/http"
	"os"
)

// Source is where certificates come from. It is safe for use by many at once.
type Source interface {
	// Config returns how to answer handshakes: TLS 1.2 or newer, HTTP/2 and
	// HTTP/1.1. The caller owns it.
	Config() *tls.Config
	// Keep keeps the certificate good until ctx ends. What arrives on again
	// (SIGHUP) makes it look at once.
	Keep(ctx context.Context, again <-chan os.Signal)
	// Plain wraps the handler of the plain listener, where the authority may
	// ask for proof of who we are; everything else goes to next.
	Plain(next http.Handler) http.Handler
}

// config is the part of a TLS configuration that does not depend on the
// source (RFC 9325: TLS 1.2 with forward secrecy, which is what crypto/tls
// leaves of its suites, or TLS 1.3).
func config(get func(*tls.ClientHelloInfo) (*tls.Certificate, error), protocols ...string) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: get, NextProtos: append([]string{"h2", "http/1.1"}, protocols...)}
}
