package oauth

import (
	"net/url"
	"path"
	"strings"
)

// sameAddress tells whether a text is the address of an endpoint, whatever its
// query and fragment, after normalising both by syntax and scheme (RFC 9449,
// section 4.3; RFC 3986, sections 6.2.2 and 6.2.3).
func sameAddress(text, endpoint string) bool {
	a, ok := plainAddress(text)
	b, known := plainAddress(endpoint)
	return ok && known && a == b
}

// plainAddress spells an address in the one way that all that mean the same have.
func plainAddress(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if port, usual := u.Port(), map[string]string{"http": "80", "https": "443"}[scheme]; port == "" || port == usual {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return scheme + "://" + host + plainPath(u.EscapedPath()), true
}

// plainPath takes away dot segments and needless escapes.
func plainPath(escaped string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(escaped); i++ {
		c := escaped[i]
		if c != '%' || i+2 >= len(escaped) {
			b.WriteByte(c)
			continue
		}
		upper := strings.ToUpper(escaped[i+1 : i+3])
		high, low := strings.IndexByte(hex, upper[0]), strings.IndexByte(hex, upper[1])
		if c = byte(high<<4 | low); high >= 0 && low >= 0 && unreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + upper)
		}
		i += 2
	}
	clean := path.Clean("/" + b.String())
	if strings.HasSuffix(escaped, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
