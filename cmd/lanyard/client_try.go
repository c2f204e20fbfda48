package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/idp/oauth"
)

// triedView is what an application would be told of a member.
type triedView struct {
	Client        claims.ClientID    `json:"client"`
	Member        string             `json:"member"`
	Allow         bool               `json:"may_sign_in"`
	Reason        claims.Reason      `json:"reason"`
	Scopes        []string           `json:"scopes"`
	IDToken       json.RawMessage    `json:"id_token"`
	Alg           string             `json:"id_token_alg"`
	Bytes         int                `json:"id_token_bytes"` // signed
	UserInfo      json.RawMessage    `json:"userinfo"`
	Introspection json.RawMessage    `json:"introspection"`
	Groups        []claims.GroupTold `json:"groups"`
	Warnings      []string           `json:"warnings"`
}

func clientTry(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "try CLIENT MEMBER", Short: "Show exactly what an application is told of a member, and why not more", Args: need(2, 2),
		Long: "Nothing is issued. The ID token, userinfo and introspection are shown as they would be now, with their bytes,\n" +
			"and every group the member has or had, with why it is left out.",
		RunE: a.in(func(h *house, args []string) error {
			c, err := named[claims.Client](h, "client", args[0], clientsAre)
			if err != nil {
				return err
			}
			m, err := h.member(args[1])
			if err != nil {
				return err
			}
			var scopes []string // all it may ask for
			if h.given("scope") {
				scopes = h.list("scope")
			}
			told, err := h.trial().Tell(h.dir(), c, m.ID, scopes)
			if err != nil {
				return err
			}
			v := triedView{
				Client: c.ID, Member: m.Username, Allow: told.Login.Allow, Reason: told.Login.Reason, Scopes: told.Scopes, IDToken: told.IDToken, Alg: told.Alg,
				Bytes: told.Size, UserInfo: told.UserInfo, Introspection: told.Introspection, Groups: told.Groups, Warnings: told.Warnings(c),
			}
			if h.json {
				return h.printJSON(v)
			}
			return h.showTried(v)
		}),
	}
	c.Flags().StringSlice("scope", nil, "the scopes it asks for (default: all it may)")
	return c
}

func (h *house) trial() oauth.Trial {
	return oauth.Trial{Issuer: string(h.cfg.Issuer), Ring: h.ring, Now: h.at}
}

func (h *house) showTried(v triedView) error {
	if v.Allow {
		h.say("%s may sign in to %s.", v.Member, v.Client)
	} else if v.Reason == claims.ReasonClientDisabled {
		h.say("Nobody may sign in to %s: it is disabled (lanyard client enable %s). This is what it would be told of %s otherwise:", v.Client, v.Client, v.Member)
	} else {
		h.say("%s may not sign in to %s (%s). This is what it would be told otherwise:", v.Member, v.Client, v.Reason)
	}
	for _, part := range []struct {
		title string
		body  json.RawMessage
	}{
		{fmt.Sprintf("ID token: %d bytes, signed with %s %d bytes", len(v.IDToken), v.Alg, v.Bytes), v.IDToken},
		{fmt.Sprintf("userinfo: %d bytes", len(v.UserInfo)), v.UserInfo},
		{fmt.Sprintf("introspection, by the client itself: %d bytes", len(v.Introspection)), v.Introspection},
	} {
		var b bytes.Buffer
		if err := json.Indent(&b, part.body, "", "  "); err != nil {
			return err
		}
		h.say("\n%s\n%s", part.title, b.String())
	}
	h.say("")
	err := table[claims.GroupTold]{
		empty: "The member has nothing that groups come from.", head: []string{"source", "told as", "left out", "ends"},
		row: func(g claims.GroupTold) []string {
			told := g.Group
			if g.Cause != "" {
				told = "–"
			}
			return []string{g.Source, told, g.Cause.Words(), stamp(g.Ends, "")}
		},
	}.print(h, v.Groups)
	for _, w := range v.Warnings {
		h.say("\nwarning: %s", w)
	}
	return err
}
