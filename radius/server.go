package radius

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	codec "layeh.com/radius"

	"lanyard/claims"
)

// Config is what the front needs of the world. Directory, Secret, Verify and
// Now must be set.
type Config struct {
	// Directory returns the current picture of the organisation; nil while
	// there is none. It is called for every packet.
	Directory func() *claims.Directory
	// Ready tells whether that picture may be decided on; with an error no
	// request is answered, so that the access point asks another server. Nil:
	// always. It is called for every request.
	Ready func() error
	// Secret opens an access point's shared secret. It is called once for
	// each sealed secret.
	Secret func(claims.AccessPoint) ([]byte, error)
	// Verify tells whether the text is the pass, in constant time. It keeps
	// nothing of the text.
	Verify func(claims.WiFiPass, []byte) bool
	Now    func() time.Time
	Log    *slog.Logger // nil: none
	// Event is told of each decision, from the goroutine that answers: it
	// must return at once. Nil: nobody is told.
	Event func(Outcome)
	// Workers is how many requests are worked on at once; 0: one per core.
	Workers int
}

// Server answers access points. It may serve several sockets at once; they
// share what is known of duplicates and failures.
type Server struct {
	cfg      Config
	pictures pictures
	replies  duplicates
	failed   *tally
	quiet    quiet
	counters counters
}

// New returns a server.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Workers <= 0 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	return &Server{
		cfg:      cfg,
		pictures: pictures{directory: cfg.Directory, secret: cfg.Secret, log: cfg.Log},
		failed:   newTally(),
		quiet:    quiet{log: cfg.Log},
	}
}

// receiveBuffer is what the kernel is asked to hold while all workers are
// busy. It is the queue: when it is full, the kernel drops the newest.
const receiveBuffer = 1 << 20

// Serve answers what arrives at pc until ctx is over; then it finishes what
// it has begun, sends what it held back, closes pc and returns nil. It
// answers from the address pc is bound to, so on a host with several bind
// one socket for each.
//
// Each worker reads, decides and answers one packet after another, in its own
// buffers: no goroutine and no queue grows with the traffic.
func (s *Server) Serve(ctx context.Context, pc net.PacketConn) error {
	c := newConn(pc)
	if b, ok := pc.(interface{ SetReadBuffer(int) error }); ok {
		_ = b.SetReadBuffer(receiveBuffer) // the kernel may give less
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = pc.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()

	queue := make(chan late, lateLimit)
	var lates, workers sync.WaitGroup
	lates.Go(func() { s.sendLate(ctx, c, queue) })
	errs := make([]error, s.cfg.Workers)
	for i := range errs {
		workers.Go(func() {
			errs[i] = s.work(ctx, c, queue)
			cancel() // one that cannot read stops all
		})
	}
	workers.Wait()
	close(queue)
	lates.Wait()
	if err := pc.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// readErrors is how many reads may fail in a row before the socket is given up.
const readErrors = 16

// work answers packets until ctx is over.
func (s *Server) work(ctx context.Context, c conn, queue chan<- late) error {
	in := make([]byte, codec.MaxPacketLength+1)
	t := task{out: make([]byte, 0, codec.MaxPacketLength)}
	for failed := 0; ; {
		n, from, err := c.ReadFromUDPAddrPort(in)
		switch {
		case err == nil:
			failed = 0
			s.answer(&t, c, queue, in[:n], from)
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed) || failed >= readErrors:
			return fmt.Errorf("read radius packets: %w", err)
		default:
			failed++ // an error of an earlier send may come back here
		}
	}
}

// task is what a worker uses again for each packet.
type task struct {
	request request
	out     []byte
}

// answer handles one datagram and sends what is to be sent now. A panic costs
// one packet its answer, not the house its WiFi.
func (s *Server) answer(t *task, c conn, queue chan<- late, datagram []byte, from netip.AddrPort) {
	defer func() {
		if p := recover(); p != nil {
			s.counters.unavailable.Add(1)
			s.counters.broken.Add(1)
			s.cfg.Log.Error("radius packet met a fault", "fault", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	now := s.cfg.Now()
	reply, key, wait := s.handle(t, datagram, from, now)
	if reply == nil {
		return
	}
	if wait {
		select {
		case queue <- late{append([]byte(nil), reply...), from, key, now}:
			s.counters.delayed.Add(1)
			return
		default: // more than can be held back: better at once than never
		}
		s.replies.finish(key, reply)
	}
	s.send(c, reply, from)
}

func (s *Server) send(c conn, reply []byte, to netip.AddrPort) {
	if _, err := c.WriteToUDPAddrPort(reply, to); err != nil {
		s.counters.sendErrors.Add(1)
		s.cfg.Log.Debug("radius reply not sent", "to", to, "err", err)
	}
}

// conn is a socket that allocates nothing per packet.
type conn interface {
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
}

func newConn(pc net.PacketConn) conn {
	if c, ok := pc.(conn); ok {
		return c
	}
	return anyConn{pc}
}

// anyConn is any other net.PacketConn whose addresses are UDP's.
type anyConn struct{ net.PacketConn }

func (c anyConn) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	n, from, err := c.ReadFrom(b)
	if udp, ok := from.(*net.UDPAddr); ok {
		return n, udp.AddrPort(), err
	}
	return n, netip.AddrPort{}, err
}

func (c anyConn) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	return c.WriteTo(b, net.UDPAddrFromAddrPort(to))
}
