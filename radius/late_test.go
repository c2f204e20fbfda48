package radius

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"lanyard/claims"
)

func TestSixthFailureInAMinuteWaits(t *testing.T) {
	tl := newTally()
	for i := range failures {
		if tl.fail("ap", "ada", noon.Add(time.Duration(i)*time.Second)) {
			t.Fatalf("failure %d waits, want none of the first %d to", i+1, failures)
		}
	}
	if !tl.fail("ap", "ada", noon.Add(10*time.Second)) {
		t.Error("the sixth failure in a minute does not wait")
	}
	if !tl.fail("ap", "aDa", noon.Add(10*time.Second)) {
		t.Error("the same login in other letters does not wait")
	}
	if tl.fail("ap", "ben", noon.Add(10*time.Second)) || tl.fail("ap2", "ada", noon.Add(10*time.Second)) {
		t.Error("another login or another access point waits for ada's failures")
	}
	if tl.fail("ap", "ada", noon.Add(failureSpan)) {
		t.Error("a failure after a quiet minute waits")
	}
}

func TestFailuresWatchedAreBounded(t *testing.T) {
	tl := newTally()
	for i := range 2 * failureLimit {
		tl.fail(claims.ID("ap"), fmt.Sprint("guess", i), noon)
	}
	if len(tl.of) > failureLimit {
		t.Errorf("%d logins are watched, want at most %d", len(tl.of), failureLimit)
	}
	tl.fail("ap", "later", noon.Add(2*failureSpan))
	if len(tl.of) != 1 {
		t.Errorf("%d logins are watched long after, want 1", len(tl.of))
	}
}

// pipe is a net.PacketConn in memory.
type pipe struct {
	in, out chan []byte
	stop    chan struct{}
	once    sync.Once
}

func newPipe() *pipe {
	return &pipe{in: make(chan []byte), out: make(chan []byte, 64), stop: make(chan struct{})}
}

func (p *pipe) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case d := <-p.in:
		return copy(b, d), net.UDPAddrFromAddrPort(apAddr), nil
	case <-p.stop:
		return 0, nil, os.ErrDeadlineExceeded
	}
}
func (p *pipe) WriteTo(b []byte, _ net.Addr) (int, error) {
	p.out <- bytes.Clone(b)
	return len(b), nil
}
func (p *pipe) SetReadDeadline(time.Time) error  { p.once.Do(func() { close(p.stop) }); return nil }
func (p *pipe) SetWriteDeadline(time.Time) error { return nil }
func (p *pipe) SetDeadline(time.Time) error      { return nil }
func (p *pipe) Close() error                     { return nil }
func (p *pipe) LocalAddr() net.Addr              { return &net.UDPAddr{} }

// line is a server on a pipe, with a clock that passes as the test waits.
type line struct {
	*world
	*pipe
	stop context.CancelFunc
	done chan error
}

func newLine(t *testing.T) *line {
	l := &line{world: newWorld(t), pipe: newPipe(), done: make(chan error, 1)}
	cfg := l.config()
	cfg.Now = time.Now
	l.Server = New(cfg)
	var ctx context.Context
	ctx, l.stop = context.WithCancel(t.Context())
	go func() { l.done <- l.Serve(ctx, l.pipe) }()
	return l
}

// took sends a login and returns how long its answer, or the next that comes, took.
func (l *line) took(request []byte) time.Duration {
	began := time.Now()
	l.in <- request
	<-l.out
	return time.Since(began)
}

func TestRepeatedFailuresAreAnsweredASecondLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		for i := range failures {
			if took := l.took(wire(login("ben.phone", fmt.Sprint(i)))); took != 0 {
				t.Errorf("failure %d waited %v", i+1, took)
			}
		}
		request := wire(login("ben.phone", "again"))
		began := time.Now()
		l.in <- request
		l.in <- request // its duplicate meanwhile
		if took := l.took(wire(login("cleo.phone", goodPass))); took != 0 {
			t.Errorf("another's login waited %v", took)
		}
		<-l.out
		if took := time.Since(began); took != rejectDelay {
			t.Errorf("the sixth failure waited %v, want %v", took, rejectDelay)
		}
		if took := l.took(request); took != 0 {
			t.Errorf("its duplicate afterwards waited %v", took)
		}
		if s := l.Stats(); s.Delayed != 1 || s.Working != 1 || s.Answered != 1 {
			t.Errorf("counted as %+v", s)
		}
		l.stop()
		<-l.done
	})
}

func TestStopSendsWhatWasHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		for i := range failures {
			l.took(wire(login("ben.phone", fmt.Sprint(i))))
		}
		l.in <- wire(login("ben.phone", "held back"))
		synctest.Wait()
		began := time.Now()
		l.stop()
		if <-l.out; time.Since(began) != 0 {
			t.Errorf("the reply held back waited %v after the end", time.Since(began))
		}
		if err := <-l.done; err != nil {
			t.Errorf("Serve = %v, want a clean stop", err)
		}
	})
}
