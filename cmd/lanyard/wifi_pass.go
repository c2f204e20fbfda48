package main

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/idp/record"
)

// passAlphabet has 32 letters that nobody takes for one another.
const passAlphabet = "abcdefghijkmnpqrstuvwxyz23456789"

// newPass is a WiFi pass of 120 random bits: 24 letters in groups of four.
func newPass() record.Secret {
	raw := make([]byte, 24)
	if _, err := rand.Read(raw); err != nil {
		panic(err) // documented never to happen
	}
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(passAlphabet[c%32])
	}
	return record.Secret(b.String())
}

func passAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add MEMBER DEVICE", Short: "Make a pass for one device of a member, as phone; shown once", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		device, err := claims.ParseSlug(args[1])
		if err != nil {
			return fmt.Errorf("the device's name: %w", err)
		}
		secret := newPass()
		p := claims.WiFiPass{ID: claims.ID(h.newID()), Member: m.ID, Login: m.Username + "." + string(device), Verifier: h.ring.PassVerifier(string(secret)), Created: h.at}
		if p.Expires, err = h.whenFlag("until"); err != nil {
			return err
		}
		if _, err := h.change(claims.IssuePass{Pass: p}); err != nil {
			return err
		}
		if h.json {
			return h.printJSON(map[string]any{"id": p.ID, "login": p.Login, "pass": string(secret)})
		}
		h.say("login  %s, which a server that is running knows within a second", p.Login)
		h.secret("pass", secret)
		return nil
	})}
	c.Flags().String("until", "", "until this `DATE`")
	return c
}

// passView is a pass without what it is checked against.
type passView struct {
	claims.WiFiPass
	Verifier string `json:"verifier,omitempty"` // always empty
	Username string `json:"username"`
}

func passList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list [MEMBER]", Short: "List passes, never their text", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		var views []passView
		for _, p := range sorted(h, func(p claims.WiFiPass) bool {
			return h.on("ended") || claims.Live(time.Time{}, claims.Earlier(p.Expires, p.Revoked), h.at)
		}) {
			if name := h.username(p.Member); len(args) == 0 || args[0] == name || args[0] == string(p.Member) {
				views = append(views, passView{WiFiPass: p, Username: name})
			}
		}
		slices.SortStableFunc(views, func(a, b passView) int { return strings.Compare(a.Login, b.Login) })
		return table[passView]{
			empty: "There are no passes. lanyard wifi pass add MEMBER DEVICE makes one.", head: []string{"login", "member", "made", "until", "revoked", "id"},
			row: func(v passView) []string {
				return []string{v.Login, v.Username, stamp(v.Created, ""), stamp(v.Expires, "no end"), stamp(v.Revoked, ""), string(v.ID)}
			},
		}.print(h, views)
	})}
	c.Flags().Bool("ended", false, "with those that are over")
	return c
}

func passRevoke(a *app) *cobra.Command {
	return &cobra.Command{Use: "revoke LOGIN", Short: "End a pass", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		p, ok := h.dir().PassByLogin(strings.ToLower(args[0]))
		if !ok {
			if p, ok = claims.Get[claims.WiFiPass](h.dir(), args[0]); !ok {
				return fmt.Errorf("there is no pass %s: lanyard wifi pass list shows them", args[0])
			}
		}
		changed, err := h.change(claims.RevokePass{Pass: p.ID})
		if err != nil {
			return err
		}
		return h.done(changed, "pass %s is revoked", p.Login)
	})}
}
