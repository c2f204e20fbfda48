package main

import (
	"github.com/spf13/cobra"

	"lanyard/claims"
)

// detail is one flag of what members tell of themselves.
type detail struct {
	flag, usage string
	field       func(*claims.Profile) *string
}

var details = []detail{
	{"middle-name", "middle `NAME`", func(p *claims.Profile) *string { return &p.MiddleName }},
	{"nickname", "what friends call them, a `NAME`", func(p *claims.Profile) *string { return &p.Nickname }},
	{"page", "`ADDRESS` of a page about them", func(p *claims.Profile) *string { return &p.Page }},
	{"picture", "`ADDRESS` of an image of them", func(p *claims.Profile) *string { return &p.Picture }},
	{"website", "`ADDRESS` of their own site", func(p *claims.Profile) *string { return &p.Website }},
	{"gender", "in their own `WORDS`", func(p *claims.Profile) *string { return &p.Gender }},
	{"birthdate", "a `DAY`: 1815-12-10, 0000-12-10 without the year, or 1815", func(p *claims.Profile) *string { return &p.Birthdate }},
	{"zoneinfo", "time `ZONE`, as Europe/Amsterdam", func(p *claims.Profile) *string { return &p.Zoneinfo }},
	{"phone", "telephone `NUMBER`, as +31151234567", func(p *claims.Profile) *string { return &p.Phone }},
	{"street", "street and number, a `TEXT`", func(p *claims.Profile) *string { return &p.Address.Street }},
	{"locality", "town, a `NAME`", func(p *claims.Profile) *string { return &p.Address.Locality }},
	{"region", "province or state, a `NAME`", func(p *claims.Profile) *string { return &p.Address.Region }},
	{"postal-code", "postal `CODE`", func(p *claims.Profile) *string { return &p.Address.PostalCode }},
	{"country", "country, a `NAME`", func(p *claims.Profile) *string { return &p.Address.Country }},
	{"address", "the whole postal address as on a label, a `TEXT`", func(p *claims.Profile) *string { return &p.Address.Formatted }},
}

func detailFlags(c *cobra.Command) {
	for _, d := range details {
		c.Flags().String(d.flag, "", d.usage)
	}
	c.Flags().Bool("phone-verified", false, "the number is known to be theirs")
}

// details is a member's profile with the flags that were written.
func (h *house) details(id claims.MemberID) claims.Profile {
	p := h.dir().ProfileOf(id)
	for _, d := range details {
		if h.given(d.flag) {
			*d.field(&p) = h.text(d.flag)
		}
	}
	if h.given("phone") {
		p.PhoneOK = false
	}
	if h.given("phone-verified") {
		p.PhoneOK = h.on("phone-verified")
	}
	return p
}
