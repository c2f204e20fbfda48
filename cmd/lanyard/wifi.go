package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/record"
)

func wifiCommand(a *app) *cobra.Command {
	return parent("wifi", "WiFi: networks, access points, members' passes",
		parent("network", "Networks: which place they are, and who goes to which VLAN", networkAdd(a), networkList(a), networkRemove(a)),
		parent("ap", "Access points: who may ask over RADIUS", pointAdd(a), pointList(a), pointRemove(a)),
		parent("pass", "Passes: one for each device of a member", passAdd(a), passList(a), passRevoke(a)),
		wifiTry(a))
}

func networkAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add NETWORK", Short: "Bind a network to a place, and say who goes where", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		s, err := slugs(args)
		if err != nil {
			return err
		}
		n := claims.Network{Slug: s[0], SSID: h.text("ssid"), VLAN: h.number("vlan")}
		path := h.text("location")
		if path == "" {
			path = "/wifi/" + args[0]
		}
		at, intents, err := h.place(path)
		if err != nil {
			return err
		}
		n.Location = at
		for _, text := range h.list("rule") {
			rule, err := organisation.ParseRule(text)
			if err != nil {
				return err
			}
			n.Rules = append(n.Rules, rule)
		}
		if err := mayDefine(h, n, intents...); err != nil {
			return err
		}
		changed, err := h.change(append(intents, claims.Define{Fact: n})...)
		if err != nil {
			return err
		}
		return h.done(changed, "network %s stands at %s. Next: lanyard grant add state:active join %s", n.Slug, path, path)
	})}
	c.Flags().String("ssid", "", "the network's name in the air; none: known by its access points only")
	c.Flags().String("location", "", "the `PATH` at which the right join is asked; none: /wifi/NETWORK")
	c.Flags().Int("vlan", 0, "for whom no rule matches; 0: none is sent")
	c.Flags().StringSlice("rule", nil, "\"badge:laser-1 = 30\", in order, the first that matches counts")
	return replaceable(c)
}

// networkView is a network in the words of the command line.
type networkView struct {
	claims.Network
	Path string `json:"path"`
}

func networkList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List networks", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []networkView
		for _, n := range sorted(h, func(n claims.Network) bool { return n.Removed.IsZero() }) {
			views = append(views, networkView{n, h.pathName(n.Location)})
		}
		return table[networkView]{
			empty: "There are no networks. lanyard wifi network add NETWORK --ssid NAME adds one.", head: []string{"network", "ssid", "location", "rules", "else vlan"},
			row: func(v networkView) []string {
				var rules []string
				for _, r := range v.Rules {
					rules = append(rules, fmt.Sprintf("%s = %d%s", h.subjectName(r.Subject), r.VLAN, yes(r.Filter != "", " filter "+r.Filter)))
				}
				vlan := ""
				if v.VLAN != 0 {
					vlan = fmt.Sprint(v.VLAN)
				}
				return []string{string(v.Slug), v.SSID, v.Path, strings.Join(rules, "; "), vlan}
			},
		}.print(h, views)
	})}
}

func networkRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove NETWORK", Short: "Remove a network", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		n, err := named[claims.Network](h, "network", args[0], "lanyard wifi network list shows them")
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: n.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "network %s is removed", n.Slug)
	})}
}

func pointAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add NAME --address ADDRESS", Short: "Let an access point ask; its shared secret is shown once", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		prefix, err := organisation.ParsePrefix(h.text("address"))
		if err != nil {
			return fmt.Errorf("--address: %w", err)
		}
		if _, err := h.point(args[0]); err == nil {
			return fmt.Errorf("there is an access point %s already: lanyard wifi ap remove it first", args[0])
		}
		p := claims.AccessPoint{ID: claims.ID(h.newID()), Name: args[0], Prefix: prefix, Network: claims.Slug(h.text("network")), NoMA: h.on("no-message-authenticator")}
		secret := record.Secret(record.Random(24))
		if p.Secret, err = h.ring.Seal("access_point", string(p.ID), "secret", []byte(secret)); err != nil {
			return fmt.Errorf("seal the shared secret: %w", err)
		}
		if _, err := h.change(claims.Define{Fact: p}); err != nil {
			return err
		}
		h.say("access point %s may ask from %s", p.Name, p.Prefix)
		h.secret("Its shared secret", secret)
		return nil
	})}
	c.Flags().String("address", "", "where it asks from, an `ADDRESS` or CIDR")
	c.Flags().String("network", "", "what it serves, if it does not name its network")
	c.Flags().Bool("no-message-authenticator", false, "accept it although it cannot sign its requests (a risk: CVE-2024-3596)")
	return c
}

// point finds an access point that was not removed, by name or id.
func (h *house) point(name string) (claims.AccessPoint, error) {
	all := sorted(h, func(p claims.AccessPoint) bool { return p.Removed.IsZero() })
	p, err := oneOf(all, name, func(p claims.AccessPoint) bool { return p.Name == name })
	if err == errNone {
		return p, fmt.Errorf("there is no access point %s: lanyard wifi ap list shows them", name)
	}
	return p, err
}

// pointView is an access point without its secret.
type pointView struct {
	claims.AccessPoint
	Secret string `json:"secret,omitempty"` // always empty
}

func pointList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List access points, never their secrets", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []pointView
		for _, p := range sorted(h, func(p claims.AccessPoint) bool { return p.Removed.IsZero() }) {
			views = append(views, pointView{AccessPoint: p})
		}
		return table[pointView]{
			empty: "There are no access points. lanyard wifi ap add NAME --address ADDRESS adds one.", head: []string{"name", "address", "network", "notes", "id"},
			row: func(v pointView) []string {
				return []string{v.Name, v.Prefix, string(v.Network), yes(v.NoMA, "unsigned requests accepted"), string(v.ID)}
			},
		}.print(h, views)
	})}
}

func pointRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove NAME", Short: "Answer an access point no more", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		p, err := h.point(args[0])
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: p.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "access point %s is removed", p.Name)
	})}
}
