package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// writing is a house of the test's own that writes letters by an Exim.
func writing(t *testing.T) (*house, *exim) {
	t.Helper()
	x := theExim(t)
	h := newHouse(t.TempDir(), theHouse(t).binary)
	h.env = append(h.env, fmt.Sprintf("LANYARD_MAIL_SERVER=localhost:%d", x.start), "LANYARD_MAIL_CA="+x.roots, "LANYARD_MAIL_FROM=id@example.org",
		"LANYARD_MAIL_REPLY_TO=desk@example.org", "LANYARD_MAIL_USERNAME=lanyard", "LANYARD_MAIL_PASSWORD="+mailPassword)
	t.Cleanup(h.close)
	if err := h.begin(); err != nil {
		t.Fatal(err)
	}
	return h, x
}

// must runs a command that has to succeed.
func (h *house) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.run(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestALetterArrivesWholeByExim(t *testing.T) {
	h, x := writing(t)
	for _, way := range []struct{ to, server, tls string }{{"start@example.net", fmt.Sprint("localhost:", x.start), "starttls"}, {"tls@example.net", fmt.Sprint("localhost:", x.tls), "implicit"}} {
		other := *h
		other.env = append(slices.Clone(h.env), "LANYARD_MAIL_SERVER="+way.server, "LANYARD_MAIL_TLS="+way.tls)
		if out := other.must(t, "mail", "test", way.to); !strings.Contains(out, "took a letter to "+way.to) {
			t.Errorf("%s: %s", way.tls, out)
		}
		l := x.arrives(t, way.to, "Mail works – Wood & Wire")
		from, err := mail.ParseAddress(l.Get("From"))
		if err != nil || *from != (mail.Address{Name: "Wood & Wire", Address: "id@example.org"}) || l.Get("Reply-To") != "<desk@example.org>" || l.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("%s: its head is %v", way.tls, l.Header)
		}
		if date, err := l.Date(); err != nil || time.Since(date) > time.Minute || !strings.HasSuffix(l.Get("Message-ID"), "@example.org>") {
			t.Errorf("%s: it is of %q, and called %q", way.tls, l.Get("Date"), l.Get("Message-ID"))
		}
		if !strings.Contains(l.plain, "mail is set up") || !strings.Contains(l.html, "Wood &amp; Wire") || strings.Contains(l.html, "src=") {
			t.Errorf("%s: it says %q and %q", way.tls, l.plain, l.html)
		}
		if got := l.Get("Received"); !strings.Contains(got, "with esmtpsa") {
			t.Errorf("%s: it came %q, want over TLS from somebody signed in", way.tls, got)
		}
	}
	if out := h.must(t, "check"); !strings.Contains(out, "lanyard mail test ADDRESS tries it") {
		t.Errorf("lanyard check says nothing of mail:\n%s", out)
	}
}

func TestWhatIsWrongWithTheMailServerIsOneSentence(t *testing.T) {
	h, x := writing(t)
	shut := freePort()
	for _, c := range []struct {
		want, to string
		env      []string
	}{
		{"does not take mail.username and mail.password", "ada@example.net", []string{"LANYARD_MAIL_PASSWORD=wrong"}},
		{"no such person here", "nobody@example.net", nil},
		{"come back later", "later@example.net", nil},
		{"signed by nobody whom this machine trusts", "ada@example.net", []string{"LANYARD_MAIL_CA="}},
		{"its certificate is for another name", "ada@example.net", []string{fmt.Sprint("LANYARD_MAIL_SERVER=127.0.0.1:", x.start)}},
		{"nothing listens there", "ada@example.net", []string{fmt.Sprint("LANYARD_MAIL_SERVER=localhost:", shut)}},
		{"it does not begin with TLS", "ada@example.net", []string{"LANYARD_MAIL_TLS=implicit"}},
		{"offers no way to sign in", "ada@example.net", []string{"LANYARD_MAIL_TLS=none"}},
		{"sign in first", "ada@example.net", []string{"LANYARD_MAIL_USERNAME=", "LANYARD_MAIL_PASSWORD="}},
		{"no address a letter can go to", "ada", nil},
		{"no address a letter can go to", "ada@example.net\nBcc: all@example.org", nil},
		{"no mail server is set up", "ada@example.net", []string{"LANYARD_MAIL_SERVER="}},
	} {
		other := *h
		other.env = append(slices.Clone(h.env), c.env...)
		out, err := other.run("mail", "test", c.to)
		if err == nil || !strings.Contains(out, c.want) || strings.Count(strings.TrimSpace(out), "\n") > 0 {
			t.Errorf("to %q, with %v: %v\n%s", c.to, c.env, err, out)
		}
		if strings.Contains(out, mailPassword) {
			t.Errorf("the password is in it: %s", out)
		}
	}
}

// TestR25MembersAreToldWhatHappensToTheirAccounts signs Ada in from a browser,
// gives her a password by a link that came by mail, and looks at what she got.
func TestR25MembersAreToldWhatHappensToTheirAccounts(t *testing.T) {
	h, x := writing(t)
	h.must(t, "member", "set", "ada", "--email", "ada@example.net")
	h.must(t, "member", "set", "tom", "--email", "nobody@example.net")
	if out := h.must(t, "member", "link", "ada", "--mail"); strings.Contains(out, "/password/") || !strings.Contains(out, "ada@example.net") {
		t.Errorf("the link is printed: %s", out)
	}
	link := regexp.MustCompile(`http://\S+/password/\S+`).FindString(x.arrives(t, "ada@example.net", "Set your password").plain)
	res, err := http.PostForm(link, url.Values{"password": {password + " again"}, "again": {password + " again"}})
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the link that was sent: %v, %v", res, err)
	}
	res.Body.Close()
	x.arrives(t, "ada@example.net", "Your password was set by a link")
	h.signsIn(t, "ada", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 https://evil.example", password+" again")
	told := x.arrives(t, "ada@example.net", "A sign-in from a new browser")
	for _, says := range []string{"Firefox on Linux", "127.0.0.1", "UTC", "If it was not you", h.issuer + "/security"} {
		if !strings.Contains(told.plain, says) || !strings.Contains(told.html, says) {
			t.Errorf("the letter does not say %q:\n%s", says, told.plain)
		}
	}
	if strings.Contains(told.plain+told.html, "evil.example") {
		t.Error("what the browser calls itself is in the letter")
	}
	h.signsIn(t, "tom", "Mozilla/5.0 (Windows NT 10.0) Edg/140.0", password)
	h.must(t, "member", "sign-out", "ada")
	x.arrives(t, "ada@example.net", "You were signed out everywhere")
	h.must(t, "member", "set", "ada", "--email", "elsewhere@example.net")
	x.arrives(t, "ada@example.net", "Your e-mail address was changed")
	h.settled(t, "nobody@example.net", "new_browser", "failed", "address refused (550)")
	h.tellsNobody(t, link)
}

// signsIn sends a sign-in as a browser that calls itself agent.
func (h *house) signsIn(t *testing.T, who, agent, password string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, h.issuer+"/login", strings.NewReader(url.Values{"username": {who}, "password": {password}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", agent)
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s signs in: %v, %v", who, res, err)
	}
	res.Body.Close()
}

// mailed is what lanyard mail list says of a letter.
type mailed struct{ Member, Kind, Address, State, Answer string }

// settled waits until a letter has come to something.
func (h *house) settled(t *testing.T, to, kind, state, answer string) {
	t.Helper()
	want := mailed{Kind: kind, Address: to, State: state, Answer: answer}
	var all []mailed
	for range 100 {
		if err := json.Unmarshal([]byte(h.must(t, "mail", "list", "--undelivered", "--json")), &all); err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if m.Member = ""; m == want {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("the list never says %+v: %+v", want, all)
}

// tellsNobody looks for what is secret in the log, the list and the database.
func (h *house) tellsNobody(t *testing.T, link string) {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(h.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(log), "address refused (550)") {
		t.Errorf("the log does not say that a letter was refused:\n%s", log)
	}
	_, secret, _ := strings.Cut(link, "/password/")
	list := h.must(t, "mail", "list")
	for what, text := range map[string]string{"log": string(log), "list": list} {
		for _, hidden := range []string{secret, mailPassword, "Firefox"} {
			if strings.Contains(text, hidden) {
				t.Errorf("the %s tells %q:\n%s", what, hidden, text)
			}
		}
	}
	if strings.Contains(string(log), "@example.net") {
		t.Errorf("the log tells an address:\n%s", log)
	}
	files, _ := filepath.Glob(filepath.Join(h.dir, "lanyard.db*"))
	for _, file := range files {
		if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), secret) {
			t.Errorf("%s holds the link (%v)", file, err)
		}
	}
}

func TestWithoutAMailServerLinksAreShown(t *testing.T) {
	h := theHouse(t)
	if out := h.must(t, "member", "link", "tom", "--mail"); !strings.Contains(out, h.issuer+"/password/") || !strings.Contains(out, "no mail is set up") {
		t.Errorf("lanyard member link --mail says:\n%s", out)
	}
	if out := h.must(t, "check"); !strings.Contains(out, "links are shown to whoever asks for them") {
		t.Errorf("lanyard check says:\n%s", out)
	}
}

// TestAForgottenPasswordIsSetByALetter asks at the sign-in page, by an address.
func TestAForgottenPasswordIsSetByALetter(t *testing.T) {
	h, x := writing(t)
	h.must(t, "member", "set", "tom", "--email", "tom@example.net")
	time.Sleep(1500 * time.Millisecond) // the server follows
	for _, who := range []string{"stranger@example.net", "TOM@example.net"} {
		res, err := http.PostForm(h.issuer+"/login/forgotten", url.Values{"who": {who}})
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("asked for %s: %v, %v", who, res, err)
		}
		res.Body.Close()
	}
	l := x.arrives(t, "tom@example.net", "Set your password")
	if !strings.Contains(l.plain, "asked at the sign-in page") {
		t.Errorf("the letter says\n%s", l.plain)
	}
	const next = "another walk to the evening"
	res, err := http.PostForm(regexp.MustCompile(`http://\S+/password/\S+`).FindString(l.plain), url.Values{"password": {next}, "again": {next}})
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the link: %v, %v", res, err)
	}
	res.Body.Close()
	h.signsIn(t, "tom", "Firefox", next)
}
