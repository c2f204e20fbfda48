package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/idp/keys"
	"lanyard/idp/record"
)

func keyCommand(a *app) *cobra.Command {
	return parent("key", "The keys that sign tokens", keyList(a), keyRotate(a))
}

// keyView is a signing key without what it signs with.
type keyView struct {
	ID      string    `json:"kid"`
	Alg     string    `json:"alg"`
	State   string    `json:"state"` // waits, signs, verifies, gone
	Created time.Time `json:"created"`
	From    time.Time `json:"signs_from"`
	Retired time.Time `json:"signs_until,omitzero"`
	Gone    time.Time `json:"published_until,omitzero"`
}

func viewKey(k record.SigningKey, at time.Time) keyView {
	v := keyView{ID: k.ID, Alg: k.Alg, State: "signs", Created: k.Created, From: k.From, Retired: k.Retired, Gone: k.Gone}
	switch {
	case at.Before(k.From):
		v.State = "waits"
	case !k.Gone.IsZero() && !at.Before(k.Gone):
		v.State = "gone"
	case !k.Retired.IsZero() && !at.Before(k.Retired):
		v.State = "verifies"
	}
	return v
}

func keyList(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List signing keys: which signs, which waits to, which only verifies", Args: none,
		RunE: a.in(func(h *house, _ []string) error {
			rows, err := h.store.SigningKeys(h.ctx())
			if err != nil {
				return err
			}
			var views []keyView
			for _, k := range rows {
				views = append(views, viewKey(k, h.at))
			}
			slices.SortStableFunc(views, func(a, b keyView) int {
				return slices.Index(keys.Algs, a.Alg) - slices.Index(keys.Algs, b.Alg)
			})
			return table[keyView]{
				empty: "There are no signing keys yet: lanyard serve makes them.",
				head:  []string{"alg", "kid", "state", "signs from", "signs until", "published until"},
				row: func(v keyView) []string {
					return []string{v.Alg, v.ID, v.State, stamp(v.From, ""), stamp(v.Retired, "on schedule"), stamp(v.Gone, "")}
				},
			}.print(h, views)
		}),
	}
}

func keyRotate(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rotate", Short: "Make the next signing keys, ahead of the schedule",
		Long: "Make the next signing keys, ahead of the schedule. They are published at once and sign after a day, so that whoever\n" +
			"verifies tokens has them by then; with --now, in two minutes, when every process of Lanyard has. What the old keys\n" +
			"signed is verified until it is dead.",
		Args: none,
		RunE: a.in(func(h *house, _ []string) error {
			algs := keys.Algs
			if h.given("alg") {
				algs = h.list("alg")
			}
			for _, alg := range algs {
				if !slices.Contains(keys.Algs, alg) {
					return fmt.Errorf("--alg %q is none of %s", alg, strings.Join(keys.Algs, ", "))
				}
			}
			views, err := h.rotate(algs)
			if err != nil {
				return err
			}
			return table[keyView]{head: []string{"alg", "kid", "signs from"}, row: func(v keyView) []string {
				return []string{v.Alg, v.ID, stamp(v.From.Truncate(time.Second), "")}
			}}.print(h, views)
		}),
	}
	c.Flags().Bool("now", false, "sign with them in two minutes")
	c.Flags().StringSlice("alg", nil, "only these: RS256, ES256, EdDSA")
	return c
}

// rotate makes the next keys of algorithms and notes who asked for it.
func (h *house) rotate(algs []string) ([]keyView, error) {
	signer := &keys.Signer{Store: h.store, Ring: h.ring, Now: h.now}
	if err := signer.Start(h.ctx()); err != nil {
		return nil, err
	}
	var views []keyView
	for _, alg := range algs {
		next, err := signer.Rotate(h.ctx(), alg, h.on("now"))
		if err != nil {
			return nil, err
		}
		line := record.Audited{At: h.now(), Actor: h.actor().String(), Action: "rotate the " + alg + " signing key", Subject: "signing_key:" + next.ID}
		if err := h.store.Audit(h.ctx(), line); err != nil {
			return nil, err
		}
		views = append(views, viewKey(next, h.at))
	}
	return views, nil
}
