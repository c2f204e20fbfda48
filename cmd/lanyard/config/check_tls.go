package config

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
)

// checkTLS looks at how people's passwords stay unread on their way here:
// TLS of our own, a proxy that ends it, or a loopback address.
func (c Config) checkTLS(say func(string, ...any)) {
	if (c.HTTP.TLSCert == "") != (c.HTTP.TLSKey == "") {
		say("http.tls_cert and http.tls_key belong together: set both or neither.")
	}
	for _, f := range []struct{ key, file string }{{"http.tls_cert", c.HTTP.TLSCert}, {"http.tls_key", c.HTTP.TLSKey}, {"acme.ca", c.ACME.CA}} {
		if f.file == "" {
			continue
		}
		if _, err := os.Stat(f.file); err != nil {
			say("%s names %s, which cannot be read: %v.", f.key, f.file, cause(err))
		}
	}
	switch {
	case c.HTTP.TLSCert != "" && !c.Secure():
		say("http.tls_cert is set, so issuer must begin with https://.")
	case c.ACME.Enabled:
		c.checkACME(say)
	case !c.OwnTLS() && c.Secure() && len(c.HTTP.TrustedProxies) == 0 && !listensAtHome(c.HTTP.Listen):
		say("http.listen %s would take plain HTTP from anybody, since there is no certificate: set http.tls_cert and http.tls_key, or acme.enabled; "+
			"or, if a proxy ends TLS, listen on 127.0.0.1 or name the proxy in http.trusted_proxies.", c.HTTP.Listen)
	}
	if c.HTTP.ListenPlain == "" {
		return
	}
	checkListen("http.listen_plain", c.HTTP.ListenPlain, say)
	if !c.OwnTLS() {
		say("http.listen_plain is for TLS of our own: set http.tls_cert and http.tls_key, or acme.enabled, or leave it out.")
	}
}

func (c Config) checkACME(say func(string, ...any)) {
	if c.HTTP.TLSCert != "" {
		say("acme.enabled and http.tls_cert are both set: keep one.")
	}
	if !c.Secure() {
		say("acme.enabled is set, so issuer must begin with https://.")
	}
	if _, err := netip.ParseAddr(c.Host()); err == nil || !strings.Contains(c.Host(), ".") {
		say("acme.enabled needs a host name in issuer, as https://id.example.org: authorities give no certificate for %s.", c.Host())
	}
	if u, err := url.Parse(c.ACME.Directory); err != nil || u.Scheme != "https" || u.Host == "" {
		say("acme.directory is %q: it must be a URL that begins with https://.", c.ACME.Directory)
	}
}

// listensAtHome tells whether only this machine reaches an address.
func listensAtHome(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err != nil || loopback(host) // what is no address is said elsewhere
}
