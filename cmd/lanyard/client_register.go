package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/record"
	"lanyard/idp/register"
)

func clientRegistration(a *app) *cobra.Command {
	return parent("registration-token", "Tokens by which applications register themselves", registrationTokenAdd(a), registrationTokenList(a), registrationTokenRevoke(a))
}

func registrationTokenAdd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "add NAME", Short: "Make a token by which applications register themselves, and show it once",
		Long: "Make a token by which applications register themselves (RFC 7591), and show it once. They are registered on behalf\n" +
			"of whom --owner names, who needs the right register at /apps; without, on behalf of who runs this command.\nWhat registers itself sees no groups until somebody says which.",
		Args: need(1, 1), RunE: a.in(func(h *house, args []string) error { return h.addRegistrationToken(args[0]) }),
	}
	c.Flags().String("owner", "", "the MEMBER on whose behalf")
	c.Flags().String("for", "24h", "how long the token is good, as 2h or 30d")
	c.Flags().Int("uses", 1, "how many applications it registers, up to 1000")
	return c
}

// usesMost is how many applications one token may register.
const usesMost = 1000

func (h *house) addRegistrationToken(name string) error {
	if _, err := claims.ParseSlug(name); err != nil {
		return fmt.Errorf("NAME: %w", err)
	}
	length, err := organisation.ParseLength(h.text("for"))
	if err != nil {
		return fmt.Errorf("--for: %w", err)
	}
	uses := h.number("uses")
	if uses < 1 || uses > usesMost {
		return fmt.Errorf("--uses: must be from 1 to %d", usesMost)
	}
	owner := h.actor()
	if text := h.text("owner"); text != "" {
		m, err := h.member(text)
		if err != nil {
			return err
		}
		owner = claims.Actor{Kind: claims.ActorMember, ID: string(m.ID)}
		if may, err := claims.Decide(h.dir(), claims.Ask{Member: m.ID, Right: "register", Path: "/apps", At: h.at}); err != nil || !may.Allow {
			return fmt.Errorf("--owner: %s does not hold register at /apps, so nothing could be registered on their behalf: lanyard grant add user:%s register /apps", m.Username, m.Username)
		}
	}
	token := record.Secret(record.Random(32))
	t := record.RegistrationToken{ID: token.SHA256(), Name: name, Owner: owner.String(), By: h.actor().String(), Created: h.at, Expires: h.at.Add(length).Truncate(time.Second), Uses: uses}
	if err := h.store.CreateRegistrationToken(h.ctx(), t); err != nil {
		return fmt.Errorf("there may be one called %s: %w", name, err)
	}
	err = h.store.Audit(h.ctx(), record.Audited{At: h.at, Actor: t.By, Action: "make registration token " + name, Subject: "registration_token:" + name})
	if err != nil {
		return err
	}
	if h.json {
		return h.printJSON(map[string]any{"token": string(token), "registration_endpoint": h.cfg.Issuer + register.Path, "expires": t.Expires, "uses": uses})
	}
	h.secret("The registration token "+name, token)
	h.say("It registers %s at %s until %s.", count(uses, "application"), h.cfg.Issuer+register.Path, stamp(t.Expires, ""))
	if !h.cfg.Registration.Enabled {
		h.say("Registration is off: set enabled = true under [registration], and start the server again.")
	}
	return nil
}

type registrationTokenView struct {
	Name    string    `json:"name"`
	State   string    `json:"state"` // good, used up, expired, revoked
	Owner   string    `json:"owner"`
	Used    int       `json:"used"`
	Uses    int       `json:"uses"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

func registrationTokenList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the tokens by which applications register themselves", Args: none, RunE: a.in(func(h *house, _ []string) error {
		all, err := h.store.RegistrationTokens(h.ctx())
		if err != nil {
			return err
		}
		var views []registrationTokenView
		for _, t := range all {
			views = append(views, registrationTokenView{t.Name, registrationState(t, h.at), h.actorName(t.Owner), t.Used, t.Uses, t.Created, t.Expires})
		}
		return table[registrationTokenView]{
			empty: "There are none. Next: lanyard client registration-token add NAME",
			head:  []string{"name", "state", "on behalf of", "used", "made", "ends"},
			row: func(v registrationTokenView) []string {
				return []string{v.Name, v.State, v.Owner, fmt.Sprintf("%d of %d", v.Used, v.Uses), stamp(v.Created, ""), stamp(v.Expires, "")}
			},
		}.print(h, views)
	})}
}

func registrationState(t record.RegistrationToken, now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked"
	case !now.Before(t.Expires):
		return "expired"
	case t.Used >= t.Uses:
		return "used up"
	}
	return "good"
}

func registrationTokenRevoke(a *app) *cobra.Command {
	return &cobra.Command{Use: "revoke NAME", Short: "End a token; what it registered stays", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		if err := h.store.RevokeRegistrationToken(h.ctx(), args[0], h.at); err != nil {
			return fmt.Errorf("registration token %q: %w (lanyard client registration-token list)", args[0], err)
		}
		h.say("The registration token %s is revoked. What it registered stays: lanyard client list.", args[0])
		return h.store.Audit(h.ctx(), record.Audited{At: h.at, Actor: h.actor().String(), Action: "revoke registration token " + args[0], Subject: "registration_token:" + args[0]})
	})}
}
