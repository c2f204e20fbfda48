package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// newCertificate writes a certificate for 127.0.0.1 that signs for itself,
// and its key, to cert.pem and key.pem in dir. It returns who trusts it.
func newCertificate(t testing.TB, dir string, serial int64) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: secret}} {
		text := pem.EncodeToMemory(block)
		if name == "cert.pem" {
			trusted.AppendCertsFromPEM(text)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return trusted
}

// servedTLS is a process that ends TLS itself, with a plain listener beside it.
func servedTLS(t *testing.T) (p *process, issuer, plain string) {
	port, plainPort := freePort(t), freePort(t)
	p = newProcess(t, "serve")
	issuer, plain = fmt.Sprintf("https://127.0.0.1:%d", port), fmt.Sprintf("http://127.0.0.1:%d", plainPort)
	p.env = []string{
		"LANYARD_ISSUER=" + issuer, fmt.Sprintf("LANYARD_HTTP_LISTEN=127.0.0.1:%d", port), fmt.Sprintf("LANYARD_HTTP_LISTEN_PLAIN=127.0.0.1:%d", plainPort),
		"LANYARD_DATABASE_URL=sqlite:data/lanyard.db", "LANYARD_HTTP_TLS_CERT=cert.pem", "LANYARD_HTTP_TLS_KEY=key.pem"}
	return p, issuer, plain
}

func TestTheServerEndsTLSItselfAndTakesANewCertificate(t *testing.T) {
	p, issuer, plain := servedTLS(t)
	trusted := newCertificate(t, p.dir, 1)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true}
	client := &http.Client{Transport: transport}
	p.startWith(client, issuer)
	res, err := client.Get(issuer + "/login")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got := res.Header.Get("Strict-Transport-Security"); res.StatusCode != 200 || res.Proto != "HTTP/2.0" || got != "max-age=31536000" {
		t.Errorf("GET /login = %d by %s with HSTS %q", res.StatusCode, res.Proto, got)
	}
	out, code := p.run("check")
	if code != 0 || !strings.Contains(out, "certificate   for 127.0.0.1 until 20") {
		t.Errorf("lanyard check: exit %d\n%s", code, out)
	}
	p.staysPlain(issuer, plain)

	trusted = newCertificate(t, p.dir, 2)
	p.cmd.Process.Signal(syscall.SIGHUP)
	waitFor(t, func() bool {
		c, err := tls.Dial("tcp", strings.TrimPrefix(issuer, "https://"), &tls.Config{RootCAs: trusted})
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	if res, err := client.Get(issuer + "/healthz"); err != nil {
		t.Errorf("the connection made before: %v", err)
	} else {
		res.Body.Close()
	}
	if err := os.WriteFile(filepath.Join(p.dir, "cert.pem"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.cmd.Process.Signal(syscall.SIGHUP)
	waitFor(t, func() bool {
		return strings.Contains(p.log.String(), "the new certificate is not used, the old one stays")
	})
	if out, code := p.run("check"); code == 0 || !strings.Contains(out, "BAD  certificate") {
		t.Errorf("lanyard check with half a file: exit %d\n%s", code, out)
	}
}

// staysPlain holds the plain listener to what it may do: send browsers on.
func (p *process) staysPlain(issuer, plain string) {
	p.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]string{
		"/authorize?client_id=x&state=%20": issuer + "/authorize?client_id=x&state=%20",
		"//evil.test/x":                    issuer + "//evil.test/x", "/%2fa%0ab": issuer + "/%2fa%0ab", "/": issuer + "/",
	} {
		r, _ := http.NewRequest(http.MethodGet, plain+path, nil)
		r.Host = "evil.test"
		res, err := client.Do(r)
		if err != nil {
			p.t.Fatal(err)
		}
		res.Body.Close()
		if got := res.Header.Get("Location"); res.StatusCode != http.StatusMovedPermanently || got != want {
			p.t.Errorf("GET %s in clear = %d to %s, want %s", path, res.StatusCode, got, want)
		}
	}
	res, err := client.Post(plain+"/token", "application/x-www-form-urlencoded", bytes.NewReader([]byte("grant_type=client_credentials")))
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if text, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusForbidden || !strings.Contains(string(text), issuer) {
		p.t.Errorf("POST /token in clear = %d %s", res.StatusCode, text)
	}
}
