package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/keys"
)

func cardCommand(a *app) *cobra.Command {
	return parent("card", "Cards and fobs that members tap", cardAdd(a), cardList(a),
		cardStatus(a, "lost", "Report a card lost: it opens nothing from now on", claims.CredentialLost),
		cardStatus(a, "found", "Make a lost card work again", claims.CredentialActive),
		cardStatus(a, "revoke", "Revoke a card for good", claims.CredentialRevoked))
}

func cardAdd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "add MEMBER CARD", Short: "Give a member a card, by the number a reader shows: 04:a1:b2:c3 or uid:04a1b2c3",
		Long: "A card's number can be copied by whoever holds the card for a moment: do not let it alone guard what is dangerous.",
		Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			plain, err := keys.ParseCard(args[1], h.text("format"))
			if err != nil {
				return err
			}
			c, err := organisation.NewCard(h.env(), m.ID, plain, h.text("label"))
			if err != nil {
				return err
			}
			if c.Expires, err = h.whenFlag("until"); err != nil {
				return err
			}
			if have, ok := h.dir().CredentialByLookup(c.Lookup); ok && have.Member == m.ID && have.Status == claims.CredentialActive {
				return h.done(false, "%s has this card (%s)", m.Username, have.ID)
			}
			changed, err := h.change(claims.BindCredential{Credential: c})
			if err != nil {
				return err
			}
			return h.done(changed, "%s has a card, %s", m.Username, c.ID)
		}),
	}
	c.Flags().String("format", "", "how the reader prints it: hex (default), hex-reversed, dec, dec-reversed")
	c.Flags().String("label", "", "what the member calls it")
	c.Flags().String("until", "", "until this `DATE`")
	return c
}

// cardView is a card without anything that opens a door.
type cardView struct {
	claims.Credential
	Lookup   string `json:"lookup,omitempty"` // always empty
	Sealed   string `json:"sealed,omitempty"` // always empty
	Username string `json:"username"`
}

func cardList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list [MEMBER]", Short: "List cards; their numbers are never shown", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		var views []cardView
		for _, c := range sorted[claims.Credential](h, nil) {
			if name := h.username(c.Member); len(args) == 0 || args[0] == name || args[0] == string(c.Member) {
				views = append(views, cardView{Credential: c, Username: name})
			}
		}
		slices.SortStableFunc(views, func(a, b cardView) int { return strings.Compare(a.Username, b.Username) })
		return table[cardView]{
			empty: "There are no cards. lanyard card add MEMBER CARD gives one.", head: []string{"member", "card", "label", "status", "added", "until"},
			row: func(v cardView) []string {
				return []string{v.Username, string(v.ID), v.Label, string(v.Status), stamp(v.Added, ""), stamp(v.Expires, "")}
			},
		}.print(h, views)
	})}
}

// card finds a card by its id, its number, or whose it is: of that member's
// cards the one that may become status.
func (h *house) card(name string, status claims.CredentialStatus) (claims.Credential, error) {
	if c, ok := claims.Get[claims.Credential](h.dir(), name); ok {
		return c, nil
	}
	if plain, err := keys.ParseCard(name, ""); err == nil {
		if c, ok := h.dir().CredentialByLookup(h.ring.CardLookup(plain)); ok {
			return c, nil
		}
	}
	m, ok := h.dir().MemberByUsername(name)
	if !ok {
		return claims.Credential{}, fmt.Errorf("there is no such card: name it by its id, which lanyard card list shows, by its number, or by whose it is")
	}
	theirs := sorted(h, func(c claims.Credential) bool {
		return c.Member == m.ID && c.Status != status && c.Status != claims.CredentialRevoked && (status != claims.CredentialActive || c.Status == claims.CredentialLost)
	})
	if len(theirs) != 1 {
		return claims.Credential{}, fmt.Errorf("%s has %s that could be: lanyard card list %s shows their ids", m.Username, count(len(theirs), "card"), m.Username)
	}
	return theirs[0], nil
}

func cardStatus(a *app, verb, short string, status claims.CredentialStatus) *cobra.Command {
	return &cobra.Command{Use: verb + " CARD|MEMBER", Short: short, Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		c, err := h.card(args[0], status)
		if err != nil {
			return err
		}
		changed, err := h.change(claims.SetCredential{Credential: c.ID, Status: status})
		if err != nil {
			return err
		}
		return h.done(changed, "the card %s of %s is %s", c.ID, h.username(c.Member), status)
	})}
}
