package login

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func (f *fake) AgentsOf(_ context.Context, m claims.MemberID, since time.Time) (all []string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.sessions {
		if s.Member == m && !s.Seen.Before(since) {
			all = append(all, s.Agent)
		}
	}
	return all, f.broken
}

// noticed makes the bench write to members, and returns what it wrote.
func (b *bench) noticed() *[]record.Notice {
	var all []record.Notice
	b.login.Notice = func(_ context.Context, n record.Notice) error {
		all = append(all, n)
		return nil
	}
	return &all
}

// kinds takes what was written so far.
func kinds(all *[]record.Notice) (k []record.MailKind) {
	for _, n := range *all {
		k = append(k, n.Kind)
	}
	*all = nil
	return k
}

func TestANewBrowserIsToldOfOnce(t *testing.T) {
	b := newBench(t)
	all := b.noticed()
	b.signIn("ada")
	if len(*all) != 1 || (*all)[0] != (record.Notice{Kind: record.MailNewBrowser, Member: "m-ada", At: b.now, Address: "203.0.113.9", Browser: "A browser"}) {
		t.Fatalf("the first sign-in: %+v", *all)
	}
	kinds(all)
	b.anotherBrowser() // of the same kind
	b.signIn("ada")
	b.now = b.now.Add(seenFor)
	b.anotherBrowser()
	b.signIn("ada")
	if k := kinds(all); len(k) != 0 {
		t.Errorf("a browser of a kind that she had a session in: %v", k)
	}
	b.now = b.now.Add(seenFor + time.Second)
	b.anotherBrowser()
	b.signIn("ada")
	if k := kinds(all); !slices.Equal(k, []record.MailKind{record.MailNewBrowser}) {
		t.Errorf("after three months: %v", k)
	}
	b.anotherBrowser()
	if w := b.post("/login", "username", "ada", "password", "wrong wrong wrong"); w.Code != http.StatusUnauthorized || len(*all) != 0 {
		t.Errorf("a wrong password: %d, %+v", w.Code, *all)
	}
}

func TestWhatAStrangersBrowserCallsItselfIsInNoNotice(t *testing.T) {
	b := newBench(t)
	all := b.noticed()
	b.agent = "Firefox/1.0 Call https://evil.example\r\nBcc: all@example.org"
	b.signIn("ada")
	if len(*all) != 1 || (*all)[0].Browser != "Firefox" {
		t.Errorf("noticed: %+v", *all)
	}
}

func TestEveryChangeOfHowAMemberSignsInIsToldOf(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	all := b.noticed()
	expect := func(what string, want ...record.MailKind) {
		t.Helper()
		if k := kinds(all); !slices.Equal(k, want) {
			t.Errorf("%s: %v, want %v", what, k, want)
		}
	}
	b.post("/security/password", "password", "short", "again", "short")
	expect("a password that is refused")
	b.post("/security/password", "password", "four other random words", "again", "four other random words")
	expect("a new password", record.MailPasswordChanged)
	p, codes := b.setUpApp()
	expect("an app", record.MailAppSetUp)
	b.now = b.now.Add(time.Minute)
	b.post("/security/recovery")
	expect("recovery codes", record.MailRecoveryMade)
	b.anotherBrowser()
	b.post("/login", "username", "ada", "password", "four other random words")
	b.post("/login/second", "code", codes[0])
	expect("a recovery code that is no more")
	b.post("/login/second", "code", p.code(b.now))
	expect("a code of the app")
	i := slices.IndexFunc(b.factors, func(f record.Factor) bool { return f.Kind == record.FactorTOTP && f.Ended.IsZero() })
	b.post("/security/factor/remove", "factor", "nobody's")
	expect("a factor that is not there")
	b.post("/security/factor/remove", "factor", b.factors[i].ID)
	expect("without the app", record.MailAppEnded)
	path, link := NewLink(PurposePassword, "m-ada", b.now.Add(time.Second), time.Hour)
	b.links[link.ID] = link
	b.post(path, "password", "again four random words", "again", "again four random words")
	expect("a link", record.MailPasswordSet)
}

func TestARecoveryCodeThatIsUsedIsToldOf(t *testing.T) {
	b, _, codes := halfway(t)
	all := b.noticed()
	b.post("/login/second", "code", codes[0])
	if k := kinds(all); !slices.Equal(k, []record.MailKind{record.MailRecoveryUsed}) {
		t.Errorf("told of %v", k)
	}
}

func TestMailThatFailsKeepsNobodyOut(t *testing.T) {
	b := newBench(t)
	b.login.Notice = func(context.Context, record.Notice) error { return errors.New("no post today") }
	b.signIn("ada")
	if _, in := b.current(); !in {
		t.Error("she is not signed in")
	}
	if w := b.post("/security/password", "password", "four other random words", "again", "four other random words"); w.Code != 303 || !strings.Contains(w.Header().Get("Location"), "done=password") {
		t.Errorf("a new password: %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestPasskeysThatComeAndGoAreToldOf(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	all := b.noticed()
	b.addPasskey(newDevice(), "phone")
	if k := kinds(all); !slices.Equal(k, []record.MailKind{record.MailPasskeyAdded}) {
		t.Errorf("one that is added: %v", k)
	}
	b.post("/security/factor/remove", "factor", b.factors[0].ID)
	if k := kinds(all); !slices.Equal(k, []record.MailKind{record.MailPasskeyEnded}) {
		t.Errorf("one that is removed: %v", k)
	}
}

func TestWhoeverComesBackByTheDeskIsToldOf(t *testing.T) {
	b := newBench(t)
	all := b.noticed()
	b.post(b.link(PurposeRecover, "m-ada"), "password", "four wild words here", "again", "four wild words here")
	if k := kinds(all); !slices.Equal(k, []record.MailKind{record.MailPasswordSet, record.MailCameBack}) {
		t.Errorf("told of %v", k)
	}
}
