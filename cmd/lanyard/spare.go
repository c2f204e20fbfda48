package main

import (
	"os"
	"runtime"
	"sync"
	"time"
)

// spareFor is how long room that was made is kept.
const spareFor = 5 * time.Second

// spare makes room for other requests while passwords are hashed on every CPU.
// A hash takes some 40 ms and never pauses; with all of Go's processors at it,
// whoever else is asked something waits for the runtime's clock of 10 ms,
// several times over. With as many processors more than there are CPUs, the
// kernel shares the CPUs out instead, which it does by the millisecond. More
// processors cost other requests CPU time, so they are there only meanwhile.
type spare struct {
	mu   sync.Mutex
	more int         // guarded by mu; how many there are beside the usual ones
	end  *time.Timer // guarded by mu; nil: none is set
}

// full is told whenever all of that many workers hash. Who sets GOMAXPROCS
// knows better.
func (s *spare) full(workers int) {
	if os.Getenv("GOMAXPROCS") != "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.more > 0 {
		s.end.Reset(spareFor)
		return
	}
	s.more = workers
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + workers)
	s.end = time.AfterFunc(spareFor, s.quiet)
}

func (s *spare) quiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.more = 0
	runtime.SetDefaultGOMAXPROCS()
}
