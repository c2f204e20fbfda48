package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The heap may grow to this before garbage is collected, however little of it
// is in use. Go would begin at twice of what is: with a small organisation
// every few hundred requests, to look again at the same facts. A larger one
// is left to Go's own measure.
const heapFloor = 64 << 20

// tuneEvery is how often the measure is taken again: an organisation grows
// slowly, and one that is loaded anew is in place by then.
const tuneEvery = 10 * time.Second

// tuneCollector has the heap use heapFloor until ctx is done. Who sets GOGC or
// GOMEMLIMIT knows better.
func tuneCollector(ctx context.Context) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.FreeOSMemory() // what starting took
	set := 0
	for tick := time.NewTicker(tuneEvery); ; {
		if next := collectorPercent(liveHeap()); next != set {
			debug.SetGCPercent(next)
			set = next
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// collectorPercent is the growth over live bytes that comes to heapFloor, in
// steps so that it seldom changes; 100, Go's own, at least.
func collectorPercent(live uint64) int {
	const step = 50
	percent := int(100*heapFloor/max(live, 1<<20)) - 100
	return max(100, percent/step*step)
}

// liveHeap is how many bytes the last collection found in use.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
