package claims

import (
	"strings"
	"testing"
	"time"
)

func TestProfilesAreHeldToTheirForm(t *testing.T) {
	edit := func(change func(*Profile)) Intent {
		p := Profile{Member: "ada"}
		change(&p)
		return EditProfile{p}
	}
	refuseAll(t, built(t), []refusal{
		{"two lines of nickname", ErrInvalid, "nickname", "one line", edit(func(p *Profile) { p.Nickname = "a\nb" })},
		{"a picture that is a script", ErrInvalid, "picture", "no address of a page", edit(func(p *Profile) { p.Picture = "javascript:alert(1)" })},
		{"a website that is a name", ErrInvalid, "website", "no address of a page", edit(func(p *Profile) { p.Website = "example.org" })},
		{"a page with a password", ErrInvalid, "profile", "no address of a page", edit(func(p *Profile) { p.Page = "https://a:b@example.org/" })},
		{"a day there isn't", ErrInvalid, "birthdate", "no day", edit(func(p *Profile) { p.Birthdate = "1815-02-30" })},
		{"a day as Americans write it", ErrInvalid, "birthdate", "no day", edit(func(p *Profile) { p.Birthdate = "12/10/1815" })},
		{"a zone there isn't", ErrInvalid, "zoneinfo", "no time zone", edit(func(p *Profile) { p.Zoneinfo = "Europe/Atlantis" })},
		{"the machine's zone", ErrInvalid, "zoneinfo", "no time zone", edit(func(p *Profile) { p.Zoneinfo = "Local" })},
		{"a number without its country", ErrInvalid, "phone_number", "no number", edit(func(p *Profile) { p.Phone = "0151234567" })},
		{"a number in words", ErrInvalid, "phone_number", "no number", edit(func(p *Profile) { p.Phone = "+3115call" })},
		{"a number that is too long", ErrInvalid, "phone_number", "no number", edit(func(p *Profile) { p.Phone = "+1234567890123456" })},
		{"an extension that is none", ErrInvalid, "phone_number", "no number", edit(func(p *Profile) { p.Phone = "+31151234567;ext=x" })},
		{"nothing verified", ErrInvalid, "phone_number", "cannot be verified", edit(func(p *Profile) { p.PhoneOK = true })},
		{"two lines of country", ErrInvalid, "address.country", "one line", edit(func(p *Profile) { p.Address.Country = "a\nb" })},
		{"an endless address", ErrInvalid, "address.formatted", "longer", edit(func(p *Profile) { p.Address.Formatted = strings.Repeat("a", 1001) })},
		{"nobody", ErrNotFound, "", "member", EditProfile{Profile{Member: "x"}}},
	})
	for _, ok := range []Profile{
		{Member: "ada", Birthdate: "1815"}, {Member: "ada", Birthdate: "0000-02-29"}, {Member: "ada", Birthdate: "1815-12-10"},
		{Member: "ada", Phone: "+31151234567;ext=12", PhoneOK: true}, {Member: "ada", Zoneinfo: "Europe/Amsterdam", Address: Address{Street: "Plein 1\nachter"}},
	} {
		grow(t, built(t), operator, EditProfile{ok})
	}
}

func TestMembersTellOfThemselvesAndVerifyNoNumber(t *testing.T) {
	d := built(t)
	mine := Profile{Member: "ada", Nickname: "Countess", Phone: "+31151234567", Birthdate: "1815-12-10"}
	d, _ = grow(t, d, as("ada"), EditProfile{mine})
	if got := d.ProfileOf("ada"); got.Nickname != "Countess" || !got.Updated.Equal(noon) {
		t.Errorf("Ada's profile is %+v, want the nickname, changed at noon", got)
	}
	verified := mine
	verified.PhoneOK = true
	refused(t, d, as("ada"), ErrDenied, "manage", "/people/ada", EditProfile{verified})
	refused(t, d, as("tom"), ErrDenied, "manage", "/people/ada", EditProfile{mine})
	d, _ = grow(t, d, as("boss"), EditProfile{verified})
	verified.Nickname = "Ada"
	d, _ = grow(t, d, as("ada"), EditProfile{verified})
	verified.Phone = "+31151234568"
	refused(t, d, as("ada"), ErrDenied, "manage", "/people/ada", EditProfile{verified})
	d, _ = grow(t, d, operator, Bar{Member: "ada", Reason: "x"})
	refused(t, d, as("ada"), ErrDenied, "manage", "/people/ada", EditProfile{mine})
}

func TestUpdatedAtIsWhenTheProfileLastChanged(t *testing.T) {
	d := built(t)
	at := func(later time.Duration, in Intent) time.Time {
		planned, err := Plan(d, operator, noon.Add(later), in)
		if err != nil {
			t.Fatal(err)
		}
		d = d.With(Seq{"e", d.Seq().N + 1}, planned.Facts...)
		return d.ProfileOf("ada").Updated
	}
	if got := at(0, SetPaid{Member: "ada", PaidUntil: noon.AddDate(1, 0, 0)}); !got.IsZero() {
		t.Errorf("paying changed the profile, at %v", got)
	}
	if got := at(time.Hour, EditMember{Member{ID: "ada", Username: "ada", Name: "Ada L."}}); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("a new name: updated at %v, want 13:00", got)
	}
	if got := at(2*time.Hour, EditProfile{Profile{Member: "ada", Website: "https://ada.example"}}); !got.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("a website: updated at %v, want 14:00", got)
	}
	same := EditProfile{Profile{Member: "ada", Website: "https://ada.example", Updated: noon.AddDate(1, 0, 0)}}
	if got := at(3*time.Hour, same); !got.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("the same again, with a time of its own: updated at %v, want 14:00 still", got)
	}
}
