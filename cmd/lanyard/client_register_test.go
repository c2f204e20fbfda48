package main

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestRegistrationTokensAreMadeListedAndRevoked(t *testing.T) {
	d := demoDesk(t)
	d.says("client registration-token list", "There are none", "registration-token add NAME")
	d.says("client registration-token add wikis --uses 3 --for 2d", "The registration token wikis", "It registers 3 applications at", "/register until", "Registration is off")
	var made struct {
		Token    string    `json:"token"`
		Endpoint string    `json:"registration_endpoint"`
		Expires  time.Time `json:"expires"`
		Uses     int       `json:"uses"`
	}
	if err := json.Unmarshal([]byte(d.ok("client", "registration-token", "add", "forges", "--json")), &made); err != nil || len(made.Token) != 43 ||
		!strings.HasSuffix(made.Endpoint, "/register") || made.Uses != 1 {
		t.Errorf("%+v, %v", made, err)
	}
	d.says("client registration-token revoke forges", "is revoked", "stays")
	out := d.ok("client", "registration-token", "list")
	for _, want := range []string{"wikis", "good", "0 of 3", "forges", "revoked"} {
		if !strings.Contains(out, want) {
			t.Errorf("the list misses %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, made.Token) {
		t.Error("the list tells a token")
	}
}

func TestARegistrationTokenThatCannotBeIsASentence(t *testing.T) {
	d := demoDesk(t)
	d.ok("client", "registration-token", "add", "wikis")
	for args, want := range map[string]string{
		"add":                           "NAME",
		"add Wi/kis":                    "NAME",
		"add wikis":                     "called wikis",
		"add x --uses 0":                "--uses",
		"add x --uses 1001":             "--uses",
		"add x --for soon":              "--for",
		"add x --for 0h":                "--for",
		"add x --owner nobody":          "nobody",
		"add x --owner ada":             "register at /apps",
		"revoke none":                   "registration-token list",
		"list all":                      "",
		"add x --owner ada --uses many": "--uses",
	} {
		out, stderr, code := d.run(append([]string{"client", "registration-token"}, strings.Fields(args)...)...)
		if code == 0 || !strings.Contains(stderr, want) || out != "" {
			t.Errorf("%s: exit %d, %q, %q", args, code, out, stderr)
		}
	}
	if out := d.ok("client", "registration-token", "list"); strings.Count(out, "good") != 1 {
		t.Errorf("one of them was made:\n%s", out)
	}
}

func TestNothingRegistersAsTheOrganisationThatTheConfigurationNames(t *testing.T) {
	d := newDesk(t)
	d.env = append(d.env, "LANYARD_ORGANISATION=Wood & Wire", "LANYARD_REGISTRATION_ENABLED=true")
	var made struct{ Token string }
	if err := json.Unmarshal([]byte(d.ok("client", "registration-token", "add", "wikis", "--json")), &made); err != nil {
		t.Fatal(err)
	}
	face := d.serveInProcess()
	page := httptest.NewRecorder()
	face.ServeHTTP(page, httptest.NewRequest("GET", "/login", nil))
	if !strings.Contains(page.Body.String(), "Wood &amp; Wire") {
		t.Errorf("the page does not name it:\n%s", page.Body)
	}
	r := httptest.NewRequest("POST", "/register", strings.NewReader(`{"client_name":"wood&wire","redirect_uris":["https://app.example.org/cb"]}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+made.Token)
	w := httptest.NewRecorder()
	face.ServeHTTP(w, r)
	if w.Code != 400 || !strings.Contains(w.Body.String(), "reserved") {
		t.Errorf("it answers %d %s", w.Code, w.Body)
	}
}
