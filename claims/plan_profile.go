package claims

import (
	"strings"
	"time"
)

// Profiles: who may change a member's name may change these (mayEdit), and
// nobody verifies their own telephone number.

func (in EditProfile) what() string { return "edit profile of member " + string(in.Profile.Member) }

func (in EditProfile) plan(p *planner) ([]Fact, error) {
	want := tidy(in.Profile)
	if err := p.mayEditProfile(want); err != nil {
		return nil, err
	}
	if _, err := p.member(want.Member); err != nil {
		return nil, err
	}
	if err := checkDetails(want); err != nil {
		return nil, err
	}
	old := tidy(p.d.ProfileOf(want.Member))
	want.Updated = old.Updated
	if same(old, want) {
		return nil, nil
	}
	want.Updated = p.now
	return []Fact{want}, nil
}

func (p *planner) mayEditProfile(want Profile) error {
	if p.isSelf(want.Member) {
		old := p.d.ProfileOf(want.Member)
		m, ok := Get[Member](p.d, string(want.Member))
		proved := want.PhoneOK && !(old.PhoneOK && old.Phone == want.Phone)
		if ok && !proved && m.BarredAt.IsZero() {
			return nil
		}
	}
	return p.mayOn(rightManage, personPath(want.Member))
}

// touched returns the fact that a member's profile changed now.
func (p *planner) touched(m MemberID) Fact {
	profile := tidy(p.d.ProfileOf(m))
	profile.Updated = p.now
	return profile
}

func checkDetails(p Profile) error {
	if p.PhoneOK && p.Phone == "" {
		return invalid("phone_number", "is empty, so it cannot be verified")
	}
	a := p.Address
	return check(checkShown("middle_name", p.MiddleName, 200), checkShown("nickname", p.Nickname, 200), checkLine("gender", p.Gender, 100),
		checkPage("profile", p.Page), checkPage("picture", p.Picture), checkPage("website", p.Website),
		checkBirthdate(p.Birthdate), checkZoneinfo(p.Zoneinfo), checkPhone(p.Phone),
		checkText("address.formatted", a.Formatted, 1000), checkText("address.street_address", a.Street, 500),
		checkLine("address.locality", a.Locality, 200), checkLine("address.region", a.Region, 200),
		checkLine("address.postal_code", a.PostalCode, 40), checkLine("address.country", a.Country, 100))
}

// checkBirthdate takes YYYY-MM-DD, with 0000 for a year that is not told, and
// YYYY (OpenID Connect Core, section 5.1).
func checkBirthdate(s string) error {
	if s == "" {
		return nil
	}
	day := s
	switch {
	case len(s) == len("2006"):
		day += "-01-01"
	case strings.HasPrefix(s, "0000-"):
		day = "2000" + s[len("0000"):] // a leap year, for 29 February
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return invalid("birthdate", "%q is no day such as 1815-12-10; write 0000-12-10 without the year, or 1815 alone", s)
	}
	return nil
}

func checkZoneinfo(s string) error {
	if s == "" {
		return nil
	}
	if _, err := time.LoadLocation(s); err != nil || strings.EqualFold(s, "local") {
		return invalid("zoneinfo", "%q is no time zone such as Europe/Amsterdam", s)
	}
	return nil
}

// checkPhone takes E.164, perhaps with an extension (RFC 3966).
func checkPhone(s string) error {
	if s == "" {
		return nil
	}
	number, extension, has := strings.Cut(s, ";ext=")
	digits, plus := strings.CutPrefix(number, "+")
	digit := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	if !plus || !digit(digits) || digits[0] == '0' || len(digits) < 5 || len(digits) > 15 || has && (!digit(extension) || len(extension) > 10) {
		return invalid("phone_number", "%q is no number such as +31151234567, perhaps with ;ext=12", s)
	}
	return nil
}
