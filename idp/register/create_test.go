package register

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lanyard/claims"
)

func TestRFC7591Section3ATokenIsNeededThatServes(t *testing.T) {
	d := newDesk(t)
	used, late, revoked := d.token("member:ada", 1), d.token("member:ada", 1), d.token("member:ada", 1)
	if r := d.send("POST", Path, used, plain); r.status != http.StatusCreated {
		t.Fatalf("the first answers %d %s", r.status, r.Description)
	}
	if err := d.revoke(revoked); err != nil {
		t.Fatal(err)
	}
	for what, token := range map[string]string{"none": "", "a guess": "guess", "one used up": used, "one revoked": revoked} {
		d.refusesToken(what, d.send("POST", Path, token, plain))
	}
	d.later(time.Hour)
	d.refusesToken("one that is over", d.send("POST", Path, late, plain))
	if n := d.clients(); n != 1 {
		t.Errorf("there are %d clients, want the first alone", n)
	}
}

func (d *desk) revoke(token string) error {
	return d.store.RevokeRegistrationToken(d.Context(), hashOf(token)[:8], d.clock())
}

func (d *desk) refusesToken(what string, r told) {
	d.Helper()
	if r.status != http.StatusUnauthorized || r.Error != "invalid_token" || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer ") {
		d.Errorf("%s: %d %s, %q", what, r.status, r.Error, r.header.Get("WWW-Authenticate"))
	}
}

func TestNobodyRegistersBeyondTheOneBehindTheToken(t *testing.T) {
	d := newDesk(t)
	if r := d.send("POST", Path, d.token("member:bob", 1), plain); r.status != http.StatusForbidden || r.Error != "access_denied" {
		t.Errorf("bob may not register: %d %s", r.status, r.Error)
	}
	token := d.token("member:ada", 2)
	if r := d.send("POST", Path, token, plain); r.status != http.StatusCreated || d.client(r.ID).Owner != "member:ada" {
		t.Fatalf("ada may: %d %s %s", r.status, r.Error, r.Description)
	}
	d.change(claims.Remove{Key: claims.Grant{ID: "g"}.Key(), Reason: "enough"})
	if r := d.send("POST", Path, token, plain); r.status != http.StatusForbidden {
		t.Errorf("ada may no more: %d %s", r.status, r.Error)
	}
}

func TestWhereRegistrationIsOffThereIsNothing(t *testing.T) {
	d := newDesk(t)
	token, made := d.token("member:ada", 1), d.create(plain)
	d.On = false
	for _, r := range []told{d.send("POST", Path, token, plain), d.send("GET", "/register/"+made.ID, made.Token, ""),
		d.send("PUT", "/register/"+made.ID, made.Token, plain), d.send("DELETE", "/register/"+made.ID, made.Token, "")} {
		if r.status != http.StatusNotFound {
			t.Errorf("it answers %d %s", r.status, r.Error)
		}
	}
}

func TestRFC7591Section321TheAnswerSaysAllThatIsRegistered(t *testing.T) {
	d := newDesk(t)
	r := d.create(plain)
	if r.Secret == "" || r.SecretExpires == nil || *r.SecretExpires != 0 || r.Issued != noon.Unix() || r.Token == "" || r.URI != "https://id.example.org/register/"+r.ID {
		t.Errorf("it is %+v", r)
	}
	want := map[string]any{ // the defaults of RFC 7591, section 2, and OpenID Connect Registration, section 2
		"token_endpoint_auth_method": "client_secret_basic", "grant_types": []any{"authorization_code"}, "response_types": []any{"code"},
		"id_token_signed_response_alg": "RS256", "subject_type": "public", "scope": "openid profile email", "client_name": "App", "redirect_uris": []any{"https://app.example.org/cb"},
	}
	for _, own := range []string{"client_id", "client_secret", "client_secret_expires_at", "client_id_issued_at", "registration_access_token", "registration_client_uri"} {
		delete(r.raw, own)
	}
	if got, want := slices.Sorted(maps.Keys(r.raw)), slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
	c := d.client(r.ID)
	if c.Secrets[0].SHA256 != hashOf(r.Secret) || c.Registration.Token != hashOf(r.Token) || c.PKCEOptional || !c.Filter.None() || c.Trusted() {
		t.Errorf("kept is %+v", c)
	}
}

func TestRFC7591Section2AllThatIsUnderstoodComesBack(t *testing.T) {
	const whole = `{"redirect_uris":["https://app.example.org/cb"],"token_endpoint_auth_method":"private_key_jwt","token_endpoint_auth_signing_alg":"ES256",
		"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"client_name":"App","client_uri":"https://app.example.org/",
		"policy_uri":"https://app.example.org/policy","tos_uri":"https://app.example.org/terms","scope":"openid groups","contacts":["ops@example.org"],
		"jwks_uri":"https://app.example.org/keys","software_id":"app","software_version":"1.2","subject_type":"pairwise","sector_identifier_uri":"https://app.example.org/sector",
		"id_token_signed_response_alg":"ES256","post_logout_redirect_uris":["https://app.example.org/"],"backchannel_logout_uri":"https://app.example.org/out",
		"backchannel_logout_session_required":true,"require_pushed_authorization_requests":true,"dpop_bound_access_tokens":true}`
	d := newDesk(t)
	r := d.create(whole)
	if r.Secret != "" || r.SecretExpires != nil {
		t.Error("a client that signs has a secret")
	}
	sent := mustJSON(t, whole)
	for name, want := range sent {
		if got := r.raw[name]; !same(got, want) {
			t.Errorf("%s comes back as %v, want %v", name, got, want)
		}
	}
	if n := len(r.raw) - len(sent); n != 4 { // client_id, its time, and the two of the registration
		t.Errorf("%d members more came back, want 4: %v", n, r.raw)
	}
}

func TestRFC7591Section3WhatIsNotUnderstoodIsLeftOut(t *testing.T) {
	d := newDesk(t)
	r := d.create(`{"redirect_uris":["https://app.example.org/cb"],"client_name":"App","client_name#ja":"アプリ","logo_uri":"http://10.0.0.1/x.png","first_party":true,
		"introspect":true,"filter":{"badges":["*"]},"owner":"operator:root","always_groups":true,"pkce_optional":true,"scope":"openid admin groups","tos_uri":null}`)
	c := d.client(r.ID)
	if c.Trusted() || !c.Filter.None() || c.Owner != "member:ada" || c.AlwaysGroups || c.PKCEOptional || r.Scope != "groups openid" && r.Scope != "openid groups" {
		t.Errorf("kept is %+v, and the scope %q", c, r.Scope)
	}
	for name := range r.raw {
		if strings.Contains(name, "#") || name == "logo_uri" || name == "tos_uri" {
			t.Errorf("%s came back", name)
		}
	}
}

// wrong are bodies that are refused, with the code of RFC 7591, section 3.2.2,
// and a word of the description.
var wrong = []struct{ body, code, word string }{
	{`{"redirect_uris":["http://app.example.org/cb"]}`, "invalid_redirect_uri", "https"},
	{`{"redirect_uris":["https://app.example.org/cb#x"]}`, "invalid_redirect_uri", ""},
	{`{"redirect_uris":["javascript:alert(1)"]}`, "invalid_redirect_uri", ""},
	{`{"redirect_uris":["https://*.example.org/cb"]}`, "invalid_redirect_uri", ""},
	{`{"redirect_uris":[]}`, "invalid_redirect_uri", ""},
	{`{}`, "invalid_redirect_uri", ""},
	{`{"redirect_uris":"https://app.example.org/cb"}`, "invalid_redirect_uri", "list"},
	{with(`"token_endpoint_auth_method":"client_secret_jwt"`), "invalid_client_metadata", "token_endpoint_auth_method"},
	{with(`"token_endpoint_auth_method":"private_key_jwt"`), "invalid_client_metadata", "jwks"},
	{with(`"jwks_uri":"http://10.0.0.1/keys","token_endpoint_auth_method":"private_key_jwt"`), "invalid_client_metadata", "jwks_uri"},
	{with(`"jwks_uri":"https://app.example.org/k","jwks":{"keys":[]},"token_endpoint_auth_method":"private_key_jwt"`), "invalid_client_metadata", "jwks"},
	{with(`"grant_types":["implicit"]`), "invalid_client_metadata", "grant_types"},
	{with(`"grant_types":["password"]`), "invalid_client_metadata", "grant_types"},
	{with(`"response_types":["code","code id_token"]`), "invalid_client_metadata", "response_types"},
	{with(`"id_token_signed_response_alg":"none"`), "invalid_client_metadata", "id_token_signed_response_alg"},
	{with(`"id_token_encrypted_response_alg":"RSA-OAEP"`), "invalid_client_metadata", "id_token_encrypted_response_alg"},
	{with(`"userinfo_signed_response_alg":"ES256"`), "invalid_client_metadata", "userinfo_signed_response_alg"},
	{with(`"application_type":"toaster"`), "invalid_client_metadata", "application_type"},
	{with(`"subject_type":"secret"`), "invalid_client_metadata", "subject_type"},
	{with(`"scope":"openid door"`), "invalid_client_metadata", "scope"},
	{with(`"client_name":"Lanyard"`), "invalid_client_metadata", "client_name"},
	{with(`"client_name":"a\u202eb"`), "invalid_client_metadata", "client_name"},
	{with(`"client_uri":"javascript:alert(1)"`), "invalid_client_metadata", "client_uri"},
	{with(`"backchannel_logout_uri":"http://169.254.169.254/latest"`), "invalid_client_metadata", "backchannel_logout_uri"},
	{with(`"post_logout_redirect_uris":["data:text/html,x"]`), "invalid_client_metadata", "post_logout_redirect_uris"},
	{with(`"software_statement":"eyJ"`), "invalid_software_statement", "software_statement"},
	{with(`"redirect_uris":["https://evil.example.org/cb"]`), "invalid_client_metadata", "twice"},
	{with(`"require_pushed_authorization_requests":"yes"`), "invalid_client_metadata", "require_pushed_authorization_requests"},
	{`[]`, "invalid_client_metadata", "object"}, {`{`, "invalid_client_metadata", "object"}, {plain + plain, "invalid_client_metadata", "object"},
	{"{\"redirect_uris\":[\"https://app.example.org/\xff\"]}", "invalid_client_metadata", "UTF-8"},
	{with(`"client_name":"` + strings.Repeat("x", MaxBody) + `"`), "invalid_client_metadata", "too large"},
}

// with is a body that is right, and a member more.
func with(member string) string {
	return `{"redirect_uris":["https://app.example.org/cb"],` + member + `}`
}

func TestRFC7591Section322WhatIsWrongIsRefusedWithItsCode(t *testing.T) {
	d := newDesk(t)
	token := d.token("member:ada", 1)
	for _, test := range wrong {
		r := d.send("POST", Path, token, test.body)
		if r.status != http.StatusBadRequest && r.status != http.StatusRequestEntityTooLarge || r.Error != test.code || !strings.Contains(r.Description, test.word) {
			t.Errorf("%.120s: %d %s: %s", test.body, r.status, r.Error, r.Description)
		}
		d.later(tryEvery)
	}
	d.sector = &claims.Invalid{Field: "sector_identifier_uri", Problem: "does not list it"}
	if r := d.send("POST", Path, token, plain); r.status != http.StatusBadRequest || !strings.Contains(r.Description, "sector_identifier_uri") {
		t.Errorf("a sector that does not list it: %d %s", r.status, r.Description)
	}
	d.sector = nil
	if n := d.clients(); n != 0 {
		t.Errorf("%d clients were made", n)
	}
	if r := d.send("POST", Path, token, plain); r.status != http.StatusCreated {
		t.Errorf("what was refused used the token up: %d %s", r.status, r.Description)
	}
}

func TestATokenThatTriesTooOftenWaits(t *testing.T) {
	d := newDesk(t)
	token := d.token("member:ada", 1)
	for range triesMost {
		d.send("POST", Path, token, `{}`)
	}
	if r := d.send("POST", Path, token, plain); r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") == "" {
		t.Errorf("try %d: %d %s", triesMost+1, r.status, r.Error)
	}
	d.later(tryEvery)
	if r := d.send("POST", Path, token, plain); r.status != http.StatusCreated {
		t.Errorf("later: %d %s", r.status, r.Error)
	}
}

func TestATokenRegistersNoMoreThanItMay(t *testing.T) {
	d := newDesk(t)
	token := d.token("member:ada", 2)
	var made atomic.Int32
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			switch r := d.send("POST", Path, token, plain); r.status {
			case http.StatusCreated:
				made.Add(1)
			case http.StatusUnauthorized:
			default:
				t.Errorf("one answers %d %s: %s", r.status, r.Error, r.Description)
			}
		})
	}
	all.Wait()
	if made.Load() != 2 || d.clients() != 2 {
		t.Errorf("%d were told they are registered and %d are, want 2", made.Load(), d.clients())
	}
}

func TestAClientWithoutASecretIsGivenNone(t *testing.T) {
	r := newDesk(t).create(`{"redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none","application_type":"native"}`)
	if r.Secret != "" || r.SecretExpires != nil || r.Auth != "none" {
		t.Errorf("it is %+v", r)
	}
}
