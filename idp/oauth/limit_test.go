package oauth

import (
	"net/netip"
	"testing"
	"time"
)

func TestWhoHasManyAddressesOfOneNetworkIsOneCaller(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now }, 2, time.Second)
	at := netip.MustParseAddr
	for _, from := range []string{"2001:db8:0:1::1", "2001:db8:0:1::2"} {
		if wait := l.wait("phone", at(from)); wait != 0 {
			t.Errorf("%s waits %v, want not at all", from, wait)
		}
		l.count("phone", at(from))
	}
	for from, want := range map[string]time.Duration{"2001:db8:0:1:ffff::3": time.Second, "2001:db8:0:2::1": 0, "192.0.2.1": 0} {
		if got := l.wait("phone", at(from)); got != want {
			t.Errorf("%s waits %v, want %v", from, got, want)
		}
	}
	if got := l.wait("tablet", at("2001:db8:0:1::1")); got != 0 {
		t.Errorf("another client waits %v", got)
	}
}
