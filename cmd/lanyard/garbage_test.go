package main

import "testing"

func TestASmallHeapIsLeftToGrow(t *testing.T) {
	for live, want := range map[uint64]int{
		0: 6300, 4 << 20: 1500, 10 << 20: 500, 21 << 20: 200, 32 << 20: 100, 107 << 20: 100, 1 << 32: 100,
	} {
		if got := collectorPercent(live); got != want {
			t.Errorf("%d MiB in use: %d %%, want %d", live>>20, got, want)
		}
	}
	if liveHeap() > 1<<40 {
		t.Errorf("the heap is said to hold %d bytes", liveHeap())
	}
}
