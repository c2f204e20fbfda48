package claims

import (
	"strconv"
	"strings"
)

// URIs a client is sent to (RFC 6749, 3.1.2; RFC 8252, 7; RFC 9700, 4.1).
// They are matched by exact comparison, so only what can be compared so is
// taken:
//
//   - absolute, without a fragment                                   RFC 6749, 3.1.2
//   - https; http on loopback only; or a scheme of one's own that
//     holds a dot, as com.example.app:/signed-in                      RFC 8252, 7.1 to 7.3
//   - no wildcard, user, dot segment, odd character                    RFC 9700, 4.1.3

// uri is the parts of an absolute URI that the rules look at.
type uri struct {
	scheme   string
	host     string // with brackets, without port
	port     string
	rest     string // what follows the scheme's colon or the authority, fragment too
	fragment bool
	user     bool
}

// splitURI takes an absolute URI apart; false if s is none.
func splitURI(s string) (uri, bool) {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\\\"<>^`{|}", r) }
	colon := strings.IndexByte(s, ':')
	if colon <= 0 || len(s) > 2048 || strings.ContainsFunc(s, odd) || !percentOK(s) {
		return uri{}, false
	}
	u := uri{scheme: s[:colon], rest: s[colon+1:], fragment: strings.Contains(s, "#")}
	if u.scheme[0] < 'a' || u.scheme[0] > 'z' || strings.Trim(u.scheme, "abcdefghijklmnopqrstuvwxyz0123456789+.-") != "" {
		return uri{}, false
	}
	after, ok := strings.CutPrefix(u.rest, "//")
	if !ok {
		return u, true
	}
	end := strings.IndexAny(after, "/?#")
	if end < 0 {
		end = len(after)
	}
	authority := after[:end]
	u.rest = after[end:]
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		u.user, authority = true, authority[at+1:]
	}
	u.host = authority
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		u.host, u.port = authority[:i], authority[i+1:]
		if n, err := strconv.Atoi(u.port); err != nil || n < 1 || n > 65535 || u.port[0] == '+' {
			return uri{}, false
		}
	}
	return u, true
}

// percentOK tells whether every percent sign starts an escape (RFC 3986, 2.1).
func percentOK(s string) bool {
	for i := range len(s) {
		if s[i] != '%' {
			continue
		}
		if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func hostOK(host string) bool {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		return ok && ipv6OK(inner)
	}
	return host != "" && strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" &&
		host[0] != '.' && host[0] != '-' && !strings.Contains(host, "..") && !strings.HasSuffix(host, ".")
}

func loopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "[::1]"
}

// checkRedirect refuses a redirect URI that is not safe to send a code to.
func checkRedirect(field, s string) error {
	u, ok := splitURI(s)
	switch {
	case !ok:
		return invalid(field, "%q is no absolute URI, such as https://wiki.example.org/callback", s)
	case u.fragment:
		return invalid(field, "%q has a fragment (#); none is taken here", s)
	case strings.Contains(s, "*"):
		return invalid(field, "%q has a wildcard; list each URI, whole", s)
	case u.user:
		return invalid(field, "%q has a user in it", s)
	case dotSegment(u.rest):
		return invalid(field, "%q has a . or .. in its path; write where it leads", s)
	case u.scheme == "https" || u.scheme == "http":
		if !hostOK(u.host) {
			return invalid(field, "%q has no host in lower case after %s://", s, u.scheme)
		}
		if u.scheme == "http" && !loopback(u.host) {
			return invalid(field, "%q is plain http; only https is safe, save on localhost, 127.0.0.1 and [::1]", s)
		}
		return nil
	case !strings.Contains(u.scheme, "."):
		return invalid(field, "%q: a scheme of one's own is a domain name turned round, as com.example.app", s)
	case u.host != "" && !hostOK(u.host):
		return invalid(field, "%q: what follows // is no host in lower case", s)
	case u.host == "" && u.rest == "":
		return invalid(field, "%q ends after its scheme", s)
	}
	return nil
}

// checkBackchannel takes the address where a client is told of sign-outs, or
// none. It is called by this program, so no scheme of one's own will do.
func checkBackchannel(c Client) error {
	const field = "backchannel_logout_uri"
	if c.BackchannelURI == "" {
		if c.BackchannelSID {
			return invalid("backchannel_logout_session_required", "goes with a %s", field)
		}
		return nil
	}
	if u, _ := splitURI(c.BackchannelURI); u.scheme != "https" && u.scheme != "http" {
		return invalid(field, "%q is no address to post to, such as https://wiki.example.org/logout", c.BackchannelURI)
	}
	return checkRedirect(field, c.BackchannelURI)
}

// dotSegment tells whether a path has a segment . or .., encoded or not.
func dotSegment(rest string) bool {
	path, _, _ := strings.Cut(rest, "?")
	for _, part := range strings.Split(path, "/") {
		part = strings.ReplaceAll(strings.ToLower(part), "%2e", ".")
		if part == "." || part == ".." {
			return true
		}
	}
	return false
}

// checkPage takes the address of a page for people, or nothing.
func checkPage(field, s string) error {
	if s == "" {
		return nil
	}
	u, ok := splitURI(s)
	if !ok || u.scheme != "https" && u.scheme != "http" || !hostOK(strings.ToLower(u.host)) || u.user {
		return invalid(field, "%q is no address of a page, such as https://example.org/courses/laser", s)
	}
	return nil
}
