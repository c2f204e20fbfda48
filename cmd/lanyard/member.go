package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

func memberCommand(a *app) *cobra.Command {
	return parent("member", "Members: who has an account, and where they stand",
		memberAdd(a), memberList(a), memberShow(a), memberSet(a), memberState(a), memberPay(a), memberBar(a), memberUnbar(a), memberLink(a))
}

// profileFlags are the flags that add and set share.
func profileFlags(c *cobra.Command) {
	c.Flags().String("name", "", "display `NAME`")
	c.Flags().String("given-name", "", "first `NAME`")
	c.Flags().String("family-name", "", "family `NAME`")
	c.Flags().String("email", "", "e-mail `ADDRESS`")
	c.Flags().Bool("email-verified", false, "the address is known to be theirs")
	c.Flags().String("locale", "", "`LANGUAGE`, as nl or en-GB")
	detailFlags(c)
}

func memberAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add USERNAME", Short: "Open an account", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		m, err := h.newMember(args[0])
		if err != nil {
			return err
		}
		if _, err := h.change(claims.AddMember{Member: m}, claims.EditProfile{Profile: h.details(m.ID)}); err != nil {
			return err
		}
		h.say("%s is a member (%s). Next: lanyard member link %s", m.Username, m.State, m.Username)
		return nil
	})}
	profileFlags(c)
	c.Flags().String("state", "active", "guest, pending, active, suspended or left")
	c.Flags().String("since", "", "when membership began, a `DATE`")
	c.Flags().String("paid-until", "", "until when they have paid, a `DATE`; none: nothing lapses")
	c.Flags().String("grace-until", "", "until when they are let off, a `DATE`")
	return c
}

func (h *house) newMember(name string) (claims.Member, error) {
	m := claims.Member{ID: claims.MemberID(h.newID()), Sub: h.env().Random(16), SetBy: "admin"}
	h.profile(&m)
	var err error
	if m.Username, err = claims.ParseUsername(name); err != nil {
		return m, err
	}
	if m.State, err = organisation.ParseState(h.text("state")); err != nil {
		return m, err
	}
	for flag, field := range map[string]*time.Time{"since": &m.Since, "paid-until": &m.PaidUntil, "grace-until": &m.GraceUntil} {
		if *field, err = h.whenFlag(flag); err != nil {
			return m, err
		}
	}
	return m, nil
}

// profile puts the profile flags that were written into m.
func (h *house) profile(m *claims.Member) {
	for flag, field := range map[string]*string{
		"name": &m.Name, "given-name": &m.GivenName, "family-name": &m.FamilyName, "email": &m.Email, "locale": &m.Locale,
	} {
		if h.given(flag) {
			*field = h.text(flag)
		}
	}
	if h.given("email") {
		m.EmailOK = false
	}
	if h.given("email-verified") {
		m.EmailOK = h.on("email-verified")
	}
}

func memberSet(a *app) *cobra.Command {
	c := &cobra.Command{Use: "set MEMBER", Short: "Change a member's profile or username", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		h.profile(&m)
		if h.given("username") {
			if m.Username, err = claims.ParseUsername(h.text("username")); err != nil {
				return err
			}
		}
		changed, err := h.change(claims.EditMember{Member: m}, claims.EditProfile{Profile: h.details(m.ID)})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is changed", m.Username)
	})}
	profileFlags(c)
	c.Flags().String("username", "", "a new username; the old one stays reserved")
	return c
}

func memberList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List members", Args: none, RunE: a.in(func(h *house, _ []string) error {
		members := sorted(h, func(m claims.Member) bool {
			return m.ErasedAt.IsZero() && (h.text("state") == "" || string(h.dir().StateAt(m, h.at)) == h.text("state")) && h.holds(m.ID)
		})
		slices.SortFunc(members, func(a, b claims.Member) int { return strings.Compare(a.Username, b.Username) })
		var views []memberView
		for _, m := range members {
			views = append(views, h.viewMember(m))
		}
		return table[memberView]{
			empty: "There are no such members. lanyard member add USERNAME opens an account.",
			head:  []string{"username", "name", "state", "paid until", "badges", "tags", "roles"},
			row: func(v memberView) []string {
				return []string{v.Username, v.Name, v.stands(), stamp(v.PaidUntil, ""), words(v.names(v.Badges)...), words(v.names(v.Tags)...), words(v.names(v.Roles)...)}
			},
		}.print(h, views)
	})}
	c.Flags().String("state", "", "only those in this `STATE` now")
	c.Flags().String("tag", "", "only those with this `TAG`")
	c.Flags().String("badge", "", "only those who hold this `BADGE`")
	return c
}

// holds tells whether a member has what the flags of member list ask for.
func (h *house) holds(id claims.MemberID) bool {
	tag, badge := h.text("tag"), h.text("badge")
	return (tag == "" || slices.ContainsFunc(h.tagsOf(id), func(l held) bool { return l.Name == tag })) &&
		(badge == "" || slices.ContainsFunc(h.badgesOf(id), func(l held) bool { return l.Name == badge }))
}

func memberShow(a *app) *cobra.Command {
	return &cobra.Command{Use: "show MEMBER", Short: "Show a member and what they hold now", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		v := h.viewMember(m)
		p, a := v.Profile, v.Profile.Address
		return h.show(v,
			"username", m.Username, "name", m.Name, "id", string(m.ID), "sub", m.Sub, "former names", strings.Join(m.Former, ", "),
			"e-mail", m.Email+yes(m.EmailOK, " (verified)"),
			"middle name", p.MiddleName, "nickname", p.Nickname, "page", p.Page, "picture", p.Picture, "website", p.Website, "gender", p.Gender,
			"birthdate", p.Birthdate, "time zone", p.Zoneinfo, "telephone", p.Phone+yes(p.PhoneOK, " (verified)"),
			"address", strings.TrimSpace(a.Formatted+"\n"+a.Street+"\n"+words(a.PostalCode, a.Locality, a.Region, a.Country)),
			"profile changed", stamp(p.Updated, ""), "state", v.stands(), "set by", m.SetBy, "member since", stamp(m.Since, ""),
			"paid until", stamp(m.PaidUntil, ""), "grace until", stamp(m.GraceUntil, ""), "bar reason", m.BarReason,
			"badges", lines(v.Badges), "tags", lines(v.Tags), "roles", lines(v.Roles), "cards", lines(v.Cards), "wifi passes", lines(v.Passes))
	})}
}

func memberState(a *app) *cobra.Command {
	c := &cobra.Command{Use: "state MEMBER STATE", Short: "Set a member's state: guest, pending, active, suspended, left", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		s, err := organisation.ParseState(args[1])
		if err != nil {
			return err
		}
		changed, err := h.change(claims.SetState{Member: m.ID, State: s, By: "admin"})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is now %s", m.Username, s)
	})}
	return c
}

func memberPay(a *app) *cobra.Command {
	c := &cobra.Command{Use: "pay MEMBER DATE", Short: "Set until when a member has paid", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		set := claims.SetPaid{Member: m.ID, GraceUntil: m.GraceUntil}
		if set.PaidUntil, err = h.when(args[1]); err != nil {
			return err
		}
		if h.given("grace") {
			if set.GraceUntil, err = h.whenFlag("grace"); err != nil {
				return err
			}
		}
		changed, err := h.change(set)
		if err != nil {
			return err
		}
		return h.done(changed, "%s has paid until %s", m.Username, stamp(set.PaidUntil, "for ever"))
	})}
	c.Flags().String("grace", "", "let them off until this `DATE`")
	return c
}

func memberBar(a *app) *cobra.Command {
	c := &cobra.Command{Use: "bar MEMBER --reason TEXT", Short: "Shut a member out of everything, whatever they paid", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		if h.text("reason") == "" {
			return fmt.Errorf("say why: --reason TEXT (it never leaves the administrators' pages)")
		}
		changed, err := h.change(claims.Bar{Member: m.ID, Reason: h.text("reason")})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is barred", m.Username)
	})}
	c.Flags().String("reason", "", "why, for administrators only")
	return c
}

func memberUnbar(a *app) *cobra.Command {
	return &cobra.Command{Use: "unbar MEMBER", Short: "Let a barred member back", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Unbar{Member: m.ID})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is not barred", m.Username)
	})}
}
