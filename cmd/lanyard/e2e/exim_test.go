package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// eximConfig takes letters from whoever signs in, over TLS only, and puts them
// into files. It knows no nobody, and defers whoever is called later.
const eximConfig = `primary_hostname = mail.example.org
spool_directory = %[1]s/spool
log_file_path = %[1]s/log.%%s
pid_file_path = %[1]s/pid
daemon_smtp_ports = %[2]d : %[3]d
tls_on_connect_ports = %[3]d
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = %[1]s/cert.pem
tls_privatekey = %[1]s/key.pem
auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
host_lookup =
never_users =
keep_environment =
deliver_drop_privilege = true
begin acl
rcpt:
  deny !authenticated = *
       message = sign in first
  deny local_parts = nobody
       message = no such person here
  defer local_parts = later
       message = come back later
  accept
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{lanyard}}{eq{$auth3}{` + mailPassword + `}}}}
  server_set_id = $auth2
begin routers
all:
  driver = accept
  transport = files
begin transports
files:
  driver = appendfile
  directory = %[1]s/mail
  maildir_format
  create_directory
`

const mailPassword = "a-word-for-the-mail-server"

// exim is a mail server of the test's own.
type exim struct {
	dir            string
	start, tls     int // its ports, with STARTTLS and with TLS from the first byte
	mailbox, roots string
}

// theExim starts Exim as the user that its package made: it needs no privilege,
// but lets only that user begin.
func theExim(t *testing.T) *exim {
	t.Helper()
	program := tool(t, "exim4", "apt-get install exim4-daemon-light", "/usr/sbin/exim4")
	who, err := user.Lookup("Debian-exim")
	if err != nil || os.Geteuid() != 0 && who.Uid != strconv.Itoa(os.Geteuid()) {
		leaveOut(t, "Exim begins for root or Debian-exim only")
	}
	dir, err := os.MkdirTemp("", "lanyard-exim-") // not the test's own: it is another user's
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	x := &exim{dir: dir, start: freePort(), tls: freePort(), mailbox: filepath.Join(dir, "mail", "new"), roots: filepath.Join(dir, "cert.pem")}
	certificate, key := selfSigned(t)
	for name, text := range map[string]string{"exim.conf": fmt.Sprintf(eximConfig, dir, x.start, x.tls), "cert.pem": certificate, "key.pem": key} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "-C", filepath.Join(dir, "exim.conf"), "-bdf")
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		for _, path := range []string{"", "exim.conf", "cert.pem", "key.pem"} {
			if err := os.Chown(filepath.Join(dir, path), uid, gid); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	startWith(t, cmd, func() error { return listens(x.start) })
	return x
}

// listens waits until somebody listens on a port of this machine.
func listens(port int) (err error) {
	for range 600 {
		var c net.Conn
		if c, err = net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return c.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// selfSigned makes a certificate for localhost that nobody else signed.
func selfSigned(t *testing.T) (certificate, key string) {
	t.Helper()
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, pair.Public(), pair)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(pair)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}

// letter is what arrived.
type letter struct {
	mail.Header
	subject     string
	plain, html string
}

// arrives waits for a letter to somebody whose subject has a text in it.
func (x *exim) arrives(t *testing.T, to, subject string) letter {
	t.Helper()
	for range 300 {
		files, _ := filepath.Glob(filepath.Join(x.mailbox, "*"))
		for _, file := range files {
			if l := readLetter(t, file); l.Get("To") == "<"+to+">" && strings.Contains(l.subject, subject) {
				return l
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(x.dir, "log.main"))
	t.Fatalf("no letter to %s about %q arrives. Exim says:\n%s", to, subject, log)
	return letter{}
}

func readLetter(t *testing.T, file string) letter {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mail.ReadMessage(f)
	if err != nil {
		t.Fatal(err)
	}
	l := letter{Header: m.Header}
	if l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return l
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			l.html = string(text)
		} else {
			l.plain = strings.ReplaceAll(string(text), "\r\n", "\n")
		}
	}
}
