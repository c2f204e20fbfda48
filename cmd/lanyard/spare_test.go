package main

import (
	"runtime"
	"testing"
)

func TestRoomIsMadeWhilePasswordsAreHashedAndGoesAgain(t *testing.T) {
	t.Setenv("GOMAXPROCS", "")
	usual := runtime.GOMAXPROCS(0)
	defer runtime.SetDefaultGOMAXPROCS()
	var s spare
	for range 3 { // told again and again, it makes room once
		s.full(2)
		if got := runtime.GOMAXPROCS(0); got != usual+2 {
			t.Fatalf("there are %d processors, want %d", got, usual+2)
		}
	}
	s.quiet()
	if got := runtime.GOMAXPROCS(0); got != usual {
		t.Errorf("afterwards there are %d, want %d", got, usual)
	}
	t.Setenv("GOMAXPROCS", "1")
	s.full(2)
	if got := runtime.GOMAXPROCS(0); got != usual {
		t.Errorf("somebody set GOMAXPROCS, and there are %d", got)
	}
}
