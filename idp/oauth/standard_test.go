package oauth

import (
	"testing"

	"lanyard/claims"
)

func TestStandardClaimsComeWithTheirScopesAndTypes(t *testing.T) {
	w := newWorld(t)
	w.do(claims.EditProfile{Profile: claims.Profile{
		Member: "ada", MiddleName: "King", Nickname: "Countess", Page: "https://example.org/ada", Picture: "https://example.org/ada.png",
		Website: "https://ada.example", Gender: "woman", Birthdate: "1815-12-10", Zoneinfo: "Europe/London", Phone: "+441234567890", PhoneOK: true,
		Address: claims.Address{Street: "St James's Square 12", Locality: "London", Country: "England"},
	}})
	told := map[string]string{
		"middle_name": "profile", "nickname": "profile", "profile": "profile", "picture": "profile", "website": "profile", "gender": "profile",
		"birthdate": "profile", "zoneinfo": "profile", "updated_at": "profile", "phone_number": "phone", "phone_number_verified": "phone", "address": "address",
	}
	for _, scope := range []string{"profile", "phone", "address", "email"} {
		r := w.login("ada", "wiki", "openid "+scope)
		for where, says := range map[string]map[string]any{"ID token": payload(t, r.text("id_token")), "userinfo": w.userInfo(r.text("access_token")).json} {
			for name, of := range told {
				if _, ok := says[name]; ok != (of == scope) {
					t.Errorf("scope %s, %s: %s told: %v", scope, where, name, ok)
				}
			}
			switch scope {
			case "profile":
				if at, ok := says["updated_at"].(float64); !ok || int64(at) != start.Unix() {
					t.Errorf("%s: updated_at is %v (%[2]T), want %d", where, says["updated_at"], start.Unix())
				}
			case "phone":
				if says["phone_number"] != "+441234567890" || says["phone_number_verified"] != true {
					t.Errorf("%s: %v", where, says)
				}
			case "address":
				a, ok := says["address"].(map[string]any)
				if _, empty := a["region"]; !ok || empty || a["locality"] != "London" || a["street_address"] != "St James's Square 12" {
					t.Errorf("%s: address is %v", where, says["address"])
				}
			}
		}
	}
}

func TestWhatAMemberDidNotTellIsLeftOut(t *testing.T) {
	w := newWorld(t)
	r := w.login("bob", "wiki", "openid profile phone address")
	for where, says := range map[string]map[string]any{"ID token": payload(t, r.text("id_token")), "userinfo": w.userInfo(r.text("access_token")).json} {
		for name := range standardScopes {
			if v, ok := says[name]; ok {
				t.Errorf("%s has %s: %v", where, name, v)
			}
		}
	}
}

func TestAStandardClaimIsAskedForByName(t *testing.T) {
	w := newWorld(t)
	w.do(claims.EditProfile{Profile: claims.Profile{Member: "ada", Nickname: "Countess", Phone: "+441234567890"}})
	r := w.login("ada", "wiki", "openid", "claims", `{"userinfo":{"nickname":null,"phone_number_verified":null}}`)
	id, info := payload(t, r.text("id_token")), w.userInfo(r.text("access_token")).json
	if info["nickname"] != "Countess" || info["phone_number_verified"] != false || info["phone_number"] != nil || id["nickname"] != nil {
		t.Errorf("ID token %v\nuserinfo %v", id, info)
	}
}
