package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The pages about applications, as the program serves them: what somebody is
// shown of a member is made by the code that makes tokens.
func TestAnAdministratorTriesAnApplicationAndAddsOne(t *testing.T) {
	port := freePort(t)
	p := newProcess(t, "demo", "--port", fmt.Sprint(port))
	issuer := fmt.Sprintf("http://127.0.0.1:%d", port)
	p.start(issuer)
	waitFor(t, func() bool { return strings.Contains(p.log.String(), "Ctrl-C stops") })
	if strings.Contains(p.log.String(), "1812") {
		t.Errorf("RADIUS is not beside the port that was given:\n%s", p.log.String())
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	post := func(address string, form url.Values, words ...string) string {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		res, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if !strings.Contains(string(body), word) {
				t.Errorf("POST %s: %d, without %q:\n%s", r.URL.Path, res.StatusCode, word, body)
			}
		}
		return string(body)
	}
	const long = "a long enough passphrase 7"
	post(regexp.MustCompile(`http://\S+/setup/\S+`).FindString(p.log.String()), url.Values{"username": {"boss"}, "name": {"The Boss"}, "password": {long}, "again": {long}}, "The Boss")

	post(issuer+"/admin/apps/wiki/try", url.Values{"member": {"tom"}}, "tom may sign in", "&#34;iss&#34;: &#34;"+issuer, "&#34;preferred_username&#34;: &#34;tom&#34;",
		"signed with RS256", "&#34;active&#34;: true", "badge.laser-1", "left out: the claim filter does not show it")
	garden := url.Values{"id": {"garden"}, "name": {"Garden"}, "redirect": {"https://garden.example.org/cb"}, "auth": {"client_secret_post"}, "grant": {"authorization_code"}, "scope": {"openid"}}
	post(issuer+"/admin/new-app", garden, "shown this once", "client_secret_post", "It is told no groups")
	post(issuer+"/admin/apps/garden/try", url.Values{"member": {"ada"}}, "ada may sign in", "left out")
	garden.Set("sector_uri", "http://127.0.0.1:9/sector")
	post(issuer+"/admin/apps/garden/settings", garden, "share those subjects: goes with")
}
