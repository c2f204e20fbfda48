package register

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"lanyard/claims"
	"lanyard/idp/record"
)

func hashOf(text string) string { return record.Secret(text).SHA256() }

func mustJSON(t *testing.T, text string) (v map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// same compares values; of scopes the order is nobody's.
func same(a, b any) bool {
	return reflect.DeepEqual(a, b) || a == "groups openid" && b == "openid groups"
}

func TestRFC7592Section21AClientReadsWhatIsRegistered(t *testing.T) {
	d := newDesk(t)
	made := d.create(plain)
	read := d.send("GET", "/register/"+made.ID, made.Token, "")
	if read.status != http.StatusOK || read.Secret != "" {
		t.Errorf("it answers %d, and a secret of %d letters", read.status, len(read.Secret))
	}
	want := maps.Clone(made.raw)
	delete(want, "client_secret") // it is not kept
	delete(want, "client_secret_expires_at")
	if !reflect.DeepEqual(read.raw, want) {
		t.Errorf("it says %v, want %v", read.raw, want)
	}
}

func TestRFC7592Section2NobodyOpensAnother(t *testing.T) {
	d := newDesk(t)
	one, two, spare := d.create(plain), d.create(plain), d.token("member:ada", 5)
	d.change(claims.Define{Fact: claims.Client{ID: "defined", Name: "Defined", Auth: claims.AuthNone, GrantTypes: []string{"authorization_code"},
		RedirectURIs: []string{"https://wiki.example.org/cb"}, Scopes: []string{"openid"}}})
	first := d.send("GET", "/register/none", one.Token, "")
	for _, id := range []string{two.ID, "defined", "none", "%00"} {
		for _, token := range []string{one.Token, spare, ""} {
			for _, r := range []told{d.send("GET", "/register/"+id, token, ""), d.send("DELETE", "/register/"+id, token, ""),
				d.send("PUT", "/register/"+id, token, `{"client_id":"`+two.ID+`","redirect_uris":["https://evil.example.org/cb"]}`)} {
				if d.refusesToken(id, r); !reflect.DeepEqual(r.raw, first.raw) {
					t.Errorf("%s: %v, which is another answer than %v", id, r.raw, first.raw)
				}
			}
		}
	}
	d.refusesToken("a registration access token where clients are made", d.send("POST", Path, one.Token, plain))
	if c := d.client(two.ID); c.RedirectURIs[0] != "https://app.example.org/cb" || !c.Disabled.IsZero() {
		t.Errorf("the other one is %+v", c)
	}
}

func TestRFC7592Section22AnUpdateReplacesEverything(t *testing.T) {
	d := newDesk(t)
	made := d.create(`{"redirect_uris":["https://app.example.org/cb"],"client_name":"App","client_uri":"https://app.example.org/","post_logout_redirect_uris":["https://app.example.org/"]}`)
	d.change(claims.Define{Fact: func() claims.Client {
		c := d.client(made.ID)
		c.Filter = claims.ClaimFilter{Member: true}
		return c
	}()})
	r := d.send("PUT", "/register/"+made.ID, made.Token, `{"client_id":"`+made.ID+`","client_secret":"`+made.Secret+`","redirect_uris":["https://app.example.org/two"]}`)
	if r.status != http.StatusOK || r.Name != made.ID && r.Name != "" || r.RedirectURIs[0] != "https://app.example.org/two" || r.Token != made.Token || r.Secret != "" {
		t.Errorf("it answers %d %s: %+v", r.status, r.Description, r)
	}
	if r.raw["client_uri"] != nil || r.raw["post_logout_redirect_uris"] != nil {
		t.Errorf("what was left out is still there: %v", r.raw)
	}
	if c := d.client(made.ID); !c.Filter.Member || c.Secrets[0].SHA256 != hashOf(made.Secret) || c.Owner != "member:ada" {
		t.Errorf("what is not its own to say is %+v", c)
	}
}

func TestRFC7592Section22WhatOnlyTheServerSaysIsRefused(t *testing.T) {
	d := newDesk(t)
	made := d.create(plain)
	own := `"client_id":"` + made.ID + `"`
	for member, word := range map[string]string{
		own + `,"registration_access_token":"x"`:                "registration_access_token",
		own + `,"registration_client_uri":"https://x.org/"`:     "registration_client_uri",
		own + `,"client_secret_expires_at":0`:                   "client_secret_expires_at",
		own + `,"client_id_issued_at":1`:                        "client_id_issued_at",
		own + `,"client_secret":"mine"`:                         "client_secret",
		own + `,"client_secret":""`:                             "client_secret",
		own + `,"client_secret":7`:                              "client_secret",
		`"client_id":"other"`:                                   "client_id",
		`"client_name":"App"`:                                   "client_id",
		own + `,"client_id":"` + made.ID + `"`:                  "twice",
		own + `,"token_endpoint_auth_method":"private_key_jwt"`: "jwks",
	} {
		r := d.send("PUT", "/register/"+made.ID, made.Token, with(member))
		if r.status != http.StatusBadRequest || r.Error != "invalid_client_metadata" || !strings.Contains(r.Description, word) {
			t.Errorf("%s: %d %s: %s", member, r.status, r.Error, r.Description)
		}
	}
	if r := d.send("GET", "/register/"+made.ID, made.Token, ""); r.raw["redirect_uris"].([]any)[0] != "https://app.example.org/cb" {
		t.Error("something of it was kept")
	}
}

func TestAClientThatBeginsToProveItselfIsGivenASecret(t *testing.T) {
	d := newDesk(t)
	made := d.create(with(`"token_endpoint_auth_method":"none"`))
	r := d.send("PUT", "/register/"+made.ID, made.Token, with(`"client_id":"`+made.ID+`"`))
	if r.status != http.StatusOK || r.Secret == "" || d.client(made.ID).Secrets[0].SHA256 != hashOf(r.Secret) {
		t.Fatalf("it answers %d %s: %+v", r.status, r.Description, r)
	}
	r = d.send("PUT", "/register/"+made.ID, made.Token, with(`"client_id":"`+made.ID+`","token_endpoint_auth_method":"none"`))
	if c := d.client(made.ID); r.status != http.StatusOK || len(c.Secrets) > 0 || c.PKCEOptional {
		t.Errorf("back again: %d %s, and %+v", r.status, r.Description, c)
	}
}

func TestRFC7592Section23AClientTakesItselfAway(t *testing.T) {
	d := newDesk(t)
	made := d.create(plain)
	r := d.send("DELETE", "/register/"+made.ID, made.Token, "")
	if r.status != http.StatusNoContent || d.client(made.ID).Disabled.IsZero() {
		t.Errorf("it answers %d %s", r.status, r.Error)
	}
	for _, again := range []told{d.send("GET", "/register/"+made.ID, made.Token, ""), d.send("DELETE", "/register/"+made.ID, made.Token, ""),
		d.send("PUT", "/register/"+made.ID, made.Token, with(`"client_id":"`+made.ID+`"`))} {
		d.refusesToken("after it is gone", again)
	}
}
