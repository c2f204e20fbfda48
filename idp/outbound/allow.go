package outbound

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"lanyard/claims"
)

// Allow lists what may be reached beside public addresses. The zero Allow
// lists nothing.
type Allow struct {
	nets  []netip.Prefix
	hosts []string // in lower case: wherever they resolve to
}

// ParseAllow reads CIDRs (10.20.0.0/16), addresses (10.20.0.7, ::1) and host
// names (wiki.internal). A host's name allows every address it resolves to, so
// whoever answers for the name decides.
func ParseAllow(entries []string) (Allow, error) {
	var a Allow
	for _, text := range entries {
		if p, err := netip.ParsePrefix(text); err == nil {
			a.nets = append(a.nets, unmapped(p.Masked()))
		} else if ip, err := netip.ParseAddr(text); err == nil && ip.Zone() == "" {
			ip = ip.Unmap()
			a.nets = append(a.nets, netip.PrefixFrom(ip, ip.BitLen()))
		} else if hostName(text) {
			a.hosts = append(a.hosts, strings.ToLower(text))
		} else {
			return Allow{}, &claims.Invalid{Field: "allow", Problem: fmt.Sprintf("%q is no CIDR such as 10.0.0.0/8, address or host name", text)}
		}
	}
	return a, nil
}

func unmapped(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p
}

// hostName tells whether a text is a name rather than an address gone wrong.
func hostName(s string) bool {
	last := s[strings.LastIndexByte(s, '.')+1:]
	return last != "" && len(s) <= 253 && strings.Trim(last, "0123456789") != "" && !strings.Contains(s, "..") &&
		strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-.") == "" && s[0] != '.' && s[0] != '-'
}

// reaches tells whether an address of a host may be connected to: without TLS
// only if it is this machine's own and listed.
func (a Allow) reaches(host string, addr netip.Addr, plain bool) bool {
	if plain && !addr.IsLoopback() {
		return false
	}
	if slices.Contains(a.hosts, strings.ToLower(strings.TrimSuffix(host, "."))) {
		return true
	}
	for _, p := range a.nets {
		if p.Contains(addr.WithZone("")) {
			return true
		}
	}
	return !plain && public(addr)
}

// shut are addresses that look public and are not: of special purpose (RFC
// 6890 and IANA's registries), or with another address inside.
var shut = parsed(
	"0.0.0.0/8",                                         // this network
	"100.64.0.0/10",                                     // carrier-grade NAT; a cloud's metadata at 100.100.100.200
	"168.63.129.16/32",                                  // a cloud's own services
	"192.0.0.0/24",                                      // protocol assignments; a cloud's metadata
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
	"192.88.99.0/24", "198.18.0.0/15", // 6to4 relays, benchmarking
	"240.0.0.0/4",                // reserved, and broadcast
	"2001::/23",                  // protocol assignments; Teredo
	"2001:db8::/32", "3fff::/20", // documentation
	"2002::/16", // 6to4: an IPv4 address inside
)

// global is where IPv6 has public addresses. NAT64 (64:ff9b::/96), unique
// local, site-local and IPv4-compatible ones lie outside.
var global = netip.MustParsePrefix("2000::/3")

// public tells whether an address is one that anybody may have. A cloud's
// metadata service is at a link-local or unique local address.
func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !global.Contains(a) {
		return false
	}
	return !slices.ContainsFunc(shut, func(p netip.Prefix) bool { return p.Contains(a) })
}

func parsed(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}
