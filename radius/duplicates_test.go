package radius

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

var noon = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func keyOf(port uint16, id byte, authenticator string) requestKey {
	k := requestKey{from: netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), port), id: id}
	copy(k.authenticator[:], authenticator)
	return k
}

func TestDuplicateIsDroppedInTheWorksAndAnsweredAfter(t *testing.T) {
	var d duplicates
	k := keyOf(1, 1, "a")
	if got, _ := d.begin(k, noon, nil); got != seenNever {
		t.Fatalf("first begin = %v, want seenNever", got)
	}
	if got, _ := d.begin(k, noon, nil); got != seenWorking {
		t.Errorf("begin while in the works = %v, want seenWorking", got)
	}
	d.finish(k, []byte("reply"))
	if got, reply := d.begin(k, noon.Add(keepReply-1), nil); got != seenAnswered || string(reply) != "reply" {
		t.Errorf("begin after finish = %v, %q, want the reply again", got, reply)
	}
	if got, _ := d.begin(k, noon.Add(keepReply), nil); got != seenNever {
		t.Errorf("begin after 30 s = %v, want seenNever", got)
	}
}

func TestForgottenRequestIsTriedAgain(t *testing.T) {
	var d duplicates
	k := keyOf(1, 1, "a")
	d.begin(k, noon, nil)
	d.forget(k)
	if got, _ := d.begin(k, noon, nil); got != seenNever {
		t.Errorf("begin after forget = %v, want seenNever", got)
	}
}

func TestAnotherAuthenticatorPortOrIdentifierIsAnotherRequest(t *testing.T) {
	var d duplicates
	for _, k := range []requestKey{keyOf(1, 1, "a"), keyOf(1, 1, "b"), keyOf(2, 1, "a"), keyOf(1, 2, "a")} {
		if got, _ := d.begin(k, noon, nil); got != seenNever {
			t.Errorf("begin(%v) = %v, want seenNever", k, got)
		}
		d.finish(k, []byte("x"))
	}
}

func TestRepliesKeptAreBounded(t *testing.T) {
	d := duplicates{limit: 8}
	for i := range 100 {
		k := keyOf(1, byte(i), fmt.Sprint(i))
		d.begin(k, noon, nil)
		if i%3 == 0 {
			d.forget(k)
			continue
		}
		d.finish(k, []byte(fmt.Sprint(i)))
	}
	if len(d.at) > 8 || len(d.slots) > 8 {
		t.Errorf("kept %d keys in %d slots, want at most 8", len(d.at), len(d.slots))
	}
	if got, reply := d.begin(keyOf(1, 98, "98"), noon, nil); got != seenAnswered || string(reply) != "98" {
		t.Errorf("a recent reply is gone: %v %q", got, reply)
	}
	if got, _ := d.begin(keyOf(1, 1, "1"), noon, nil); got != seenNever {
		t.Errorf("the oldest = %v, want it gone", got)
	}
	d.finish(keyOf(9, 9, "never begun"), []byte("x"))
}
