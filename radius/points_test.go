package radius

import "testing"

func TestStationAndSSIDInEverySpelling(t *testing.T) {
	const mac = "00-10-a4-23-19-c0"
	for _, c := range []struct{ called, mac, ssid string }{
		{"00-10-A4-23-19-C0:members", mac, "members"},
		{"00:10:a4:23:19:c0:members", mac, "members"},
		{"0010A42319C0:members", mac, "members"},
		{"0010.a423.19c0:members", mac, "members"},
		{"00-10-A4-23-19-C0", mac, ""},
		{"00-10-A4-23-19-C0:", mac, ""},
		{"00-10-A4-23-19-C0:a:b", mac, "a:b"},
		{"00-10-A4-23-19-C0:Café ☕", mac, "Café ☕"},
		{"members", "", "members"},
		{"cafe", "", "cafe"}, // hex, but no address
		{"--", "", "--"},
		{"", "", ""},
		{"00--10-A4-23-19-C0:x", "", "00--10-A4-23-19-C0:x"},
		{"00-10-A4-23-19-C0A:x", "", "00-10-A4-23-19-C0A:x"},
	} {
		got, _ := cutMAC([]byte(c.called))
		if ssid := string(ssidOf([]byte(c.called))); ssid != c.ssid || got != c.mac {
			t.Errorf("%q is read as station %q, SSID %q; want %q, %q", c.called, got, ssid, c.mac, c.ssid)
		}
	}
	if got := stationOf([]byte("00-10-A4-23-19-C0:x")); got != "" {
		t.Errorf("stationOf with a tail = %q, want none", got)
	}
}

func TestPrefixesReadAsAddressesAndRanges(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "192.0.2.7/24": "192.0.2.0/24", "2001:db8::1": "2001:db8::1/128",
		"2001:db8::/32": "2001:db8::/32", "::ffff:192.0.2.7": "192.0.2.7/32", "::ffff:192.0.2.0/120": "192.0.2.0/24",
		"0.0.0.0/0": "0.0.0.0/0",
	} {
		if p, err := parsePrefix(in); err != nil || p.String() != want {
			t.Errorf("parsePrefix(%q) = %v, %v, want %s", in, p, err, want)
		}
	}
	for _, in := range []string{"", "ap1", "192.0.2.0/33", "192.0.2"} {
		if p, err := parsePrefix(in); err == nil {
			t.Errorf("parsePrefix(%q) = %v, want an error", in, p)
		}
	}
}
