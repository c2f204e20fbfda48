package outbound

import (
	"errors"
	"net/netip"
	"testing"

	"lanyard/claims"
)

func TestOnlyPublicAddressesArePublic(t *testing.T) {
	for _, text := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"100.100.100.200", "100.127.255.255", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
		"255.255.255.255", "192.88.99.1",
		"::", "::1", "::7f00:1", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254",
		"ff02::1", "ff0e::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "5f00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
	} {
		if public(netip.MustParseAddr(text).Unmap()) {
			t.Errorf("%s passes for public", text)
		}
	}
	for _, text := range []string{"9.9.9.9", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "11.0.0.1", "2620:fe::fe", "2a00:1450::1", "::ffff:9.9.9.9"} {
		if !public(netip.MustParseAddr(text).Unmap()) {
			t.Errorf("%s does not pass for public", text)
		}
	}
}

func TestAllowListTakesNetsAddressesAndHosts(t *testing.T) {
	a, err := ParseAllow([]string{"10.20.0.0/16", "::ffff:192.168.7.0/120", "fd00:1::/32", "192.168.1.9", "Wiki.internal", "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		host, addr string
		want       bool
	}{
		{"x", "10.20.3.4", true}, {"x", "10.21.0.1", false}, {"x", "192.168.7.4", true}, {"x", "192.168.8.4", false}, {"x", "fd00:1::9", true}, {"x", "fd00:2::9", false},
		{"x", "192.168.1.9", true}, {"x", "192.168.1.8", false}, {"wiki.internal", "10.99.0.1", true}, {"WIKI.internal.", "10.99.0.1", true},
		{"evil-wiki.internal", "10.99.0.1", false}, {"wiki.internal.evil.org", "10.99.0.1", false}, {"x", "9.9.9.9", true},
	} {
		if got := a.reaches(c.host, netip.MustParseAddr(c.addr), false); got != c.want {
			t.Errorf("%s at %s: %v, want %v", c.host, c.addr, got, c.want)
		}
	}
	if !a.reaches("localhost", netip.MustParseAddr("127.0.0.1"), true) || a.reaches("x", netip.MustParseAddr("127.0.0.1"), true) {
		t.Error("plain http goes by the list, for loopback too")
	}
}

func TestOddAllowEntriesAreNamed(t *testing.T) {
	for _, text := range []string{"", "10.0.0.0/33", "10.0.0", "300.1.1.1", "fe80::1%eth0", "a b", "https://wiki.internal", "wiki.internal:8443", ".internal", "a..b", "*"} {
		if _, err := ParseAllow([]string{text}); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%q: %v, want ErrInvalid", text, err)
		}
	}
}
