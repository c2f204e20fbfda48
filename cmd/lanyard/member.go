package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

func memberCommand(a *app) *cobra.Command {
	return parent("member", "Members: who has an account, and where they stand",
		memberAdd(a), memberList(a), memberShow(a), memberExport(a), memberSet(a), memberState(a), memberPay(a), memberBar(a), memberUnbar(a), memberErase(a), memberLink(a), memberFactors(a), memberSignOut(a))
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
		h.say("%s is a member (%s). Next: lanyard member link %s", m.Username, h.standsNow(m), m.Username)
		return nil
	})}
	profileFlags(c)
	c.Flags().String("state", "active", "guest, pending, active, suspended or left")
	c.Flags().String("since", "", "when membership began, a `DATE`")
	c.Flags().String("paid-until", "", "until when they have paid, a `DATE`; none: nothing lapses")
	c.Flags().String("grace-until", "", "until when they are let off, a `DATE`")
	return c
}

// standsNow is a member's state as it is decided on, and why it is not the one
// that was written.
func (h *house) standsNow(m claims.Member) string {
	now := h.dir().StateAt(m, h.at)
	return string(now) + yes(now != m.State, ", as they have paid until "+stamp(m.PaidUntil, ""))
}

func (h *house) newMember(name string) (claims.Member, error) {
	m := claims.Member{ID: claims.MemberID(h.newID()), Sub: h.env().Random(16), SetBy: "admin"}
	h.profile(&m)
	var err error
	if m.Username, err = claims.ParseUsername(name); err != nil {
		return m, err
	}
	if m.State, err = organisation.ParseStored(h.text("state")); err != nil {
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
		if h.cmd.Flags().NFlag() == 0 {
			return fmt.Errorf("say what to change: lanyard member set --help lists the flags; lanyard member state and pay change where %s stands", m.Username)
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

func memberState(a *app) *cobra.Command {
	c := &cobra.Command{Use: "state MEMBER STATE", Short: "Set a member's state: guest, pending, active, suspended, left", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		s, err := organisation.ParseStored(args[1])
		if err != nil {
			return err
		}
		changed, err := h.change(claims.SetState{Member: m.ID, State: s, By: "admin"})
		if err != nil {
			return err
		}
		m.State = s
		return h.done(changed, "%s is now %s", m.Username, h.standsNow(m))
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
