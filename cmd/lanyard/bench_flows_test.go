package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What a sign-in and its tokens cost, in CPU time of the program as it is
// installed, with the demo organisation on SQLite.

// client registers a client for measuring and returns its name; its secret is
// among the known ones.
func (in *installed) client(b *testing.B, flags ...string) string {
	b.Helper()
	id := fmt.Sprintf("bench-%d", time.Now().UnixNano()%1e9)
	out, err := in.tell(append([]string{"client", "add", id}, flags...)...)
	found := regexp.MustCompile(`(?m)^    (\S+)$`).FindSubmatch(out)
	if err != nil || found == nil {
		b.Fatalf("add a client: %v\n%s", err, out)
	}
	in.known.Secrets[id] = string(found[1])
	return id
}

func BenchmarkInstalledClientCredentialsJWT(b *testing.B) {
	in := install(b)
	id := in.client(b, "--grant", "client_credentials", "--access-jwt", "--scope", "groups")
	in.serve(b)
	in.charge(b, 64, in.post("/token", id, url.Values{"grant_type": {"client_credentials"}}, `"access_token":"ey`))
}

func BenchmarkInstalledIntrospectGarbage(b *testing.B) {
	in := install(b)
	in.serve(b)
	in.charge(b, 8, in.post("/introspect", "dashboard", url.Values{"token": {"no-token-of-ours"}}, `"active":false`))
}

func BenchmarkInstalledUserInfo(b *testing.B) {
	in := install(b)
	in.serve(b)
	ada, client := in.ada(b, "openid", "profile", "groups", "membership", "badges", "affiliations"), in.keepAlive()
	in.charge(b, 8, func() error {
		r, err := http.NewRequest(http.MethodGet, in.issuer+"/userinfo", nil)
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+ada.Access)
		_, err = answer(client, r, `"groups"`)
		return err
	})
}

// algorithms are those of ID tokens: what most ask for, and what costs least.
var algorithms = []string{"ES256", "RS256"}

// signing has the members' app get its ID tokens signed so.
func (in *installed) signing(b *testing.B, alg string) {
	b.Helper()
	if out, err := in.tell("client", "add", "app", "--id-token-alg", alg); err != nil {
		b.Fatalf("set the algorithm: %v\n%s", err, out)
	}
	time.Sleep(1500 * time.Millisecond) // the server follows the command line
}

// BenchmarkInstalledRefresh rotates refresh tokens, of eight families at once.
func BenchmarkInstalledRefresh(b *testing.B) {
	in := install(b)
	in.serve(b)
	for _, alg := range algorithms {
		in.signing(b, alg)
		b.Run(alg, in.refresh)
	}
}

func (in *installed) refresh(b *testing.B) {
	families, client := make(chan string, 8), in.keepAlive()
	for range cap(families) {
		families <- in.ada(b, "openid", "groups", "offline_access").Refresh
	}
	in.charge(b, cap(families), func() error {
		text, err := in.exchange(client, url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "refresh_token": {<-families}})
		var got struct {
			Refresh string `json:"refresh_token"`
		}
		if err == nil {
			err = json.Unmarshal(text, &got)
		}
		families <- got.Refresh
		return err
	})
}

// exchange asks for tokens as a public client.
func (in *installed) exchange(client *http.Client, form url.Values) ([]byte, error) {
	r, err := http.NewRequest(http.MethodPost, in.issuer+"/token", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return answer(client, r, `"id_token"`)
}

// BenchmarkInstalledCodeFlow is one sign-in at an application of somebody who
// is signed in and has consented: a request for a code with PKCE, and its
// exchange for tokens with an ID token.
func BenchmarkInstalledCodeFlow(b *testing.B) {
	in := install(b)
	in.serve(b)
	for _, alg := range algorithms {
		in.signing(b, alg)
		b.Run(alg, in.codeFlow)
	}
}

func (in *installed) codeFlow(b *testing.B) { in.codeFlows(b, 8) }

func (in *installed) codeFlows(b *testing.B, connections int) {
	ada, client := in.ada(b, "openid", "groups"), in.keepAlive()
	home, err := url.Parse(in.issuer)
	if err != nil {
		b.Fatal(err)
	}
	browser := in.keepAlive()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	in.charge(b, connections, func() error {
		verifier := rand.Text() + rand.Text()
		sum := sha256.Sum256([]byte(verifier))
		form := url.Values{"response_type": {"code"}, "client_id": {"app"}, "redirect_uri": {"http://127.0.0.1:9/callback"}, "scope": {"openid groups"},
			"state": {rand.Text()}, "nonce": {rand.Text()}, "code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
		r, err := http.NewRequest(http.MethodGet, in.issuer+"/authorize?"+form.Encode(), nil)
		if err != nil {
			return err
		}
		for _, c := range ada.Cookies.Cookies(home) {
			r.AddCookie(c)
		}
		res, err := browser.Do(r)
		if err != nil {
			return err
		}
		res.Body.Close()
		to, err := res.Location()
		if err != nil {
			return fmt.Errorf("the request for a code: %d, %w", res.StatusCode, err)
		}
		_, err = in.exchange(client, url.Values{"grant_type": {"authorization_code"}, "client_id": {"app"}, "redirect_uri": {"http://127.0.0.1:9/callback"},
			"code": {to.Query().Get("code")}, "code_verifier": {verifier}})
		return err
	})
}
