package certificate_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lanyard/cmd/lanyard/certificate"
)

const host = "id.lanyard.test"

// pebble is an authority: Let's Encrypt's own for tests, and a name server
// beside it that calls every name 127.0.0.1.
type pebble struct {
	directory string
	ca        string // file of who signed the directory's certificate
	root      string // where the root is of what it signs
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// startPebble starts one that looks for proof at the ports given.
func startPebble(t *testing.T, httpPort, tlsPort int) pebble {
	t.Helper()
	for _, name := range []string{"pebble", "pebble-challtestsrv"} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("no %s, and CI=true says that everything must run", name)
			}
			t.Skipf("no %s: no certificate was got by ACME (apt-get install pebble)", name)
		}
	}
	dir := t.TempDir()
	cert, key := pair(t, "localhost", time.Now().Add(24*time.Hour))
	names, listen, manage := freePort(t), freePort(t), freePort(t)
	p := pebble{
		directory: fmt.Sprintf("https://127.0.0.1:%d/dir", listen), root: fmt.Sprintf("https://127.0.0.1:%d/roots/0", manage),
		ca: write(t, filepath.Join(dir, "cert.pem"), cert),
	}
	text, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": fmt.Sprintf("127.0.0.1:%d", listen), "managementListenAddress": fmt.Sprintf("127.0.0.1:%d", manage),
		"certificate": p.ca, "privateKey": write(t, filepath.Join(dir, "key.pem"), key), "httpPort": httpPort, "tlsPort": tlsPort,
	}})
	if err != nil {
		t.Fatal(err)
	}
	run(t, "pebble-challtestsrv", "-dns01", fmt.Sprintf("127.0.0.1:%d", names), "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "", "-management", fmt.Sprintf("127.0.0.1:%d", freePort(t)))
	run(t, "pebble", "-config", write(t, filepath.Join(dir, "pebble.json"), text), "-dnsserver", fmt.Sprintf("127.0.0.1:%d", names))
	for _, port := range []int{listen, manage} { // it opens one after the other
		waitFor(t, "pebble", func() bool {
			c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
			if err == nil {
				c.Close()
			}
			return err == nil
		})
	}
	return p
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
}

// roots are who a browser trusts that trusts the authority.
func (p pebble) roots(t *testing.T) *x509.CertPool {
	t.Helper()
	trusted := x509.NewCertPool()
	text, err := os.ReadFile(p.ca)
	if err != nil || !trusted.AppendCertsFromPEM(text) {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	res, err := client.Get(p.root)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err = io.ReadAll(res.Body)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(text) {
		t.Fatalf("no root from pebble: %v, %s", err, text)
	}
	return pool
}

func (p pebble) source(t *testing.T, cache string, log *slog.Logger) *certificate.ACME {
	t.Helper()
	a, err := certificate.NewACME(certificate.ACMEConfig{Host: host, Email: "op@lanyard.test", Directory: p.directory, CA: p.ca, Cache: cache, Log: log, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// handshake is one that verifies the certificate as a browser does.
func handshake(address string, roots *x509.CertPool) (*x509.Certificate, error) {
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: host})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0], nil
}

// TestACertificateIsGotFromAnAuthority gets one by both challenges, from an
// authority that is not ours, and finds it again after a restart.
func TestACertificateIsGotFromAnAuthority(t *testing.T) {
	for _, challenge := range []string{"tls-alpn-01", "http-01"} {
		t.Run(challenge, func(t *testing.T) {
			cache, log := filepath.Join(t.TempDir(), "certificates"), &record{}
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			plain := httptest.NewUnstartedServer(nil)
			httpPort, tlsPort := freePort(t), l.Addr().(*net.TCPAddr).Port
			if challenge == "http-01" {
				httpPort, tlsPort = plain.Listener.Addr().(*net.TCPAddr).Port, freePort(t)
			}
			p := startPebble(t, httpPort, tlsPort)
			a := p.source(t, cache, log.log())
			if challenge == "http-01" {
				plain.Config.Handler = a.Plain(http.NotFoundHandler())
				plain.Start()
				t.Cleanup(plain.Close)
			}
			first := got(t, p, a, l, log)
			again, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			if second := got(t, p, p.source(t, cache, log.log()), again, log); !second.Equal(first) {
				t.Error("the certificate was asked for a second time")
			}
			if leaf, err := certificate.Cached(cache, host); err != nil || !leaf.Equal(first) {
				t.Errorf("Cached = %v, %v", leaf, err)
			}
			onlyOwnerReads(t, cache)
		})
	}
}

// got serves with a source until a handshake succeeds, and stops again.
func got(t *testing.T, p pebble, a *certificate.ACME, l net.Listener, log *record) (leaf *x509.Certificate) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	kept := make(chan struct{})
	go func() { defer close(kept); a.Keep(ctx, nil) }()
	h := &http.Server{Handler: http.NotFoundHandler(), TLSConfig: a.Config(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)}
	go h.ServeTLS(l, "", "")
	defer func() { cancel(); <-kept; h.Close() }()
	var err error
	if leaf, err = handshake(l.Addr().String(), p.roots(t)); err != nil {
		t.Fatalf("the handshake: %v\n%s", err, log)
	}
	return leaf
}

func onlyOwnerReads(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 2 {
		t.Fatalf("in the cache are %v, %v; want an account's key and a certificate", files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want a file only its owner reads", f.Name(), info, err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%s: %v, %v", dir, info, err)
	}
}

func TestAnAuthorityThatRefusesIsComplainedOf(t *testing.T) {
	log := &record{}
	a, err := certificate.NewACME(certificate.ACMEConfig{
		Host: host, Directory: fmt.Sprintf("https://127.0.0.1:%d/dir", freePort(t)), Cache: filepath.Join(t.TempDir(), "c"), Log: log.log(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, a)
	if got := s.shown(&tls.Config{ServerName: host}); !strings.Contains(got, "internal error") {
		t.Errorf("a handshake without a certificate: %s", got)
	}
	for _, want := range []string{"level=ERROR", "there is no certificate from the authority", "connection refused", "again_in=15m"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log)
		}
	}
}

func TestPrivateKeysAreNotKeptWhereOthersLook(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := certificate.NewACME(certificate.ACMEConfig{Host: host, Cache: dir})
	if err == nil || !strings.Contains(err.Error(), "chmod 700 "+dir) {
		t.Errorf("got %v", err)
	}
	_, err = certificate.NewACME(certificate.ACMEConfig{Host: host, Cache: filepath.Join(dir, "new"), CA: write(t, filepath.Join(dir, "ca.pem"), []byte("no PEM"))})
	if err == nil || !strings.Contains(err.Error(), "holds no certificate") {
		t.Errorf("got %v", err)
	}
}
