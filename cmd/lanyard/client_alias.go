package main

import (
	"github.com/spf13/cobra"

	"lanyard/claims"
)

func clientAlias(a *app) *cobra.Command {
	return parent("alias", "What an application calls a member whose account is there under another name", aliasSet(a), aliasList(a), aliasRemove(a))
}

func aliasSet(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "set CLIENT MEMBER NAME", Short: "Tell an application this name instead of the member's username", Args: need(3, 3),
		Long: "It comes as preferred_username, and as username at introspection. It is one member's name there:\nno other's alias, and no other's username.",
		RunE: a.in(func(h *house, args []string) error {
			x, m, err := h.alias(args)
			if err != nil {
				return err
			}
			x.Username = args[2]
			changed, err := h.change(claims.Define{Fact: x})
			if err != nil {
				return err
			}
			return h.done(changed, "%s calls %s %s", x.Client, m.Username, x.Username)
		}),
	}
}

func aliasRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove CLIENT MEMBER", Short: "Tell an application the member's username again", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		x, m, err := h.alias(args)
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: x.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "%s calls %s by their username", x.Client, m.Username)
	})}
}

// alias reads CLIENT and MEMBER.
func (h *house) alias(args []string) (claims.Alias, claims.Member, error) {
	c, err := named[claims.Client](h, "client", args[0], clientsAre)
	if err != nil {
		return claims.Alias{}, claims.Member{}, err
	}
	m, err := h.member(args[1])
	return claims.Alias{Client: c.ID, Member: m.ID}, m, err
}

// aliasView is an alias with whose it is.
type aliasView struct {
	claims.Alias
	Member string `json:"member_username"`
}

func aliasList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List aliases", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []aliasView
		for _, x := range sorted(h, func(x claims.Alias) bool { return x.Removed.IsZero() }) {
			views = append(views, aliasView{x, h.username(x.Member)})
		}
		return table[aliasView]{
			empty: "There are no aliases. lanyard client alias set CLIENT MEMBER NAME makes one.", head: []string{"client", "member", "is called"},
			row: func(v aliasView) []string { return []string{string(v.Client), v.Member, v.Username} },
		}.print(h, views)
	})}
}
