package radius

import "sync/atomic"

// Stats counts what became of packets since the server was made. The sum of
// all but Delayed, Broken and SendErrors is Received.
type Stats struct {
	Received    uint64 // datagrams read
	Accepts     uint64
	Rejects     uint64 // delayed ones too
	Status      uint64 // Status-Server answered
	Answered    uint64 // duplicates answered as before
	Working     uint64 // duplicates dropped, their original being worked on
	Unavailable uint64 // no answer possible now: the access point fails over
	Broken      uint64 // of those, how many for a fault of ours

	Unknown    uint64 // discarded: from no access point
	Malformed  uint64 // discarded
	Unsigned   uint64 // discarded: no Message-Authenticator
	Forged     uint64 // discarded: a wrong Message-Authenticator
	Proxied    uint64 // discarded: Proxy-State without Message-Authenticator
	Unexpected uint64 // discarded: another kind of packet
	Accounting uint64 // discarded: accounting is not kept
	TooLong    uint64 // discarded: the reply would be

	Delayed    uint64 // rejects that were held back
	SendErrors uint64
}

// counters are Stats as they grow.
type counters struct {
	received, accepts, rejects, status, answered, working atomic.Uint64
	unavailable, broken, delayed, sendErrors              atomic.Uint64
	refused                                               [refusals]atomic.Uint64
}

// Stats returns the counts so far.
func (s *Server) Stats() Stats {
	c := &s.counters
	return Stats{
		Received:    c.received.Load(),
		Accepts:     c.accepts.Load(),
		Rejects:     c.rejects.Load(),
		Status:      c.status.Load(),
		Answered:    c.answered.Load(),
		Working:     c.working.Load(),
		Unavailable: c.unavailable.Load(),
		Broken:      c.broken.Load(),
		Unknown:     c.refused[refusedUnknown].Load(),
		Malformed:   c.refused[refusedMalformed].Load(),
		Unsigned:    c.refused[refusedUnsigned].Load(),
		Forged:      c.refused[refusedForged].Load(),
		Proxied:     c.refused[refusedProxied].Load(),
		Unexpected:  c.refused[refusedCode].Load(),
		Accounting:  c.refused[refusedAccounting].Load(),
		TooLong:     c.refused[refusedTooLong].Load(),
		Delayed:     c.delayed.Load(),
		SendErrors:  c.sendErrors.Load(),
	}
}
