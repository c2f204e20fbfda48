// Package outbound sends requests to addresses that others named: for a
// client's keys, for the list of a sector's redirect addresses, to tell a
// client of a sign-out. Whoever may register a client could otherwise make
// this program ask machines that only it can reach (server-side request
// forgery).
//
// Every request of the house to such an address goes through Client; cmd makes
// the one there is. It looks at the address it is about to connect to, after
// names were resolved, follows no redirect, and is bounded in time and size.
// What kind of document came, and what it says, is for the caller to judge.
//
//   - https; http to a loopback address on the allow-list only        RFC 9700, 2.6
//   - no address that is not public, unless the operator allows it    OWASP, SSRF
//   - a name is resolved once, and what was checked is dialled        (DNS rebinding)
//   - no redirect, no proxy of the environment, no cookie, no          ours
//     compression
//   - five seconds in all, 64 KiB of body                              ours
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"lanyard/claims"
)

// The bounds of one request: from the first packet to the last, and the bytes of
// a body.
const (
	Limit   = 5 * time.Second
	MaxBody = 64 << 10
)

// maxHeader is the most bytes of an answer's header.
const maxHeader = 16 << 10

// Config says where a Client may go. The zero Config reaches public addresses
// only.
type Config struct {
	Allow Allow // what else may be reached

	// Resolve returns a name's addresses; nil asks the system.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Roots are the authorities that servers' certificates are checked against; nil: the system's.
	Roots *x509.CertPool
}

// Client sends. It is safe for use at once.
type Client struct {
	cfg    Config
	secure *http.Client // for https
	plain  *http.Client // for http: to allowed loopback addresses
}

// New returns a client that may go where c says.
func New(c Config) *Client {
	if c.Resolve == nil {
		c.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	o := &Client{cfg: c}
	o.secure, o.plain = o.client(false), o.client(true)
	return o
}

// client makes a client that dials anew for each request, so that each
// request's address is looked at.
func (o *Client) client(plain bool) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return o.dial(ctx, network, address, plain)
			},
			TLSClientConfig:   &tls.Config{RootCAs: o.cfg.Roots, MinVersion: tls.VersionTLS12},
			DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: maxHeader,
		},
	}
}

// Get fetches a document and returns its body and what its Content-Type says.
// accept is what the caller can read.
//
// ErrDenied: the address is not one to go to; ErrUnavailable: there was no
// whole answer in time; ErrInvalid: the answer is no document (a redirect, a
// status but 200, too many bytes).
func (o *Client) Get(ctx context.Context, address, accept string) (kind string, body []byte, err error) {
	a, err := o.send(ctx, http.MethodGet, address, nil, "Accept", accept)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("the answer is %d: %w", a.status, claims.ErrInvalid)
	}
	if err != nil {
		return "", nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	return a.kind, a.body, nil
}

// Post sends a form and returns the status of the answer, whatever it is: of
// redirects, too, which are not followed. What else the answer says is read,
// within the bounds, and dropped. Errors are those of Get; the form may hold a
// secret, and is in none of them.
func (o *Client) Post(ctx context.Context, address string, form url.Values) (status int, err error) {
	a, err := o.send(ctx, http.MethodPost, address, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	if err != nil {
		return 0, fmt.Errorf("post to %s: %w", address, err)
	}
	return a.status, nil
}

// answer is what came back, whole.
type answer struct {
	status int
	kind   string // the Content-Type
	body   []byte
}

// send sends one request with one header more than all have.
func (o *Client) send(ctx context.Context, method, address string, body io.Reader, header, value string) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	u, err := checkURL(address)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", err, claims.ErrInvalid)
	}
	req.Header.Set(header, value)
	req.Header.Set("User-Agent", "Lanyard")
	by := o.secure
	if u.Scheme == "http" {
		by = o.plain
	}
	resp, err := by.Do(req)
	if err != nil {
		return answer{}, unavailable(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody+1))
	if err != nil {
		return answer{}, unavailable(err)
	}
	if len(text) > MaxBody {
		return answer{}, fmt.Errorf("the answer has more than %d bytes: %w", MaxBody, claims.ErrInvalid)
	}
	return answer{resp.StatusCode, resp.Header.Get("Content-Type"), text}, nil
}

// checkURL takes an address that can be asked; where it leads is seen at the dial.
func checkURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", err, claims.ErrInvalid)
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return nil, fmt.Errorf("not an address of a document: %w", claims.ErrDenied)
	}
	return u, nil
}

// unavailable gives an error of the network its kind, if it has none.
func unavailable(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // it repeats the address
	}
	if errors.Is(err, claims.ErrDenied) {
		return err
	}
	return fmt.Errorf("%w: %w", err, claims.ErrUnavailable)
}

// dial connects to the first address of a host that may be reached.
func (o *Client) dial(ctx context.Context, network, address string, plain bool) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs, err := o.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	err = fmt.Errorf("%s is at no address that may be reached: %w", host, claims.ErrDenied)
	for _, a := range addrs {
		if !o.cfg.Allow.reaches(host, a, plain) {
			continue
		}
		var conn net.Conn
		var d net.Dialer
		if conn, err = d.DialContext(ctx, network, net.JoinHostPort(a.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// addresses returns a host's addresses, an IPv4 address always as one.
func (o *Client) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	addrs, err := o.cfg.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	for i, a := range addrs {
		addrs[i] = a.Unmap()
	}
	return addrs, nil
}
