package oauth

import "lanyard/claims"

// standard is what members may tell of themselves: the standard claims beside
// names and e-mail address (OpenID Connect Core, section 5.1).
//
//   - phone_number_verified a boolean, with phone_number only        5.1
//   - address an object, left out when it is empty                   5.1.1
//   - updated_at a number of seconds                                 5.1
type standard struct {
	MiddleName string          `json:"middle_name,omitempty"`
	Nickname   string          `json:"nickname,omitempty"`
	Page       string          `json:"profile,omitempty"`
	Picture    string          `json:"picture,omitempty"`
	Website    string          `json:"website,omitempty"`
	Gender     string          `json:"gender,omitempty"`
	Birthdate  string          `json:"birthdate,omitempty"`
	Zoneinfo   string          `json:"zoneinfo,omitempty"`
	Updated    int64           `json:"updated_at,omitempty"`
	Phone      string          `json:"phone_number,omitempty"`
	PhoneOK    *bool           `json:"phone_number_verified,omitempty"`
	Address    *claims.Address `json:"address,omitempty"`
}

// standardScopes names the scope that brings each of them.
var standardScopes = map[string]string{
	"middle_name": scopeProfile, "nickname": scopeProfile, "profile": scopeProfile, "picture": scopeProfile, "website": scopeProfile,
	"gender": scopeProfile, "birthdate": scopeProfile, "zoneinfo": scopeProfile, "updated_at": scopeProfile,
	"phone_number": scopePhone, "phone_number_verified": scopePhone, "address": scopeAddress,
}

// describeStandard returns those of p that are to be told.
func describeStandard(p claims.Profile, tell func(name string) bool) standard {
	text := func(name, value string) string {
		if !tell(name) {
			return ""
		}
		return value
	}
	s := standard{
		MiddleName: text("middle_name", p.MiddleName), Nickname: text("nickname", p.Nickname), Page: text("profile", p.Page),
		Picture: text("picture", p.Picture), Website: text("website", p.Website), Gender: text("gender", p.Gender),
		Birthdate: text("birthdate", p.Birthdate), Zoneinfo: text("zoneinfo", p.Zoneinfo), Phone: text("phone_number", p.Phone),
	}
	if tell("updated_at") && !p.Updated.IsZero() {
		s.Updated = p.Updated.Unix()
	}
	if tell("phone_number_verified") && p.Phone != "" {
		s.PhoneOK = &p.PhoneOK
	}
	if tell("address") && p.Address != (claims.Address{}) {
		s.Address = &p.Address
	}
	return s
}
