package login

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestGuessingSlowsDownAndNeverLocksOut(t *testing.T) {
	b := newBench(t)
	var w = b.get("/login")
	for range 6 {
		w = b.post("/login", "username", "ada", "password", "wrong password")
	}
	w = b.post("/login", "username", "ada", "password", goodPassword)
	if w.Code != 429 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Too many wrong tries. Wait") {
		t.Fatalf("after 6 wrong ones: %d %s", w.Code, w.Header())
	}
	if n := len(b.asked); n != 6 {
		t.Errorf("%d passwords were checked, want 6", n)
	}
	// Unknown accounts wait the same.
	for range 6 {
		b.post("/login", "username", "nosuchuser", "password", "wrong password")
	}
	if w := b.post("/login", "username", "nosuchuser", "password", "x"); w.Code != 429 {
		t.Errorf("an unknown account: %d, want 429 as for a known one", w.Code)
	}
	// The member elsewhere is not shut out, and neither are they here for good.
	b.addr = "198.51.100.7:1"
	b.signIn("ada")
	b.addr = "203.0.113.9:4000"
	b.now = b.now.Add(5 * time.Minute)
	b.signIn("ada")
}

func TestGuessesAllAtOnceAreCounted(t *testing.T) {
	b := newBench(t)
	var mu sync.Mutex
	var group sync.WaitGroup
	codes := map[int]int{}
	for range 40 {
		group.Go(func() {
			w := (&bench{T: t, fake: b.fake, login: b.login, handler: b.handler, site: "same-origin", addr: b.addr}).post("/login", "username", "ada", "password", "wrong password")
			mu.Lock()
			defer mu.Unlock()
			codes[w.Code]++
		})
	}
	group.Wait()
	if codes[401] > 6 || codes[429] < 30 {
		t.Errorf("answers %v: more than the free tries were judged", codes)
	}
}

func TestManyGuessersFromManyPlacesSlowTheAccountButNotItsMember(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	k := newBrake()
	now := b.now
	for i := range 200 {
		addr := addrOf(fmt.Sprintf("2001:db8:%x::1", i))
		k.begin("ada", addr, now)
	}
	if wait := k.begin("ada", addrOf("192.0.2.1"), now); wait <= 0 || wait > 30*time.Second {
		t.Errorf("a new place waits %v, want up to 30 s", wait)
	}
	k.right("ada", addrOf("192.0.2.2"), now) // where she signed in before
	for i := range 200 {
		k.begin("ada", addrOf(fmt.Sprintf("2001:db9:%x::1", i)), now)
	}
	if wait := k.begin("ada", addrOf("192.0.2.2"), now); wait != 0 {
		t.Errorf("the member at home waits %v", wait)
	}
}

func TestOneAddressCannotTryEveryAccount(t *testing.T) {
	k, now := newBrake(), time.Unix(1750000000, 0)
	var waited bool
	for i := range 60 {
		// One person's IPv6 network counts as one address.
		waited = k.begin(fmt.Sprint("user", i), addrOf(fmt.Sprintf("2001:db8::%x", i)), now) > 0
	}
	if !waited {
		t.Error("60 accounts tried from one network without a wait")
	}
}

func TestOneGuesserDoesNotShutOutTheirHouse(t *testing.T) {
	b, now, house := newBrake(), time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), addrOf("203.0.113.9")
	if b.begin("ada", house, now) > 0 {
		t.Fatal("ada's first sign-in waits")
	}
	b.right("ada", house, now)
	for i := range 200 {
		b.begin(fmt.Sprint("guess", i), house, now)
		now = now.Add(time.Second)
	}
	if wait := b.begin("eve", house, now); wait == 0 {
		t.Error("the address may go on guessing")
	}
	if wait := b.begin("ada", house, now); wait > 0 {
		t.Errorf("ada, who signed in here before, waits %v", wait)
	}
	for range pairLimit.free {
		b.begin("ada", house, now)
	}
	if wait := b.begin("ada", house, now); wait == 0 {
		t.Error("ada's password may be guessed from here without end")
	}
}

func TestSlipsOfABusyHouseFade(t *testing.T) {
	b, now, house := newBrake(), time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC), addrOf("203.0.113.9")
	for i := range 120 { // somebody new each five minutes: a slip, then it works
		who := fmt.Sprint("member", i)
		for try := range 2 {
			if wait := b.begin(who, house, now); wait > 0 {
				t.Fatalf("%s, at %v, waits %v", who, now, wait)
			}
			if try == 1 {
				b.right(who, house, now)
			}
			now = now.Add(10 * time.Second)
		}
		now = now.Add(5*time.Minute - 20*time.Second)
	}
}
