package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

func openingCommand(a *app) *cobra.Command {
	return parent("opening", "What members may ask for", openingAdd(a), openingList(a), openingClose(a))
}

func openingAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add THING", Short: "Let members ask for a tag:TAG, a badge:BADGE, an aff:OBJECT#KIND, or an aff:@TYPE#KIND in any object of a type", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		thing, err := claims.ParseSubject(args[0])
		if err != nil {
			return err
		}
		o := claims.Opening{Thing: thing, Text: h.text("text")}
		for flag, field := range map[string]*time.Time{"from": &o.From, "until": &o.Until} {
			if *field, err = h.whenFlag(flag); err != nil {
				return err
			}
		}
		changed, err := h.change(claims.Define{Fact: o})
		if err != nil {
			return err
		}
		return h.done(changed, "members may ask for %s", h.dir().ThingName(thing))
	})}
	c.Flags().String("text", "", "what to write, for who asks, a `TEXT`")
	c.Flags().String("from", "", "from this `DATE` on; none: at once")
	c.Flags().String("until", "", "until this `DATE`; none: until it is closed")
	return c
}

func openingList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List what members may ask for", Args: none, RunE: a.in(func(h *house, _ []string) error {
		return table[claims.Opening]{
			empty: "Members can ask for nothing. lanyard opening add THING lets them.",
			head:  []string{"thing", "name", "from", "until", "text"},
			row: func(o claims.Opening) []string {
				return []string{o.Thing.String(), h.dir().ThingName(o.Thing), stamp(o.From, ""), stamp(o.Until, "no end"), o.Text}
			},
		}.print(h, sorted(h, func(o claims.Opening) bool { return o.Closed.IsZero() }))
	})}
}

func openingClose(a *app) *cobra.Command {
	return &cobra.Command{Use: "close THING", Short: "Let members ask for it no more", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		o, err := named[claims.Opening](h, "opening", args[0], "lanyard opening list shows them")
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: o.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "members cannot ask for %s any more", h.dir().ThingName(o.Thing))
	})}
}

func requestCommand(a *app) *cobra.Command {
	return parent("request", "What members ask for", requestAsk(a), requestList(a),
		requestAnswer(a, "approve", "Give what was asked for", claims.RequestApproved), requestAnswer(a, "refuse", "Say no", claims.RequestRefused), requestWithdraw(a))
}

func requestAsk(a *app) *cobra.Command {
	c := &cobra.Command{Use: "ask MEMBER THING", Short: "Ask for something on behalf of a member", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		thing, err := claims.ParseSubject(args[1])
		if err != nil {
			return err
		}
		r := claims.Request{ID: claims.ID(h.newID()), Member: m.ID, Thing: thing, Text: h.text("text")}
		if _, err := h.change(claims.AskFor{Request: r}); err != nil {
			return err
		}
		h.say("%s asks for %s, as %s", m.Username, h.dir().ThingName(thing), r.ID)
		return nil
	})}
	c.Flags().String("text", "", "in the member's words, a `TEXT`")
	return c
}

// requestView is a request with who asks and what became of it.
type requestView struct {
	claims.Request
	Username string `json:"username"`
	Name     string `json:"thing_name"`
	Standing string `json:"standing"`
}

func requestList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List requests that wait for an answer", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []requestView
		for _, r := range sorted(h, func(r claims.Request) bool { return h.on("all") || r.Open(h.at) }) {
			views = append(views, requestView{r, h.username(r.Member), h.dir().ThingName(r.Thing), r.Standing(h.at)})
		}
		return table[requestView]{
			empty: "Nobody waits for an answer. lanyard opening list shows what members may ask for.",
			head:  []string{"id", "member", "asks for", "on", "until", "standing", "text", "answer", "by"},
			row: func(v requestView) []string {
				return []string{string(v.ID), v.Username, v.Name, stamp(v.Asked, ""), stamp(v.Expires, ""), v.Standing, v.Text, v.Answer, h.actorName(v.By)}
			},
		}.print(h, views)
	})}
	c.Flags().Bool("all", false, "those that are over, too")
	return c
}

func requestAnswer(a *app, use, short string, outcome claims.RequestOutcome) *cobra.Command {
	c := &cobra.Command{Use: use + " REQUEST | MEMBER [THING]", Short: short, Args: need(1, 2), RunE: a.in(func(h *house, args []string) error {
		r, err := h.request(args)
		if err != nil {
			return err
		}
		in := claims.AnswerRequest{Request: r.ID, Outcome: outcome, Answer: h.text("text"), Gift: claims.ID(h.newID())}
		if outcome == claims.RequestApproved {
			if in.Ends, err = h.whenFlag("until"); err != nil {
				return err
			}
		}
		changed, err := h.change(in)
		if err != nil {
			return err
		}
		return h.done(changed, "%s is %s for %s", h.dir().ThingName(r.Thing), outcome, h.username(r.Member))
	})}
	c.Flags().String("text", "", "the answer, for the member, a `TEXT`")
	if outcome == claims.RequestApproved {
		c.Flags().String("until", "", "give it until this `DATE`; none: as long as it lasts")
	}
	return c
}

// request finds a request by its id, or an open one by who asks and what for,
// which may be left out if it is the only one.
func (h *house) request(args []string) (claims.Request, error) {
	m, ok := h.dir().MemberByUsername(args[0])
	if !ok {
		return named[claims.Request](h, "request", args[0], "lanyard request list shows them")
	}
	thing := strings.Join(args[1:], "")
	open := sorted(h, func(r claims.Request) bool {
		return r.Member == m.ID && r.Open(h.at) && (thing == "" || r.Thing.String() == thing)
	})
	switch {
	case len(open) == 1:
		return open[0], nil
	case len(open) > 1:
		var things []string
		for _, r := range open {
			things = append(things, r.Thing.String())
		}
		return claims.Request{}, fmt.Errorf("%s waits for %d answers: say about what, %s", m.Username, len(open), strings.Join(things, " or "))
	}
	return claims.Request{}, fmt.Errorf("%s waits for no answer%s: lanyard request list shows who does", m.Username, yes(thing != "", " about "+thing))
}

func requestWithdraw(a *app) *cobra.Command {
	return &cobra.Command{Use: "withdraw REQUEST", Short: "Take a request back for the member who made it", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		r, err := named[claims.Request](h, "request", args[0], "lanyard request list shows them")
		if err != nil {
			return err
		}
		changed, err := h.change(claims.WithdrawRequest{Request: r.ID})
		if err != nil {
			return err
		}
		return h.done(changed, "%s no longer asks for %s", h.username(r.Member), h.dir().ThingName(r.Thing))
	})}
}
