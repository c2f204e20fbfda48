package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddr returns the address a request came from. What a proxy says is
// believed only if the proxy is one of RequestConfig.Trusted; the zero Addr
// means the address is unknown (a Unix socket).
func ClientAddr(r *http.Request) netip.Addr {
	if q := of(r.Context()); q != nil {
		return q.addr
	}
	return peer(r)
}

// clientAddr walks X-Forwarded-For from the right, where the nearest proxy
// wrote, past every trusted one. proxied tells whether the peer is trusted.
func clientAddr(r *http.Request, trusted []netip.Prefix) (addr netip.Addr, proxied bool) {
	addr = peer(r)
	if !within(addr, trusted) {
		return addr, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, ok := parseAddr(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		addr = hop
		if !within(hop, trusted) {
			break
		}
	}
	return addr, true
}

func peer(r *http.Request) netip.Addr {
	a, _ := parseAddr(r.RemoteAddr)
	return a
}

// parseAddr reads an address with or without a port.
func parseAddr(s string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}, false
	}
	return a.Unmap().WithZone(""), true
}

func within(a netip.Addr, in []netip.Prefix) bool {
	for _, p := range in {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
