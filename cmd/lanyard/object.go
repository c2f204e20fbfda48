package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func typeCommand(a *app) *cobra.Command {
	return parent("type", "Types of scope objects: body, event", typeAdd(a), typeList(a))
}

func typeAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add TYPE", Short: "Define a type of objects", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		s, err := slugs([]string{args[0]})
		if err != nil {
			return err
		}
		t := claims.ObjectType{Slug: s[0], Label: h.text("label"), Extends: claims.Slug(h.text("extends"))}
		if err := mayDefine(h, t); err != nil {
			return err
		}
		intents := []claims.Intent{claims.Define{Fact: t}}
		if t.Extends == "" {
			intents = append(intents, claims.Define{Fact: claims.Kind{Type: t.Slug, Slug: claims.RootKind}})
		}
		changed, err := h.change(intents...)
		if err != nil {
			return err
		}
		return h.done(changed, "type %s is defined. Next: lanyard kind add %s KIND", t.Slug, t.Slug)
	})}
	c.Flags().String("label", "", "what people read")
	c.Flags().String("extends", "", "another `TYPE` whose rules its objects answer to as well")
	return replaceable(c)
}

func typeList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List types", Args: none, RunE: a.in(func(h *house, _ []string) error {
		return table[claims.ObjectType]{
			empty: "There are no types. lanyard type add TYPE defines one, as body.", head: []string{"type", "label", "extends"},
			row: func(t claims.ObjectType) []string { return []string{string(t.Slug), t.Label, string(t.Extends)} },
		}.print(h, sorted[claims.ObjectType](h, nil))
	})}
}

func kindCommand(a *app) *cobra.Command {
	return parent("kind", "Kinds of roles in a type: board implies member", kindAdd(a), kindList(a))
}

func kindAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add TYPE KIND", Short: "Define a kind of role", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		t, err := named[claims.ObjectType](h, "type", args[0], "lanyard type add defines one")
		if err != nil {
			return err
		}
		s, err := slugs([]string{args[1], h.text("parent")})
		if err != nil {
			return err
		}
		k := claims.Kind{Type: t.Slug, Slug: s[0], Parent: s[1], Label: h.text("label")}
		if err := mayDefine(h, k); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: k})
		if err != nil {
			return err
		}
		return h.done(changed, "kind %s of %s is defined; whoever holds it is %s too", s[0], t.Slug, s[1])
	})}
	c.Flags().String("parent", string(claims.RootKind), "the `KIND` it implies")
	c.Flags().String("label", "", "what people read")
	return replaceable(c)
}

func kindList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list [TYPE]", Short: "List kinds", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		return table[claims.Kind]{
			empty: "There are no kinds. lanyard kind add TYPE KIND defines one.", head: []string{"type", "kind", "implies", "label"},
			row: func(k claims.Kind) []string {
				var above []string
				for _, s := range h.dir().KindsAbove(k.Type, k.Slug) {
					if s != k.Slug {
						above = append(above, string(s))
					}
				}
				return []string{string(k.Type), string(k.Slug), words(above...), k.Label}
			},
		}.print(h, sorted(h, func(k claims.Kind) bool { return len(args) == 0 || string(k.Type) == args[0] }))
	})}
}

func objectCommand(a *app) *cobra.Command {
	return parent("object", "Scope objects: the bodies and events roles are held in", objectAdd(a), objectList(a), objectArchive(a), objectOverride(a))
}

func objectAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add OBJECT --type TYPE", Short: "Add an object", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		t, err := named[claims.ObjectType](h, "type", h.text("type"), "name one with --type; lanyard type list shows them")
		if err != nil {
			return err
		}
		s, err := slugs([]string{args[0]})
		if err != nil {
			return err
		}
		o := claims.Object{Slug: s[0], Type: t.Slug, Name: h.text("name")}
		if err := mayDefine(h, o); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: o})
		if err != nil {
			return err
		}
		return h.done(changed, "%s %s is there. Next: lanyard location add PATH --object %s", t.Slug, s[0], s[0])
	})}
	c.Flags().String("type", "", "its `TYPE`")
	c.Flags().String("name", "", "what people read")
	return replaceable(c)
}

// objectView is an object with where it stands and its override.
type objectView struct {
	claims.Object
	Path     string           `json:"path,omitempty"`
	Override *claims.Override `json:"override,omitempty"`
}

func objectList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List objects", Args: none, RunE: a.in(func(h *house, _ []string) error {
		at := map[claims.Slug]string{}
		for l := range claims.All[claims.Location](h.dir()) {
			at[l.Object] = h.pathName(l.ID)
		}
		var views []objectView
		for _, o := range sorted[claims.Object](h, nil) {
			v := objectView{Object: o, Path: at[o.Slug]}
			if ov, ok := claims.Get[claims.Override](h.dir(), string(o.Slug)); ok && ov.Removed.IsZero() {
				v.Override = &ov
			}
			views = append(views, v)
		}
		return table[objectView]{
			empty: "There are no objects. lanyard object add OBJECT --type TYPE adds one.", head: []string{"object", "type", "name", "stands at", "override"},
			row: func(v objectView) []string {
				override := ""
				if v.Override != nil {
					override = fmt.Sprintf("%s: only %s", v.Override.Kind, join(v.Override.Rights, ", "))
				}
				return []string{string(v.Slug), string(v.Type), v.Name + yes(!v.Archived.IsZero(), " (archived)"), v.Path, override}
			},
		}.print(h, views)
	})}
}

func objectArchive(a *app) *cobra.Command {
	return &cobra.Command{Use: "archive OBJECT", Short: "Let an object take no new facts", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		o, err := named[claims.Object](h, "object", args[0], "lanyard object list shows them")
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: o.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "object %s is archived", o.Slug)
	})}
}

func objectOverride(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "override OBJECT KIND [RIGHT...]", Short: "Give a kind exactly these rights in one object, silencing type-wide grants to it there",
		Args: need(2, -1), RunE: a.in(func(h *house, args []string) error {
			object, kind, err := h.role(args[0] + "#" + args[1])
			if err != nil {
				return err
			}
			rights, err := slugs(args[2:])
			if err != nil {
				return err
			}
			changed, err := h.change(claims.Define{Fact: claims.Override{Object: object, Kind: kind, Rights: rights}})
			if err != nil {
				return err
			}
			return h.done(changed, "%s of %s has exactly these rights: %s", kind, object, join(rights, ", "))
		}),
	}
}
