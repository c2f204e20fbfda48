package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/record"
)

func doorCommand(a *app) *cobra.Command {
	return parent("door", "Doors and machines that ask who may enter", doorAdd(a), doorList(a), doorShow(a), doorNeeds(a), doorRemove(a), doorMaintenance(a))
}

func doorAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add NAME --location PATH", Short: "Add a door or machine with a client of its own; its secret is shown once", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		if !h.given("location") {
			return errors.New("say where it is: --location PATH")
		}
		l, err := h.location(h.text("location"))
		if err != nil {
			return fmt.Errorf("--location: %w", err)
		}
		if _, there := organisation.Live(h.dir(), args[0]); there {
			return fmt.Errorf("there is a device called %s already: lanyard door show %q", args[0], args[0])
		}
		v := claims.Device{
			Name: args[0], Kind: h.text("kind"), Location: l.ID, Right: h.tapRight(),
			Client: claims.ClientID(h.text("client")), TwoPerson: h.on("two-person"),
		}
		if v.Client == "" {
			v.Client = claims.ClientID(organisation.Slugify(v.Name))
		}
		if _, there := claims.Get[claims.Client](h.dir(), string(v.Client)); there {
			return fmt.Errorf("there is a client %s already: name another with --client", v.Client)
		}
		v.ID = organisation.NewDeviceID(h.dir(), v.Client, h.env())
		secret := record.Secret(record.Random(32))
		client := organisation.DeviceClient(v)
		client.Secrets = []claims.Secret{organisation.NewSecret(h.env(), secret)}
		intents, err := h.gateFor(v, h.list("needs"))
		if err != nil {
			return err
		}
		if _, err := h.change(append([]claims.Intent{claims.Define{Fact: client}, claims.Define{Fact: v}}, intents...)...); err != nil {
			return err
		}
		h.say("%s %s asks for %s at %s, as client %s. Next: lanyard grant add SUBJECT %s %s", v.Kind, v.Name, v.Right, h.pathName(l.ID), v.Client, v.Right, h.pathName(l.ID))
		h.secret("Its secret", secret)
		return nil
	})}
	c.Flags().String("location", "", "where it is, a `PATH`")
	c.Flags().String("right", "", "what a card asks for there; none: unlock for a door, operate for an interlock")
	c.Flags().String("kind", "door", "door or interlock")
	c.Flags().String("client", "", "its client `ID`; none: made of its name")
	c.Flags().StringSlice("needs", nil, "a `BADGE` it asks for; of several, one is enough")
	c.Flags().Bool("two-person", false, "a second person must be there")
	return c
}

// tapRight is what a card asks for at a new device.
func (h *house) tapRight() claims.Slug {
	switch right := h.text("right"); {
	case right != "":
		return claims.Slug(right)
	case h.text("kind") == "interlock":
		return "operate"
	}
	return "unlock"
}

// device finds a device that was not removed, by name or id.
func (h *house) device(name string) (claims.Device, error) {
	all := sorted(h, func(v claims.Device) bool { return v.Removed.IsZero() })
	v, err := oneOf(all, name, func(v claims.Device) bool { return v.Name == name || string(v.Client) == name })
	if err == errNone {
		var known []string
		for _, v := range all {
			known = append(known, v.Name)
		}
		return v, notThere("device", name, known, "lanyard door list shows them")
	}
	return v, err
}

// deviceView is a device in the words of the command line.
type deviceView struct {
	claims.Device
	Path string `json:"path"`
}

func (h *house) devices(keep func(claims.Device) bool) []deviceView {
	views := []deviceView{}
	for _, v := range sorted(h, keep) {
		views = append(views, deviceView{v, h.pathName(v.Location)})
	}
	slices.SortStableFunc(views, func(a, b deviceView) int { return strings.Compare(a.Path+" "+a.Name, b.Path+" "+b.Name) })
	return views
}

func (v deviceView) notes() string {
	return words(yes(v.Maintenance, "in maintenance"), yes(v.TwoPerson, "two persons"), yes(!v.Removed.IsZero(), "removed"))
}

func doorList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List doors and machines", Args: none, RunE: a.in(func(h *house, _ []string) error {
		return table[deviceView]{
			empty: "There are no doors. lanyard door add NAME --location PATH adds one.", head: []string{"name", "kind", "location", "asks for", "client", "notes"},
			row: func(v deviceView) []string {
				return []string{v.Name, v.Kind, v.Path, string(v.Right), string(v.Client), v.notes()}
			},
		}.print(h, h.devices(func(v claims.Device) bool { return v.Removed.IsZero() }))
	})}
}

func doorShow(a *app) *cobra.Command {
	return &cobra.Command{Use: "show NAME", Short: "Show a door or machine", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		d, err := h.device(args[0])
		if err != nil {
			return err
		}
		v := deviceView{d, h.pathName(d.Location)}
		return h.show(v, "name", v.Name, "id", string(v.ID), "kind", v.Kind, "location", v.Path, "asks for", string(v.Right), "needs", h.needsWords(d), "client", string(v.Client), "notes", v.notes())
	})}
}

func doorRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove NAME", Short: "Remove a door or machine, and disable its client", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		v, err := h.device(args[0])
		if err != nil {
			return err
		}
		intents := []claims.Intent{claims.Remove{Key: v.Key()}}
		if _, ok := claims.Get[claims.Client](h.dir(), string(v.Client)); ok {
			intents = append(intents, claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: string(v.Client)}})
		}
		changed, err := h.change(intents...)
		if err != nil {
			return err
		}
		return h.done(changed, "%s is removed", v.Name)
	})}
}

func doorMaintenance(a *app) *cobra.Command {
	return &cobra.Command{Use: "maintenance NAME on|off", Short: "Let only those with the right maintain use it", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		v, err := h.device(args[0])
		if err != nil {
			return err
		}
		if args[1] != "on" && args[1] != "off" {
			return fmt.Errorf("write on or off, not %q", args[1])
		}
		v.Maintenance = args[1] == "on"
		changed, err := h.change(claims.Define{Fact: v})
		if err != nil {
			return err
		}
		return h.done(changed, "maintenance of %s is %s", v.Name, args[1])
	})}
}
