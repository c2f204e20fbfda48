package organisation

import (
	"lanyard/claims"
	"lanyard/cmd/lanyard/tomlfile"
)

// profile plans what differs of what a member tells of themself; what the
// file leaves out stays.
func (b *builder) profile(key string, m Member, id claims.MemberID) {
	have := b.d.ProfileOf(id)
	want := have
	for field, text := range map[*string]string{
		&want.MiddleName: m.MiddleName, &want.Nickname: m.Nickname, &want.Page: m.Page, &want.Picture: m.Picture, &want.Website: m.Website,
		&want.Gender: m.Gender, &want.Birthdate: b.birthdate(key, m.Birthdate), &want.Zoneinfo: m.Zoneinfo, &want.Phone: m.Phone,
	} {
		*field = or(text, *field)
	}
	want.PhoneOK = m.PhoneOK || have.PhoneOK && want.Phone == have.Phone
	if m.Address != nil {
		want.Address = claims.Address(*m.Address)
	}
	if want != have {
		b.add(key, claims.EditProfile{Profile: want})
	}
}

// birthdate reads a day, which TOML may hold as a date of its own or as text.
func (b *builder) birthdate(key string, v any) string {
	if v == nil {
		return ""
	}
	text, ok := tomlfile.Text(v)
	if !ok {
		b.fault(key+".birthdate", `must be a day, as 1815-12-10, "0000-12-10" without the year, or "1815"`)
	}
	return text
}
