package radius

import (
	"bytes"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"

	"lanyard/claims"
)

// point is an access point (or a range of them) with its secret at hand.
type point struct {
	claims.AccessPoint
	prefix netip.Prefix
	keys   *keyring
}

// picture is what the Directory says that is looked at for every packet,
// laid out for it. It is made once per Directory and never changed.
type picture struct {
	of       *claims.Directory
	points   map[netip.Prefix]*point
	lengths  [2][]int                    // the prefix lengths there are for IPv4 and IPv6, longest first
	byID     map[claims.ID]*point        // for the next picture: secrets that stay need no unsealing
	networks map[string][]claims.Network // by SSID, in the order of their slugs
	bySlug   map[claims.Slug]claims.Network
}

// pictures hands out the current picture.
type pictures struct {
	directory func() *claims.Directory
	secret    func(claims.AccessPoint) ([]byte, error)
	log       *slog.Logger

	current atomic.Pointer[picture]
	mu      sync.Mutex // held while the next picture is made
}

// now returns the picture of the current Directory; nil if there is none yet.
func (s *pictures) now() *picture {
	d := s.directory()
	if d == nil {
		return nil
	}
	if p := s.current.Load(); p != nil && p.of == d {
		return p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.current.Load()
	if old != nil && old.of == d {
		return old
	}
	p := s.draw(d, old)
	s.current.Store(p)
	return p
}

// draw makes the picture of d, keeping what it can of the old one.
func (s *pictures) draw(d *claims.Directory, old *picture) *picture {
	p := &picture{
		of:       d,
		points:   make(map[netip.Prefix]*point),
		byID:     make(map[claims.ID]*point),
		networks: make(map[string][]claims.Network),
		bySlug:   make(map[claims.Slug]claims.Network),
	}
	for ap := range claims.All[claims.AccessPoint](d) {
		if ap.Removed.IsZero() {
			s.add(p, ap, old)
		}
	}
	for n := range claims.All[claims.Network](d) {
		if !n.Removed.IsZero() {
			continue
		}
		p.bySlug[n.Slug] = n
		if n.SSID != "" {
			p.networks[n.SSID] = append(p.networks[n.SSID], n)
		}
	}
	for i := range p.lengths {
		slices.Sort(p.lengths[i])
		p.lengths[i] = slices.Compact(p.lengths[i])
		slices.Reverse(p.lengths[i])
	}
	return p
}

// add puts an access point into p, unless it cannot be used: then the log
// says why. Of two with one prefix, the one with the lower id counts.
func (s *pictures) add(p *picture, ap claims.AccessPoint, old *picture) {
	prefix, err := parsePrefix(ap.Prefix)
	if err != nil {
		s.log.Error("access point left out: its address is not one", "access_point", ap.Name, "address", ap.Prefix)
		return
	}
	if first, ok := p.points[prefix]; ok {
		s.log.Warn("access point left out: another has its address", "access_point", ap.Name, "address", ap.Prefix, "other", first.Name)
		return
	}
	pt := &point{AccessPoint: ap, prefix: prefix}
	if was := old.point(ap.ID); was != nil && was.Secret == ap.Secret {
		pt.keys = was.keys
	} else {
		secret, err := s.secret(ap)
		if err != nil || len(secret) == 0 {
			s.log.Error("access point left out: no shared secret", "access_point", ap.Name, "err", err)
			return
		}
		pt.keys = newKeyring(secret)
	}
	p.points[prefix], p.byID[ap.ID] = pt, pt
	family := familyOf(prefix.Addr())
	p.lengths[family] = append(p.lengths[family], prefix.Bits())
}

// point returns the access point with that id, nil if there is none.
func (p *picture) point(id claims.ID) *point {
	if p == nil {
		return nil
	}
	return p.byID[id]
}

// pointAt returns the access point an address belongs to, by the longest
// prefix; nil if it is none.
func (p *picture) pointAt(from netip.Addr) *point {
	from = from.Unmap().WithZone("")
	for _, bits := range p.lengths[familyOf(from)] {
		prefix, err := from.Prefix(bits)
		if err != nil {
			return nil
		}
		if pt, ok := p.points[prefix]; ok {
			return pt
		}
	}
	return nil
}

// network returns the network a request is about: the one whose SSID
// Called-Station-Id ends in, else the access point's own. Of several with one
// SSID the access point's own counts, else the first by slug.
func (p *picture) network(ap *point, called []byte) (claims.Network, bool) {
	if ssid := ssidOf(called); len(ssid) > 0 {
		same := p.networks[string(ssid)]
		for _, n := range same {
			if n.Slug == ap.Network {
				return n, true
			}
		}
		if len(same) > 0 {
			return same[0], true
		}
	}
	n, ok := p.bySlug[ap.Network]
	return n, ok
}

func familyOf(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}

// parsePrefix reads an address or a CIDR prefix.
func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err == nil && p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), err
}

// ssidOf returns what follows the MAC address in a Called-Station-Id such as
// 00-10-A4-23-19-C0:members (RFC 3580, section 3.20), however the address is
// spelled; the whole, if no address stands there.
func ssidOf(called []byte) []byte {
	_, rest := cutMAC(called)
	if len(rest) == len(called) {
		return called
	}
	return bytes.TrimPrefix(rest, []byte(":"))
}

// stationOf returns the MAC address of a Calling-Station-Id as
// "00-10-a4-23-19-c0"; empty if there is none.
func stationOf(calling []byte) string {
	mac, rest := cutMAC(calling)
	if mac == "" || len(rest) > 0 {
		return ""
	}
	return mac
}

// cutMAC reads a MAC address at the start of b: six octets in hex, with
// single hyphens, colons or dots between digits. Without one, rest is b.
func cutMAC(b []byte) (mac string, rest []byte) {
	var out [17]byte
	n := 0
	for i, c := range b {
		if !isHex(c) {
			if (c == '-' || c == ':' || c == '.') && i > 0 && isHex(b[i-1]) {
				continue
			}
			return "", b
		}
		if n > 0 && n%2 == 0 {
			out[n+n/2-1] = '-'
		}
		out[n+n/2] = c | 0x20 // lower case
		if n++; n == 12 {
			rest = b[i+1:]
			if len(rest) > 0 && isHex(rest[0]) {
				return "", b // longer than an address
			}
			return string(out[:]), rest
		}
	}
	return "", b
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}
