package organisation

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
)

func (b *builder) devices() {
	seen := map[string]int{}
	for i, v := range b.f.Devices {
		key := b.once(seen, "devices", i, "name", v.Name)
		at, ok := b.place(key+".location", v.Location)
		if v.Name == "" || !ok {
			continue
		}
		want := claims.Device{
			Name: v.Name, Kind: or(v.Kind, "door"), Location: at,
			Right: b.slug(key+".right", or(v.Right, "unlock")), Client: claims.ClientID(or(v.Client, Slugify(v.Name))), TwoPerson: v.TwoPerson,
		}
		if want.Kind != "door" && want.Kind != "interlock" {
			b.fault(key+".kind", "%q is none of door, interlock", v.Kind)
		}
		want.ID = NewDeviceID(b.d, want.Client, b.env)
		if have, there := Live(b.d, v.Name); there {
			want.ID, want.Maintenance = have.ID, have.Maintenance
		}
		if _, there := claims.Get[claims.Client](b.d, string(want.Client)); !there {
			b.client(key, want.Kind, v.Name, DeviceClient(want))
		}
		define(b, key, want)
	}
}

// NewDeviceID names a new device as its client, unless a device that was there
// before has that name.
func NewDeviceID(d *claims.Directory, client claims.ClientID, env Env) claims.DeviceID {
	if _, used := claims.Get[claims.Device](d, string(client)); used {
		return claims.DeviceID(env.NewID())
	}
	return claims.DeviceID(client)
}

// DeviceClient is the OAuth client that a device is: it proves who it is and
// asks on its own behalf, nothing else.
func DeviceClient(d claims.Device) claims.Client {
	return claims.Client{
		ID: d.Client, Name: d.Name, Auth: claims.AuthBasic, GrantTypes: []string{"client_credentials"}, Scopes: []string{},
	}
}

// Slugify makes a slug of a name: "Front door" is front-door.
func Slugify(name string) string {
	slug := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return ' '
	}, strings.ToLower(name))
	slug = strings.Join(strings.Fields(slug), "-")
	return slug[:min(len(slug), claims.MaxSlug)]
}

func (b *builder) networks() {
	seen := map[string]int{}
	for i, n := range b.f.Networks {
		key := b.once(seen, "networks", i, "slug", n.Slug)
		at, ok := b.place(key+".location", n.Location)
		if !ok {
			continue
		}
		want := claims.Network{Slug: b.slug(key+".slug", n.Slug), SSID: n.SSID, Location: at, VLAN: n.VLAN}
		for j, text := range n.Rules {
			rule, err := ParseRule(text)
			b.check(fmt.Sprintf("%s.rules[%d]", key, j), err)
			want.Rules = append(want.Rules, rule)
		}
		define(b, key, want)
	}
}

// ParseRule reads "badge:laser-1 = 30", perhaps followed by "filter NAME".
func ParseRule(text string) (claims.VLANRule, error) {
	subject, rest, ok := strings.Cut(text, "=")
	words := strings.Fields(rest)
	if !ok || len(words) != 1 && (len(words) != 3 || words[1] != "filter") {
		return claims.VLANRule{}, &claims.Invalid{Field: "rule", Problem: fmt.Sprintf(
			`%q: write SUBJECT = VLAN, as "badge:laser-1 = 30", perhaps followed by "filter NAME"`, text)}
	}
	s, err := claims.ParseSubject(strings.TrimSpace(subject))
	if err != nil {
		return claims.VLANRule{}, err
	}
	vlan, err := strconv.Atoi(words[0])
	if err != nil || vlan < 1 || vlan > 4094 {
		return claims.VLANRule{}, &claims.Invalid{Field: "rule", Problem: fmt.Sprintf("%q is no VLAN: 1 to 4094", words[0])}
	}
	rule := claims.VLANRule{Subject: s, VLAN: vlan}
	if len(words) == 3 {
		rule.Filter = words[2]
	}
	return rule, nil
}

func (b *builder) accessPoints() {
	seen := map[string]int{}
	for i, a := range b.f.AccessPoints {
		key := b.once(seen, "access_points", i, "name", a.Name)
		want := claims.AccessPoint{Name: a.Name, Network: b.slug(key+".network", a.Network), NoMA: a.NoMA}
		prefix, err := ParsePrefix(a.Address)
		if !b.check(key+".address", err) || a.Name == "" {
			continue
		}
		want.Prefix = prefix
		for have := range claims.All[claims.AccessPoint](b.d) {
			if have.Name == a.Name && have.Removed.IsZero() {
				want.ID, want.Secret = have.ID, have.Secret
			}
		}
		if want.ID == "" {
			want.ID = claims.ID(b.env.NewID())
			want.Secret = b.sharedSecret(key, a, want.ID)
		}
		define(b, key, want)
	}
}

// ParsePrefix reads an address or a CIDR, as access points are known by.
func ParsePrefix(text string) (string, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return a.String(), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return "", &claims.Invalid{Field: "address", Problem: fmt.Sprintf("%q is no address or CIDR, as 10.0.0.7 or 10.0.0.0/24", text)}
	}
	return p.Masked().String(), nil
}

// sharedSecret returns a new access point's secret, sealed: from its file, or
// made and shown once.
func (b *builder) sharedSecret(key string, a AccessPoint, id claims.ID) string {
	var secret record.Secret
	if a.SecretFile == "" {
		secret = b.generate("access point", a.Name)
	} else {
		if b.env.ReadFile == nil {
			b.fault(key+".secret_file", "cannot be read here")
			return ""
		}
		text, err := b.env.ReadFile(a.SecretFile)
		if err != nil {
			b.fault(key+".secret_file", "%v", err)
			return ""
		}
		secret = record.Secret(strings.TrimRight(string(text), "\r\n"))
		if len(secret) < 16 {
			b.fault(key+".secret_file", "%s holds fewer than 16 characters, which is too few for RADIUS to be safe", a.SecretFile)
		}
	}
	sealed, err := b.env.Ring.Seal("access_point", string(id), "secret", []byte(secret))
	b.check(key, err)
	return sealed
}

// Live finds a device that was not removed, by name or id.
func Live(d *claims.Directory, name string) (claims.Device, bool) {
	all := slices.Collect(claims.All[claims.Device](d))
	i := slices.IndexFunc(all, func(v claims.Device) bool {
		return v.Removed.IsZero() && (v.Name == name || string(v.ID) == name)
	})
	if i < 0 {
		return claims.Device{}, false
	}
	return all[i], true
}
