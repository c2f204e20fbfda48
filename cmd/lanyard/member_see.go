package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

// asFlag lets the operator look through somebody else's eyes.
func asFlag(c *cobra.Command) {
	c.Flags().String("as", "", "only what this `MEMBER` may see")
}

// see is the organisation as the operator sees it, or as --as does.
func (h *house) see() (*claims.View, error) {
	if !h.given("as") {
		return claims.See(h.dir(), h.actor(), h.at), nil
	}
	m, err := h.member(h.text("as"))
	return claims.See(h.dir(), claims.Actor{Kind: claims.ActorMember, ID: string(m.ID)}, h.at), err
}

func memberList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list [TEXT]", Short: "List members, or those whose name, e-mail address or number holds TEXT", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		see, err := h.see()
		if err != nil {
			return err
		}
		var views []memberView
		all, _ := see.Find(strings.Join(args, ""), 0)
		for _, r := range all {
			v := h.viewRecord(r)
			state := h.text("state")
			if r.Member.ErasedAt.IsZero() && (state == "" || string(v.Now) == state) && has(v.Tags, h.text("tag")) && has(v.Badges, h.text("badge")) {
				views = append(views, v)
			}
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
	asFlag(c)
	return c
}

func memberShow(a *app) *cobra.Command {
	c := &cobra.Command{Use: "show MEMBER", Short: "Show a member and what they hold now", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		m, err := h.member(args[0])
		if err != nil {
			return err
		}
		r, err := h.record(m)
		if err != nil {
			return err
		}
		v := h.viewRecord(r)
		p, at := v.Profile, v.Profile.Address
		return h.show(v,
			"username", v.Username, "name", v.Name, "id", string(v.ID), "sub", v.Sub, "former names", strings.Join(v.Former, ", "),
			"e-mail", v.Email+yes(v.EmailOK, " (verified)"),
			"middle name", p.MiddleName, "nickname", p.Nickname, "page", p.Page, "picture", p.Picture, "website", p.Website, "gender", p.Gender,
			"birthdate", p.Birthdate, "time zone", p.Zoneinfo, "telephone", p.Phone+yes(p.PhoneOK, " (verified)"),
			"address", strings.TrimSpace(at.Formatted+"\n"+at.Street+"\n"+words(at.PostalCode, at.Locality, at.Region, at.Country)),
			"profile changed", stamp(p.Updated, ""), "state", v.stands(), "set by", v.SetBy, "member since", stamp(v.Since, ""),
			"paid until", stamp(v.PaidUntil, ""), "grace until", stamp(v.GraceUntil, ""), "bar reason", v.BarReason,
			"badges", lines(v.Badges), "tags", lines(v.Tags), "roles", lines(v.Roles), "cards", lines(v.Cards), "wifi passes", lines(v.Passes))
	})}
	asFlag(c)
	return c
}

// record is what may be seen of a member, or why nothing is: whoever asks is
// the operator, who knows that there is such a member.
func (h *house) record(m claims.Member) (claims.Record, error) {
	see, err := h.see()
	if err != nil {
		return claims.Record{}, err
	}
	r, err := see.Member(m.ID)
	if err == nil || !h.given("as") {
		return r, err
	}
	who, err := h.member(h.text("as"))
	if err != nil {
		return r, err
	}
	dec, err := claims.Decide(h.dir(), claims.Ask{Member: who.ID, Right: "view", Path: claims.Path("/people/" + string(m.ID)), At: h.at})
	if err != nil {
		return r, err
	}
	return r, fmt.Errorf("%s does not see %s, and is told that there is no such member: it takes view or manage at /people/%s (%s)",
		who.Username, m.Username, m.Username, dec.Reason)
}

func memberExport(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "export", Short: "Write every member's whole record as JSON",
		Long: "Writes a JSON array of records, as whole as may be seen. Notes, card numbers and what proves a WiFi pass are in none.",
		Args: none, RunE: a.in(func(h *house, _ []string) error {
			see, err := h.see()
			if err != nil {
				return err
			}
			records := []claims.Record{}
			for r := range see.Members() {
				records = append(records, r)
			}
			return h.printJSON(records)
		}),
	}
	asFlag(c)
	return c
}
