package radius

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"

	"lanyard/claims"
)

// benchWorld is a world of 1,000 members with a pass each, none of whom is
// logged or recorded.
func benchWorld(tb testing.TB) *world {
	w := newWorld(tb)
	var facts []claims.Fact
	for i := range 1000 {
		m := claims.MemberID(fmt.Sprint("m", i))
		facts = append(facts,
			claims.Member{ID: m, Sub: string(m), Username: string(m), State: claims.StateActive, PaidUntil: noon.AddDate(0, 1, 0)},
			claims.WiFiPass{ID: claims.ID("p" + m), Member: m, Login: string(m) + ".phone", Verifier: verifier(goodPass)})
	}
	facts = append(facts, claims.AccessPoint{ID: "ap5", Name: "loopback", Prefix: "127.0.0.0/8", Secret: apSecret, Network: "members"})
	w.change(facts...)
	d := w.directory
	cfg := w.config()
	cfg.Directory = func() *claims.Directory { return d }
	cfg.Verify = func(p claims.WiFiPass, text []byte) bool { return p.Verifier == verifier(string(text)) }
	cfg.Event = nil
	w.Server = New(cfg)
	return w
}

// numbered makes a signed request of its own for login i: the authenticator
// holds the number, the password is hidden anew.
func numbered(i int) []byte {
	p := codec.New(codec.CodeAccessRequest, []byte(apSecret))
	p.Identifier = byte(i)
	binary.BigEndian.PutUint64(p.Authenticator[:], uint64(i))
	again := login(fmt.Sprintf("m%d.phone", i%1000), goodPass, avp(rfc2865.CalledStationID_Type, ssidsAt+"space"))
	p.Attributes = again.Attributes
	hidden, _ := codec.NewUserPassword([]byte(goodPass), p.Secret, p.Authenticator[:])
	p.Attributes.Set(rfc2865.UserPassword_Type, hidden)
	return wire(p)
}

// BenchmarkPAP is one login in process: a packet in, a signed packet out.
func BenchmarkPAP(b *testing.B) {
	w := benchWorld(b)
	requests := make([][]byte, 4096)
	for i := range requests {
		requests[i] = numbered(i)
	}
	t := task{out: make([]byte, 0, codec.MaxPacketLength)}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		w.replies.forget(requestKey{from: apAddr, id: requests[i%4096][1], authenticator: [16]byte(requests[i%4096][4:20])})
		reply, _, _ := w.handle(&t, requests[i%4096], apAddr, noon)
		if codec.Code(reply[0]) != codec.CodeAccessAccept {
			b.Fatal("not accepted")
		}
	}
}

// loadClient sends logins to addr, some at once, and checks each reply.
func loadClient(addr string, first, n int) error {
	var all sync.WaitGroup
	const sockets = 16
	errs := make(chan error, sockets)
	for s := range sockets {
		all.Go(func() {
			c, err := net.Dial("udp", addr)
			if err != nil {
				errs <- err
				return
			}
			defer c.Close()
			reply := make([]byte, codec.MaxPacketLength)
			for i := s; i < n; i += sockets {
				request := numbered(first + i)
				_, _ = c.Write(request)
				got, err := c.Read(reply)
				if err != nil || reply[0] != byte(codec.CodeAccessAccept) || !codec.IsAuthenticResponse(reply[:got], request, []byte(apSecret)) {
					errs <- fmt.Errorf("login %d: code %d, %w", i, reply[0], err)
					return
				}
			}
		})
	}
	all.Wait()
	close(errs)
	return <-errs
}

// TestMain lets the loopback benchmark run its client as a process of its
// own, so that the server's CPU time is the server's.
func TestMain(m *testing.M) {
	if load := os.Getenv("LANYARD_RADIUS_LOAD"); load != "" {
		f := strings.Fields(load)
		first, _ := strconv.Atoi(f[1])
		n, _ := strconv.Atoi(f[2])
		if err := loadClient(f[0], first, n); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// BenchmarkPAPLoopback is one login over UDP, 16 at once, the client in
// another process. cpu-us/login is this process's user and system time.
func BenchmarkPAPLoopback(b *testing.B) {
	w := benchWorld(b)
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- w.Serve(ctx, pc) }()
	b.ResetTimer()
	before := cpuMicros()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("LANYARD_RADIUS_LOAD=%s %d %d", pc.LocalAddr(), 1, b.N))
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	b.ReportMetric(float64(cpuMicros()-before)/float64(b.N), "cpu-us/login")
	b.StopTimer()
	stop()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

func cpuMicros() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano()/1000 + u.Stime.Nano()/1000
}
