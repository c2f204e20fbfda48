// Package config is the one place that says what can be configured: a struct
// whose tags hold each key's default, unit and meaning. The file, the
// environment and docs/configuration.md are all read off that struct.
//
// A value comes from, the later the stronger: the default, the TOML file, the
// environment variable LANYARD_SECTION_KEY, and for secrets the file that
// LANYARD_SECTION_KEY_FILE names. Whatever none of them knows is an error.
package config

import (
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"lanyard/idp/outbound"
	"lanyard/idp/record"
)

// Config is everything that can be configured. Load fills and checks it.
type Config struct {
	Issuer       string        `toml:"issuer" default:"http://127.0.0.1:8080" doc:"Where people and applications reach Lanyard: the OpenID issuer. https, or http on a loopback address only. Changing it makes every application's settings wrong."`
	Organisation string        `toml:"organisation" default:"Lanyard" doc:"The organisation's name on pages, until the organisation's own settings give one."`
	KeyRing      string        `toml:"key_ring" default:"" unit:"file" doc:"The key ring that seals secrets in the database. Made at first start (mode 0600). Back it up apart from the database: neither is of use without the other. Empty: lanyard.keys beside the SQLite file, or var/lanyard.keys."`
	Key          record.Secret `toml:"key" default:"" unit:"64 hex digits" secret:"yes" doc:"A 256-bit master key to use instead of the key ring file."`
	HTTP         HTTP          `toml:"http" doc:"The web: sign-in, OpenID, members' pages; and the address doors ask at."`
	Database     Database      `toml:"database" doc:"Where facts are kept."`
	Radius       Radius        `toml:"radius" doc:"The WiFi front."`
	Doors        Doors         `toml:"doors" doc:"The front for doors and machines."`
	Outbound     Outbound      `toml:"outbound" doc:"Documents that Lanyard fetches itself, from addresses that applications name: their keys, the lists of their sector."`
	Log          Log           `toml:"log" doc:"What is written to standard error."`
}

// HTTP is the web front.
type HTTP struct {
	Enabled        bool     `toml:"enabled" default:"true" doc:"Serve sign-in, OpenID and pages. Doors are served at the same address and have their own switch."`
	Listen         string   `toml:"listen" default:"127.0.0.1:8080" unit:"host:port" doc:"Where to listen. Port 0 takes a free one."`
	TLSCert        string   `toml:"tls_cert" default:"" unit:"file" doc:"Certificate chain in PEM. Empty: plain HTTP, for a proxy in front."`
	TLSKey         string   `toml:"tls_key" default:"" unit:"file" doc:"The certificate's private key in PEM."`
	TrustedProxies []string `toml:"trusted_proxies" default:"" unit:"addresses or CIDRs" doc:"Whose X-Forwarded-For is believed. Empty: nobody's."`
}

// Database is where facts are kept.
type Database struct {
	URL record.Secret `toml:"url" default:"sqlite:var/lanyard.db" unit:"URL" secret:"yes" doc:"sqlite:FILE for the embedded database, or postgres://USER:PASSWORD@HOST/NAME."`
}

// Radius is the WiFi front.
type Radius struct {
	Enabled bool   `toml:"enabled" default:"true" doc:"Answer access points, if listen names an address."`
	Listen  string `toml:"listen" default:"" unit:"host:port (UDP)" doc:"Where to listen, as :1812. Empty: off."`
}

// On tells whether the WiFi front is to be started.
func (r Radius) On() bool { return r.Enabled && r.Listen != "" }

// Doors is the device endpoint, which is served over HTTP.
type Doors struct {
	Enabled bool `toml:"enabled" default:"true" doc:"Answer doors and machines (/device/v1)."`
}

// Outbound is what Lanyard fetches itself.
type Outbound struct {
	Allow []string `toml:"allow" default:"" unit:"CIDRs, addresses, host names" doc:"What may be reached beside public addresses by https: applications inside the house. A host name allows wherever it resolves to; plain http is for listed loopback addresses only."`
}

// Log is what is written to standard error.
type Log struct {
	Level  string `toml:"level" default:"info" unit:"debug, info, warn, error" doc:"The least that is written."`
	Format string `toml:"format" default:"text" unit:"text, json" doc:"How a line is written."`
}

// KeyRingFile is where the key ring is: as configured, or beside the database.
func (c Config) KeyRingFile() string {
	if c.KeyRing != "" {
		return c.KeyRing
	}
	if file, ok := c.SQLiteFile(); ok {
		return strings.TrimSuffix(file, filepath.Ext(file)) + ".keys"
	}
	return filepath.Join("var", "lanyard.keys")
}

// SQLiteFile is the database's file; false if the database is no file.
func (c Config) SQLiteFile() (string, bool) {
	file, ok := strings.CutPrefix(string(c.Database.URL), "sqlite:")
	file, _, _ = strings.Cut(file, "?")
	if !ok || file == "" || file == ":memory:" {
		return "", false
	}
	return strings.TrimPrefix(file, "//"), true
}

// DatabaseName is the database for people to read: its URL without a password.
func (c Config) DatabaseName() string {
	u, err := url.Parse(string(c.Database.URL))
	if err != nil || u.User == nil {
		return string(c.Database.URL)
	}
	return u.Redacted()
}

// Secure tells whether people reach Lanyard over TLS.
func (c Config) Secure() bool { return strings.HasPrefix(c.Issuer, "https://") }

// TrustedProxies returns http.trusted_proxies, which Load has checked.
func (c Config) TrustedProxies() []netip.Prefix {
	var out []netip.Prefix
	for _, text := range c.HTTP.TrustedProxies {
		if p, ok := prefix(text); ok {
			out = append(out, p)
		}
	}
	return out
}

func prefix(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// OutboundAllow returns outbound.allow, which Load has checked.
func (c Config) OutboundAllow() outbound.Allow {
	a, err := outbound.ParseAllow(c.Outbound.Allow)
	if err != nil {
		return outbound.Allow{} // nothing beside public addresses
	}
	return a
}

// LogLevel returns log.level, which Load has checked.
func (c Config) LogLevel() slog.Level {
	var l slog.Level
	_ = l.UnmarshalText([]byte(c.Log.Level))
	return l
}
