package certificate_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lanyard/cmd/lanyard/certificate"
)

// pair is a certificate that signs for itself, and its key, in PEM.
func pair(t *testing.T, name string, until time.Time) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<60))
	form := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: until.Add(-100 * 24 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

func write(t *testing.T, file string, text []byte) string {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// record is a log that a test reads while it is written.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func (r *record) log() *slog.Logger { return slog.New(slog.NewTextHandler(r, nil)) }

func waitFor(t *testing.T, what string, seen func() bool) {
	t.Helper()
	for range 2000 {
		if seen() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s: not within 20 seconds", what)
}

// served serves with a source's certificates.
type served struct {
	t       *testing.T
	address string
	again   chan os.Signal
}

func serve(t *testing.T, source certificate.Source) *served {
	t.Helper()
	s := &served{t: t, again: make(chan os.Signal)}
	h := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RemoteAddr+" "+r.Proto) }))
	h.EnableHTTP2 = true
	h.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	h.TLS = source.Config()
	l := tls.NewListener(h.Listener, h.TLS)
	s.address = l.Addr().String()
	go h.Config.Serve(l)
	ctx, cancel := context.WithCancel(context.Background())
	kept := make(chan struct{})
	go func() { defer close(kept); source.Keep(ctx, s.again) }()
	t.Cleanup(func() { cancel(); <-kept; h.Config.Close() })
	return s
}

// shown is the name on the certificate that a new handshake is shown.
func (s *served) shown(with *tls.Config) string {
	s.t.Helper()
	with.InsecureSkipVerify = true
	c, err := tls.Dial("tcp", s.address, with)
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0].Subject.CommonName
}

func openFiles(t *testing.T, host string, now func() time.Time) (f *certificate.Files, dir string, log *record) {
	t.Helper()
	dir, log = t.TempDir(), &record{}
	cert, key := pair(t, "first.test", time.Now().Add(60*24*time.Hour))
	f, err := certificate.Open(certificate.FilesConfig{
		Cert: write(t, filepath.Join(dir, "cert.pem"), cert), Key: write(t, filepath.Join(dir, "key.pem"), key), Host: host, Log: log.log(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return f, dir, log
}

func TestANewCertificateIsTakenWithoutDroppingAConnection(t *testing.T) {
	f, dir, log := openFiles(t, "first.test", time.Now)
	s := serve(t, f)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	get := func() string {
		res, err := client.Get("https://" + s.address)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return string(text)
	}
	before := get()
	cert, key := pair(t, "second.test", time.Now().Add(90*24*time.Hour))
	write(t, filepath.Join(dir, "cert.pem"), cert)
	write(t, filepath.Join(dir, "key.pem"), key)
	s.again <- syscall.SIGHUP
	waitFor(t, "the second certificate", func() bool { return s.shown(&tls.Config{}) == "second.test" })
	if after := get(); after != before {
		t.Errorf("the connection was %s, and is %s after the change", before, after)
	}
	for _, want := range []string{"the certificate was replaced", "browsers will refuse the certificate", "it is not for first.test"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log)
		}
	}
}

func TestABadNewCertificateLeavesTheOldOneAndSaysSo(t *testing.T) {
	cert, key := pair(t, "second.test", time.Now().Add(90*24*time.Hour))
	ended, endedKey := pair(t, "ended.test", time.Now().Add(-time.Minute))
	for name, c := range map[string]struct {
		cert, key []byte
		want      string
	}{
		"no certificate":    {[]byte("half a fi"), key, "are of no use"},
		"another's key":     {cert, endedKey, "private key does not match"},
		"no key":            {cert, nil, "are of no use"},
		"one that ended":    {ended, endedKey, "ended at"},
		"a file that is no": {nil, key, "are of no use"},
	} {
		t.Run(name, func(t *testing.T) {
			f, dir, log := openFiles(t, "first.test", time.Now)
			s := serve(t, f)
			write(t, filepath.Join(dir, "cert.pem"), c.cert)
			write(t, filepath.Join(dir, "key.pem"), c.key)
			s.again <- syscall.SIGHUP
			waitFor(t, "the complaint", func() bool { return strings.Contains(log.String(), "level=ERROR") })
			if !strings.Contains(log.String(), c.want) || !strings.Contains(log.String(), "the old one stays") {
				t.Errorf("the log does not say %q:\n%s", c.want, log)
			}
			if got := s.shown(&tls.Config{}); got != "first.test" {
				t.Errorf("handshakes are shown %s", got)
			}
		})
	}
	f, dir, log := openFiles(t, "first.test", time.Now)
	s := serve(t, f)
	if err := os.Remove(filepath.Join(dir, "key.pem")); err != nil {
		t.Fatal(err)
	}
	s.again <- syscall.SIGHUP
	waitFor(t, "the complaint", func() bool { return strings.Contains(log.String(), "key.pem cannot be read: no such file") })
	if got := s.shown(&tls.Config{}); got != "first.test" {
		t.Errorf("without a key file, handshakes are shown %s", got)
	}
}

func TestOldVersionsOfTLSAreRefusedAndHTTP2IsSpoken(t *testing.T) {
	f, _, _ := openFiles(t, "first.test", time.Now)
	s := serve(t, f)
	if got := s.shown(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); !strings.Contains(got, "protocol version") {
		t.Errorf("TLS 1.1 is answered with %s", got)
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		if got := s.shown(&tls.Config{MinVersion: version, MaxVersion: version}); got != "first.test" {
			t.Errorf("%s is answered with %s", tls.VersionName(version), got)
		}
	}
	c, err := tls.Dial("tcp", s.address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	if err != nil || c.ConnectionState().NegotiatedProtocol != "h2" {
		t.Errorf("HTTP/2 is not spoken: %v", err)
	}
}

func TestACertificateThatEndsSoonIsComplainedOf(t *testing.T) {
	_, _, log := openFiles(t, "first.test", func() time.Time { return time.Now().Add(50 * 24 * time.Hour) })
	if !strings.Contains(log.String(), "the certificate ends soon") {
		t.Errorf("the log says:\n%s", log)
	}
	_, _, log = openFiles(t, "first.test", func() time.Time { return time.Now().Add(61 * 24 * time.Hour) })
	if !strings.Contains(log.String(), "it ended at") {
		t.Errorf("the log says:\n%s", log)
	}
}

func TestFilesThatCannotBeReadAreASentence(t *testing.T) {
	_, err := certificate.Open(certificate.FilesConfig{Cert: "/nowhere/cert.pem", Key: "/nowhere/key.pem", Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err == nil || err.Error() != "the certificate /nowhere/cert.pem cannot be read: no such file or directory" {
		t.Errorf("got %v", err)
	}
}
