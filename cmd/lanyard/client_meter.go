package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/idp/oauth"
)

// meterView is the ID tokens of all members for one client.
type meterView struct {
	Client    claims.ClientID `json:"client"`
	Alg       string          `json:"id_token_alg"`
	Members   int             `json:"members"` // who may sign in
	Overage   int             `json:"groups_overage"`
	Histogram []meterBar      `json:"histogram"`
	Largest   []meterLine     `json:"largest"`
}

type meterBar struct {
	From    int `json:"from"`         // bytes
	To      int `json:"to,omitempty"` // below; 0: any
	Members int `json:"members"`
}

type meterLine struct {
	Member  string `json:"member"`
	Bytes   int    `json:"bytes"`
	Overage bool   `json:"groups_overage,omitempty"`
}

func clientMeter(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "meter CLIENT [MEMBER]", Short: "Weigh the ID tokens of all members for an application, or of one", Args: need(1, 2),
		Long: "Many applications keep ID tokens in cookies, which hold 4 KB, behind proxies that allow less.",
		RunE: a.in(func(h *house, args []string) error {
			c, err := named[claims.Client](h, "client", args[0], clientsAre)
			if err != nil {
				return err
			}
			var only claims.MemberID
			if len(args) > 1 {
				m, err := h.member(args[1])
				if err != nil {
					return err
				}
				only = m.ID
			}
			v, err := h.meter(c, only)
			if err != nil {
				return err
			}
			if h.json {
				return h.printJSON(v)
			}
			return h.showMeter(c, v)
		}),
	}
	c.Flags().Int("last", 10, "how many of the largest")
	return c
}

func kilobytes(n int) string {
	if n < 1<<10 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
}

// meter weighs the tokens of everybody, or of one member, who may sign in.
func (h *house) meter(c claims.Client, only claims.MemberID) (meterView, error) {
	v := meterView{Client: c.ID, Alg: cmp.Or(c.IDTokenAlg, "RS256"), Largest: []meterLine{}, Histogram: []meterBar{
		{From: 0, To: 512}, {From: 512, To: oauth.LongToken}, {From: oauth.LongToken, To: 2 << 10}, {From: 2 << 10, To: oauth.TooLongToken}, {From: oauth.TooLongToken}}}
	trial := h.trial()
	for m := range claims.All[claims.Member](h.dir()) {
		if only != "" && m.ID != only || !m.ErasedAt.IsZero() {
			continue
		}
		size, overage, ok, err := trial.Size(h.dir(), c, m.ID)
		if err != nil {
			return v, err
		}
		if !ok {
			continue
		}
		v.Members++
		if overage {
			v.Overage++
		}
		for i := range v.Histogram {
			if b := &v.Histogram[i]; size >= b.From && (b.To == 0 || size < b.To) {
				b.Members++
			}
		}
		v.Largest = append(v.Largest, meterLine{m.Username, size, overage})
	}
	slices.SortStableFunc(v.Largest, func(a, b meterLine) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Member, b.Member))
	})
	v.Largest = v.Largest[:min(len(v.Largest), max(0, h.number("last")))]
	return v, nil
}

func (h *house) showMeter(c claims.Client, v meterView) error {
	h.say("ID tokens for %s, signed with %s: %d members may sign in", v.Client, v.Alg, v.Members)
	most := 1
	for _, b := range v.Histogram {
		most = max(most, b.Members)
	}
	var rows []string
	for _, b := range v.Histogram {
		size := "below " + kilobytes(b.To)
		switch {
		case b.To == 0:
			size = kilobytes(b.From) + " and more"
		case b.From > 0:
			size = kilobytes(b.From) + " to " + kilobytes(b.To)
		}
		bar := strings.Repeat("█", (b.Members*40+most-1)/most)
		rows = append(rows, fmt.Sprintf("%s\t%d\t%s", size, b.Members, bar))
	}
	if err := h.columns(append([]string{""}, rows...)); err != nil {
		return err
	}
	h.say("")
	if err := (table[meterLine]{
		empty: "Nobody may sign in to it.", head: []string{"largest", "bytes", ""},
		row: func(l meterLine) []string { return []string{l.Member, fmt.Sprint(l.Bytes), meterNote(l)} },
	}).print(h, v.Largest); err != nil {
		return err
	}
	if !c.Disabled.IsZero() {
		h.say("\nnote: %s is disabled, so nobody signs in to it: lanyard client enable %s", c.ID, c.ID)
	}
	if v.Overage > 0 {
		h.say("\nwarning: %d members have more groups than the cap; their tokens list none. Raise --cap, or show less with --see", v.Overage)
	}
	if c.Filter.None() {
		h.say("\nwarning: %s is told no groups; say which with lanyard client add %s --see", c.ID, c.ID)
	}
	return nil
}

// meterNote is what is to be said of one token.
func meterNote(l meterLine) string {
	return words(yes(l.Overage, "groups_overage"), yes(l.Bytes >= oauth.TooLongToken, "over 4 KB: fits into no cookie"),
		yes(l.Bytes >= oauth.LongToken && l.Bytes < oauth.TooLongToken, "over 1 KB"))
}
