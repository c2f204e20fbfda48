package config

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"lanyard/idp/outbound"
)

// Check returns what is wrong with c; nil if nothing is. It looks at the files
// that are named, and opens no port and no database.
func (c Config) Check() Problems {
	var p Problems
	say := func(format string, args ...any) { p = append(p, fmt.Sprintf(format, args...)) }
	c.checkIssuer(say)
	if len(c.Organisation) > 200 || strings.ContainsFunc(c.Organisation, unicode.IsControl) {
		say("organisation must be one line of at most 200 bytes.")
	}
	if c.HTTP.Enabled || c.Doors.Enabled {
		c.checkHTTP(say)
	}
	if c.Key != "" {
		if raw, err := hex.DecodeString(string(c.Key)); err != nil || len(raw) != 32 {
			say("key must be 64 hex digits; `openssl rand -hex 32` makes some.")
		}
	}
	c.checkDatabase(say)
	if c.Radius.Listen != "" {
		checkListen("radius.listen", c.Radius.Listen, say)
	}
	for _, text := range c.Outbound.Allow {
		if _, err := outbound.ParseAllow([]string{text}); err != nil {
			say("outbound.allow holds %q: it must be a CIDR such as 10.0.0.0/8, an address or a host name.", text)
		}
	}
	c.checkMail(say)
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level) {
		say("log.level is %q: it must be debug, info, warn or error.", c.Log.Level)
	}
	if !slices.Contains([]string{"text", "json"}, c.Log.Format) {
		say("log.format is %q: it must be text or json.", c.Log.Format)
	}
	return p
}

func (c Config) checkIssuer(say func(string, ...any)) {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		say("issuer is %q: it must be a URL such as https://id.example.org.", c.Issuer)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		say("issuer %s must be a scheme, a host and perhaps a port: no user, question mark or #.", c.Issuer)
	case u.Path != "":
		say("issuer %s must end after the host, without a slash or path.", c.Issuer)
	case u.Host != strings.ToLower(u.Host):
		say("issuer %s must be in lower case, since applications compare it letter by letter.", c.Issuer)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		say("issuer %s must begin with https://: plain http is for loopback addresses such as http://127.0.0.1:8080.", c.Issuer)
	}
}

// Unreached says why nobody reaches the issuer, as far as the configuration can
// tell; empty if it may be right. A proxy on this machine is one that is trusted.
func (c Config) Unreached() string {
	u, err := url.Parse(c.Issuer)
	_, listen, errListen := net.SplitHostPort(c.HTTP.Listen)
	if err != nil || errListen != nil || !c.HTTP.Enabled || !loopback(u.Hostname()) || len(c.HTTP.TrustedProxies) > 0 || listen == "0" {
		return ""
	}
	port := cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	if listen == port {
		return ""
	}
	return fmt.Sprintf("the issuer is %s, and http.listen is %s: links and applications lead to port %s, where nobody answers; set both alike", c.Issuer, c.HTTP.Listen, port)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func (c Config) checkHTTP(say func(string, ...any)) {
	checkListen("http.listen", c.HTTP.Listen, say)
	for _, text := range c.HTTP.TrustedProxies {
		if _, ok := prefix(text); !ok {
			say("http.trusted_proxies holds %q: it must be an address or a CIDR such as 10.0.0.0/8.", text)
		}
	}
	c.checkTLS(say)
}

func checkListen(key, text string, say func(string, ...any)) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		say("%s is %q: it must be host:port, as 127.0.0.1:8080 or :8080.", key, text)
		return
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		say("%s is %q: the port must be a number from 0 to 65535.", key, text)
	}
	if host != "" && host != "localhost" {
		if _, err := netip.ParseAddr(host); err != nil {
			say("%s is %q: the host must be an address of this machine, or nothing for all of them.", key, text)
		}
	}
}

func (c Config) checkDatabase(say func(string, ...any)) {
	text := string(c.Database.URL)
	switch scheme, rest, _ := strings.Cut(text, ":"); scheme {
	case "sqlite":
		if rest == "" {
			say("database.url names no file: write sqlite:var/lanyard.db.")
		}
	case "postgres", "postgresql":
		if u, err := url.Parse(text); err != nil || u.Host == "" && u.Query().Get("host") == "" {
			say("database.url is no PostgreSQL URL: write postgres://USER:PASSWORD@HOST/NAME.")
		}
	default:
		say("database.url must begin with sqlite: or postgres:.")
	}
}
