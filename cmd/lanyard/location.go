package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func locationCommand(a *app) *cobra.Command {
	return parent("location", "The tree of places: rooms, machines, bodies", locationAdd(a), locationList(a), locationShow(a), locationSet(a), locationMove(a), locationArchive(a), locationReopen(a))
}

func locationFlags(c *cobra.Command) {
	c.Flags().String("name", "", "what people read")
	c.Flags().Bool("inherit", true, "permissions from above hold here too; --inherit=false stops them, never restrictions")
	c.Flags().Bool("open", false, "places below may be asked about without being stored")
	c.Flags().String("object", "", "the scope `OBJECT` that stands here")
	c.Flags().String("external", "", "the application's own id for it")
}

// shape puts the location flags that were written into l.
func (h *house) shape(l *claims.Location) {
	if h.given("name") {
		l.Name = h.text("name")
	}
	if h.given("inherit") {
		l.Inherit = h.on("inherit")
	}
	if h.given("open") {
		l.Open = h.on("open")
	}
	if h.given("object") {
		l.Object = claims.Slug(h.text("object"))
	}
	if h.given("external") {
		l.External = h.text("external")
	}
}

func locationAdd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "add PATH", Short: "Add a place; one at the top, as /space, becomes an application of its own", Args: need(1, 1),
		RunE: a.in(func(h *house, args []string) error {
			path, err := claims.ParsePath(args[0])
			if err != nil {
				return err
			}
			if _, there := h.dir().Locate(path); there {
				return h.thereAlready(path)
			}
			l := claims.Location{ID: claims.LocationID(h.newID()), Slug: path.Base(), Inherit: path.Parent() != ""}
			h.shape(&l)
			intents := []claims.Intent{claims.Define{Fact: l}}
			if path.Parent() == "" {
				intents = append(intents, claims.Define{Fact: claims.Application{Slug: l.Slug, Root: l.ID}})
			} else {
				parent, err := h.location(string(path.Parent()))
				if err != nil {
					return err
				}
				l.Parent = parent.ID
				intents[0] = claims.Define{Fact: l}
			}
			if _, err := h.change(intents...); err != nil {
				return err
			}
			if path.Parent() == "" {
				h.say("%s is added. Next: lanyard right add RIGHT %s", path, path)
			} else {
				h.say("%s is added", path)
			}
			return nil
		}),
	}
	locationFlags(c)
	return c
}

// thereAlready refuses to add a place that is stored.
func (h *house) thereAlready(path claims.Path) error {
	if l, _ := h.dir().Locate(path); !l.Archived.IsZero() {
		return fmt.Errorf("%s is there already, archived: lanyard location reopen %s opens it again", path, path)
	}
	return fmt.Errorf("%s is there already: lanyard location set %s changes it", path, path)
}

// locationView is a location with its path.
type locationView struct {
	claims.Location
	Path  string `json:"path"`
	depth int
}

// tree lists what is stored under id, parents first.
// What is archived, and all below it, only if all is asked for.
func (h *house) tree(id claims.LocationID, depth int, all bool) []locationView {
	var out []locationView
	for _, l := range h.dir().Children(id) {
		if !all && !l.Archived.IsZero() {
			continue
		}
		out = append(out, locationView{l, string(h.dir().PathOf(l.ID)), depth})
		out = append(out, h.tree(l.ID, depth+1, all)...)
	}
	return out
}

func locationList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list [PATH]", Short: "List the tree, or what is below a place", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		var from claims.LocationID
		if len(args) == 1 {
			l, err := h.location(args[0])
			if err != nil {
				return err
			}
			from = l.ID
		}
		return table[locationView]{
			empty: "There is nothing below. lanyard location add PATH adds a place.", head: []string{"location", "name", "notes"},
			row: func(v locationView) []string {
				object := ""
				if v.Object != "" {
					object = "object " + string(v.Object)
				}
				return []string{strings.Repeat("  ", v.depth) + "/" + string(v.Slug), v.Name, words(
					yes(!v.Inherit, "permissions stop here"), yes(v.Open, "open"), object, yes(!v.Archived.IsZero(), "archived"))}
			},
		}.print(h, h.tree(from, 0, h.on("archived")))
	})}
	c.Flags().Bool("archived", false, "with those that are archived")
	return c
}

func locationShow(a *app) *cobra.Command {
	return &cobra.Command{Use: "show PATH", Short: "Show a place with the rules that stand on it", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		l, err := h.location(args[0])
		if err != nil {
			return err
		}
		v := struct {
			locationView
			Rights  []claims.Right `json:"rights"`
			Grants  []grantView    `json:"grants"`
			Gates   []gateView     `json:"gates"`
			Devices []deviceView   `json:"devices"`
		}{
			locationView: locationView{Location: l, Path: h.pathName(l.ID)},
			Rights:       sorted(h, func(r claims.Right) bool { return r.At == l.ID && r.Removed.IsZero() }),
			Grants:       h.grants(func(g claims.Grant) bool { return g.At == l.ID && h.liveGrant(g) }),
			Gates:        h.gates(func(g claims.Gate) bool { return g.At == l.ID && g.Removed.IsZero() }),
			Devices:      h.devices(func(x claims.Device) bool { return x.Location == l.ID && x.Removed.IsZero() }),
		}
		var rights, grants, gates, devices []string
		for _, r := range v.Rights {
			rights = append(rights, string(r.Slug))
		}
		for _, g := range v.Grants {
			grants = append(grants, g.String())
		}
		for _, g := range v.Gates {
			gates = append(gates, g.String())
		}
		for _, x := range v.Devices {
			devices = append(devices, x.Name)
		}
		return h.show(v, "location", v.Path, "name", l.Name, "id", string(l.ID), "permissions", yes(!l.Inherit, "stop here"), "open", yes(l.Open, "yes"),
			"object", string(l.Object), "external id", l.External, "archived", stamp(l.Archived, ""), "rights declared", words(rights...),
			"grants", strings.Join(grants, "\n"), "gates", strings.Join(gates, "\n"), "devices", words(devices...))
	})}
}

func locationSet(a *app) *cobra.Command {
	c := &cobra.Command{Use: "set PATH", Short: "Change a place", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		l, err := h.location(args[0])
		if err != nil {
			return err
		}
		h.shape(&l)
		changed, err := h.change(claims.Define{Fact: l})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is changed", args[0])
	})}
	locationFlags(c)
	return c
}

func locationMove(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "move PATH NEWPATH", Short: "Move a place with everything below it, or give it another last part",
		Long: "The rules that stand on it and below go with it. What it inherits, and what closes it, is of its new place from then on.",
		Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
			l, err := h.location(args[0])
			if err != nil {
				return err
			}
			to, err := claims.ParsePath(args[1])
			if err != nil {
				return err
			}
			if l.Parent == "" || to.Parent() == "" {
				return fmt.Errorf("a place at the top is an application of its own and stays one: move places below it")
			}
			parent, err := h.location(string(to.Parent()))
			if err != nil {
				return err
			}
			l.Slug, l.Parent = to.Base(), parent.ID
			changed, err := h.change(claims.Define{Fact: l})
			if err != nil {
				return err
			}
			return h.done(changed, "%s is now %s", args[0], h.pathName(l.ID))
		}),
	}
}

func locationArchive(a *app) *cobra.Command {
	return &cobra.Command{Use: "archive PATH", Short: "Close a place and everything below; reopen undoes it", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		l, err := h.location(args[0])
		if err != nil {
			return err
		}
		below := len(h.tree(l.ID, 0, false))
		changed, err := h.change(claims.Remove{Key: l.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is archived%s; lanyard location reopen %s undoes it", args[0], yes(below > 0, ", and "+count(below, "place")+" below it with it"), args[0])
	})}
}

func locationReopen(a *app) *cobra.Command {
	return &cobra.Command{Use: "reopen PATH", Short: "Open an archived place again, with the rules it had", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		l, err := h.location(args[0])
		if err != nil {
			return err
		}
		l.Archived = time.Time{}
		changed, err := h.change(claims.Define{Fact: l})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is open again", args[0])
	})}
}
