package feeds

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func signedIn(at time.Time) record.Notice {
	return record.Notice{Kind: record.MailNewBrowser, Member: "ada", At: at, Address: "203.0.113.9", Browser: "Firefox on Linux"}
}

func TestALetterWaitsSealedAndIsForgottenOnceItWasTaken(t *testing.T) {
	b := newPostbox(t)
	o := newOffice(b.Addr().String())
	if err := o.Notify(t.Context(), signedIn(o.now)); err != nil {
		t.Fatal(err)
	}
	m := o.only(t)
	if m.Address != ada.Email || m.Kind != record.MailNewBrowser || !strings.HasPrefix(m.Sealed, "mail_message/"+m.ID+"/sealed/") {
		t.Errorf("queued: %+v", m)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	out := o.Outbox("x", slog.New(slog.NewTextHandler(&o.log, nil)))
	if err := out.round(ctx); err != nil {
		t.Fatal(err)
	}
	if m := o.only(t); m.Outcome != record.OutcomeDelivered || m.Sealed != "" || m.Attempts != 1 {
		t.Errorf("it came to %+v", m)
	}
	if heads, bodies := b.got(); len(bodies) != 1 || !strings.Contains(bodies[0], "Firefox on Linux") || !strings.Contains(heads[0], "Message-ID: <"+m.ID+"@example.org>") {
		t.Errorf("the server was given %q %q", heads, bodies)
	}
}

func TestWhoHasNoAddressOrWasToldTooOftenIsToldNothing(t *testing.T) {
	o := newOffice("127.0.0.1:1")
	o.know(claims.Member{ID: "bo", Username: "bo", State: claims.StateActive})
	for _, n := range []record.Notice{{Kind: record.MailNewBrowser, Member: "bo"}, {Kind: record.MailNewBrowser, Member: "nobody"}} {
		if err := o.Notify(t.Context(), n); err != nil || len(o.letters) > 0 {
			t.Errorf("%s: %v, %+v", n.Member, err, o.letters)
		}
	}
	o.full = true
	if err := o.Notify(t.Context(), signedIn(o.now)); err != nil {
		t.Errorf("once more: %v", err)
	}
	if err := o.SendLink(t.Context(), record.MailPasswordLink, ada, "https://id.example.org/password/x", o.now); !errors.Is(err, claims.ErrTooMany) {
		t.Errorf("a link that is not sent: %v, want ErrTooMany", err)
	}
	o.full, o.Server = false, MailServer{}
	if err := o.Notify(t.Context(), signedIn(o.now)); err != nil || len(o.letters) > 0 {
		t.Errorf("without a mail server: %v, %+v", err, o.letters)
	}
}

func TestALetterGoesToTheAddressTheMemberStillHas(t *testing.T) {
	changed, gone := ada, ada
	changed.Email = "new@example.net"
	gone.Email, gone.ErasedAt = "", time.Now()
	for name, c := range map[string]struct {
		kind  record.MailKind
		then  claims.Member
		later time.Duration
		want  string
	}{
		"as it was":                {record.MailNewBrowser, ada, time.Hour, ""},
		"another address":          {record.MailNewBrowser, changed, 0, "the address is another one now"},
		"a warning of the address": {record.MailAddressChanged, changed, 0, ""},
		"erased":                   {record.MailNewBrowser, gone, 0, "the member is gone"},
		"a warning to one erased":  {record.MailAddressChanged, gone, 0, "the member is gone"},
		"too late":                 {record.MailNewBrowser, ada, noticeLate + time.Second, "too late"},
		"a link that has expired":  {record.MailPasswordLink, ada, time.Hour, "too late"},
		"a link":                   {record.MailPasswordLink, ada, time.Hour - time.Second, ""},
		"a kind of the future":     {"moon_landed", ada, 0, "not known to this version"},
	} {
		b := newPostbox(t)
		o := newOffice(b.Addr().String())
		err := o.queue(t.Context(), ada, c.kind, body{At: o.now})
		if c.kind == record.MailPasswordLink {
			o.letters = map[string]record.Mail{}
			err = o.SendLink(t.Context(), record.MailPasswordLink, ada, "https://id.example.org/password/x", o.now.Add(time.Hour))
		}
		if err != nil {
			t.Fatal(err)
		}
		o.know(c.then)
		o.now = o.now.Add(c.later)
		answer, err := o.tries(t)
		heads, _ := b.got()
		if sent := c.want == ""; sent != (err == nil) || sent != (len(heads) == 1) || !sent && (answer != c.want || !errors.Is(err, errUnwanted)) {
			t.Errorf("%s: %q, %v, and %d sent", name, answer, err, len(heads))
		}
		if len(heads) == 1 && !strings.Contains(heads[0], "To: <ada@example.net>") {
			t.Errorf("%s: it went elsewhere:\n%s", name, heads[0])
		}
	}
}

func TestARefusedAddressIsGivenUpAndADeferredOneTriedAgain(t *testing.T) {
	for says, want := range map[string]record.Mail{
		"550 no such person ada@example.net": {Attempts: 1, Outcome: record.OutcomeFailed, Answer: "address refused (550)"},
		"451 come back later":                {Attempts: 1, Answer: "address refused (451)"},
	} {
		b := newPostbox(t)
		b.rcpt = says
		o := newOffice(b.Addr().String())
		if err := o.Notify(t.Context(), signedIn(o.now)); err != nil {
			t.Fatal(err)
		}
		if err := o.Outbox("x", slog.New(slog.NewTextHandler(&o.log, nil))).round(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := o.only(t)
		if m.Attempts != want.Attempts || m.Outcome != want.Outcome || m.Answer != want.Answer {
			t.Errorf("%s: it came to %+v", says, m)
		}
		if (want.Outcome == record.OutcomeFailed) != (len(o.audited) == 1) {
			t.Errorf("%s: the audit says %+v", says, o.audited)
		}
		if log := o.log.String(); strings.Contains(log, "example.net") || strings.Contains(log, "Firefox") || !strings.Contains(log, want.Answer) {
			t.Errorf("%s: the log says %s", says, log)
		}
	}
}

func TestAServerThatIsAwayIsLetBe(t *testing.T) {
	o := newOffice("127.0.0.1:1")
	if err := o.Notify(t.Context(), signedIn(o.now)); err != nil {
		t.Fatal(err)
	}
	out := o.Outbox("x", slog.New(slog.NewTextHandler(&o.log, nil)))
	if err := out.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := o.only(t); m.Answer != "no answer" || m.Outcome != "" || m.Sealed == "" || !out.isQuiet("") {
		t.Errorf("it came to %+v", m)
	}
}

func TestALetterSealedWithAnotherRingIsGivenUp(t *testing.T) {
	o := newOffice("127.0.0.1:1")
	o.letters["1"] = record.Mail{ID: "1", Kind: record.MailNewBrowser, Member: "ada", Address: ada.Email, Sealed: "for another row", Created: o.now}
	if answer, err := o.tries(t); answer != "sealed with another key ring" || !errors.Is(err, errFinal) {
		t.Errorf("%q, %v", answer, err)
	}
}
