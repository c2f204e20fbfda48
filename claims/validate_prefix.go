package claims

import (
	"strconv"
	"strings"
)

// checkPrefix takes an IPv4 or IPv6 address, or one with a prefix length, in
// the forms every parser of addresses takes.
func checkPrefix(s string) error {
	addr, bits, masked := strings.Cut(s, "/")
	most := 32
	ok := ipv4OK(addr)
	if strings.Contains(addr, ":") {
		most, ok = 128, ipv6OK(addr)
	}
	if masked && ok {
		n, err := strconv.Atoi(bits)
		ok = err == nil && n >= 0 && n <= most && strconv.Itoa(n) == bits
	}
	if !ok {
		return invalid("prefix", "%q is no address such as 10.0.3.7, 10.0.0.0/16 or fd00::/8", s)
	}
	return nil
}

func ipv4OK(s string) bool {
	parts := strings.Split(s, ".")
	for _, part := range parts {
		if n, err := strconv.Atoi(part); err != nil || n < 0 || n > 255 || strconv.Itoa(n) != part {
			return false
		}
	}
	return len(parts) == 4
}

func ipv6OK(s string) bool {
	head, tail, short := strings.Cut(s, "::")
	groups := 0
	for _, side := range []string{head, tail} {
		if side == "" {
			continue
		}
		for _, g := range strings.Split(side, ":") {
			if g == "" || len(g) > 4 || strings.Trim(g, "0123456789abcdefABCDEF") != "" {
				return false
			}
			groups++
		}
	}
	if short {
		return groups < 8
	}
	return groups == 8
}
