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
	Organisation string        `toml:"organisation" default:"Lanyard" doc:"What a new organisation is called, on pages and for applications to keep off. From then on its own settings say so (name under [settings]; lanyard apply)."`
	KeyRing      string        `toml:"key_ring" default:"" unit:"file" doc:"The key ring that seals secrets in the database. Made at first start (mode 0600). Back it up apart from the database: neither is of use without the other. Empty: lanyard.keys beside the SQLite file, or var/lanyard.keys."`
	Key          record.Secret `toml:"key" default:"" unit:"64 hex digits" secret:"yes" doc:"A 256-bit master key to use instead of the key ring file."`
	HTTP         HTTP          `toml:"http" doc:"The web: sign-in, OpenID, members' pages; and the address doors ask at."`
	ACME         ACME          `toml:"acme" doc:"A certificate from an authority that speaks ACME, such as Let's Encrypt, instead of http.tls_cert."`
	Database     Database      `toml:"database" doc:"Where facts are kept."`
	Radius       Radius        `toml:"radius" doc:"The WiFi front."`
	Doors        Doors         `toml:"doors" doc:"The front for doors and machines."`
	Registration Registration  `toml:"registration" doc:"Applications that register themselves (RFC 7591)."`
	Outbound     Outbound      `toml:"outbound" doc:"Documents that Lanyard fetches itself, from addresses that applications name: their keys, the lists of their sector."`
	Mail         Mail          `toml:"mail" doc:"Letters to members: what happened to their account, links to set a password. Without a server none are written, and links are shown to whoever asked for them."`
	Log          Log           `toml:"log" doc:"What is written to standard error."`
}

// HTTP is the web front.
type HTTP struct {
	Enabled        bool     `toml:"enabled" default:"true" doc:"Serve sign-in, OpenID and pages. Doors are served at the same address and have their own switch."`
	Listen         string   `toml:"listen" default:"127.0.0.1:8080" unit:"host:port" doc:"Where to listen. Port 0 takes a free one."`
	TLSCert        string   `toml:"tls_cert" default:"" unit:"file" doc:"Certificate chain in PEM. The file is read anew when it changes, and on SIGHUP. Empty, without acme: plain HTTP, for a proxy in front."`
	TLSKey         string   `toml:"tls_key" default:"" unit:"file" doc:"The certificate's private key in PEM."`
	ListenPlain    string   `toml:"listen_plain" default:"" unit:"host:port" doc:"Beside TLS of our own: where plain HTTP is answered, as :80, by sending browsers on to the issuer, and the authority that acme names. Empty: nowhere."`
	TrustedProxies []string `toml:"trusted_proxies" default:"" unit:"addresses or CIDRs" doc:"Whose X-Forwarded-For is believed: the proxies in front. Empty: nobody's, and plain HTTP is for listening on a loopback address."`
}

// ACME is how a certificate is got from an authority.
type ACME struct {
	Enabled   bool   `toml:"enabled" default:"false" doc:"Get a certificate for the issuer's host, and renew it. Whoever sets this accepts the authority's terms. It asks back at port 443, or at port 80 if http.listen_plain is set."`
	Email     string `toml:"email" default:"" doc:"Where the authority writes when something is wrong."`
	Directory string `toml:"directory" default:"https://acme-v02.api.letsencrypt.org/directory" unit:"URL" doc:"The authority's directory: Let's Encrypt's, or that of your own."`
	CA        string `toml:"ca" default:"" unit:"file" doc:"Who signed the directory's own certificate, in PEM, for an authority of your own. Empty: whom this system trusts."`
	Cache     string `toml:"cache" default:"" unit:"directory" doc:"Where the account's key, the certificate and its key are kept (mode 0700). Processes that share an issuer share it. Empty: certificates beside the key ring."`
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

// Registration is how applications register themselves.
type Registration struct {
	Enabled bool `toml:"enabled" default:"false" doc:"Let applications register themselves at /register, each with a token that an organiser gave away (lanyard client registration-token)."`
}

// Outbound is what Lanyard fetches itself.
type Outbound struct {
	Allow []string `toml:"allow" default:"" unit:"CIDRs, addresses, host names" doc:"What may be reached beside public addresses by https: applications inside the house. A host name allows wherever it resolves to; plain http is for listed loopback addresses only."`
}

// Mail is how letters go out.
type Mail struct {
	Server   string        `toml:"server" default:"" unit:"host:port" doc:"The mail server that takes letters, as smtp.example.org:587. Empty: no mail."`
	TLS      string        `toml:"tls" default:"starttls" unit:"starttls, implicit, none" doc:"How the way there is kept private: starttls (port 587), never without; implicit, from the first byte (port 465); none, for a server on this machine only."`
	CA       string        `toml:"ca" default:"" unit:"file" doc:"Who signed the mail server's certificate, in PEM, for an authority of your own. Empty: whom this system trusts."`
	Username string        `toml:"username" default:"" doc:"Who Lanyard is to the mail server. Empty: it asks for nothing."`
	Password record.Secret `toml:"password" default:"" secret:"yes" doc:"What proves it."`
	From     string        `toml:"from" default:"" unit:"address" doc:"Who letters are from, as id@example.org, or Makers <id@example.org>. Without a name it is the organisation's."`
	ReplyTo  string        `toml:"reply_to" default:"" unit:"address" doc:"Where answers go. Empty: to from."`
	Forgot   bool          `toml:"forgot" default:"true" doc:"Let members who forgot their password have a link sent, at the sign-in page."`
}

// On tells whether there is a mail server.
func (m Mail) On() bool { return m.Server != "" }

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

// Host is the host of the issuer, without a port.
func (c Config) Host() string {
	u, err := url.Parse(c.Issuer)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// ACMECache is where ACME's keys and certificates are: as configured, or
// beside the key ring.
func (c Config) ACMECache() string {
	if c.ACME.Cache != "" {
		return c.ACME.Cache
	}
	return filepath.Join(filepath.Dir(c.KeyRingFile()), "certificates")
}

// OwnTLS tells whether the web front ends TLS itself.
func (c Config) OwnTLS() bool { return c.HTTP.TLSCert != "" || c.ACME.Enabled }

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
