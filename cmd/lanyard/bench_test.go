package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/cmd/lanyard/tour"
	"lanyard/idp/oauth"
)

// The benchmarks here run the program as it is installed, with the demo
// organisation on SQLite, and charge it with its own CPU time as the kernel
// counts it: what the client on the same machine costs is not in the figures.

// installed is the program, built and serving.
type installed struct {
	*process
	host    string // and port
	issuer  string
	radius  string
	known   demoSecrets
	trusted *x509.CertPool // who signed its certificate; nil: whom the system trusts
}

// installation is the program built, and a database with the demo in it, made
// once for all benchmarks.
var installation = sync.OnceValues(func() (string, error) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		return "", fmt.Errorf("CPU time of another process is read from /proc: %w", err)
	}
	dir, err := os.MkdirTemp("", "lanyard-bench-")
	if err != nil {
		return "", err
	}
	installedIn = dir
	binary := filepath.Join(dir, "lanyard")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	if out, err := exec.Command(binary, "demo", "--tour", "--dir", filepath.Join(dir, "data"), "--port", "18080").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return dir, nil
})

// installedIn is the folder to remove when all is measured.
var installedIn string

func install(b *testing.B) *installed {
	b.Helper()
	dir, err := installation()
	if err != nil {
		b.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	in := &installed{host: fmt.Sprintf("127.0.0.1:%d", freePort(b)), radius: fmt.Sprintf("127.0.0.1:%d", freePort(b))}
	in.issuer = "http://" + in.host
	text, err := os.ReadFile(filepath.Join(data, "secrets.json"))
	if err != nil || json.Unmarshal(text, &in.known) != nil {
		b.Fatalf("the demo's secrets: %v", err)
	}
	in.process = &process{dir: dir, log: &lockedBuffer{}, env: []string{
		"LANYARD_ISSUER=" + in.issuer, "LANYARD_HTTP_LISTEN=" + in.host, "LANYARD_RADIUS_LISTEN=" + in.radius,
		"LANYARD_DATABASE_URL=sqlite:" + filepath.Join(data, "lanyard.db"), "LANYARD_LOG_LEVEL=warn", "PATH=" + os.Getenv("PATH"), "HOME=" + dir}}
	b.Cleanup(in.kill)
	return in
}

// serve starts the program and returns how long it took to the first answer.
func (in *installed) serve(b *testing.B) time.Duration {
	b.Helper()
	in.cmd = exec.Command(filepath.Join(in.dir, "lanyard"), "serve")
	in.cmd.Env, in.cmd.Stdout, in.cmd.Stderr = in.env, in.log, in.log
	begin := time.Now()
	if err := in.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	return in.answers(b, begin)
}

// answers waits for the program, and returns how long that took.
func (in *installed) answers(b *testing.B, begin time.Time) time.Duration {
	b.Helper()
	client := in.keepAlive()
	for time.Since(begin) < 10*time.Second {
		res, err := client.Get(in.issuer + "/.well-known/openid-configuration")
		if err == nil {
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			return time.Since(begin)
		}
		time.Sleep(time.Millisecond)
	}
	b.Fatalf("it does not answer:\n%s", in.log)
	return 0
}

// cpu is the CPU time the program has used, in microseconds.
func (in *installed) cpu(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", in.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) * 10_000 // ticks of 1/100 s
}

// charge runs do b.N times on that many connections and reports the server's
// CPU time for each.
func (in *installed) charge(b *testing.B, connections int, do func() error) {
	b.Helper()
	for range 50 { // warm
		if err := do(); err != nil {
			b.Fatal(err)
		}
	}
	before := in.cpu(b)
	b.ResetTimer()
	b.SetParallelism(max(1, connections/runtime.GOMAXPROCS(0)))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := do(); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric((in.cpu(b)-before)/float64(b.N), "server-µs/op")
}

// post returns a function that sends a form as a client and checks the answer.
func (in *installed) post(path, id string, form url.Values, want string) func() error {
	client := in.keepAlive()
	return func() error {
		r, err := http.NewRequest(http.MethodPost, in.issuer+path, strings.NewReader(form.Encode()))
		if err != nil {
			return err
		}
		r.SetBasicAuth(id, in.known.Secrets[id])
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		_, err = answer(client, r, want)
		return err
	}
}

// keepAlive is a client with a connection for each worker.
func (in *installed) keepAlive() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, TLSClientConfig: &tls.Config{RootCAs: in.trusted}}}
}

// answer sends a request and returns the body, which must hold want.
func answer(client *http.Client, r *http.Request, want string) ([]byte, error) {
	res, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != 200 || !bytes.Contains(text, []byte(want))) {
		err = fmt.Errorf("%s answered %d: %s", r.URL.Path, res.StatusCode, text)
	}
	return text, err
}

// ada signs Ada in at the members' app.
func (in *installed) ada(b *testing.B, scopes ...string) tour.SignedIn {
	b.Helper()
	ada, err := tour.SignIn(b.Context(), tour.Config{Issuer: in.issuer, Passwords: map[string]string{"ada": in.known.Password},
		App: tour.Client{ID: "app"}, Now: time.Now}, "ada", scopes...)
	if err != nil {
		b.Fatal(err)
	}
	return ada
}

func BenchmarkInstalledStart(b *testing.B) {
	in := install(b)
	var total time.Duration
	b.ResetTimer()
	for range b.N {
		total += in.serve(b)
		in.kill()
	}
	b.ReportMetric(float64(total.Milliseconds())/float64(b.N), "ms-to-discovery")
}

func BenchmarkInstalledIdle(b *testing.B) {
	in := install(b)
	in.serve(b)
	time.Sleep(3 * time.Second) // until the collector has given back what starting took
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", in.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			b.ReportMetric(kb/1024, "MB-idle")
		}
	}
	info, err := os.Stat(filepath.Join(in.dir, "lanyard"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB-binary")
	b.ReportMetric(0, "ns/op")
}

func BenchmarkInstalledIntrospect(b *testing.B) {
	in := install(b)
	in.serve(b)
	in.charge(b, 8, in.post("/introspect", "dashboard", url.Values{"token": {in.ada(b, "openid", "groups").Access}}, `"active":true`))
}

func BenchmarkInstalledClientCredentials(b *testing.B) {
	in := install(b)
	in.serve(b)
	for _, connections := range []int{8, 64} { // more of them share a commit
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			in.charge(b, connections, in.post("/token", "dashboard", url.Values{"grant_type": {"client_credentials"}}, `"access_token"`))
		})
	}
}

func BenchmarkInstalledDiscovery(b *testing.B) {
	in := install(b)
	in.serve(b)
	client := in.keepAlive()
	for name, path := range map[string]string{"discovery": "/.well-known/openid-configuration", "jwks": oauth.PathJWKS} {
		b.Run(name, func(b *testing.B) {
			in.charge(b, 8, func() error {
				r, err := http.NewRequest(http.MethodGet, in.issuer+path, nil)
				if err != nil {
					return err
				}
				_, err = answer(client, r, "{")
				return err
			})
		})
	}
}

func BenchmarkInstalledPAP(b *testing.B) {
	in := install(b)
	in.serve(b)
	out, err := in.tell("wifi", "pass", "add", "ada", fmt.Sprintf("bench-%d", time.Now().UnixNano()%1e9), "--json")
	var made struct{ Login, Pass string }
	if err != nil || json.Unmarshal(out, &made) != nil || made.Pass == "" {
		b.Fatalf("make a WiFi pass: %v\n%s", err, out)
	}
	time.Sleep(1500 * time.Millisecond) // the server follows the command line
	flood := radiusFlood{addr: in.radius, secret: []byte(in.known.Secrets["Demo access point"]), login: made.Login, pass: made.Pass}
	if err := flood.run(500); err != nil { // warm
		b.Fatal(err)
	}
	before := in.cpu(b)
	b.ResetTimer()
	if err := flood.run(b.N); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric((in.cpu(b)-before)/float64(b.N), "server-µs/op")
}

// tell runs a command on the same database.
func (in *installed) tell(args ...string) ([]byte, error) {
	cmd := exec.Command(filepath.Join(in.dir, "lanyard"), args...)
	cmd.Env = in.env
	return cmd.Output()
}
