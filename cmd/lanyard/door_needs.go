package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func doorNeeds(a *app) *cobra.Command {
	c := &cobra.Command{Use: "needs NAME BADGE...", Short: "Let a door or machine ask for a badge, one of these; what it asked for before, no more", Args: need(1, -1), RunE: a.in(func(h *house, args []string) error {
		v, err := h.device(args[0])
		if err != nil {
			return err
		}
		if (len(args) == 1) != h.on("nothing") {
			return errors.New("name the badges of which one is enough, or say --nothing")
		}
		intents, err := h.needs(v, args[1:])
		if err != nil {
			return err
		}
		changed, err := h.change(intents...)
		if err != nil {
			return err
		}
		if len(args) == 1 {
			return h.done(changed, "%s asks for no badge of its own", v.Name)
		}
		return h.done(changed, "%s needs %s", v.Name, strings.Join(args[1:], " or "))
	})}
	c.Flags().Bool("nothing", false, "it asks for no badge of its own any more; gates above it stay")
	return c
}

// needs are the intents that make badges, one of them, necessary for what a
// device asks for where it stands, instead of what was until now.
func (h *house) needs(v claims.Device, names []string) ([]claims.Intent, error) {
	intents, err := h.gateFor(v, names)
	if err != nil {
		return nil, err
	}
	for _, g := range h.ownGates(v) {
		if strings.Join(names, " ") != join(g.AnyOf, " ") {
			intents = append(intents, claims.Remove{Key: g.Key()})
		}
	}
	return intents, nil
}

// gateFor is the intent that makes badges, one of them, necessary for what a
// device asks for where it stands; none if no badge is named.
func (h *house) gateFor(v claims.Device, names []string) ([]claims.Intent, error) {
	for _, name := range names {
		if _, err := named[claims.Badge](h, "badge", name, badgesAre); err != nil {
			return nil, err
		}
	}
	badges, err := slugs(names)
	if err != nil || len(badges) == 0 {
		return nil, err
	}
	return []claims.Intent{claims.AddGate{Gate: claims.Gate{ID: claims.ID(h.newID()), At: v.Location, Right: v.Right, AnyOf: badges}}}, nil
}

// ownGates are the gates on what a device asks for that stand where it does.
func (h *house) ownGates(v claims.Device) []claims.Gate {
	return slices.DeleteFunc(slices.Clone(h.dir().GatesAt(v.Location)), func(g claims.Gate) bool { return !g.Removed.IsZero() || g.Right != v.Right })
}

// needsWords says what a device asks for, there and above.
func (h *house) needsWords(v claims.Device) string {
	var lines []string
	for at := v.Location; at != ""; {
		for _, g := range h.dir().GatesAt(at) {
			if g.Removed.IsZero() && (g.Right == "" || g.Right == v.Right) {
				lines = append(lines, join(g.AnyOf, " or ")+yes(at != v.Location, " (by a gate at "+h.pathName(at)+")"))
			}
		}
		l, _ := claims.Get[claims.Location](h.dir(), string(at))
		at = l.Parent
	}
	return strings.Join(lines, "\n")
}
