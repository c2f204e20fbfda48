package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

// refused is the exit code of a question that is answered with no.
const refused exitCode = 3

func decideCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "decide MEMBER RIGHT LOCATION", Short: "Ask what every door, WiFi and application asks; exit 0: allowed, 3: refused", Args: need(3, 3),
		RunE: a.in(func(h *house, args []string) error {
			if err := h.lookBack(); err != nil {
				return err
			}
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			ask, err := h.ask(args[1], args[2])
			if err != nil {
				return err
			}
			ask.Member = m.ID
			if name := h.text("device"); name != "" {
				v, err := h.device(name)
				if err != nil {
					return err
				}
				ask.Device = v.ID
			}
			dec, err := claims.Decide(h.dir(), ask)
			if err != nil {
				return err
			}
			if err := h.answer(args, ask, dec); err != nil {
				return err
			}
			if !dec.Allow {
				return refused
			}
			h.noteDisabled(ask)
			return nil
		}),
	}
	c.Flags().String("at", "", "at this `DATE` instead of now, with the facts of now")
	c.Flags().String("device", "", "asked at this device")
	c.Flags().Bool("explain", false, "say what is missing and how to earn it, as the member is told")
	c.Flags().Bool("rules", false, "list every rule that was looked at, and what became of it")
	asOfFlag(c)
	return c
}

// ask reads a question's right, place and time.
func (h *house) ask(right, location string) (claims.Ask, error) {
	ask := claims.Ask{At: h.at}
	var err error
	if ask.Right, err = claims.ParseSlug(right); err != nil {
		return ask, err
	}
	if ask.Path, err = h.path(location); err != nil {
		return ask, err
	}
	if h.given("at") {
		ask.At, err = h.whenFlag("at")
	}
	return ask, err
}

// answerView is a decision as JSON.
type answerView struct {
	Allow    bool              `json:"allow"`
	Reason   claims.Reason     `json:"reason"`
	Until    time.Time         `json:"until,omitzero"`
	RetryAt  time.Time         `json:"retry_at,omitzero"`
	Location string            `json:"location,omitempty"`
	Deny     string            `json:"deny_at,omitempty"`
	Missing  [][]string        `json:"missing,omitempty"`
	Steps    []badgeSteps      `json:"requirements,omitempty"` // of the badges missing
	Text     []string          `json:"explanation"`
	Warnings []claims.Warning  `json:"warnings,omitempty"`
	Rules    []claims.RuleSeen `json:"rules,omitempty"`
}

// badgeSteps is how far the member is on the way to a badge.
type badgeSteps struct {
	Badge claims.Slug `json:"badge"`
	Done  []string    `json:"done,omitempty"`
	Still []string    `json:"still,omitempty"`
	Asked bool        `json:"signoff_requested,omitempty"`
}

func (h *house) answer(args []string, ask claims.Ask, dec claims.Decision) error {
	v := answerView{
		Allow: dec.Allow, Reason: dec.Reason, Until: dec.Until, RetryAt: dec.RetryAt, Location: h.pathName(dec.Place), Deny: h.pathName(dec.Deny),
		Text: claims.Explain(h.dir(), dec), Warnings: dec.Warnings,
	}
	for _, m := range dec.Missing {
		var any []string
		for _, b := range m.AnyOf {
			any = append(any, string(b.Slug))
			if len(b.Done)+len(b.Still) > 0 {
				v.Steps = append(v.Steps, badgeSteps{b.Slug, b.Done, b.Still, b.Asked})
			}
		}
		v.Missing = append(v.Missing, any)
	}
	if h.json && h.on("rules") {
		in, err := claims.Inspect(h.dir(), ask)
		if err != nil {
			return err
		}
		v.Rules = in.Rules
	}
	if h.json {
		return h.printJSON(v)
	}
	h.say("%s", v.line(args))
	if h.on("explain") {
		for _, line := range v.Text {
			h.say("  %s", line)
		}
	}
	if h.on("rules") {
		return h.inspect(ask)
	}
	return nil
}

// noteDisabled says that being allowed to sign in is not enough where the
// application itself is switched off.
func (h *house) noteDisabled(ask claims.Ask) {
	l, _ := h.dir().Locate(ask.Path)
	for c := range claims.All[claims.Client](h.dir()) {
		if ask.Right == "login" && claims.ClientPlace(c.ID) == l.ID && !c.Disabled.IsZero() && !h.json {
			h.say("note: the application %s is disabled, so nobody signs in to it: lanyard client enable %s", c.ID, c.ID)
		}
	}
}

// line is the answer in one line.
func (v answerView) line(args []string) string {
	what := strings.Join(args, " ")
	if v.Allow {
		return fmt.Sprintf("allow  %s, until %s", what, stamp(v.Until, "something changes"))
	}
	var missing []string
	for _, any := range v.Missing {
		missing = append(missing, strings.Join(any, " or "))
	}
	return words(fmt.Sprintf("deny   %s: %s", what, v.Reason), yes(v.Deny != "", "by a deny at "+v.Deny),
		yes(len(missing) > 0, "missing "+strings.Join(missing, " and ")), yes(!v.RetryAt.IsZero(), "try again at "+stamp(v.RetryAt, "")))
}

// allowed is a member who may.
type allowed struct {
	Member   claims.MemberID `json:"member"`
	Username string          `json:"username"`
	Name     string          `json:"name,omitempty"`
	Until    time.Time       `json:"until,omitzero"`
}

func whoCanCommand(a *app) *cobra.Command {
	c := &cobra.Command{Use: "who-can RIGHT LOCATION", Short: "List the members who may do something somewhere", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		if err := h.lookBack(); err != nil {
			return err
		}
		ask, err := h.ask(args[0], args[1])
		if err != nil {
			return err
		}
		if h.given("until") {
			return h.whoCanUntil(ask)
		}
		var who []allowed
		for m := range claims.All[claims.Member](h.dir()) {
			ask.Member = m.ID
			dec, err := claims.Decide(h.dir(), ask)
			if err != nil {
				return err
			}
			if dec.Reason == claims.ReasonUnknownLocation || dec.Reason == claims.ReasonRightNotDefined {
				return fmt.Errorf("%s at %s: %s. lanyard right list --core shows what there is", args[0], args[1], dec.Reason)
			}
			if dec.Allow {
				who = append(who, allowed{m.ID, m.Username, m.Name, dec.Until})
			}
		}
		slices.SortFunc(who, func(a, b allowed) int { return strings.Compare(a.Username, b.Username) })
		return table[allowed]{
			empty: "No member may. lanyard grant list shows what is granted; lanyard decide MEMBER " + args[0] + " " + args[1] + " --explain says why not.",
			head:  []string{"username", "name", "until"},
			row:   func(v allowed) []string { return []string{v.Username, v.Name, stamp(v.Until, "no end in sight")} },
		}.print(h, who)
	})}
	c.Flags().String("at", "", "at this `DATE` instead of now")
	c.Flags().String("until", "", "from then to this `DATE`, as +7d, with exactly when; ways out are in no such list")
	asOfFlag(c)
	return c
}

func claimsCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "claims MEMBER", Short: "Show all that applications could be told of a member, or what one is told", Args: need(1, 1),
		Long: "Everything a member has that groups come from, as an application would be told that sees all of it. With --client, what\nthat application finds at userinfo if it asks for all it may; lanyard client try shows the rest, and why not more.",
		RunE: a.in(func(h *house, args []string) error {
			m, err := h.member(args[0])
			if err != nil {
				return err
			}
			if h.given("client") {
				return h.claimsFor(m)
			}
			every := []claims.Slug{claims.Every}
			token, err := claims.TokenClaims(h.dir(), m.ID, claims.ClaimFilter{Tags: every, Badges: every, Types: every, Member: true, Cap: math.MaxInt}, h.at)
			if err != nil {
				return err
			}
			view := struct {
				Sub  string `json:"sub"`
				Name string `json:"preferred_username"`
				claims.Token
			}{h.ring.Subject(claims.Client{}, m), m.Username, token}
			return h.printJSON(view)
		}),
	}
	c.Flags().String("client", "", "as told to this application, an `ID`")
	return c
}

// claimsFor shows what one application finds at userinfo about a member.
func (h *house) claimsFor(m claims.Member) error {
	c, err := named[claims.Client](h, "client", h.text("client"), clientsAre)
	if err != nil {
		return err
	}
	told, err := h.trial().Tell(h.dir(), c, m.ID, nil)
	if err != nil {
		return err
	}
	return h.printJSON(told.UserInfo)
}
